"""Connections to the database file, and SQLite's errors as ours. The only importer of sqlite3."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from askbrief.errors import IndexClosed, IndexDamaged, IndexLocked, IndexMismatch, StorageError
from askbrief.storage.db import codec

Connection: TypeAlias = sqlite3.Connection
Cursor: TypeAlias = sqlite3.Cursor

AGAIN = "try again when it is done"
REBUILD = "run `askbrief index --rebuild PATH` with your sources"

WAIT = 10
"""Seconds to wait for another process to let go of the file."""

PAGE = 16_384
"""Bytes of a page: a brief of 3 kB would leave a quarter of SQLite's 4,096 unused."""

CACHE = 16
"""Megabytes of the file that a writer keeps in memory: what is looked up by a hash lies anywhere in it."""


LEAST_LENGTH = 64_000_000
"""Bytes of a value that are always read; beyond, none that is longer than the file, which can't hold it."""

STEP = 1_000_000
"""Steps of SQLite's machine between two looks at how many there were."""

LEAST_STEPS, STEPS_A_BYTE = 200, 100e-6
"""Steps that a statement may take, in millions, and for each byte of the file: a row takes some 20, and has
some hundred bytes. More means pages that name one another in circles."""


class Bounded(sqlite3.Connection):
    """A connection whose statements end when they take more steps than a file of this size can need."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self._taken = taken = [0]
        self._most = most = [LEAST_STEPS]

        def exceeded() -> bool:
            taken[0] += 1
            return taken[0] > most[0]

        self.set_progress_handler(exceeded, STEP)

    def execute(self, *what: Any) -> sqlite3.Cursor:
        """As SQLite's, with as many steps as a statement may take."""
        self._taken[0] = 0
        return super().execute(*what)

    def bound(self, size: int) -> None:
        """Trust a file of so many bytes no more than it takes: it may have been made to harm."""
        self._most[0] = LEAST_STEPS + round(size * STEPS_A_BYTE)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(LEAST_LENGTH, min(size, 1_000_000_000)))
        super().execute("PRAGMA cell_size_check = ON")


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
    if name == "SQLITE_INTERRUPT":
        return damaged(path, "reading it takes longer than its size allows")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return IndexLocked(f"{path} is being written by another process", hint=AGAIN)
    if path.exists() and not os.access(path, os.R_OK):
        hint = "ask its owner to let you read it"
        return StorageError(f"{path} can't be read: permission denied", hint=hint)
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


def readable(path: Path) -> tuple[Connection, bool]:
    """A connection that never writes, and whether it reads without locks.

    It does where the log's files can't be made: on a read-only disk, on a full one, or in somebody else's
    folder into which they were not copied. Then the file must not change meanwhile (``Fingerprint``).
    """
    try:
        return _opened(path, ""), False
    except sqlite3.OperationalError as error:
        if not str(getattr(error, "sqlite_errorname", "")).startswith(NO_LOG) or logged(path):
            raise
        return _opened(path, "&immutable=1"), True  # with it, SQLite would not look into the log


NO_LOG = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR_SHM", "SQLITE_PERM")
"""How the names of the errors begin that SQLite gives if it can't make the log's files."""


def _opened(path: Path, how: str) -> Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro{how}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False, factory=Bounded
    )
    try:
        connection.bound(path.stat().st_size + logged(path))
        connection.execute("PRAGMA user_version").fetchone()  # only now is the file opened
    except BaseException:
        connection.close()
        raise
    return connection


def log(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


def logged(path: Path) -> int:
    """Bytes in the log of a database."""
    try:
        return log(path).stat().st_size
    except OSError:
        return 0


Fingerprint: TypeAlias = tuple[int, int, int, int]
"""What differs if a file was written: its inode, size and time of change, and the size of its log."""


def fingerprint(path: Path) -> Fingerprint:
    """The fingerprint of a database file."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, logged(path)


def understand_old_formats(connection: Connection) -> None:
    """Let a connection call what makes today's rows of those that older formats kept."""
    connection.create_function("in_eight_bits", 1, codec.in_eight_bits, deterministic=True)
    connection.create_aggregate("packed_sentences", 5, codec.PackedSentences)


def writable(path: Path) -> Connection:
    """A connection to a file that is made if it does not exist; ``settled`` before it writes."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cell_size_check = ON")
    understand_old_formats(connection)
    return connection


def temporary() -> Connection:
    """A connection to a database that is gone with it, in memory as far as there is room."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    return connection


def close_writable(path: Path, connection: Connection) -> None:
    """Close a connection that wrote, and leave the log's files.

    The last connection that may write would delete them, and another user who may not make them could not
    read the index then, nor anybody on a full disk. It doesn't while one that only reads is open.
    """
    try:
        last = _opened(path, "")
    except sqlite3.Error:
        connection.close()
        return
    with suppress(sqlite3.Error):
        last.execute("SELECT 1 FROM sqlite_master").fetchone()  # takes the lock that it keeps
    connection.close()
    last.close()


def fold_log(path: Path) -> None:
    """Copy what is in the log into the database, as far as no reader needs the old pages and this user may;
    nobody waits for it. Who begins to read then needs nothing of the log, which the next writer empties."""
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        close_writable(path, connection)


def settled(connection: Connection) -> None:
    """Set how a file of ours is written."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA page_size = {PAGE}")  # tells where nothing was written yet
    connection.execute(f"PRAGMA cache_size = {-1000 * CACHE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is reported as done survives a power cut
