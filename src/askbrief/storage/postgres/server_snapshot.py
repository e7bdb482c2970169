"""One revision of a database, read through several connections, each by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from askbrief.errors import IndexClosed
from askbrief.storage.postgres.server_address import ServerAddress
from askbrief.storage.postgres.server_connection import Row, ServerConnection

MOST = 4
"""Connections to one revision: more threads than these take turns."""


class ServerSnapshot:
    """A snapshot that the first connection exports and the others import, whatever is committed meanwhile."""

    def __init__(self, address: ServerAddress, prepare: Callable[[ServerConnection], None]) -> None:
        """Connect, and ``prepare`` each connection within its transaction."""
        self.address = address
        self.location = address.location
        self._prepare = prepare
        self._turn = threading.Condition()
        first, self._name = self._exported()
        self._all, self._free = [first], [first]
        self._closed = False

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with self._one() as connection:
            return connection.rows(query, parameters)

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of a query's first row; None if it has no row."""
        with self._one() as connection:
            return connection.one(query, parameters)

    @contextmanager
    def _one(self) -> Iterator[ServerConnection]:
        connection = self._taken()
        try:
            yield connection
        finally:
            with self._turn:
                self._free.append(connection)
                self._turn.notify()

    def _taken(self) -> ServerConnection:
        with self._turn:
            if self._closed:
                raise IndexClosed(f"the archive in {self.location} is closed", hint="open it again")
            if not self._free and len(self._all) < MOST:
                self._all.append(self._begun(self._name))
                self._free.append(self._all[-1])
            self._turn.wait_for(lambda: self._free)
            return self._free.pop()

    def _exported(self) -> tuple[ServerConnection, str]:
        """The first connection, and the name under which it exports what it sees."""
        first = self._begun(None)
        try:
            return first, str(first.one("SELECT pg_export_snapshot()"))
        except BaseException:
            first.close()
            raise

    def _begun(self, of: str | None) -> ServerConnection:
        connection = ServerConnection(self.address)
        try:
            connection.begin_snapshot(of)
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Disconnect."""
        with self._turn:
            self._closed = True
        for each in self._all:
            each.close()
