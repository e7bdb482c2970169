"""What askbrief asks of its exchangeable parts: whatever keeps an archive, embeds text, or reads it.

``storage.reader.FolderReader`` and ``storage.writer.FolderWriter`` fill ``IndexReader`` and ``IndexWriter``
with SQLite, FAISS and tantivy in one folder; ``storage/postgres`` does with a database of PostgreSQL's. An
object with exactly these methods, put in their place, answers questions: ``tests/test_store_contract.py``
does that with an archive in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askbrief.index_records import (
    CollectionState,
    FileState,
    ModelCard,
    PreparedDocument,
    Stats,
    Status,
    StoredDocument,
    StoredSource,
)
from askbrief.types import (
    EVERYTHING,
    Document,
    Filter,
    FilterFit,
    Hit,
    ListPlace,
    Match,
    Progress,
    Quotation,
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


class StoredDocuments(Protocol):
    """What an archive has of documents, as a run of the writer compares sources with it: one revision, or
    what the run's own transaction sees."""

    @property
    def location(self) -> str:
        """Where the archive is, as messages name it."""

    @property
    def folder(self) -> Path:
        """Where on this machine files are kept for the archive: an exported model, what servers said."""

    def listed(self) -> list[Source]:
        """Every document, in the order of source names."""

    def at(self, *, location: str | None = None, source: str | None = None) -> StoredDocument | None:
        """The document stored at a location, or under a source name; None if there is none."""

    def below(self, folder: str) -> Iterator[StoredDocument]:
        """Each document whose file is somewhere in ``folder``, by location; all for ""."""

    def between(self, least: str, most: str) -> Iterator[StoredDocument]:
        """Each document between two locations, in their order."""

    def count_between(self, least: str, most: str) -> int:
        """How many documents there are between two locations."""

    def with_guid(self, guid: str) -> list[tuple[StoredDocument, dict[str, str]]]:
        """The stored versions of an agency's item, with their details."""

    def document(self, id_: str) -> Document:
        """The document with this id. Raises NotFound."""

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        """The sentences of the document with this id, in order."""

    def collection(self, location: str) -> CollectionState | None:
        """The state of a file of many documents; None if it was never read to its end."""

    def collections(self) -> list[CollectionState]:
        """The states of all files of many documents that were read to their ends."""

    def prepared(self, stored: StoredDocument) -> PreparedDocument:
        """A stored document as it would be added to another archive, with its vectors."""

    def sentence_rules(self) -> str | None:
        """The fingerprint of the rules that split all sentences; None if that was not kept."""

    def have_model_files(self) -> None:
        """Have the files of an exported model in ``folder``. Raises IndexDamaged."""

    def model(self) -> ModelCard | None:
        """The model that made the vectors; None before the first document."""

    def vectors_of(self, digests: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        """The vectors of passages with these digests of their text, as far as there are any."""

    def stats(self) -> Stats:
        """How much is stored."""


class IndexWriter(Protocol):
    """An archive opened for writing; each call is a commit."""

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        """Store documents, each in place of an older one at its location: all of them or, if this doesn't
        return, none; whoever opens the archive from then on finds them."""

    def delete(self, ids: Collection[str]) -> None:
        """Delete documents by their ids, all or none."""

    def stats(self) -> Stats:
        """How much is stored."""


class RunWriter(IndexWriter, StoredDocuments, Protocol):
    """An archive opened for writing by a run of the indexer; each call is a commit, or part of a
    ``transaction``."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what is written inside."""

    def clear(self) -> None:
        """Delete every document and the model; only within a transaction."""

    def as_committed(self) -> AbstractContextManager[StoredDocuments]:
        """What was stored before a transaction began, to be read during it."""

    def note_state(self, id_: str, state: FileState) -> None:
        """Keep a file's state with the document that it still holds."""

    def note_collection(self, state: CollectionState) -> None:
        """Note that a file of many documents was read to its end."""

    def forget_collections(self) -> None:
        """Forget the files of which no document is stored."""

    def quoted_by_older(self, rules: int) -> list[str]:
        """Ids of the documents whose quotations were found by older rules than these, or never looked for."""

    def requote(
        self, id_: str, sentences: Sequence[Sentence], found: Sequence[Quotation], rules: int
    ) -> None:
        """Replace a document's quotations, and the speakers of its sentences, by what other ``rules`` found;
        its passages keep their ids."""

    def set_sentence_rules(self, fingerprint: str) -> None:
        """Keep the fingerprint of the rules that split all sentences."""

    def finish(self, progress: Progress) -> str | None:
        """Bring what is derived from the documents up to the last commit; what of it was damaged and made
        anew, if anything was."""
