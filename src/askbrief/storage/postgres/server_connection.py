"""Connections to a PostgreSQL server, and its errors as ours. The only importer of psycopg."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from askbrief.errors import (
    AskbriefError,
    IndexClosed,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    ModuleMissing,
    StorageError,
)
from askbrief.storage.postgres.server_address import ServerAddress

try:
    import psycopg
    from psycopg import errors as states
except ImportError as missing:
    raise ModuleMissing(
        "an archive in PostgreSQL needs psycopg, which isn't installed",
        hint="run `pip install 'askbrief[postgres]'`",
    ) from missing

Row: TypeAlias = tuple[Any, ...]

SCHEMA = "askbrief"
"""The schema of the database that holds the archive."""

PAUSES = (0.2, 0.5, 1.0)
"""Seconds after which a server that doesn't answer is tried again."""

TIMEOUT = "10"
"""Seconds to wait for an answer, unless the URL or PGCONNECT_TIMEOUT say otherwise."""

EXTENSION = (
    "install pgvector 0.8 or newer, and have a superuser run `CREATE EXTENSION vector` in the database"
)

AGAIN = "try again when the server is back; what was committed is kept"


class ServerConnection:
    """A connection in autocommit, used by one thread at a time."""

    def __init__(self, address: ServerAddress) -> None:
        """Connect; a server that doesn't answer is tried again a few times. Raises StorageError."""
        self.address = address
        self._lock = threading.RLock()
        with explained(address.location):
            self._connection = _connected(address)

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    @property
    def location(self) -> str:
        """The database, as messages name it."""
        return self.address.location

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, whose parameters are written ``%s``."""
        with self._lock, explained(self.location):
            return self._connection.execute(query, parameters or None, binary=True).fetchall()

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of a query's first row; None if it has no row."""
        found = self.rows(query, parameters)
        return found[0][0] if found else None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement; how many rows it changed."""
        with self._lock, explained(self.location):
            return self._connection.execute(statement, parameters or None).rowcount

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert many rows."""
        into = f"COPY {SCHEMA}.{table} ({', '.join(columns)}) FROM STDIN"
        with (
            self._lock,
            explained(self.location),
            self._connection.cursor() as cursor,
            cursor.copy(into) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    @property
    def in_transaction(self) -> bool:
        """Whether what is written is not committed yet."""
        return self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        with explained(self.location), self._connection.transaction():
            yield

    def begin_snapshot(self, of: str | None = None) -> None:
        """From now on, see one revision: the newest, or the exported one with this name."""
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if of is not None:
            quoted = of.replace("'", "")
            self.execute(f"SET TRANSACTION SNAPSHOT '{quoted}'")


def _connected(address: ServerAddress) -> psycopg.Connection[Row]:
    parameters = {"connect_timeout": TIMEOUT, "application_name": "askbrief", **address.parameters}
    for pause in (*PAUSES, None):
        try:
            # Prepared statements belong to a server's session, which poolers give to others.
            return psycopg.connect(**parameters, autocommit=True, prepare_threshold=None)  # type: ignore[arg-type]
        except psycopg.OperationalError as error:
            if pause is None or not _may_pass(error):
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _may_pass(error: psycopg.OperationalError) -> bool:
    """Whether a server that refused may answer soon: it restarts, or has too many clients."""
    text = str(error)
    return any(
        each in text for each in ("refused", "starting up", "shutting down", "too many", "No such file")
    )


@contextmanager
def explained(location: str) -> Iterator[None]:
    """Turn the server's errors into ours: the one boundary between the two."""
    try:
        yield
    except psycopg.Error as error:
        raise _translated(error, location) from error


def _translated(error: psycopg.Error, location: str) -> AskbriefError:
    what = _line(error)
    match error:
        case states.InsufficientPrivilege() if "extension" in what:
            return StorageError(f"{location} lacks pgvector: {what}", hint=EXTENSION)
        case states.InsufficientPrivilege():
            hint = "ask its owner to grant it to your role; docs/scaling.md has what each command needs"
            return StorageError(f"{location}: {what}", hint=hint)
        case states.UndefinedTable() | states.InvalidSchemaName():
            return IndexMissing(f"no archive in {location}", hint="run `askbrief index PATH` first")
        case states.UndefinedFile() | states.FeatureNotSupported() | states.UndefinedObject():
            return StorageError(f"{location} has no usable pgvector: {what}", hint=EXTENSION)
        case states.QueryCanceled():
            hint = "raise statement_timeout for the role, or ask with a narrower filter"
            return StorageError(f"{location} stopped a query that took too long: {what}", hint=hint)
        case states.DeadlockDetected() | states.SerializationFailure() | states.LockNotAvailable():
            return IndexLocked(f"{location} is being written by another process", hint="try again")
        case states.ReadOnlySqlTransaction():
            return StorageError(
                f"{location} can't be written: it is a standby", hint="name the primary server"
            )
        case states.DiskFull() | states.OutOfMemory() | states.ConfigurationLimitExceeded():
            return StorageError(f"{location} can't be written: {what}", hint="give the server more room")
        case states.DataCorrupted() | states.IndexCorrupted():
            return IndexDamaged(f"{location} is damaged: {what}", hint="restore it from a backup")
        case psycopg.OperationalError() if error.sqlstate is None and "closed" in what:
            if "the connection is closed" in what:
                return IndexClosed(f"the archive in {location} is closed", hint="open it again")
            return StorageError(f"{location} is gone: {what}", hint=AGAIN)
        case psycopg.OperationalError():
            return StorageError(f"{location} can't be reached: {what}", hint="check the server and the URL")
    return StorageError(f"{location}: {what}", hint="run again with `--debug` for the traceback")


def _line(error: psycopg.Error) -> str:
    """The server's message, without what libpq says around it."""
    text = error.diag.message_primary or str(error)
    lines = [
        line for line in text.splitlines() if line.strip() and not line.startswith("Multiple connection")
    ]
    last = lines[-1] if lines else type(error).__name__
    return last.strip(" -\t").removeprefix("FATAL:  ").removeprefix("connection failed: ")
