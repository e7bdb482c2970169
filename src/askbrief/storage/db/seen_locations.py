"""Where documents were met in one run: on disk, because a file may hold millions."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir
from typing import Any

from askbrief.storage.db.collection_state import bounds
from askbrief.storage.db.connection import explained, temporary


class SeenLocations:
    """A set of locations that belongs to one run and is gone with it."""

    def __init__(self) -> None:
        self._connection = temporary()
        self._run("CREATE TABLE seen (location TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, location: str) -> bool:
        """Note that a document was met; False if one was met there before."""
        return bool(self._run("INSERT OR IGNORE INTO seen VALUES (?)", location).rowcount)

    def __contains__(self, location: str) -> bool:
        return self._run("SELECT 1 FROM seen WHERE location = ?", location).fetchone() is not None

    def any_in(self, file: str) -> bool:
        """Whether a document of the file at this location was met."""
        query = "SELECT 1 FROM seen WHERE location > ? AND location < ? LIMIT 1"
        return self._run(query, *bounds(file)).fetchone() is not None

    def forget(self, file: str) -> None:
        """Forget what was met in the file at this location."""
        self._run("DELETE FROM seen WHERE location > ? AND location < ?", *bounds(file))

    def _run(self, statement: str, *values: str) -> Any:
        with explained(Path(gettempdir())):
            return self._connection.execute(statement, values)
