"""An index folder opened for writing: each call is a commit, and search files follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askbrief.storage.db import writes
from askbrief.storage.db.database import Database
from askbrief.storage.search import manifest as manifests
from askbrief.storage.search.files import SearchFiles
from askbrief.types import ModelCard, PreparedDocument, Progress, Stats

if TYPE_CHECKING:
    from askbrief.types import Vectors


class Model(Protocol):
    """What the writer needs of the model that embeds documents."""

    @property
    def card(self) -> ModelCard:
        """The model's card; its export is in the index folder."""
        ...

    @property
    def questions(self) -> Callable[[list[str]], Vectors]:
        """Embeds questions by the export."""
        ...


class FolderWriter:
    """Fills ``protocols.IndexWriter`` with the database that ``lock.writing`` gives and the search files.

    ``anew`` makes the search files from nothing, whatever is there.
    """

    def __init__(
        self, folder: Path, database: Database, model: Model, progress: Progress, *, anew: bool = False
    ) -> None:
        self.folder = folder
        self.database = database
        self.model = model
        self.progress = progress
        self._anew = anew
        self._within = False

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """Make one commit of everything that is added and deleted within."""
        with self.database.transaction():
            self._within = True
            try:
                yield
            finally:
                self._within = False

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        """Store documents, each in place of an older one at its location, and commit."""
        with nullcontext() if self._within else self.database.transaction():
            self.database.set_model(manifests.as_json(self.model.card))
            for document in documents:
                writes.put(self.database, document)
        if not self._within:
            self._files.follow()

    def delete(self, ids: Collection[str]) -> None:
        """Delete documents by their ids, and commit."""
        with nullcontext() if self._within else self.database.transaction():
            writes.delete(self.database, ids)

    def stats(self) -> Stats:
        """How much is stored."""
        return self.database.stats()

    def finish(self) -> str | None:
        """Bring the search files to the last commit and declare them; gives what was damaged of them and made
        anew."""
        damage = None
        if self.database.model() is not None:
            card = self.model.card
            if self.database.model() != manifests.as_json(card):  # exported again, perhaps not to the byte
                self.database.set_model(manifests.as_json(card))
            writes.find_duplicates(self.database, partial(self.progress, "finding copies"))
            self.progress("writing the search index", 0, 1)
            self._files.finish(card, self.model.questions)
            damage = self._files.fault
        self.database.checkpoint()
        return damage

    @cached_property
    def _files(self) -> SearchFiles:
        return SearchFiles(self.folder, self.database, anew=self._anew)
