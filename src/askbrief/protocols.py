"""What askbrief asks of its exchangeable parts: whatever keeps an archive, embeds text, or reads it.

``storage.reader.FolderReader`` and ``storage.writer.FolderWriter`` fill the first two with SQLite, FAISS and
tantivy in one folder. An object with exactly these methods, put in their place, answers questions:
``tests/test_engines.py`` does that with an archive in memory. ``docs/scaling.md`` says how a distributed
engine would.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from askbrief.index_records import PreparedDocument, Stats, Status, StoredSource
from askbrief.types import (
    EVERYTHING,
    Document,
    Filter,
    FilterFit,
    Hit,
    ListPlace,
    Match,
    Quoted,
    Ranking,
    Sentence,
    Source,
    Span,
    Speaker,
)

if TYPE_CHECKING:
    from askbrief.query import Query
    from askbrief.types import Vectors


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def dimension(self) -> int:
        """Length of the vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row per text, in the order given."""


class Reader(Protocol):
    """Finds the words that answer a question in the passages that retrieval returned."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans in order of score, best first; each lies within its hit; scores are probabilities."""


class IndexReader(Protocol):
    """One revision of an archive, opened for reading: all calls see the same documents.

    Passages have ids that are never used again. A filter is applied before the best are chosen, so that ``k``
    come back if ``k`` pass it. Calls may come from several threads.
    """

    @property
    def location(self) -> str:
        """Where the archive is, as messages name it."""

    @property
    def embedder(self) -> Embedder:
        """What embeds questions as the passages were embedded. Raises IndexMissing for an empty archive."""

    def search_dense(self, vector: Vectors, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` passages nearest to a unit vector, with their cosines, best first."""

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        """The ``k`` best passages for the words of ``question`` with their BM25, best first; some may have
        been removed meanwhile, which ``cosines`` shows."""

    def search_exact(self, query: Query, wanted: Filter = EVERYTHING) -> list[Match]:
        """Every document that matches as ``query.is_matched`` says, in any order; names of speakers in the
        filter don't count. Raises IndexMismatch for an older index that can't be searched so."""

    def fit(self, wanted: Filter) -> FilterFit:
        """How many documents pass a filter, and what there is otherwise; names of speakers don't count."""

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Cosine of a unit vector with each of the passages ``ids`` that exist."""

    def hits(self, ids: Sequence[int]) -> list[Hit]:
        """The passages ``ids``, in that order, with their documents and sentences; scores are 0."""

    def duplicate_groups(self, ids: Sequence[int]) -> dict[int, int]:
        """The duplicate group of the document of each passage, if it is known."""

    def duplicates(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        """The passages of all other documents in the duplicate group of the document with this id that pass
        the filter."""

    def documents(self, start: str = "", limit: int | None = None) -> list[Source]:
        """The documents in the order of source names: all, or some from a source name on."""

    def document(self, id_: str) -> Document:
        """The document with this id. Raises NotFound."""

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        """The sentences of the document with this id, in order."""

    def stored_source(self, cited: Source) -> StoredSource | None:
        """Which document a citation means, and where its source file is: by its id, else by its source name,
        else by the digest of its text."""

    def quotations(
        self, wanted: Filter = EVERYTHING, document: str | None = None, start: ListPlace | None = None
    ) -> Iterator[Quoted]:
        """The quotations of documents that pass the filter, of speakers that pass it, or of the one document
        with this id; by date, then in the order of the text, from the document at ``start`` on; found as they
        are taken. Raises IndexMismatch for an index of an older askbrief that keeps none."""

    def quotation_count(self, wanted: Filter = EVERYTHING, document: str | None = None) -> int:
        """How many ``quotations`` gives."""

    def speakers(self, wanted: Filter = EVERYTHING) -> list[Speaker]:
        """Who is quoted in documents that pass the filter, by each name that these give; names in the filter
        don't count. Raises IndexMismatch as ``quotations`` does."""

    def speaker_names(self) -> list[str]:
        """The names of speakers, sorted."""

    def documents_quoting(self, names: Sequence[str], wanted: Filter = EVERYTHING) -> int:
        """How many documents that pass the filter quote somebody by one of these names."""

    def stats(self) -> Stats:
        """How much is stored."""

    def status(self, *, verify: bool = False) -> Status:
        """What is stored, and whether it is intact; ``verify`` reads every byte."""

    def newest(self) -> IndexReader | None:
        """The newest revision, opened; None if this is it."""

    def close(self) -> None:
        """Release files and connections."""


class IndexWriter(Protocol):
    """An archive opened by its one writer."""

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        """Store documents, each in place of an older one at its location: all of them or, if this doesn't
        return, none; whoever opens the archive from then on finds them."""

    def delete(self, ids: Collection[str]) -> None:
        """Delete documents by their ids, all or none."""

    def stats(self) -> Stats:
        """How much is stored."""
