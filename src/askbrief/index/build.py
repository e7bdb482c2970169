"""Files into an index: read, cut, encode, commit, derive. Composes the stages that lie left of the index.

Documents are committed in batches, each a transaction; a run that is cut off keeps what it committed, and
the next run goes on from there. Only then are vectors and keywords derived and the manifest replaced.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from askbrief import quotes, segment, sources
from askbrief.encode import models
from askbrief.errors import (
    AskbriefError,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    SourceError,
    StorageError,
)
from askbrief.index import manifest as layout
from askbrief.index.database import FILE, Database, Entry, Known
from askbrief.index.manifest import Manifest, ModelCard
from askbrief.index.store import derive
from askbrief.sources import Found, Skipped
from askbrief.types import Document, Passage, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

BATCH = 2048
"""Passages encoded and committed together: enough for batches of like lengths, little to lose."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage; see ``eval/results`` for what other lengths give."""

SPECIAL_TOKENS = 2

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of what is being done, and how many of how many are through."""


def silent(doing: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the writer did; ``skipped`` names each file that could not be taken, and why."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    encoded: int = 0
    skipped: tuple[Skipped, ...] = ()
    documents: int = 0
    sentences: int = 0
    passages: int = 0
    revision: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    encoded: int = 0
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document cut into sentences and passages, not encoded yet."""

    document: Document
    location: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]

    def texts(self) -> list[str]:
        return [self.document.text[p.start : p.end] for p in self.passages]


