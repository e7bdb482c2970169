"""What askbrief asks of whatever keeps an archive: the seam at which another engine would take its place.

``Store`` and ``Writer`` fill it with SQLite, FAISS and tantivy in one folder. ``docs/scaling.md`` tells how a
distributed engine would.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from askbrief.storage.db.schema import EVERYTHING, Entry, Filter
from askbrief.types import Hit, Ranking

if TYPE_CHECKING:
    from askbrief.types import Vectors


@dataclass(frozen=True, slots=True)
class Stats:
    """How much an archive holds, and its revision, which grows with every commit."""

    documents: int
    sentences: int
    passages: int
    revision: int


class Searched(Protocol):
    """One revision of an archive, opened to be asked: all calls see the same documents.

    Passages go by ids that are never used again. A filter leaves out before the best are chosen, so that
    ``k`` come back wherever ``k`` pass it.
    """

    def search_dense(self, vector: Vectors, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` passages nearest to a unit vector, with their cosines, best first."""

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` best passages for the words of ``question`` with their BM25, best first; some may be
        gone by now, which ``cosines`` tells."""

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Cosine of a unit vector with each of the passages ``ids`` that there are."""

    def get(self, ids: Sequence[int]) -> list[Hit]:
        """The passages ``ids``, in that order, with their documents and sentences."""

    def families(self, ids: Sequence[int]) -> dict[int, int]:
        """The family of copies that the document of each passage is of, where it is known."""

    def copies(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        """The passages of all other documents that are of one family with the document of this id, and that
        pass the filter."""

    def stats(self) -> Stats:
        """How much is held."""


class Written(Protocol):
    """An archive opened by its one writer."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Take documents in, each in place of an older one at its location: all of them, or, where this
        does not return, none; what has been taken in is found by whoever opens the archive from then on."""

    def delete(self, ids: Collection[str]) -> None:
        """Take documents out by their ids, all or none."""

    def stats(self) -> Stats:
        """How much is held."""
