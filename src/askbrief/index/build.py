"""Files into an index: read, cut, encode, commit, derive. Composes the stages that lie left of the index.

Documents are committed in batches, each a transaction; a run that is cut off keeps what it committed, and
the next run goes on from there. Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from askbrief import fetch, quotes, segment, sources
from askbrief.errors import IndexMissing, SourceError
from askbrief.index import containers, pages, quoted
from askbrief.index import manifest as layout
from askbrief.index.database import FILE, Database
from askbrief.index.encoding import Encoding, IndexModel, Progress, silent
from askbrief.index.incoming import Account, Change, Incoming, New, by_text, lying_no_more
from askbrief.index.schema import Entry, Known
from askbrief.index.writer import Writer
from askbrief.index.writing import writing
from askbrief.link import is_web
from askbrief.sources import Found, Skipped
from askbrief.types import Document, Passage, Quotation, Sentence

BATCH = 2048
"""Passages encoded and committed together: enough for batches of like lengths, little to lose."""

PATIENCE = 60.0
"""Seconds after which what has been read is committed in any case: pages come slowly."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage: it is read with its question in one window, and is shown as one."""

SPECIAL_TOKENS = 2

NONE_GIVEN: Mapping[str, str] = MappingProxyType({})

NOWHERE = Path(":memory:")
"""SQLite's name for a database that is not on disk."""

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


