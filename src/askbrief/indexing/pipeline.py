"""One run of the writer: what has changed is cut, encoded in batches, committed, and search files follow.

Documents are committed in batches, each a transaction; a run that is cut off keeps what it committed, and
the next run goes on from there. Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from askbrief import fetch, quotes
from askbrief.errors import SourceError
from askbrief.formats import FoundFile, Skipped
from askbrief.indexing.changes import Incoming, New, by_text, lying_no_more
from askbrief.indexing.embedding import IndexModel
from askbrief.indexing.run_report import Account, Change
from askbrief.options import IndexOptions
from askbrief.storage.db import changes as stored
from askbrief.storage.db import collection_state, documents, quotations
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.documents import StoredDocument
from askbrief.storage.writer import FolderWriter
from askbrief.text import group_passages, split_sentences
from askbrief.types import Document, Passage, PreparedDocument, Quotation, Sentence

BATCH = 2048
"""Passages encoded and committed together: enough for batches of like lengths, little to lose."""

PATIENCE = 60.0
"""Seconds after which what has been read is committed in any case: pages come slowly."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage: it is read with its question in one window, and is shown as one."""

SPECIAL_TOKENS = 2

REQUOTED = 500
"""Documents whose quotations are found anew in one commit, where the rules have changed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the writer did; ``skipped`` names each file that could not be taken, and why, ``changes``
    lists what was done where a list was asked for, and ``mended`` tells what of the search files was not as
    it should be, and was made anew. ``garbled`` of what was stored were decoded wrongly before, the first of
    them ``first_garbled``."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: int = 0
    encoded: int = 0
    excluded: int = 0
    garbled: int = 0
    first_garbled: Change | None = None
    skipped: tuple[Skipped, ...] = ()
    left_out: tuple[Skipped, ...] = ()
    changes: tuple[Change, ...] | None = None
    mended: str | None = None
    documents: int = 0
    sentences: int = 0
    passages: int = 0
    revision: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document cut into sentences and passages, not encoded yet."""

    new: New
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    quotations: tuple[Quotation, ...]

    def texts(self) -> list[str]:
        return [self.new.document.text[p.start : p.end] for p in self.passages]


@contextmanager
def run(
    folder: Path, database: Database, options: IndexOptions, account: Account | None = None
) -> Iterator[Run]:
    """A run, with the model that embeds for it; that is released at the end."""
    model = IndexModel(folder, database, options, anew=options.rebuild)
    with closing(model):
        writer = FolderWriter(folder, database, model, options.progress, anew=options.rebuild)
        yield Run(writer, model, options, account or Account())


