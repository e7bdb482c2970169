"""What an index folder has of documents, as a run of the writer compares sources with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexDamaged
from askbrief.index_records import CollectionState, ModelCard, PreparedDocument, Stats, StoredDocument
from askbrief.storage.db import collection_state, documents, passages, quotations
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.search import manifest as manifests
from askbrief.types import Document, Sentence, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors


class FolderDocuments:
    """Fills ``protocols.StoredDocuments`` with a database, opened for reading or for writing."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database

    @property
    def location(self) -> str:
        return str(self.folder)

    def listed(self) -> list[Source]:
        return documents.listed(self.database)

    def at(self, *, location: str | None = None, source: str | None = None) -> StoredDocument | None:
        return documents.at(self.database, location=location, source=source)

    def below(self, folder: str) -> Iterator[StoredDocument]:
        return documents.below(self.database, folder)

    def between(self, least: str, most: str) -> Iterator[StoredDocument]:
        return documents.between(self.database, least, most)

    def count_between(self, least: str, most: str) -> int:
        return documents.count_between(self.database, least, most)

    def with_guid(self, guid: str) -> list[tuple[StoredDocument, dict[str, str]]]:
        return documents.with_guid(self.database, guid)

    def document(self, id_: str) -> Document:
        return documents.read(self.database, id_)

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        return documents.sentences(self.database, id_)

    def collection(self, location: str) -> CollectionState | None:
        return collection_state.known(self.database, location)

    def collections(self) -> list[CollectionState]:
        return collection_state.every(self.database)

    def prepared(self, stored: StoredDocument) -> PreparedDocument:
        ids, places, digests = passages.places(self.database, stored.id)
        found = quotations.quotations(self.database, document=stored.id)
        return PreparedDocument(
            self.document(stored.id),
            stored.location,
            self.sentences(stored.id),
            tuple(places),
            tuple(digests),
            passages.vectors_at(self.database, ids)[1],
            stored.state,
            tuple(each.quotation for each in found),
            documents.quoted_by(self.database, stored.id),
        )

    def sentence_rules(self) -> str | None:
        return self.database.sentence_rules()

    def have_model_files(self) -> None:
        model = self.model()
        name = manifests.damaged(self.folder, model.files) if model else None
        if name is not None:
            raise manifests.altered(self.folder / name)

    def stats(self) -> Stats:
        return self.database.stats()

    def model(self) -> ModelCard | None:
        return self.database.model() or self._declared()

    def _declared(self) -> ModelCard | None:
        """The model that the manifest names: what the database said of it may have been lost."""
        with suppress(IndexDamaged):
            manifest = manifests.read(self.folder)
            return manifest.model if manifest else None
        return None

    def vectors_of(self, digests: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        return passages.vectors_of(self.database, digests)

    @contextmanager
    def as_committed(self) -> Iterator[FolderDocuments]:
        with closing(Database.open(self.folder / FILE)) as before:
            yield FolderDocuments(self.folder, before)
