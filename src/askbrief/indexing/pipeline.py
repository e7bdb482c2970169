"""One run of the writer: what has changed is cut, embedded in batches and committed, and search files follow.

Each batch is a transaction; an interrupted run keeps what it committed, and the next run continues there.
Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from askbrief import fetch, formats, quotes
from askbrief.errors import SourceError
from askbrief.formats import FoundFile, Skipped
from askbrief.indexing.changes import (
    ChangedDocument,
    Comparison,
    changed_file,
    changed_files,
    changed_page,
    missing_documents,
    previous_pages,
    sources_by_digest,
)
from askbrief.indexing.collection_changes import CollectionChanges
from askbrief.indexing.embedding import IndexModel
from askbrief.indexing.run_report import Change, RunReport
from askbrief.options import IndexOptions
from askbrief.storage.db import collection_state, documents, quotations, writes
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.writer import FolderWriter
from askbrief.text import group_passages, split_sentences
from askbrief.types import Document, Passage, PreparedDocument, Quotation, Sentence

BATCH = 2048
"""Passages embedded and committed together: enough for batches of similar lengths, little to lose."""

PATIENCE = 60.0
"""Seconds after which what has been read is committed anyway: pages come slowly."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage: it is read with its question in one window, and is shown as one."""

SPECIAL_TOKENS = 2

REQUOTED = 500
"""Documents whose quotations are found again in one commit, if the rules have changed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the writer did.

    ``skipped`` are the sources that could not be indexed, with the reasons, ``left_out`` what isn't a
    document. ``changes`` lists what was done, if a list was asked for. ``mended`` says what of the search
    files was damaged and made anew. ``garbled`` counts documents that were decoded wrongly before, of which
    ``first_garbled`` is the first.
    """

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
    """A document cut into sentences and passages, not embedded yet."""

    changed: ChangedDocument
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    quotations: tuple[Quotation, ...]

    def texts(self) -> list[str]:
        return [self.changed.document.text[p.start : p.end] for p in self.passages]


@contextmanager
def run(
    folder: Path, database: Database, options: IndexOptions, report: RunReport | None = None
) -> Iterator[Run]:
    """A run, with the model that embeds for it; that is released at the end."""
    model = IndexModel(folder, database, options, anew=options.rebuild)
    with closing(model):
        writer = FolderWriter(folder, database, model, anew=options.rebuild)
        yield Run(writer, model, options, report or RunReport())


class Changes:
    """The changed documents of a run, in the order of the sources.

    ``interrupted`` is true if the user broke off while pages were fetched.
    """

    def __init__(self, compared: Comparison) -> None:
        self.collections = CollectionChanges(compared)
        self.interrupted = False
        self._compared = compared

    def of_files(self, wanted: Sequence[FoundFile | Skipped]) -> Iterator[ChangedDocument]:
        """The changed documents of files."""
        for each in changed_files(self._compared, wanted):
            if each.path == formats.STDIN_PATH:
                yield from self.collections.of_stdin()
            elif formats.is_collection(each.path.name):
                yield from self.collections.of_file(each)
            else:
                yield from changed_file(self._compared, each)

    def of_pages(self, pages: Iterable[Document | fetch.SkippedPage]) -> Iterator[ChangedDocument]:
        """The changed documents of pages until the user breaks off: what has come by then took its time, and
        isn't lost."""
        try:
            for page in pages:
                yield from changed_page(self._compared, page)
        except KeyboardInterrupt:
            if self._compared.before is not None:
                raise
            self.interrupted = True

    def preview(self, wanted: Sequence[FoundFile | Skipped]) -> None:
        """Report what a run would change, without changing anything."""
        there = {changed.location for changed in self.of_files(wanted)}
        if before := self._compared.before:
            gone = [each.source for each in documents.below(before, "") if each.location not in there]
        else:
            deleted = (self.collections.deleted(each).values() for each in self.collections.finished)
            gone = list(chain(*self._compared.missing.values(), *deleted))
        for source in gone:
            self._compared.report.add(Change("removed", source))


