"""An open database: connected, migrated, one transaction a change.

What is stored in it is read and written by the modules beside this one: ``documents.py``, ``passages.py``,
``quotations.py``, ``duplicates.py``, ``collection_state.py``; ``writes.py`` puts whole documents in and out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from askbrief.errors import IndexDamaged, IndexMissing
from askbrief.index_records import ModelCard, Stats
from askbrief.storage.db import document_metadata
from askbrief.storage.db.connection import (
    WAIT,
    Connection,
    damaged,
    explained,
    newer,
    readable,
    settled,
    writable,
)
from askbrief.storage.db.migrations import MIGRATIONS, PACKED, STANDIN

FILE = "askbrief.db"


class Database:
    """One SQLite file, opened for writing, or one revision of it, opened for reading.

    Every transaction raises the revision and writes a random stamp, so that whatever is derived from the
    database can say which commit it holds.
    """

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self._connection = connection

    # -- opening

    @classmethod
    def create(cls, path: Path) -> Database:
        """Open ``path`` for writing: created if it doesn't exist, migrated if it is older."""
        with explained(path):
            database = cls(path, writable(path))
            try:
                database._require_known_version()
                settled(database._connection)
                database._migrate()
            except BaseException:
                database.close()
                raise
        return database

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open ``path`` to read one revision of it, whoever writes meanwhile."""
        with explained(path):
            database = cls(path, readable(path))
            try:
                database._require_known_version(least=1)
                database._stand_in()
                database.execute("BEGIN")
                database.revision()  # the first read fixes the snapshot
            except BaseException:
                database.close()
                raise
        return database

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _stand_in(self) -> None:
        """Let today's queries read an older database."""
        columns = self.rows("SELECT name FROM pragma_table_info('told')")
        self.execute(document_metadata.standin([name for (name,) in columns]))
        if self.version < PACKED:
            self.execute(STANDIN)

    def _require_known_version(self, least: int = 0) -> None:
        if self.version < least:
            raise IndexMissing(f"{self.path} holds nothing yet", hint="run `askbrief index PATH` first")
        if self.version > len(MIGRATIONS):
            raise newer(self.path, self.version, len(MIGRATIONS))

    def _migrate(self) -> None:
        for number in range(self.version, len(MIGRATIONS)):
            script = f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT"
            self._connection.executescript(script)

    @property
    def version(self) -> int:
        """How many migrations it has been through."""
        return int(self.one("PRAGMA user_version"))

    # -- queries

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of a query's first row; None if it has no row."""
        with explained(self.path):
            row = self._connection.execute(query, parameters).fetchone()
        return None if row is None else row[0]

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of a query."""
        with explained(self.path):
            return self._connection.execute(query, parameters).fetchall()

    def each(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """The rows of a query, one by one."""
        with explained(self.path):
            yield from self._connection.execute(query, parameters)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement; the number of the row that it inserted, if it did."""
        with explained(self.path):
            return int(self._connection.execute(statement, parameters).lastrowid or 0)

    def execute_many(self, statement: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of many rows."""
        with explained(self.path):
            self._connection.executemany(statement, parameters)

    def damaged(self, what: str) -> IndexDamaged:
        """The error for ``what`` is not as it was written."""
        return damaged(self.path, what)

    @contextmanager
    def intact(self, what: str) -> Iterator[None]:
        """Raise IndexDamaged, saying ``what`` is damaged, if stored bytes can't be understood inside."""
        try:
            yield
        except (ValueError, TypeError, KeyError, AttributeError) as error:
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
        return self._connection.in_transaction

    def revision(self) -> int:
        """How many commits have changed the documents."""
        value = self._meta("revision") or ""
        if not value.isdecimal():
            raise self.damaged(f"its revision is {value!r}")
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
            return None if value is None else ModelCard.parse(json.loads(value))

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
        """Move the write-ahead log into the file, unless a reader still needs it: none is waited for."""
        self.execute("PRAGMA busy_timeout = 0")
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")

    def vacuum(self) -> None:
        """Give the space of what was deleted back to the disk."""
        self.execute("VACUUM")
