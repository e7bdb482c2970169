"""An archive in PostgreSQL opened for reading: one revision, whatever others commit."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexOutdated, empty_index
from askbrief.index_records import Stats, Status, StoredSource
from askbrief.once import computed_once
from askbrief.storage.db.collection_state import stored_source
from askbrief.storage.postgres import (
    model_files,
    server_duplicates,
    server_filters,
    server_passages,
    server_quotations,
)
from askbrief.storage.postgres.server_address import ServerAddress
from askbrief.storage.postgres.server_connection import ServerConnection
from askbrief.storage.postgres.server_documents import ServerDocuments
from askbrief.storage.postgres.server_integrity import server_status
from askbrief.storage.postgres.server_schema import require_known
from askbrief.storage.postgres.server_snapshot import ServerSnapshot
from askbrief.storage.postgres.server_words import ServerWords
from askbrief.storage.search.keywords import stems_digest
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
    Speaker,
)

if TYPE_CHECKING:
    from askbrief.protocols import Embedder
    from askbrief.query import Query
    from askbrief.types import Vectors

SCAN = (
    "SET LOCAL hnsw.iterative_scan = relaxed_order",
    "SET LOCAL hnsw.ef_search = 200",
    "SET LOCAL hnsw.max_scan_tuples = 200000",
)
"""The approximate index goes on until enough passages pass a filter."""

FINISHED = """
    SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('askbrief.passages_by_vector') AND indisvalid
"""


class PostgresReader:
    """Fills ``protocols.IndexReader``, which says what its methods do."""

    def __init__(self, snapshot: ServerSnapshot, folder: Path) -> None:
        self._snapshot = snapshot
        self._documents = ServerDocuments(snapshot, folder)
        self._stamp = self._documents.meta("stamp")

    @classmethod
    def open(cls, address: ServerAddress, folder: Path) -> PostgresReader:
        """The newest revision. Raises the ``errors.Index*`` and StorageError."""
        snapshot = ServerSnapshot(address, _prepared)
        try:
            return cls(snapshot, folder)
        except BaseException:
            snapshot.close()
            raise

    def newest(self) -> PostgresReader | None:
        newest = PostgresReader.open(self._snapshot.address, self._documents.folder)
        if newest._stamp != self._stamp:
            return newest
        newest.close()
        return None

    def close(self) -> None:
        self._snapshot.close()

    @property
    def location(self) -> str:
        return self._snapshot.location

    @computed_once
    def embedder(self) -> Embedder:
        """The packaged query encoder, or the one that the database carries, checked against its digests."""
        from askbrief.embed.index_embedder import query_embedder

        model = self._documents.model()
        if model is None:
            raise empty_index(self.location)
        model_files.fetch(self._documents, model)
        return query_embedder(self._documents.folder, model)

    # -- searching

    def search_dense(self, vector: Vectors, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        return server_passages.nearest(self._snapshot, vector, k, wanted, approximate=self._approximate)

    @computed_once
    def _approximate(self) -> bool:
        """Whether there is a finished index of vectors."""
        return self._snapshot.one(FINISHED) is not None

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        if not self._same_stems:
            what = f"the keywords of {self.location} were made by a tantivy with other stems"
            warnings.warn(f"{what}; run `askbrief index --rebuild`", IndexOutdated, stacklevel=2)
        return server_passages.worded(self._snapshot, question, k, wanted)

    @computed_once
    def _same_stems(self) -> bool:
        return self._documents.meta("stems") == stems_digest()

    def search_exact(self, query: Query, wanted: Filter = EVERYTHING) -> list[Match]:
        from askbrief.storage.search.exact import ExactSearch

        return ExactSearch(ServerWords(self._documents)).matches(query, wanted)

    def fit(self, wanted: Filter) -> FilterFit:
        return server_filters.fit(self._snapshot, wanted)

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        return server_passages.cosines(self._snapshot, vector, ids)

    def hits(self, ids: Sequence[int]) -> list[Hit]:
        return server_passages.hits(self._documents, ids)

    def duplicate_groups(self, ids: Sequence[int]) -> dict[int, int]:
        return server_duplicates.groups_of(self._snapshot, ids)

    def duplicates(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        return server_duplicates.others(self._snapshot, document, wanted)

    # -- documents and quotations

    def documents(self, start: str = "", limit: int | None = None) -> list[Source]:
        return self._documents.listed(start, limit)

    def document(self, id_: str) -> Document:
        return self._documents.document(id_)

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        return self._documents.sentences(id_)

    def stored_source(self, cited: Source) -> StoredSource | None:
        return stored_source(self._documents.cited(cited), self._documents.collection)

    def quotations(
        self, wanted: Filter = EVERYTHING, document: str | None = None, start: ListPlace | None = None
    ) -> Iterator[Quoted]:
        return server_quotations.quotations(self._documents, wanted, document, start)

    def quotation_count(self, wanted: Filter = EVERYTHING, document: str | None = None) -> int:
        return server_quotations.count(self._snapshot, wanted, document)

    def speakers(self, wanted: Filter = EVERYTHING) -> list[Speaker]:
        return server_quotations.speakers(self._snapshot, wanted)

    def speaker_names(self) -> list[str]:
        return server_quotations.speaker_names(self._snapshot)

    def documents_quoting(self, names: Sequence[str], wanted: Filter = EVERYTHING) -> int:
        return len(server_quotations.quoting(self._snapshot, names, wanted))

    # -- the archive itself

    def stats(self) -> Stats:
        return self._documents.stats()

    def status(self, *, verify: bool = False) -> Status:
        return server_status(self._documents, verify=verify)


def _prepared(connection: ServerConnection) -> None:
    require_known(connection)
    for each in SCAN:
        connection.execute(each)
