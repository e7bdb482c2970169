"""Connections to the database file, and SQLite's errors as ours. The only importer of sqlite3."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from askbrief.errors import IndexClosed, IndexDamaged, IndexLocked, IndexMismatch, StorageError
from askbrief.storage.db import codec

Connection: TypeAlias = sqlite3.Connection

AGAIN = "try again when it is done"
REBUILD = "run `askbrief index --rebuild PATH` with your sources"

WAIT = 10
"""Seconds to wait for another process to let go of the file."""

PAGE = 16_384
"""Bytes of a page: a brief of 3 kB would leave a quarter of SQLite's 4,096 unused."""

CACHE = 16
"""Megabytes of the file that a writer keeps in memory: what is looked up by a hash lies anywhere in it."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours: the one boundary between the two."""
    try:
        yield
    except sqlite3.ProgrammingError as error:  # what is asked is always the same: only this can be wrong
        if "closed" not in str(error):
            raise
        raise IndexClosed(f"the index in {path.parent} is closed", hint="open it again") from error
    except sqlite3.DatabaseError as error:
        raise _translated(error, path) from error


def _translated(error: sqlite3.DatabaseError, path: Path) -> Exception:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        hint = "free some space; what was committed is kept"
        return StorageError(f"{path} can't be written ({error})", hint=hint)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return IndexLocked(f"{path} is being written by another process", hint=AGAIN)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StorageError(f"{path} can't be opened or written ({error})", hint="check its permissions")
    return damaged(path, error)


def damaged(path: Path, what: object) -> IndexDamaged:
    """The error for a database in which ``what`` is not as it was written."""
    return IndexDamaged(f"{path} is damaged ({what})", hint=REBUILD)


def newer(path: Path, version: int, known: int) -> IndexMismatch:
    """The error for an index in a format that only a later askbrief knows."""
    return IndexMismatch(
        f"{path} was made by a newer askbrief (format {version}, this one knows {known})",
        hint="upgrade askbrief, or index into another folder with `--index`",
    )


def readable(path: Path) -> Connection:
    """A connection that never writes; a folder that can't be written is read as one that nobody writes."""
    uri = path.absolute().as_uri() + "?mode=ro"
    log = path.with_name(path.name + "-wal")
    if not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size):
        uri += "&immutable=1"  # with it, SQLite would not look into the log
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False)
    connection.create_function("casefold", 1, _casefold, deterministic=True)
    connection.create_aggregate("packed_sentences", 5, codec.PackedSentences)
    return connection


def writable(path: Path) -> Connection:
    """A connection to a file that is made if it does not exist; ``settled`` before it writes."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    connection.create_function("in_eight_bits", 1, codec.in_eight_bits, deterministic=True)
    connection.create_aggregate("packed_sentences", 5, codec.PackedSentences)
    return connection


def settled(connection: Connection) -> None:
    """Set how a file of ours is written."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA page_size = {PAGE}")  # tells where nothing was written yet
    connection.execute(f"PRAGMA cache_size = {-1000 * CACHE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is reported as done survives a power cut


def _casefold(text: str | None) -> str | None:
    """As ``str.casefold``: SQLite's own ``lower`` knows ASCII only."""
    return None if text is None else text.casefold()