class Run:
    """One run: cuts what has changed, encodes it in batches, and hands it to the writer."""

    def __init__(
        self, writer: FolderWriter, model: IndexModel, options: IndexOptions, account: Account
    ) -> None:
        self.writer = writer
        self.database = writer.database
        self.model = model
        self.options = options
        self.account = account

    def finish(self, started: float) -> Summary:
        """Let the search files follow, and tell what was done."""
        fault = self.writer.finish()
        return Summary(
            **self.account.told(),
            encoded=self.model.encoded,
            mended=fault,
            **asdict(self.writer.stats()),
            seconds=time.perf_counter() - started,
        )

    def page(self, name: str) -> str | None:
        """The sha256 of the text that is held of a page; None where none is, or when starting over."""
        known = None if self.options.rebuild else documents.at(self.database, location=name)
        return None if known is None else known.sha256

    def take(
        self,
        wanted: Sequence[FoundFile | Skipped],
        folders: Sequence[Path] = (),
        coming: Iterable[Document | fetch.Skipped] | None = None,
    ) -> None:
        """Read, cut, encode and commit what of ``wanted`` has changed and the pages that are ``coming``, and
        take out what is gone from ``folders``. Where none may come, those that are held are kept."""
        if not self.options.rebuild:
            gone = lying_no_more(self.database, wanted, folders)
            incoming = self._incoming(gone.values())
            self._take(incoming, wanted, coming or ())
            self._forget(incoming, gone)
            self._requote()
            return
        folder = self.writer.folder
        with closing(Database.open(folder / FILE)) as before, self.writer.one_commit():
            stored.clear(self.database)
            incoming = self._incoming((), before)
            self._take(incoming, wanted, incoming.held_pages() if coming is None else coming)
            if not self.writer.stats().documents:  # leaves the transaction, and the index as it was
                what, why = f"{len(wanted)} files" if wanted else "the pages", self.account.skipped[0].why
                raise SourceError(f"nothing was indexed of {what} and the index is kept: {why}")

    def _incoming(self, gone: Iterable[StoredDocument], before: Database | None = None) -> Incoming:
        return Incoming(
            self.database,
            self.account,
            self.model.progress,
            touched=partial(stored.note_state, self.database),
            given=self.options.fields,
            before=before,
            gone=by_text(gone),
        )

    def _forget(self, incoming: Incoming, gone: Mapping[str, StoredDocument]) -> None:
        """Take out what is gone; what of it lies elsewhere now has moved."""
        if gone:
            self.writer.delete(gone.keys())
            collection_state.forget(self.database)
            for source in incoming.left():
                self.account.note(Change("removed", source))

    def _requote(self) -> None:
        """Find the quotations of documents that were stored when other rules, or none, found them."""
        behind = quotations.outdated(self.database, quotes.RULES)
        for begin in range(0, len(behind), REQUOTED):
            self.model.progress("finding quotations", begin, len(behind))
            with self.database.transaction():
                for id_ in behind[begin : begin + REQUOTED]:
                    text = documents.whole(self.database, id_).text
                    found = documents.sentences(self.database, id_)
                    again = quotes.quotations(text, found)
                    stored.requote(self.database, id_, quotes.spoken(found, again), again, quotes.RULES)

    def _take(
        self,
        incoming: Incoming,
        wanted: Sequence[FoundFile | Skipped],
        coming: Iterable[Document | fetch.Skipped],
    ) -> None:
        batch: list[_Cut] = []
        passages, begun = 0, time.monotonic()
        for new in chain(incoming.documents(wanted), incoming.pages(coming)):
            batch.append(self._segmented(new))
            passages += len(batch[-1].passages)
            if passages >= BATCH or time.monotonic() - begun > PATIENCE:
                self._commit(batch)
                self._settle(incoming)
                batch, passages, begun = [], 0, time.monotonic()
        if batch:
            self._commit(batch)
        self._settle(incoming)
        if incoming.interrupted:
            raise KeyboardInterrupt

    def _settle(self, incoming: Incoming) -> None:
        """Note the containers that were read to their ends, and take out what they hold no more."""
        for container in incoming.finished:
            lost = incoming.lost(container)
            if lost:
                self.writer.delete(lost)
            for source in lost.values():
                self.account.note(Change("removed", source))
            collection_state.keep(self.database, container)
            collection_state.unsee(self.database, container.location)
        incoming.finished.clear()

    def _segmented(self, new: New) -> _Cut:
        document = new.document
        found = split_sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, self.model.card.window - SPECIAL_TOKENS)
        passages = group_passages(document.text, found, self.model.tokens, limit)
        quotations = quotes.quotations(document.text, found)
        spoken = quotes.spoken(found, quotations)
        return _Cut(new, spoken, passages, quotations)

    def _commit(self, batch: Sequence[_Cut]) -> None:
        """Encode the passages of ``batch`` that were never seen, and store its documents."""
        texts = [text for cut in batch for text in cut.texts()]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        vectors = self.model.passages(texts, digests)
        entries: list[PreparedDocument] = []
        at = 0
        for cut in batch:
            rows = slice(at, at + len(cut.passages))
            entries.append(
                PreparedDocument(
                    cut.new.document,
                    cut.new.location,
                    cut.sentences,
                    cut.passages,
                    tuple(digests[rows]),
                    vectors[rows],
                    cut.new.state,
                    cut.quotations,
                    quotes.RULES,
                )
            )
            at = rows.stop
        self.writer.add(entries)
