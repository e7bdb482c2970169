"""An index folder opened for writing: each call is a commit, and search files follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askbrief.index_records import CollectionState, FileState, ModelCard, PreparedDocument
from askbrief.options import no_progress
from askbrief.storage.db import collection_state, quotations, writes
from askbrief.storage.db.database import Database
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.search.files import SearchFiles
from askbrief.types import Progress, Quotation, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors


class WriterModel(Protocol):
    """What the writer needs of the model that embeds documents."""

    @property
    def card(self) -> ModelCard:
        """The model's card; its export is in the index folder."""

    @property
    def questions(self) -> Callable[[list[str]], Vectors]:
        """Embeds questions by the export."""


class FolderWriter(FolderDocuments):
    """Fills ``protocols.RunWriter`` with the database that ``lock.writing`` gives and the search files.

    What is added and deleted inside a transaction of the database is committed with it. ``anew`` makes the
    search files from nothing, whatever is there.
    """

    def __init__(self, folder: Path, database: Database, model: WriterModel, *, anew: bool = False) -> None:
        super().__init__(folder, database)
        self._embedder = model
        self._files = SearchFiles(folder, database, anew=anew)

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        with self.database.transaction():
            self.database.set_model(self._embedder.card)
            for document in documents:
                writes.put(self.database, document)
        if not self.database.in_transaction:
            self._files.follow()

    def delete(self, ids: Collection[str]) -> None:
        with self.database.transaction():
            writes.delete(self.database, ids)

    def transaction(self) -> AbstractContextManager[None]:
        return self.database.transaction()

    def clear(self) -> None:
        writes.clear(self.database)

    def note_state(self, id_: str, state: FileState) -> None:
        writes.note_state(self.database, id_, state)

    def note_collection(self, state: CollectionState) -> None:
        collection_state.put(self.database, state)

    def forget_collections(self) -> None:
        collection_state.forget(self.database)

    def quoted_by_older(self, rules: int) -> list[str]:
        return quotations.outdated(self.database, rules)

    def requote(
        self, id_: str, sentences: Sequence[Sentence], found: Sequence[Quotation], rules: int
    ) -> None:
        writes.requote(self.database, id_, sentences, found, rules)

    def set_sentence_rules(self, fingerprint: str) -> None:
        self.database.set_sentence_rules(fingerprint)

    def finish(self, progress: Progress = no_progress) -> str | None:
        """Bring the search files to the last commit and declare them; what of them was damaged and made anew,
        if anything was."""
        damage = None
        if (before := self.database.model()) is not None:
            card = self._embedder.card
            if before != card:  # exported again, perhaps not to the byte
                self.database.set_model(card)
            writes.find_duplicates(self.database, partial(progress, "finding copies"))
            progress("writing the search index", 0, 1)
            self._files.finish(card, self._embedder.questions)
            progress("writing the search index", 1, 1)
            damage = self._files.fault
        self.database.checkpoint()
        return damage