class Run:
    """One run: cuts what has changed, embeds it in batches, and gives it to the writer."""

    def __init__(
        self, writer: FolderWriter, model: IndexModel, options: IndexOptions, report: RunReport
    ) -> None:
        self.writer = writer
        self.database = writer.database
        self.model = model
        self.options = options
        self.report = report

    def finish(self, started: float) -> Summary:
        """Bring the search files up to date, and sum up what was done since ``started``."""
        damage = self.writer.finish(self.options.progress)
        return Summary(
            **self.report.summary(),
            encoded=self.model.encoded,
            mended=damage,
            **asdict(self.writer.stats()),
            seconds=time.perf_counter() - started,
        )

    def page(self, name: str) -> str | None:
        """The sha256 of the text that is stored of a page; None if none is, or in a rebuild."""
        stored = None if self.options.rebuild else documents.at(self.database, location=name)
        return None if stored is None else stored.sha256

    def update(
        self,
        wanted: Sequence[FoundFile | Skipped],
        folders: Sequence[Path],
        pages: Iterable[Document | fetch.SkippedPage],
    ) -> None:
        """Store what has changed of ``wanted`` and ``pages``, and delete what is missing from ``folders``."""
        missing = missing_documents(self.database, wanted, folders)
        compared = self._comparison(missing=sources_by_digest(missing.values()))
        self._store(compared, wanted, pages)
        if missing:
            self.writer.delete(missing.keys())
            collection_state.forget(self.database)
            for source in chain.from_iterable(compared.missing.values()):  # the others have moved
                self.report.add(Change("removed", source))
        self._requote()

    def rebuild(
        self, wanted: Sequence[FoundFile | Skipped], pages: Iterable[Document | fetch.SkippedPage] | None
    ) -> None:
        """Start over in one transaction, with ``wanted`` and ``pages``; with the pages that the index has if
        there are None."""
        with closing(Database.open(self.writer.folder / FILE)) as before, self.database.transaction():
            writes.clear(self.database)
            self._store(
                self._comparison(before=before), wanted, previous_pages(before) if pages is None else pages
            )
            if not self.writer.stats().documents:  # leaves the transaction, and the index as it was
                what, why = f"{len(wanted)} files" if wanted else "the pages", self.report.skipped[0].why
                raise SourceError(f"nothing was indexed of {what} and the index is kept: {why}")

    def _comparison(
        self, before: Database | None = None, missing: dict[str, list[str]] | None = None
    ) -> Comparison:
        return Comparison(
            self.database,
            self.report,
            self.options.progress,
            self.options.fields,
            before,
            missing or {},
            partial(writes.note_state, self.database),
        )

    def _requote(self) -> None:
        """Find the quotations of documents again that other rules, or none, found."""
        behind = quotations.outdated(self.database, quotes.RULES)
        for begin in range(0, len(behind), REQUOTED):
            self.model.progress("finding quotations", begin, len(behind))
            with self.database.transaction():
                for id_ in behind[begin : begin + REQUOTED]:
                    text = documents.read(self.database, id_).text
                    found = documents.sentences(self.database, id_)
                    again = quotes.quotations(text, found)
                    writes.requote(
                        self.database, id_, quotes.with_speakers(found, again), again, quotes.RULES
                    )

    def _store(
        self,
        compared: Comparison,
        wanted: Sequence[FoundFile | Skipped],
        pages: Iterable[Document | fetch.SkippedPage],
    ) -> None:
        found = Changes(compared)
        batch: list[_Cut] = []
        passages, begun = 0, time.monotonic()
        for changed in chain(found.of_files(wanted), found.of_pages(pages)):
            batch.append(self._cut(changed))
            passages += len(batch[-1].passages)
            if passages >= BATCH or time.monotonic() - begun > PATIENCE:
                self._commit(batch)
                self._note_collections(found.collections)
                batch, passages, begun = [], 0, time.monotonic()
        if batch:
            self._commit(batch)
        self._note_collections(found.collections)
        if found.interrupted:
            raise KeyboardInterrupt

    def _note_collections(self, collections: CollectionChanges) -> None:
        """Note the collections that were read to their ends, and delete what they no longer hold."""
        for collection in collections.finished:
            deleted = collections.deleted(collection)
            if deleted:
                self.writer.delete(deleted)
            for source in deleted.values():
                self.report.add(Change("removed", source))
            collection_state.put(self.database, collection)
            collection_state.unsee(self.database, collection.location)
        collections.finished.clear()

    def _cut(self, changed: ChangedDocument) -> _Cut:
        document = changed.document
        found = split_sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, self.model.card.window - SPECIAL_TOKENS)
        passages = group_passages(document.text, found, self.model.tokens, limit)
        quotations = quotes.quotations(document.text, found)
        spoken = quotes.with_speakers(found, quotations)
        return _Cut(changed, spoken, passages, quotations)

    def _commit(self, batch: Sequence[_Cut]) -> None:
        """Embed the passages of ``batch`` that are new, and store its documents."""
        texts = [text for cut in batch for text in cut.texts()]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        vectors = self.model.passages(texts, digests)
        entries: list[PreparedDocument] = []
        at = 0
        for cut in batch:
            rows = slice(at, at + len(cut.passages))
            entries.append(
                PreparedDocument(
                    cut.changed.document,
                    cut.changed.location,
                    cut.sentences,
                    cut.passages,
                    tuple(digests[rows]),
                    vectors[rows],
                    cut.changed.state,
                    cut.quotations,
                    quotes.RULES,
                )
            )
            at = rows.stop
        self.writer.add(entries)
