"""An index folder opened for writing: each call is a commit, and search files follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askbrief.index_records import ModelCard, PreparedDocument, Stats
from askbrief.options import no_progress
from askbrief.storage.db import writes
from askbrief.storage.db.database import Database
from askbrief.storage.search.files import SearchFiles
from askbrief.types import Progress

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


class FolderWriter:
    """Fills ``protocols.IndexWriter`` with the database that ``lock.writing`` gives and the search files.

    What is added and deleted inside a transaction of the database is committed with it. ``anew`` makes the
    search files from nothing, whatever is there.
    """

    def __init__(self, folder: Path, database: Database, model: WriterModel, *, anew: bool = False) -> None:
        self.folder = folder
        self.database = database
        self.model = model
        self._files = SearchFiles(folder, database, anew=anew)

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        with self.database.transaction():
            self.database.set_model(self.model.card)
            for document in documents:
                writes.put(self.database, document)
        if not self.database.in_transaction:
            self._files.follow()

    def delete(self, ids: Collection[str]) -> None:
        with self.database.transaction():
            writes.delete(self.database, ids)

    def stats(self) -> Stats:
        return self.database.stats()

    def finish(self, progress: Progress = no_progress) -> str | None:
        """Bring the search files to the last commit and declare them; what of them was damaged and made anew,
        if anything was."""
        damage = None
        if (before := self.database.model()) is not None:
            card = self.model.card
            if before != card:  # exported again, perhaps not to the byte
                self.database.set_model(card)
            writes.find_duplicates(self.database, partial(progress, "finding copies"))
            progress("writing the search index", 0, 1)
            self._files.finish(card, self.model.questions)
            progress("writing the search index", 1, 1)
            damage = self._files.fault
        self.database.checkpoint()
        return damage