def update(
    folder: Path,
    paths: Sequence[Path],
    *,
    model: str | None = None,
    rebuild: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Bring the index in ``folder`` up to date with the files among and under ``paths``.

    Files that have not changed since are neither cut nor encoded again. ``rebuild`` starts over, in one
    transaction: with ``paths``, or without any with the documents that the index holds. ``model`` names a
    SentenceTransformer; without it the index keeps its own, and a new one takes the packaged default.

    Raises IndexMismatch where ``model`` is not the one that the index was made with, IndexLocked,
    StorageError, ModelError, and SourceError where ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    with _writing(folder, fresh=rebuild) as database:
        writer = _Writer(folder, database, model, rebuild, progress)
        wanted = _stored(database) if rebuild and not paths else sources.find(paths)
        writer.take(list(wanted))
        return writer.finish(started)


def remove(folder: Path, names: Iterable[str]) -> Summary:
    """Take the documents called ``names`` (id, source, or a unique end of either) out of the index."""
    started = time.perf_counter()
    with _writing(folder) as database:
        ids = {database.find(name).id for name in names}
        with database.transaction():
            database.delete(ids)
        writer = _Writer(folder, database, None, False, silent)
        writer.tally.removed = len(ids)
        return writer.finish(started)


@contextmanager
def _writing(folder: Path, *, fresh: bool = False) -> Iterator[Database]:
    """The database of ``folder``, open for writing by nobody else; errors of the disk become ours."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / layout.LOCK, timeout=0):
            database = _database(folder, fresh)
            try:
                yield database
            finally:
                database.close()
    except Timeout as error:
        raise IndexLocked(
            f"{folder} is being written by another process: try again when it is done"
        ) from error
    except OSError as error:
        raise StorageError(
            f"{folder} can't be written: {error.strerror or error}; what was committed is kept"
        ) from error


def _database(folder: Path, fresh: bool) -> Database:
    """The database, or, where it is damaged and a fresh start is wanted, a new one with the old set aside."""
    try:
        return Database.create(folder / FILE)
    except IndexDamaged:
        if not fresh:
            raise
    for suffix in ("", "-wal", "-shm"):
        path = folder / (FILE + suffix)
        if path.exists():
            path.replace(path.with_name(path.name + ".damaged"))
    return Database.create(folder / FILE)


def _stored(database: Database) -> list[Found]:
    return [Found(Path(known.location), known.source) for known in database.known().values()]


class _Writer:
    """One run: cuts what has changed, encodes it in batches, commits, and derives."""

    def __init__(
        self, folder: Path, database: Database, model: str | None, rebuild: bool, progress: Progress
    ) -> None:
        self.folder = folder
        self.database = database
        self.rebuild = rebuild
        self.progress = progress
        self.tally = _Tally()
        card = database.model()
        self.card = None if card is None else ModelCard.parse(card)
        name = model or (self.card.name if self.card else models.DEFAULT_MODEL)
        self.model_name = name
        if model is not None and self.card is not None and not rebuild:
            self._require_same(self.card)

    # -- the model

    @cached_property
    def model(self) -> models.Model:
        return models.locate(self.model_name)

    @cached_property
    def encoder(self) -> models.PassageEncoder:
        self.progress("loading the model", 0, 1)
        return models.PassageEncoder(models.load(self.model))

    def _require_same(self, card: ModelCard) -> None:
        if self.model.sha256 != card.sha256:
            raise IndexMismatch(
                f"{self.folder} was made with {card.name}, not with {self.model_name}: "
                f"`askbrief index --rebuild --model {self.model_name}` encodes it anew"
            )

    @cached_property
    def ready(self) -> ModelCard:
        """The card of the model in use, its export lying whole in the index folder."""
        card = self.card
        if card is not None and self.model.sha256 == card.sha256:
            if layout.damaged(self.folder, card.files) is None:
                return card
        elif card is not None and not self.rebuild:
            self._require_same(card)
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

    def take(self, wanted: Sequence[Found | Skipped]) -> None:
        """Read, cut, encode and commit what of ``wanted`` has changed."""
        known = {} if self.rebuild else self.database.known()
        with self.database.transaction() if self.rebuild else nullcontext():
            stored = self._texts_of_gone(wanted) if self.rebuild else {}
            if self.rebuild:
                self.database.clear()
            batch: list[_Cut] = []
            for number, each in enumerate(wanted):
                self.progress("reading", number, len(wanted))
                if cut := self._cut(each, known, stored):
                    batch.append(cut)
                if sum(len(c.passages) for c in batch) >= BATCH:
                    self._commit(batch)
                    batch = []
            self._commit(batch)
        if not wanted:
            raise SourceError("nothing to index: no text or Markdown file among the paths given")

    def _texts_of_gone(self, wanted: Sequence[Found | Skipped]) -> dict[str, Document]:
        """Documents whose file is gone, as stored: starting over must not lose them."""
        gone = [each for each in wanted if isinstance(each, Found) and not each.path.exists()]
        ids = {known.location: known.id for known in self.database.known().values()}
        return {str(each.path): self.database.document(ids[str(each.path)]) for each in gone}

    def _cut(
        self, each: Found | Skipped, known: dict[str, Known], stored: dict[str, Document]
    ) -> _Cut | None:
        if isinstance(each, Skipped):
            self.tally.skipped.append(each)
            return None
        location = _location(each.path)
        try:
            document = stored.get(str(each.path)) or sources.read(each.path, _name(each, location, known))
        except SourceError as error:
            self.tally.skipped.append(Skipped(each.source, str(error)))
            return None
        before = known.get(location)
        if before is not None and _same(before, document):
            self.tally.unchanged += 1
            return None
        self.tally.added += before is None
        self.tally.changed += before is not None
        return self._segmented(document, location)

    def _segmented(self, document: Document, location: str) -> _Cut:
        card = self.ready
        found = segment.sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, card.window - SPECIAL_TOKENS)
        passages = segment.passages(document.text, found, self._tokens, limit)
        return _Cut(document, location, quotes.speakers(document.text, found), passages)

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
                )
                self.database.put(entry)
                at += len(cut.passages)

    def _encoded(self, texts: Sequence[str], digests: Sequence[bytes]) -> Vectors:
        """Vectors of ``texts``: those stored for the same text, and new ones for the rest."""
        import numpy as np

        known = self.database.vectors_of(digests)
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        if new:
            self.progress("encoding passages", self.tally.encoded, self.tally.encoded + len(new))
            known.update(zip(new, self.encoder.encode(list(new.values())), strict=True))
            self.tally.encoded += len(new)
        return np.stack([known[digest] for digest in digests]).astype(np.float32)

    # -- what follows from the documents

    def finish(self, started: float) -> Summary:
        """Derive what is behind, put the manifest in place, and tell what was done."""
        self._derive()
        self.database.checkpoint()
        return Summary(
            added=self.tally.added,
            changed=self.tally.changed,
            unchanged=self.tally.unchanged,
            removed=self.tally.removed,
            encoded=self.tally.encoded,
            skipped=tuple(self.tally.skipped),
            **self.database.counts(),
            revision=self.database.revision(),
            seconds=time.perf_counter() - started,
        )

    def _derive(self) -> None:
        if self.database.model() is None:
            return
        card, revision = self.ready, self.database.revision()
        try:
            old = layout.read(self.folder)
        except (IndexDamaged, IndexMismatch):
            old = None
        if (
            old
            and (old.revision, old.model) == (revision, card)
            and not layout.damaged(self.folder, old.files)
        ):
            return
        self.progress("writing the search index", 0, 1)
        new = Manifest(layout.FORMAT, revision, card)
        vectors, keywords = self.folder / new.vectors, self.folder / new.keywords
        shutil.rmtree(keywords, ignore_errors=True)
        derive(self.database, vectors, keywords)
        new = replace(new, files=layout.cards(self.folder, new.vectors, new.keywords))
        layout.write(self.folder, new)
        layout.sweep(self.folder, new)


def _location(path: Path) -> str:
    """The real path, as text that can be stored whatever bytes the name holds."""
    return os.path.realpath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _name(each: Found, location: str, known: dict[str, Known]) -> str:
    """The source name, or the whole path where another file that still exists has that name already."""
    for other in known.values():
        if other.source == each.source and other.location != location and Path(other.location).exists():
            return location
    return known[location].source if location in known else each.source


def _same(before: Known, document: Document) -> bool:
    return (before.sha256, before.title, before.date) == (document.sha256, document.title, document.date)


__all__ = ["AskbriefError", "Summary", "remove", "update"]
