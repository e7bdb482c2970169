"""One revision of the archive as it is searched: what its files hold, what they lack, and what was
deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbrief.storage.db import passages
from askbrief.storage.db.database import Database
from askbrief.storage.search.exact_vectors import ExactVectors
from askbrief.storage.search.keywords import KeywordIndex
from askbrief.storage.search.vectors import VectorIndex
from askbrief.types import Ranking

if TYPE_CHECKING:
    import numpy as np

    from askbrief.types import Vectors

FEW = 2_000
"""Passages that a filter lets through up to which each of them is compared with the question, if an
approximate index might find none of them."""

RERANKED = 100
"""Passages, at least, that are taken from an approximate index and compared exactly."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is searched: ``base`` and ``keywords`` are files, ``tail`` and ``fresh`` hold in memory what was
    committed after them. ``removed`` (ids, ascending) is what ``base`` holds although it was deleted, and
    ``gone`` what ``keywords`` may hold of that kind. If a question is compared with every vector, ``base``
    has all of them from the database."""

    database: Database
    base: VectorIndex | ExactVectors
    tail: ExactVectors
    removed: np.ndarray
    keywords: KeywordIndex
    fresh: KeywordIndex | None
    gone: np.ndarray

    def __len__(self) -> int:
        return len(self.base) + len(self.tail) - len(self.removed)

    def nearest(self, vector: Vectors, k: int, allowed: np.ndarray | None = None) -> Ranking:
        """The ``k`` passages nearest to ``vector`` with their cosines, among ``allowed`` (ids, ascending)
        if given."""
        if not self.base.probes:
            found = dict(self.base.search(vector, k, allowed, self.removed))
        elif allowed is not None and len(allowed) <= FEW:
            found = self.cosines(vector, allowed.tolist())
        else:
            near = self.base.search(vector, max(k, RERANKED), allowed, self.removed)
            found = self.cosines(vector, [id_ for id_, _ in near])
        found.update(self.tail.search(vector, k, allowed))
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:k]

    def worded(self, question: str, k: int, allowed: np.ndarray | None = None) -> Ranking:
        """The ``k`` best passages for the words of ``question`` with their BM25; among ``allowed`` if
        given."""
        found = self.keywords.search(question, k, allowed, self.gone)
        if self.fresh is not None:
            found += self.fresh.search(question, k, allowed)
        return sorted(dict(found).items(), key=lambda item: (-item[1], item[0]))[:k]

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Cosine of ``vector`` with each of the passages ``ids`` that exist."""
        if not ids:
            return {}
        present, vectors = passages.vectors_at(self.database, ids)
        return dict(zip(present.tolist(), (vectors @ vector).tolist(), strict=True)) if len(present) else {}
