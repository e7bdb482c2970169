"""An index opened for asking: one revision of the database with its vectors and keywords. Fills
``seam.Searched``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexDamaged, IndexMissing, StorageError
from askbrief.protocols import Stats
from askbrief.storage.db import duplicates as families
from askbrief.storage.db import passages
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.schema import EVERYTHING, Filter
from askbrief.storage.search import manifest as layout
from askbrief.storage.search.keywords import KeywordIndex
from askbrief.storage.search.manifest import Files, Manifest, ModelCard
from askbrief.storage.search.snapshot import Revision
from askbrief.storage.search.vectors import EXACT, VectorIndex
from askbrief.types import Hit, Ranking

if TYPE_CHECKING:
    import numpy as np

    from askbrief.embed.query_embedder import QueryEmbedder
    from askbrief.types import Vectors

ATTEMPTS = 5
"""A writer may put the next revision in place while this one is opened; then the next is opened instead."""


class Store:
    """What asking needs of an index, each part opened when it is first used."""

    def __init__(self, folder: Path, database: Database, model: ModelCard | None) -> None:
        self.folder = folder
        self.database = database
        self.model = model
        self._lock = threading.Lock()
        self._passed: tuple[Filter, np.ndarray | None] | None = None

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
    def encoder(self) -> QueryEmbedder:
        """The query encoder that the index carries, checked against its digests."""
        from askbrief.embed.query_embedder import QueryEmbedder

        if self.model is None:
            raise IndexMissing(f"the index in {self.folder} holds no document: run `askbrief index PATH`")
        self._require_whole(self.model.files)
        return QueryEmbedder(self.folder / self.model.encoder)

    # -- the seam

    def search_dense(self, vector: Vectors, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` passages nearest to a unit vector, with their cosines, best first."""
        return self.revision.nearest(vector, k, self._passing(wanted))

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` best passages for the words of ``question`` with their BM25, best first; some may be
        gone."""
        return self.revision.worded(question, k, self._passing(wanted))

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Cosine of a unit vector with each of the passages ``ids`` that there are."""
        return self.revision.cosines(vector, ids)

    def get(self, ids: Sequence[int]) -> list[Hit]:
        """The passages ``ids``, in that order, with their documents and sentences."""
        return passages.hits(self.database, ids)

    def families(self, ids: Sequence[int]) -> dict[int, int]:
        """The family of copies that the document of each passage is of, where it is known."""
        return families.held(self.database, ids)

    def copies(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        """The passages of the copies of a document that a filter lets through."""
        passing, found = self._passing(wanted), families.others(self.database, document)
        return found if passing is None else sorted(set(found).intersection(passing.tolist()))

    def stats(self) -> Stats:
        """How much is held."""
        return self.database.stats()

    def _passing(self, wanted: Filter) -> np.ndarray | None:
        """Ids of the passages that a filter lets through; None for one that lets all. The last is kept."""
        with self._lock:  # both searches ask, side by side
            if self._passed is None or self._passed[0] != wanted:
                self._passed = (wanted, passages.allowed(self.database, wanted) if wanted else None)
            return self._passed[1]

    # -- what is opened

    @cached_property
    def revision(self) -> Revision:
        """The revision that is searched: from files, and from the database where they are behind it."""
        for _ in range(ATTEMPTS):
            manifest = layout.read(self.folder)
            last = None if manifest is None else self.database.last_at(manifest.vectors.stamp)
            if manifest is None or last is None:
                break
            try:
                return self._filed(manifest, last)
            except IndexDamaged:
                if layout.read(self.folder) == manifest:  # else a writer has just replaced it
                    raise
        return self._derived()

    def _filed(self, manifest: Manifest, last: int) -> Revision:
        import numpy as np

        keywords = KeywordIndex.open(self.folder / manifest.keywords)
        self._require_whole(manifest.required(keywords.stamp))
        base = VectorIndex.open(self.folder / manifest.vectors.file, manifest.vectors.probes)
        return Revision(
            self.database,
            base,
            VectorIndex.exact(passages.vectors(self.database, last), manifest.model.dimension),
            np.array(self.database.removed(last), dtype=np.int64),
            keywords,
            self._unfollowed(keywords.stamp),
        )

    def _unfollowed(self, stamp: str) -> KeywordIndex | None:
        """What was committed after the keywords; None where they are ahead, or hold all."""
        last = self.database.last_at(stamp)
        if last is None or not self.database.count_after(last):
            return None
        return KeywordIndex.of(passages.texts(self.database, last))

    def _derived(self) -> Revision:
        """All in memory: there are no files, or they are not of this database."""
        import numpy as np

        count = self.database.stats().passages
        if count > EXACT:
            raise IndexDamaged(
                f"the search files of {self.folder} are missing or not of its database, and too large to be "
                "made for a question: run `askbrief index` to make them (nothing is encoded again)"
            )
        dimension = self.model.dimension if self.model else 1
        vectors = VectorIndex.exact(passages.vectors(self.database), dimension)
        keywords = KeywordIndex.of(passages.texts(self.database))
        empty = VectorIndex.exact([], dimension)
        return Revision(self.database, vectors, empty, np.empty(0, dtype=np.int64), keywords, None)

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
