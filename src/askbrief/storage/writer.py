"""An index open for writing: documents in and out, each call a commit, with search files that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property, partial
from pathlib import Path

from askbrief.indexing.embedding import IndexModel
from askbrief.protocols import Stats
from askbrief.storage.db.database import Database
from askbrief.storage.db.schema import Entry
from askbrief.storage.search import manifest as layout
from askbrief.storage.search.files import SearchFiles


class Writer:
    """Fills ``seam.Written`` with the database that ``writing`` gives, and the search files beside it.

    ``anew`` makes the search files from nothing, whatever is there.
    """

    def __init__(self, folder: Path, database: Database, model: IndexModel, *, anew: bool = False) -> None:
        self.folder = folder
        self.database = database
        self.model = model
        self._anew = anew
        self._within = False

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Make one commit of all that is taken in and out within."""
        with self.database.transaction():
            self._within = True
            try:
                yield
            finally:
                self._within = False

    def add(self, entries: Sequence[Entry]) -> None:
        """Take documents in, each in place of an older one at its location, and commit."""
        with nullcontext() if self._within else self.database.transaction():
            self.database.set_model(layout.as_json(self.model.card))
            for entry in entries:
                self.database.put(entry)
        if not self._within:
            self._files.follow()

    def delete(self, ids: Collection[str]) -> None:
        """Take documents out by their ids, and commit."""
        with nullcontext() if self._within else self.database.transaction():
            self.database.delete(ids)

    def stats(self) -> Stats:
        """How much is held."""
        return self.database.stats()

    def finish(self) -> str | None:
        """Bring the search files to the last commit and declare them; tells what of them was not as it
        should be, and was made anew."""
        fault = None
        if self.database.model() is not None:
            card = self.model.card
            if self.database.model() != layout.as_json(card):  # exported again, perhaps not to the byte
                self.database.set_model(layout.as_json(card))
            self.database.find_copies(partial(self.model.progress, "finding copies"))
            self.model.progress("writing the search index", 0, 1)
            self._files.finish(card, self.model.questions)
            fault = self._files.fault
        self.database.checkpoint()
        return fault

    @cached_property
    def _files(self) -> SearchFiles:
        return SearchFiles(self.folder, self.database, anew=self._anew)
