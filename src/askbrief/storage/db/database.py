"""An open database: connected, migrated, one transaction a change.

What is stored in it is read and written by the modules beside this one: ``documents.py``, ``passages.py``,
``quotations.py``, ``duplicates.py``, ``collection_state.py``; ``writes.py`` puts whole documents in and out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from askbrief import json_records
from askbrief.errors import IndexDamaged, IndexMissing, StorageError
from askbrief.index_records import ModelCard, Stats
from askbrief.storage.db import document_metadata, schema
from askbrief.storage.db.connection import (
    WAIT,
    Connection,
    Cursor,
    Fingerprint,
    close_writable,
    damaged,
    explained,
    fingerprint,
    fold_log,
    logged,
    newer,
    readable,
    settled,
    understand_old_formats,
    writable,
)
from askbrief.storage.db.connections import Connections, Held
from askbrief.storage.db.migrations import MIGRATIONS, PACKED, STANDIN

FILE = "askbrief.db"

NOWHERE = Path(":memory:")
"""SQLite's name for a database that is not on disk."""

LONG_LOG, LONG_WAIT = 32_000_000, 3
"""Bytes of the log from which on readers are waited for so that it can be emptied, and seconds."""

LONGEST_NUMBER = 18
"""Digits of a revision, at most."""

FETCHED = 100
"""Rows that are fetched at a time where they are wanted one by one: in between, other threads may use the
connection."""


