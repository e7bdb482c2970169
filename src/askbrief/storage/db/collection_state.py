"""Collections (files that hold many documents) as the database knows them: their state, and which of their
documents are gone.

A document of a collection is located at ``FILE//PART``: no real path has two separators in a row, so the two
can be split whatever they contain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from askbrief.index_records import FileState
from askbrief.storage.db import documents
from askbrief.storage.db.database import Database
from askbrief.storage.db.documents import StoredDocument

WITHIN = "//"

STDIN = "<stdin>"
"""The location of what came from standard input: there is no file, and none is looked for."""

SEEN = "CREATE TEMP TABLE IF NOT EXISTS seen (location TEXT PRIMARY KEY) WITHOUT ROWID"
"""What was seen in this run: on disk, because a file may hold millions."""

GONE = """
    SELECT id, source FROM documents
    WHERE location > ? AND location < ? AND location NOT IN (SELECT location FROM temp.seen)
"""


@dataclass(frozen=True, slots=True)
class CollectionState:
    """A file that holds many documents: where it is, the name that its documents' sources begin with, its
    state when it was read, by which fields, and what was skipped then, with the reasons."""

    location: str
    source: str
    state: FileState
    fields: dict[str, str]
    skipped: tuple[tuple[Any, ...], ...] = ()


def member(location: str, part: str) -> str:
    """Where a document of the file at ``location`` lies."""
    return f"{location}{WITHIN}{part}"


def split(location: str) -> tuple[str, str | None]:
    """The file that the document at ``location`` lies in, and which document of it; None for a file of its
    own."""
    at = location.find(WITHIN, 1)  # a path may begin with two
    return (location, None) if at < 0 else (location[:at], location[at + len(WITHIN) :])


def known(database: Database, location: str) -> CollectionState | None:
    """The state of the file at ``location``; None if it was never read to its end."""
    if not database.rows("SELECT 1 FROM sqlite_master WHERE name = 'containers'"):  # an older format
        return None
    query = "SELECT source, size, modified, fields, skipped FROM containers WHERE location = ?"
    for source, size, modified, fields, skipped in database.rows(query, (location,)):
        state = None if size is None else (size, modified)
        with database.intact("what is kept of a collection was altered"):
            named = {str(name): str(field) for name, field in json.loads(fields).items()}
            reasons = tuple(_reason(*values) for values in json.loads(skipped))
        return CollectionState(location, source, state, named, reasons)
    return None


def _reason(source: str, why: str, intended: bool = False, kind: str = "") -> tuple[Any, ...]:
    """What was skipped, of the kinds that its record has."""
    return str(source), str(why), bool(intended), str(kind)


def put(database: Database, collection: CollectionState) -> None:
    """Note that a file was read to its end."""
    database.rows(
        "INSERT OR REPLACE INTO containers VALUES (?, ?, ?, ?, ?, ?)",
        (collection.location, collection.source, *(collection.state or (None, None)),
         json.dumps(collection.fields), json.dumps(collection.skipped)),
    )  # fmt: skip


def forget(database: Database) -> None:
    """Forget the files of which no document is stored."""
    for (location,) in database.rows("SELECT location FROM containers"):
        if not count(database, location):
            database.rows("DELETE FROM containers WHERE location = ?", (location,))


def bounds(location: str) -> tuple[str, str]:
    """Between which two locations all documents of the file at ``location`` lie."""
    return f"{location}{WITHIN}", f"{location}/0"  # 0 comes right after the slash


def count(database: Database, location: str) -> int:
    """How many documents of the file at ``location`` are stored."""
    query = "SELECT count(*) FROM documents WHERE location > ? AND location < ?"
    return int(database.rows(query, bounds(location))[0][0])


def stored(database: Database, location: str) -> Iterator[StoredDocument]:
    """Each stored document of the file at ``location``."""
    return documents.between(database, *bounds(location))


def see(database: Database, location: str) -> bool:
    """Note that a document was met; False if one was met there before."""
    if seen(database, location):
        return False
    database.rows("INSERT INTO temp.seen VALUES (?)", (location,))
    return True


def seen(database: Database, location: str) -> bool:
    """Whether a document was met at ``location``."""
    database.rows(SEEN)
    return bool(database.rows("SELECT 1 FROM temp.seen WHERE location = ?", (location,)))


def seen_any(database: Database, location: str) -> bool:
    """Whether a document of the file at ``location`` was met."""
    database.rows(SEEN)
    query = "SELECT 1 FROM temp.seen WHERE location > ? AND location < ? LIMIT 1"
    return bool(database.rows(query, bounds(location)))


def gone(database: Database, location: str) -> dict[str, str]:
    """Ids and sources of the stored documents of the file at ``location`` that were not met."""
    database.rows(SEEN)
    return dict(database.rows(GONE, bounds(location)))


def unsee(database: Database, location: str) -> None:
    """Forget what was met in the file at ``location``."""
    database.rows(SEEN)
    database.rows("DELETE FROM temp.seen WHERE location > ? AND location < ?", bounds(location))
