"""Collections (files that hold many documents) as the database knows them.

A document of a collection is located at ``FILE//PART``: no real path has two separators in a row, so the two
can be split whatever they contain.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from askbrief.index_records import CollectionState, StoredDocument, StoredSource
from askbrief.storage.db import documents
from askbrief.storage.db.database import Database

WITHIN = "//"

STDIN = "<stdin>"
"""The location of what came from standard input: there is no file, and none is looked for."""

ALTERED = "what is kept of a collection was altered"


def member(location: str, part: str) -> str:
    """Where a document of the file at ``location`` lies."""
    return f"{location}{WITHIN}{part}"


def split(location: str) -> tuple[str, str | None]:
    """The file that the document at ``location`` lies in, and which document of it; None for a file of its
    own."""
    at = location.find(WITHIN, 1)  # a path may begin with two
    return (location, None) if at < 0 else (location[:at], location[at + len(WITHIN) :])


def stored_source(
    found: StoredDocument | None, known: Callable[[str], CollectionState | None]
) -> StoredSource | None:
    """Where a stored document came from; ``known`` gives what is stored of the collection in a file."""
    if found is None:
        return None
    file, part = split(found.location)
    collection = known(file)
    return StoredSource(found.id, found.source, file, part, collection.fields if collection else None)


def known(database: Database, location: str) -> CollectionState | None:
    """The state of the file at ``location``; None if it was never read to its end."""
    if not database.rows("SELECT 1 FROM sqlite_master WHERE name = 'containers'"):  # an older format
        return None
    query = "SELECT location, source, size, modified, fields, skipped FROM containers WHERE location = ?"
    with database.intact(ALTERED):
        return next((parsed(*row) for row in database.rows(query, (location,))), None)


def every(database: Database) -> list[CollectionState]:
    """The states of all such files."""
    query = "SELECT location, source, size, modified, fields, skipped FROM containers ORDER BY location"
    with database.intact(ALTERED):
        return [parsed(*row) for row in database.rows(query)]


def parsed(
    location: str, source: str, size: int | None, modified: int | None, fields: str, skipped: str
) -> CollectionState:
    """A state from the columns that keep it. Raises ValueError, TypeError or AttributeError for what is
    none."""
    state = None if size is None or modified is None else (size, modified)
    named = {str(name): str(field) for name, field in json.loads(fields).items()}
    return CollectionState(
        location, source, state, named, tuple(_reason(*values) for values in json.loads(skipped))
    )


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
        if not documents.count_between(database, *bounds(location)):
            database.rows("DELETE FROM containers WHERE location = ?", (location,))


def bounds(location: str) -> tuple[str, str]:
    """Between which two locations all documents of the file at ``location`` lie."""
    return f"{location}{WITHIN}", f"{location}/0"  # 0 comes right after the slash
