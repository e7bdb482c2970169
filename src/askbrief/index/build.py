"""Files into an index: read, cut, encode, commit, derive. Composes the stages that lie left of the index.

Documents are committed in batches, each a transaction; a run that is cut off keeps what it committed, and
the next run goes on from there. Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
import os.path
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from askbrief import fetch, quotes, segment, sources
from askbrief.errors import IndexMissing, SourceError
from askbrief.index import files as on_disk
from askbrief.index import manifest as layout
from askbrief.index import pages, quoted
from askbrief.index.database import FILE, Database
from askbrief.index.encoding import Encoding, IndexModel, Progress, silent
from askbrief.index.schema import Entry, Known, State
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

KEPT = "; what the index held of it is kept"

REQUOTED = 500
"""Documents whose quotations are found anew in one commit, where the rules have changed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the writer did; ``skipped`` names each file that could not be taken, and why, and
    ``mended`` tells what of the search files was not as it should be, and was made anew."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: int = 0
    encoded: int = 0
    skipped: tuple[Skipped, ...] = ()
    mended: str | None = None
    documents: int = 0
    sentences: int = 0
    passages: int = 0
    revision: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document cut into sentences and passages, not encoded yet."""

    document: Document
    location: str
    state: State
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    quotations: tuple[Quotation, ...]

    def texts(self) -> list[str]:
        return [self.document.text[p.start : p.end] for p in self.passages]


def update(
    folder: Path,
    paths: Sequence[Path],
    *,
    urls: Sequence[str] = (),
    limits: fetch.Limits = fetch.Limits(),  # noqa: B008 — frozen
    encoding: Encoding = Encoding(),  # noqa: B008 — frozen
    rebuild: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Bring the index in ``folder`` up to date with the files among and under ``paths``, with the pages at
    ``urls``, and with those that feeds and sitemaps among them name, as far as ``limits`` allow.

    Files that have not changed since are neither cut nor encoded again, nor are such pages fetched.
    ``rebuild`` starts over, in one transaction: with ``paths`` and ``urls``, or without any with the
    documents that the index holds.

    Raises IndexMismatch where the model is not the one that the index was made with, IndexLocked,
    StorageError, ModelError, FetchError where one of ``urls`` may not be fetched, and SourceError where
    ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    anew = rebuild and not (paths or urls)
    wanted = [] if anew else list(sources.find(paths))
    if not (wanted or urls or anew):
        raise SourceError("nothing to index: no text or Markdown file among the paths given")
    with (
        writing(folder, fresh=rebuild and not anew) as database,
        _run(folder, database, encoding, rebuild=rebuild, progress=progress) as run,
    ):
        coming = run.kept_pages() if anew else pages.documents(urls, folder, run.page, limits, progress)
        run.take(_stored(database) if anew else wanted, [path for path in paths if path.is_dir()], coming)
        return run.finish(started)


def remove(folder: Path, names: Iterable[str]) -> Summary:
    """Take the documents called ``names`` (id, source, or a unique end of either) out of the index."""
    started = time.perf_counter()
    _require_index(folder)
    with writing(folder) as database, _run(folder, database) as run:
        ids = {database.find(name).id for name in names}
        run.writer.delete(ids)
        run.tally["removed"] = len(ids)
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
    known = list(database.known_below(""))
    if not known:
        raise SourceError("nothing to index: the index holds no document, so name files and folders")
    return [Found(Path(each.location), each.source) for each in known if not is_web(each.location)]


@contextmanager
def _run(
    folder: Path,
    database: Database,
    encoding: Encoding = Encoding(),  # noqa: B008 — frozen
    *,
    rebuild: bool = False,
    progress: Progress = silent,
) -> Iterator[_Run]:
    model = IndexModel(folder, database, encoding, progress, anew=rebuild)
    with closing(model):
        yield _Run(Writer(folder, database, model, anew=rebuild), rebuild)


class _Run:
    """One run: cuts what has changed, encodes it in batches, and hands it to the writer."""

    def __init__(self, writer: Writer, rebuild: bool) -> None:
        self.writer = writer
        self.database = writer.database
        self.model = writer.model
        self.rebuild = rebuild
        self.tally = Counter[str]()
        self.skipped: list[Skipped] = []
        self.before: Database | None = None
        self.gone = Counter[str]()
        self.interrupted = False

    def finish(self, started: float) -> Summary:
        """Let the search files follow, and tell what was done."""
        fault = self.writer.finish()
        return Summary(
            **self.tally,
            encoded=self.model.encoded,
            skipped=tuple(self.skipped),
            mended=fault,
            **asdict(self.writer.stats()),
            seconds=time.perf_counter() - started,
        )

    def page(self, name: str) -> str | None:
        """The sha256 of the text that is held of a page; None where none is, or when starting over."""
        known = None if self.rebuild else self.database.known(location=name)
        return None if known is None else known.sha256

    def kept_pages(self) -> Iterator[Document]:
        """The pages that the index which is started over held: no page is fetched but by its address."""
        if self.before is not None:
            pages = (known.id for known in self.before.known_below("") if is_web(known.location))
            yield from map(self.before.document, pages)

    def take(
        self,
        wanted: Sequence[Found | Skipped],
        folders: Sequence[Path] = (),
        coming: Iterable[Document | fetch.Skipped] = (),
    ) -> None:
        """Read, cut, encode and commit what of ``wanted`` has changed and the pages that are ``coming``, and
        take out what is gone from ``folders``."""
        if not self.rebuild:
            there = {on_disk.location(each.path) for each in wanted if isinstance(each, Found)}
            gone = {known.id: known for path in folders for known in on_disk.gone(self.database, path, there)}
            self.gone = Counter(known.sha256 for known in gone.values())
            self._take(wanted, coming)
            self._forget(gone)
            self._requote()
            return
        folder = self.writer.folder
        with closing(Database.open(folder / FILE)) as self.before, self.writer.at_once():
            self.database.clear()
            self._take(wanted, coming)
            if not self.writer.stats().documents:  # leaves the transaction, and the index as it was
                what, why = f"{len(wanted)} files" if wanted else "the pages", self.skipped[0].why
                raise SourceError(f"nothing was indexed of {what} and the index is kept: {why}")

    def _forget(self, gone: Mapping[str, Known]) -> None:
        """Take out what is gone; what of it lies elsewhere now has moved."""
        if gone:
            self.writer.delete(gone.keys())
            self.tally["removed"] += self.gone.total()

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

    def _take(self, wanted: Sequence[Found | Skipped], coming: Iterable[Document | fetch.Skipped]) -> None:
        batch: list[_Cut] = []
        begun = time.monotonic()
        for cut in chain(self._files(wanted), self._pages(coming)):
            batch += [cut] if cut else []
            late = time.monotonic() - begun > PATIENCE
            if late or sum(len(c.passages) for c in batch) >= BATCH:
                self._commit(batch)
                batch, begun = [], time.monotonic()
        self._commit(batch)
        if self.interrupted:
            raise KeyboardInterrupt

    def _files(self, wanted: Sequence[Found | Skipped]) -> Iterator[_Cut | None]:
        for number, each in enumerate(wanted):
            self.model.progress("reading", number, len(wanted))
            yield self._cut(each)

    def _pages(self, coming: Iterable[Document | fetch.Skipped]) -> Iterator[_Cut | None]:
        """Pages, as long as nobody breaks off: what has come by then is committed, as it took its time."""
        try:
            for each in coming:
                document = self._unfetched(each) if isinstance(each, fetch.Skipped) else each
                yield None if document is None else self._page(document)
        except KeyboardInterrupt:
            if self.rebuild:
                raise
            self.interrupted = True

    def _unfetched(self, each: fetch.Skipped) -> Document | None:
        """Tell of a page that has not come. When starting over, what was held of it is given."""
        if each.state == "unchanged":
            self.tally["unchanged"] += 1
            return None
        held = self._held(each.source)
        self.skipped.append(Skipped(each.source, f"{each.why}{KEPT if held else ''}"))
        return held

    def _page(self, document: Document) -> _Cut | None:
        before = self.database.known(location=document.source)
        if before is not None and on_disk.same(before, document):
            self.tally["unchanged"] += 1
            return None
        self.tally[self._change(before, document)] += 1
        return self._segmented(document, document.source, None)

    def _cut(self, each: Found | Skipped) -> _Cut | None:
        if isinstance(each, Skipped):
            self.skipped.append(Skipped(each.source, f"{each.source}: {each.why}"))
            return None
        location, state = on_disk.location(each.path), on_disk.state(each.path)
        before = self.database.known(location=location)
        if before is not None and state is not None and before.state == state:
            self.tally["unchanged"] += 1
            return None
        document = self._read(each, location, before.source if before else self._name(each, location))
        if document is None:
            return None
        if before is not None and on_disk.same(before, document):
            self.database.note(before.id, state)
            self.tally["unchanged"] += 1
            return None
        self.tally[self._change(before, document)] += 1
        return self._segmented(document, location, state)

    def _change(self, before: Known | None, document: Document) -> str:
        """What has become of a file: it is new, it was changed, or it lay elsewhere before."""
        if before is not None:
            return "changed"
        if not self.gone[document.sha256]:
            return "added"
        self.gone[document.sha256] -= 1
        return "moved"

    def _read(self, each: Found, location: str, name: str) -> Document | None:
        """The document in a file. When starting over, one that can't be read any more is kept as it was."""
        try:
            return sources.read(each.path, name)
        except SourceError as error:
            held = self._held(location)
            if held is None or os.path.lexists(each.path):
                self.skipped.append(Skipped(each.source, f"{error}{KEPT if held else ''}"))
            return held

    def _held(self, location: str) -> Document | None:
        """What the index that is started over held of the file at ``location``."""
        if self.before is None:
            return None
        known = self.before.known(location=location)
        return None if known is None else self.before.document(known.id)

    def _name(self, each: Found, location: str) -> str:
        """The source name, or the whole path where another file that still exists has that name already."""
        other = self.database.known(source=each.source)
        taken = other is not None and os.path.exists(other.location)  # noqa: PTH110  (Path's raises)
        return location if taken else each.source

    def _segmented(self, document: Document, location: str, state: State) -> _Cut:
        found = segment.sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, self.model.card.window - SPECIAL_TOKENS)
        passages = segment.passages(document.text, found, self.model.tokens, limit)
        quotations = quotes.quotations(document.text, found)
        spoken = quotes.spoken(found, quotations)
        return _Cut(document, location, state, spoken, passages, quotations)

    def _commit(self, batch: Sequence[_Cut]) -> None:
        """Encode the passages of ``batch`` that were never seen, and store its documents."""
        if not batch:
            return
        texts = [text for cut in batch for text in cut.texts()]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        vectors = self.model.passages(texts, digests)
        entries: list[Entry] = []
        at = 0
        for cut in batch:
            rows = slice(at, at + len(cut.passages))
            entries.append(
                Entry(
                    cut.document,
                    cut.location,
                    cut.sentences,
                    cut.passages,
                    tuple(digests[rows]),
                    vectors[rows],
                    cut.state,
                    cut.quotations,
                    quotes.RULES,
                )
            )
            at = rows.stop
        self.writer.add(entries)