class Database:
    """One SQLite file, opened for writing, or one revision of it, opened for reading.

    Every transaction raises the revision and writes a random stamp, so that whatever is derived from the
    database can say which commit it holds.
    """

    def __init__(
        self,
        path: Path,
        connection: Connection,
        *,
        another: Callable[[], Connection | None] | None = None,
        unlocked: Fingerprint | None = None,
        writes: bool = False,
    ) -> None:
        """``another`` is that of ``Connections``; ``unlocked`` the fingerprint of a file that is read without
        locks."""
        self.path = path
        self._connections = Connections(connection, another)
        self._unlocked = unlocked
        self._writer = connection if writes else None

    # -- opening

    @classmethod
    def create(cls, path: Path) -> Database:
        """Open ``path`` for writing: created if it doesn't exist, migrated if it is older."""
        with explained(path):
            database = cls(path, writable(path), writes=True)
            try:
                database._require_known_version()
                with database._connections.one() as held:
                    _require_ours(path, held.connection, database.version)
                    settled(held.connection)
                    database._migrate()
            except BaseException:
                database.close()
                raise
        return database

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open ``path`` to read one revision of it, whoever writes meanwhile; from several threads."""
        with explained(path):
            connection, unlocked = readable(path)
            try:
                before = fingerprint(path) if unlocked else None
                stamp = _begun(path, connection)
                database = cls(path, connection, another=partial(_same, path, stamp), unlocked=before)
                database.revision()
            except BaseException:
                connection.close()
                raise
        return database

    def close(self) -> None:
        """Release the file."""
        if self._writer is not None and self.path.is_file():
            close_writable(self.path, self._writer)
        self._connections.close()

    def renew(self) -> None:
        """Read the same revision on, without what keeps a writer from emptying its log, if that can be."""
        if logged(self.path):
            fold_log(self.path)
            with explained(self.path):
                self._connections.renew()

    def _require_known_version(self) -> None:
        if self.version > len(MIGRATIONS):
            raise newer(self.path, self.version, len(MIGRATIONS))

    def _migrate(self) -> None:
        for number in range(self.version, len(MIGRATIONS)):
            script = f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT"
            with self._connections.one() as held:
                held.connection.executescript(script)

    @property
    def version(self) -> int:
        """How many migrations it has been through."""
        return int(self.one("PRAGMA user_version"))

    # -- queries

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of a query's first row; None if it has no row."""
        with self._connected() as held:
            cursor = held.connection.execute(query, parameters)
            row = cursor.fetchone()
            self._require_kinds(cursor, [] if row is None else [row])
        return None if row is None else row[0]

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of a query."""
        with self._connected() as held:
            cursor = held.connection.execute(query, parameters)
            rows = cursor.fetchall()
            self._require_kinds(cursor, rows)
        return rows

    def each(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """The rows of a query, one by one."""
        with ExitStack() as using:
            with self._connected() as held:
                using.enter_context(held.used())
                cursor = held.connection.execute(query, parameters)
                rows = cursor.fetchmany(FETCHED)
            while rows:
                self._require_kinds(cursor, rows)
                yield from rows
                with explained(self.path), held.lock:
                    rows = cursor.fetchmany(FETCHED)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement; the number of the row that it inserted, if it did."""
        with self._connected() as held:
            return int(held.connection.execute(statement, parameters).lastrowid or 0)

    def execute_many(self, statement: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of many rows."""
        with self._connected() as held:
            held.connection.executemany(statement, parameters)

    def _require_kinds(self, cursor: Cursor, rows: Sequence[Sequence[object]]) -> None:
        """Raise IndexDamaged for a value of another kind than its column's."""
        if not rows:
            return
        kinds = schema.kinds()  # by the names that a query gives its columns: what it computes has others
        for place, (name, *_) in enumerate(cursor.description):
            allowed = kinds.get(name)
            if allowed and not allowed.issuperset({type(row[place]) for row in rows}):
                raise self.damaged(f"a value of {name!r} is of another kind than it was written")

    @contextmanager
    def _connected(self) -> Iterator[Held]:
        """A connection of this thread's own, and SQLite's errors as ours."""
        try:
            with explained(self.path), self._connections.one() as held:
                yield held
        except IndexDamaged:
            self._require_unchanged()
            raise
        self._require_unchanged()

    def _require_unchanged(self) -> None:
        """Raise StorageError if a file that is read without locks was written meanwhile: what was read may
        be of two revisions."""
        if self._unlocked is not None and fingerprint(self.path) != self._unlocked:
            raise StorageError(
                f"{self.path} was written while it was read without locks", hint="open the index again"
            )

    def damaged(self, what: str) -> IndexDamaged:
        """The error for ``what`` is not as it was written."""
        return damaged(self.path, what)

    @contextmanager
    def intact(self, what: str) -> Iterator[None]:
        """Raise IndexDamaged, saying ``what`` is damaged, if stored bytes can't be understood inside."""
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
            raise self.damaged(what) from error

    # -- transactions, revisions and stamps

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside; raises the revision by one. One inside another is part of
        it."""
        if self.in_transaction:
            yield
            return
        with explained(self.path):
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
                self.execute("UPDATE meta SET value = hex(randomblob(8)) WHERE name = 'stamp'")
                last = self.one("SELECT seq FROM sqlite_sequence WHERE name = 'passages'") or 0
                self.execute("INSERT INTO commits VALUES (?, ?, ?)", (self.stamp(), self.revision(), last))
                self.execute("COMMIT")
            except BaseException:
                if self.in_transaction:
                    self.execute("ROLLBACK")
                raise

    @property
    def in_transaction(self) -> bool:
        """Whether what is written is not committed yet."""
        with self._connections.one() as held:
            return held.connection.in_transaction

    def revision(self) -> int:
        """How many commits have changed the documents."""
        value = self._meta("revision") or ""
        if not (value.isdecimal() and len(value) < LONGEST_NUMBER):
            raise self.damaged(f"its revision is {value[:LONGEST_NUMBER]!r}")
        return int(value)

    def stamp(self) -> str:
        """What identifies the last commit: of no other database, nor of a copy of this one."""
        return self._meta("stamp") or ""

    def _meta(self, name: str) -> str | None:
        value = self.one("SELECT value FROM meta WHERE name = ?", (name,))
        return None if value is None else str(value)

    def last_at(self, stamp: str) -> int | None:
        """The highest passage id at the commit with that stamp; None if it is no commit of this database
        that search files may have been made at."""
        last = self.one("SELECT last FROM commits WHERE stamp = ?", (stamp,))
        return None if last is None else int(last)

    def removed(self, until: int | None = None) -> list[int]:
        """The passages, up to an id, that were deleted since search files were last made of everything."""
        query = "SELECT passage FROM removed WHERE ?1 IS NULL OR passage <= ?1"
        return [passage for (passage,) in self.rows(query, (until,))]

    def count_after(self, id_: int) -> int:
        """How many passages there are above an id."""
        return int(self.one("SELECT count(*) FROM passages WHERE id > ?", (id_,)))

    def settle(self) -> None:
        """Forget earlier commits, once search files hold all of this one."""
        with explained(self.path):
            self.execute("BEGIN IMMEDIATE")
            self.execute("DELETE FROM removed")
            self.execute("DELETE FROM commits WHERE stamp <> ?", (self.stamp(),))
            self.execute("COMMIT")

    # -- what it is of

    def model(self) -> ModelCard | None:
        """The card of the model that made the vectors; None before the first document."""
        value = self._meta("model")
        with self.intact("its model card can't be read"):
            return None if value is None else ModelCard.parse(json_records.parsed(value))

    def sentence_rules(self) -> str | None:
        """The fingerprint of the rules that split all its sentences; None if that was not kept."""
        return self._meta("sentences")

    def set_sentence_rules(self, fingerprint: str) -> None:
        """Keep the fingerprint of the rules that split all its sentences."""
        self.execute("INSERT OR REPLACE INTO meta VALUES ('sentences', ?)", (fingerprint,))

    def set_model(self, model: ModelCard) -> None:
        """Keep ``model`` as what makes the vectors from now on."""
        card = json.dumps(asdict(model), sort_keys=True)
        self.execute("INSERT OR REPLACE INTO meta VALUES ('model', ?)", (card,))

    def stats(self) -> Stats:
        """How many documents, sentences and passages there are, at which revision."""
        documents = int(self.one("SELECT count(*) FROM documents"))
        ((passages, sentences),) = self.rows("SELECT count(*), coalesce(sum(last - first), 0) FROM passages")
        return Stats(documents, sentences, passages, self.revision())

    # -- the file

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file, as far as readers let it. They are waited for only if the
        log has grown long: those that move on to newer revisions let go of it then."""
        self._checkpoint(0)
        if logged(self.path) > LONG_LOG:
            self._checkpoint(LONG_WAIT)

    def _checkpoint(self, wait: float) -> None:
        self.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")

    def vacuum(self) -> None:
        """Give the space of what was deleted back to the disk."""
        self.execute("VACUUM")


def _begun(path: Path, connection: Connection) -> str:
    """Fix the revision that a connection reads from now on, of any known format as today's; its stamp.

    Raises IndexMissing for a file without tables, IndexMismatch for one of a newer format.
    """
    connection.execute("BEGIN")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < 1:
        raise IndexMissing(f"{path} holds nothing yet", hint="run `askbrief index PATH` first")
    if version > len(MIGRATIONS):
        raise newer(path, version, len(MIGRATIONS))
    _require_ours(path, connection, version)
    columns = connection.execute("SELECT name FROM pragma_table_info('told')").fetchall()
    connection.execute(document_metadata.standin([name for (name,) in columns]))
    if version < PACKED:
        understand_old_formats(connection)
        connection.execute(STANDIN)
    found = connection.execute("SELECT value FROM meta WHERE name = 'stamp'").fetchone()
    return str(found[0]) if found else ""


def _require_ours(path: Path, connection: Connection, version: int) -> None:
    """Raise IndexDamaged if the schema isn't that of the format."""
    if (what := schema.difference(connection, version)) is not None:
        raise damaged(path, what)


def _same(path: Path, stamp: str) -> Connection | None:
    """One more connection to the revision with this stamp; None if there is a newer one."""
    connection, unlocked = readable(path)
    try:
        if not unlocked and _begun(path, connection) == stamp:
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None
