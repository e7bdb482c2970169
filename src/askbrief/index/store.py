"""An index opened for asking: one revision of the database with its vectors and keywords."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexDamaged, IndexMissing, StorageError
from askbrief.index import manifest as layout
from askbrief.index.database import FILE, Database
from askbrief.index.keywords import KeywordIndex
from askbrief.index.manifest import Files, ModelCard
from askbrief.index.vectors import VectorIndex

if TYPE_CHECKING:
    from askbrief.encode.onnx import QueryEncoder

ATTEMPTS = 5
"""A writer may put the next revision in place while this one is opened; then the next is opened instead."""


@dataclass(frozen=True, slots=True)
class Derived:
    """The two derived indexes of one revision."""

    vectors: VectorIndex
    keywords: KeywordIndex


class Store:
    """What asking needs of an index, each part opened when it is first used."""

    def __init__(self, folder: Path, database: Database, model: ModelCard | None) -> None:
        self.folder = folder
        self.database = database
        self.model = model

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The newest committed revision of the index in ``folder``. Raises the ``errors.Index*``."""
        try:
            there = (folder / FILE).is_file()
        except OSError as error:
            raise StorageError(f"{folder} can't be looked into: {error.strerror}; allow it") from error
        if not there:
            raise IndexMissing(
                f"no index in {folder}: run `askbrief index PATH` first, or name one with --index"
            )
        database = Database.open(folder / FILE)
        try:
            return cls(folder, database, _card(database))
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    @cached_property
    def encoder(self) -> QueryEncoder:
        """The query encoder that the index carries, checked against its digests."""
        from askbrief.encode.onnx import QueryEncoder

        if self.model is None:
            raise IndexMissing(f"the index in {self.folder} holds no document: run `askbrief index PATH`")
        self._require_whole(self.model.files)
        return QueryEncoder(self.folder / self.model.encoder)

    @cached_property
    def derived(self) -> Derived:
        """Vectors and keywords of this revision: from disk, or caught up in memory from the database."""
        stamp = self.database.stamp()
        for _ in range(ATTEMPTS):
            manifest = layout.read(self.folder)
            if manifest is None or manifest.stamp != stamp:
                break
            try:
                self._require_whole(manifest.files)
                return Derived(
                    VectorIndex.open(self.folder / manifest.vectors),
                    KeywordIndex.open(self.folder / manifest.keywords),
                )
            except IndexDamaged:
                if layout.read(self.folder) == manifest:  # else a writer has just replaced it
                    raise
        return derive(self.database, None, None)

    def _require_whole(self, files: Files) -> None:
        name = layout.damaged(self.folder, files)
        if name is not None:
            raise IndexDamaged(
                f"{self.folder / name} is missing, cut short or altered: run `askbrief index` to make it "
                "anew (nothing is encoded again)"
            )


def _card(database: Database) -> ModelCard | None:
    card = database.model()
    try:
        return None if card is None else ModelCard.parse(card)
    except (KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(
            f"{database.path} is damaged (its model card can't be read): run `askbrief index --rebuild` with "
            "your sources"
        ) from error


def derive(database: Database, vectors: Path | None, keywords: Path | None) -> Derived:
    """Vectors and keywords made from ``database``, written where paths are given."""
    index = VectorIndex.build(*database.vectors())
    if vectors is not None:
        index.save(vectors)
    if keywords is not None:
        keywords.mkdir(parents=True)
    return Derived(index, KeywordIndex.build(database.texts(), keywords))
