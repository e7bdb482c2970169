"""Files into an index: read, cut, encode, commit, derive. Composes the stages that lie left of the index.

Documents are committed in batches, each a transaction; a run that is cut off keeps what it committed, and
the next run goes on from there. Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from askbrief import quotes, segment, sources
from askbrief.encode import models
from askbrief.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    SourceError,
)
from askbrief.index import manifest as layout
from askbrief.index.database import FILE, Database
from askbrief.index.derive import SearchFiles
from askbrief.index.manifest import ModelCard
from askbrief.index.schema import Entry, Known, State
from askbrief.index.writing import writing
from askbrief.sources import Found, Skipped
from askbrief.types import Document, Passage, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

BATCH = 2048
"""Passages encoded and committed together: enough for batches of like lengths, little to lose."""

CHUNK = 64
"""Passages encoded between two words of progress."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage: it is read with its question in one window, and is shown as one."""

SPECIAL_TOKENS = 2

SETTLED_NS = 2_000_000_000
"""Nanoseconds after which a file's time tells it from what is written to it later: FAT counts in two
seconds."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of what is being done, and how many of how many are through."""


def silent(doing: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


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
class Encoding:
    """How passages are encoded: by which SentenceTransformer (None: the index's own, or the packaged
    default), on which device by PyTorch's name (None: the best at hand), by how many processes."""

    model: str | None = None
    device: str | None = None
    workers: int = 1


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document cut into sentences and passages, not encoded yet."""

    document: Document
    location: str
    state: State
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]

    def texts(self) -> list[str]:
        return [self.document.text[p.start : p.end] for p in self.passages]


def update(
    folder: Path,
    paths: Sequence[Path],
    *,
    encoding: Encoding = Encoding(),
    rebuild: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Bring the index in ``folder`` up to date with the files among and under ``paths``.

    Files that have not changed since are neither cut nor encoded again. ``rebuild`` starts over, in one
    transaction: with ``paths``, or without any with the documents that the index holds.

    Raises IndexMismatch where the model is not the one that the index was made with, IndexLocked,
    StorageError, ModelError, and SourceError where ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    anew = rebuild and not paths
    wanted = [] if anew else list(sources.find(paths))
    if not (wanted or anew):
        raise SourceError("nothing to index: no text or Markdown file among the paths given")
    with (
        writing(folder, fresh=rebuild and not anew) as database,
        closing(_Writer(folder, database, encoding, rebuild, progress)) as writer,
    ):
        writer.take(_stored(database) if anew else wanted, [path for path in paths if path.is_dir()])
        return writer.finish(started)


def remove(folder: Path, names: Iterable[str]) -> Summary:
    """Take the documents called ``names`` (id, source, or a unique end of either) out of the index."""
    started = time.perf_counter()
    _require_index(folder)
    with writing(folder) as database:
        ids = {database.find(name).id for name in names}
        with database.transaction():
            database.delete(ids)
        writer = _Writer(folder, database)
        writer.tally["removed"] = len(ids)
        return writer.finish(started)


def compact(folder: Path, *, progress: Progress = silent) -> tuple[int, int]:
    """Make the search files anew and give the room of what is gone back to the disk.

    Gives the bytes that the index took before and takes now. Nothing is encoded again.
    """
    _require_index(folder)
    with writing(folder) as database:
        before = layout.size(folder)
        writer = _Writer(folder, database, progress=progress)
        writer.files = SearchFiles(folder, database, anew=True)
        progress("giving room back", 0, 1)
        database.vacuum()
        writer.finish(time.perf_counter())
    return before, layout.size(folder)


def _require_index(folder: Path) -> None:
    if not (folder / FILE).is_file():
        raise IndexMissing(f"no index in {folder}: name one with --index")


def _stored(database: Database) -> list[Found]:
    known = list(database.known_below(""))
    if not known:
        raise SourceError("nothing to index: the index holds no document, so name files and folders")
    return [Found(Path(each.location), each.source) for each in known]


class _Writer:
    """One run: cuts what has changed, encodes it in batches, commits, and derives."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        encoding: Encoding = Encoding(),
        rebuild: bool = False,
        progress: Progress = silent,
    ) -> None:
        self.folder = folder
        self.encoding = encoding
        self.database = database
        self.rebuild = rebuild
        self.progress = progress
        self.tally = Counter[str]()
        self.skipped: list[Skipped] = []
        card = database.model()
        self.card = _declared(folder) if card is None else ModelCard.parse(card)
        self.before: Database | None = None
        self.gone = Counter[str]()
        self.model_name = encoding.model or (self.card.name if self.card else models.DEFAULT_MODEL)
        if encoding.model is not None and self.card is not None and not rebuild:
            self._require_same(self.card)

    # -- the model

    @cached_property
    def model(self) -> models.Model:
        return models.locate(self.model_name)

    @cached_property
    def encoder(self) -> models.PassageEncoder:
        if self.card is not None and not self.rebuild:
            self._require_same(self.card)
        self.progress("loading the model", 0, 1)
        transformer = models.load(self.model, self.encoding.device)
        return models.PassageEncoder(transformer, self.encoding.workers)

    def close(self) -> None:
        """Let go of the encoder, if it was used."""
        if "encoder" in self.__dict__:
            self.encoder.close()

    def _require_same(self, card: ModelCard) -> None:
        if self.model.sha256 != card.sha256:
            raise IndexMismatch(
                f"{self.folder} was made with {card.name}, not with {self.model_name}: "
                f"`askbrief index --rebuild --model {self.model_name}` encodes it anew"
            )

    @cached_property
    def ready(self) -> ModelCard:
        """The card of the model in use, its export lying whole in the index folder.

        The model itself is looked for only where something must be encoded or exported: documents can be
        removed, and search files mended, where it is not at hand.
        """
        card = self.card
        if (
            card is not None
            and not (self.rebuild and self.model.sha256 != card.sha256)
            and layout.damaged(self.folder, card.files) is None
        ):
            return card
        return self._export()

    def _export(self) -> ModelCard:
        from askbrief.encode.export import export

        name = layout.encoder_folder(self.model.sha256)
        beside = self.folder / f"{name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        self.progress("exporting the query encoder", 0, 1)
        made = export(self.encoder.transformer, beside)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        beside.replace(self.folder / name)
        return ModelCard(
            name=self.model.name,
            sha256=self.model.sha256,
            dimension=made.dimension,
            window=made.window,
            agreement=made.agreement,
            encoder=name,
            files=layout.cards(self.folder, name),
        )

    # -- documents

    def take(self, wanted: Sequence[Found | Skipped], folders: Sequence[Path] = ()) -> None:
        """Read, cut, encode and commit what of ``wanted`` has changed, and take out what is gone from
        ``folders``."""
        if not self.rebuild:
            there = {_location(each.path) for each in wanted if isinstance(each, Found)} if folders else set()
            gone = {known.id: known for folder in folders for known in self._gone_from(folder, there)}
            self.gone = Counter(known.sha256 for known in gone.values())
            self._take(wanted)
            self._forget(gone)
            return
        with closing(Database.open(self.folder / FILE)) as self.before, self.database.transaction():
            self.database.clear()
            self._take(wanted)
            if not self.database.counts()["documents"]:  # leaves the transaction, and the index as it was
                why = self.skipped[0].why
                raise SourceError(f"nothing was indexed of {len(wanted)} files and the index is kept: {why}")

    def _gone_from(self, folder: Path, there: set[str]) -> Iterator[Known]:
        for known in self.database.known_below(_location(folder)):
            if known.location in there:
                continue
            try:
                os.lstat(known.location)
            except (FileNotFoundError, NotADirectoryError):
                yield known
            except OSError:  # it can't be looked at, so nobody knows
                continue

    def _forget(self, gone: Mapping[str, Known]) -> None:
        """Take out what is gone; what of it lies elsewhere now has moved."""
        if gone:
            with self.database.transaction():
                self.database.delete(gone)
            self.tally["removed"] += self.gone.total()

    def _take(self, wanted: Sequence[Found | Skipped]) -> None:
        batch: list[_Cut] = []
        for number, each in enumerate(wanted):
            self.progress("reading", number, len(wanted))
            if cut := self._cut(each):
                batch.append(cut)
            if sum(len(c.passages) for c in batch) >= BATCH:
                self._commit(batch)
                batch = []
        self._commit(batch)

    def _cut(self, each: Found | Skipped) -> _Cut | None:
        if isinstance(each, Skipped):
            self.skipped.append(Skipped(each.source, f"{each.source}: {each.why}"))
            return None
        location, state = _location(each.path), _state(each.path)
        before = self.database.known(location=location)
        if before is not None and state is not None and before.state == state:
            self.tally["unchanged"] += 1
            return None
        document = self._read(each, location, before.source if before else self._name(each, location))
        if document is None:
            return None
        if before is not None and _same(before, document):
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
                kept = "; what the index held of it is kept" if held else ""
                self.skipped.append(Skipped(each.source, f"{error}{kept}"))
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
        card = self.ready
        found = segment.sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, card.window - SPECIAL_TOKENS)
        passages = segment.passages(document.text, found, self._tokens, limit)
        return _Cut(document, location, state, quotes.speakers(document.text, found), passages)

    @cached_property
    def _tokens(self) -> Callable[[Sequence[str]], list[int]]:
        from askbrief.encode.onnx import token_counter

        return token_counter(self.folder / self.ready.encoder)

    def _commit(self, batch: Sequence[_Cut]) -> None:
        """Encode the passages of ``batch`` that were never seen, and store its documents."""
        if not batch:
            return
        card = self.ready
        texts = [text for cut in batch for text in cut.texts()]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        vectors = self._encoded(texts, digests)
        with nullcontext() if self.rebuild else self.database.transaction():
            self.database.set_model(layout.as_json(card))
            at = 0
            for cut in batch:
                rows = slice(at, at + len(cut.passages))
                entry = Entry(
                    cut.document,
                    cut.location,
                    cut.sentences,
                    cut.passages,
                    tuple(digests[rows]),
                    vectors[rows],
                    cut.state,
                )
                self.database.put(entry)
                at += len(cut.passages)
        if not self.rebuild:
            self.files.follow()

    def _encoded(self, texts: Sequence[str], digests: Sequence[bytes]) -> Vectors:
        """Vectors of ``texts``: those stored for the same text, and new ones for the rest."""
        import numpy as np

        known = self.database.vectors_of(digests)
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        # like lengths pad one another least
        longest_first = sorted(new, key=lambda digest: -len(new[digest]))
        total = self.tally["encoded"] + len(new)
        for at in range(0, len(new), CHUNK):
            chunk = longest_first[at : at + CHUNK]
            self.progress("encoding passages", self.tally["encoded"], total)
            known.update(zip(chunk, self.encoder.encode([new[digest] for digest in chunk]), strict=True))
            self.tally["encoded"] += len(chunk)
        return np.stack([known[digest] for digest in digests]).astype(np.float32)

    # -- what follows from the documents

    def finish(self, started: float) -> Summary:
        """Derive what is behind, put the manifest in place, and tell what was done."""
        self._derive()
        self.database.checkpoint()
        return Summary(
            **self.tally,
            skipped=tuple(self.skipped),
            mended=self.files.fault if "files" in self.__dict__ else None,
            **self.database.counts(),
            revision=self.database.revision(),
            seconds=time.perf_counter() - started,
        )

    def _derive(self) -> None:
        if self.database.model() is None:
            return
        card = self.ready
        if self.database.model() != layout.as_json(card):  # it was exported again, perhaps not to the byte
            self.database.set_model(layout.as_json(card))
        self.progress("writing the search index", 0, 1)
        self.files.finish(card, self._asked)

    @cached_property
    def files(self) -> SearchFiles:
        return SearchFiles(self.folder, self.database, anew=self.rebuild)

    def _asked(self, questions: list[str]) -> Vectors:
        from askbrief.encode.onnx import QueryEncoder

        return QueryEncoder(self.folder / self.ready.encoder).encode(questions)


def _location(path: Path) -> str:
    """The real path, as text that can be stored whatever bytes the name holds."""
    return os.path.realpath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _state(path: Path) -> State:
    """A file's size and time; None where it was written so lately that both might stay as they are when it
    is written again (as git's index knows "racy" entries)."""
    try:
        known = path.stat()
    except OSError:
        return None
    return None if time.time_ns() - known.st_mtime_ns < SETTLED_NS else (known.st_size, known.st_mtime_ns)


def _declared(folder: Path) -> ModelCard | None:
    """The model that the manifest names: what the database said of it may have been lost."""
    with suppress(IndexDamaged):
        manifest = layout.read(folder)
        return manifest.model if manifest else None
    return None


def _same(before: Known, document: Document) -> bool:
    return (before.sha256, before.title, before.date) == (document.sha256, document.title, document.date)