def update(
    folder: Path,
    paths: Sequence[Path],
    *,
    urls: Sequence[str] = (),
    limits: fetch.Limits = fetch.Limits(),  # noqa: B008 — frozen
    encoding: Encoding = Encoding(),  # noqa: B008 — frozen
    rebuild: bool = False,
    fields: Mapping[str, str] = NONE_GIVEN,
    exclude: Sequence[str] = (),
    listed: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Bring the index in ``folder`` up to date with the files among and under ``paths``, with the pages at
    ``urls``, and with those that feeds and sitemaps among them name, as far as ``limits`` allow.

    Files that have not changed since are neither cut nor encoded again, nor are such pages fetched.
    ``rebuild`` starts over, in one transaction: with ``paths`` and ``urls``, or without any with the
    documents that the index holds. ``fields`` name what holds the ``text``, ``title``, ``date``, ``url`` and
    ``id`` of records; a file of them remembers its own. What a pattern of ``exclude`` fits is not looked at;
    what is held of it stays. ``listed`` asks for a list of all changes.

    Raises IndexMismatch where the model is not the one that the index was made with, IndexLocked,
    StorageError, ModelError, FetchError where one of ``urls`` may not be fetched, and SourceError where
    ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    account = Account(changes=[] if listed else None)
    anew, paths = rebuild and not (paths or urls), sources.expanded(paths)
    wanted = [] if anew else _wanted(paths, exclude, urls)
    with (
        writing(folder, fresh=rebuild and not anew) as database,
        _run(folder, database, encoding, account, rebuild=rebuild, given=fields, progress=progress) as run,
    ):
        coming = None if anew else pages.documents(urls, folder, run.page, limits, progress)
        run.take(_stored(database) if anew else wanted, [path for path in paths if path.is_dir()], coming)
        return run.finish(started)


def preview(
    folder: Path,
    paths: Sequence[Path],
    *,
    rebuild: bool = False,
    fields: Mapping[str, str] = NONE_GIVEN,
    exclude: Sequence[str] = (),
    urls: Sequence[str] = (),
    progress: Progress = silent,
) -> Summary:
    """What ``update`` would do, with a list of it. Files are read, but no model is; no page is fetched, and
    nothing is written.

    Raises as ``update``, but that no other writer is in the way, and no model can be missing.
    """
    started = time.perf_counter()
    account, paths = Account(changes=[]), sources.expanded(paths)
    wanted = _wanted(paths, exclude, urls) if paths or urls else []
    unfetched = "a page is fetched only in earnest: leave --dry-run out"
    wanted += [Skipped(url, unfetched, meant=True) for url in urls]
    with closing(_as_it_is(folder)) as held:
        if rebuild:
            with closing(Database.create(NOWHERE)) as empty:
                incoming = Incoming(empty, account, progress, given=fields, before=held)
                incoming.run_through(wanted or _stored(held))
        else:
            gone = lying_no_more(held, wanted, [path for path in paths if path.is_dir()])
            incoming = Incoming(held, account, progress, given=fields, gone=by_text(gone.values()))
            incoming.run_through(wanted)
        seconds = time.perf_counter() - started
        return Summary(**account.told(), **asdict(held.stats()), seconds=seconds)


def _as_it_is(folder: Path) -> Database:
    """The database of ``folder``, to be looked at; an empty one where there is none."""
    return Database.open(folder / FILE) if (folder / FILE).is_file() else Database.create(NOWHERE)


def _wanted(paths: Sequence[Path], exclude: Sequence[str], urls: Sequence[str]) -> list[Found | Skipped]:
    """What there is to read among ``paths``, and what is left out; nothing may be there where there are
    ``urls``."""
    wanted = list(sources.find(paths, exclude))
    if not urls and all(isinstance(each, Skipped) and each.meant for each in wanted):
        left = ": all that is there is excluded" if wanted else "; files of other kinds are read when named"
        raise SourceError(f"nothing to index: no file of a known kind among the paths given{left}")
    return wanted


def remove(folder: Path, names: Iterable[str]) -> Summary:
    """Take the documents called ``names`` (id, source, or a unique end of either) out of the index."""
    started = time.perf_counter()
    _require_index(folder)
    with writing(folder) as database, _run(folder, database) as run:
        ids = {database.find(name).id for name in names}
        run.writer.delete(ids)
        run.account.tally["removed"] = len(ids)
        containers.forget(database)
        return run.finish(started)


def compact(folder: Path, *, progress: Progress = silent) -> tuple[int, int]:
    """Make the search files anew and give the room of what is gone back to the disk.

    Gives the bytes that the index took before and takes now. Nothing is encoded again.
    """
    _require_index(folder)
    with writing(folder) as database:
        before = layout.size(folder)
        model = IndexModel(folder, database, Encoding(), progress)
        progress("giving room back", 0, 1)
        database.vacuum()
        Writer(folder, database, model, anew=True).finish()
    return before, layout.size(folder)


def _require_index(folder: Path) -> None:
    if not (folder / FILE).is_file():
        raise IndexMissing(f"no index in {folder}: name one with --index")


def _stored(database: Database) -> list[Found]:
    """All files that the index holds documents of."""
    found: dict[str, Found] = {}
    none = True
    for known in database.known_below(""):
        none = False
        if is_web(known.location):
            continue
        file, part = containers.file_of(known.location), containers.part_of(known.location)
        if file == containers.STDIN:
            found[known.location] = Found(Path(file), known.source, known.location)
            continue
        source = known.source.removesuffix(f"#{part}") if part else known.source
        found.setdefault(file, Found(Path(file), source))
    if none:
        raise SourceError("nothing to index: the index holds no document, so name files and folders")
    return list(found.values())


@contextmanager
def _run(
    folder: Path,
    database: Database,
    encoding: Encoding = Encoding(),  # noqa: B008 — frozen
    account: Account | None = None,
    *,
    rebuild: bool = False,
    given: Mapping[str, str] = NONE_GIVEN,
    progress: Progress = silent,
) -> Iterator[_Run]:
    model = IndexModel(folder, database, encoding, progress, anew=rebuild)
    with closing(model):
        yield _Run(Writer(folder, database, model, anew=rebuild), rebuild, given, account or Account())


class _Run:
    """One run: cuts what has changed, encodes it in batches, and hands it to the writer."""

    def __init__(self, writer: Writer, rebuild: bool, given: Mapping[str, str], account: Account) -> None:
        self.writer = writer
        self.database = writer.database
        self.model = writer.model
        self.rebuild = rebuild
        self.given = given
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
        known = None if self.rebuild else self.database.known(location=name)
        return None if known is None else known.sha256

    def take(
        self,
        wanted: Sequence[Found | Skipped],
        folders: Sequence[Path] = (),
        coming: Iterable[Document | fetch.Skipped] | None = None,
    ) -> None:
        """Read, cut, encode and commit what of ``wanted`` has changed and the pages that are ``coming``, and
        take out what is gone from ``folders``. Where none may come, those that are held are kept."""
        if not self.rebuild:
            gone = lying_no_more(self.database, wanted, folders)
            incoming = self._incoming(gone.values())
            self._take(incoming, wanted, coming or ())
            self._forget(incoming, gone)
            self._requote()
            return
        folder = self.writer.folder
        with closing(Database.open(folder / FILE)) as before, self.writer.at_once():
            self.database.clear()
            incoming = self._incoming((), before)
            self._take(incoming, wanted, incoming.held_pages() if coming is None else coming)
            if not self.writer.stats().documents:  # leaves the transaction, and the index as it was
                what, why = f"{len(wanted)} files" if wanted else "the pages", self.account.skipped[0].why
                raise SourceError(f"nothing was indexed of {what} and the index is kept: {why}")

    def _incoming(self, gone: Iterable[Known], before: Database | None = None) -> Incoming:
        return Incoming(
            self.database, self.account, self.model.progress, touched=self.database.note, given=self.given,
            before=before, gone=by_text(gone),
        )  # fmt: skip

    def _forget(self, incoming: Incoming, gone: Mapping[str, Known]) -> None:
        """Take out what is gone; what of it lies elsewhere now has moved."""
        if gone:
            self.writer.delete(gone.keys())
            containers.forget(self.database)
            for source in incoming.left():
                self.account.note(Change("removed", source))

    def _requote(self) -> None:
        """Find the quotations of documents that were stored when other rules, or none, found them."""
        behind = quoted.unquoted(self.database, quotes.RULES)
        for begin in range(0, len(behind), REQUOTED):
            self.model.progress("finding quotations", begin, len(behind))
            with self.database.transaction():
                for id_ in behind[begin : begin + REQUOTED]:
                    text, found = self.database.document(id_).text, self.database.sentences(id_)
                    quotations = quotes.quotations(text, found)
                    self.database.requote(id_, quotes.spoken(found, quotations), quotations, quotes.RULES)

    def _take(
        self,
        incoming: Incoming,
        wanted: Sequence[Found | Skipped],
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
            containers.keep(self.database, container)
            containers.unsee(self.database, container.location)
        incoming.finished.clear()

    def _segmented(self, new: New) -> _Cut:
        document = new.document
        found = segment.sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, self.model.card.window - SPECIAL_TOKENS)
        passages = segment.passages(document.text, found, self.model.tokens, limit)
        quotations = quotes.quotations(document.text, found)
        spoken = quotes.spoken(found, quotations)
        return _Cut(new, spoken, passages, quotations)

    def _commit(self, batch: Sequence[_Cut]) -> None:
        """Encode the passages of ``batch`` that were never seen, and store its documents."""
        texts = [text for cut in batch for text in cut.texts()]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        vectors = self.model.passages(texts, digests)
        entries: list[Entry] = []
        at = 0
        for cut in batch:
            rows = slice(at, at + len(cut.passages))
            entries.append(
                Entry(
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
