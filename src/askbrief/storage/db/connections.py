"""Several connections to one file, of which each is used by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from askbrief.errors import IndexClosed
from askbrief.storage.db.connection import Connection

MOST = 8
"""Connections to one revision: more threads than these take turns."""


class Held:
    """A connection with the lock of the thread that uses it, closed by its last user once it is retired."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.lock = threading.RLock()
        self._users = 0
        self._retired = False
        self._counting = threading.Lock()

    def take(self) -> bool:
        """Keep it open until it is released; False if it is retired, and perhaps closed."""
        with self._counting:
            self._users += not self._retired
            return not self._retired

    def release(self) -> None:
        """Let it be closed, if it is retired and nobody else uses it."""
        with self._counting:
            self._users -= 1
            self._close_unused()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep what this thread has taken open inside, also when it is no longer held."""
        with self._counting:
            self._users += 1
        try:
            yield
        finally:
            self.release()

    def retire(self) -> None:
        """Close it, as soon as nobody uses it."""
        with self._counting:
            self._retired = True
            self._close_unused()

    def _close_unused(self) -> None:
        if self._retired and not self._users:
            self.connection.close()


class Connections:
    """The connections of a database. ``another`` opens one more to the same revision, or gives None if that
    is the newest no more; without it there is only the first.

    SQLite lets several threads use a connection by a lock of its own, which it holds while it calls Python
    or waits for the disk; a thread that holds Python's lock meanwhile may wait for it for good. So no two
    threads are ever in one connection.
    """

    def __init__(self, first: Connection, another: Callable[[], Connection | None] | None = None) -> None:
        self._held = [Held(first)]
        self._another = another
        self._growing = threading.Lock()
        self._closed = False

    @contextmanager
    def one(self) -> Iterator[Held]:
        """A connection that no other thread uses inside. Raises IndexClosed."""
        held = self._taken()
        try:
            yield held
        finally:
            held.release()
            held.lock.release()

    def _taken(self) -> Held:
        while True:
            if self._closed:
                raise IndexClosed("the index is closed", hint="open it again")
            known = self._held
            for held in known:
                if held.lock.acquire(blocking=False):
                    break
            else:
                held = self._more() or known[threading.get_ident() % len(known)]
                held.lock.acquire()
            if held.take():
                return held
            held.lock.release()  # retired while this thread waited for it

    def _more(self) -> Held | None:
        """One more connection, if there may be more of this revision."""
        with self._growing:
            if self._another is None or len(self._held) >= MOST or self._closed:
                return None
            connection = self._another()
            if connection is None:
                self._another = None
                return None
            more = Held(connection)
            self._held = [*self._held, more]
            return more

    def renew(self) -> None:
        """Go on with a new connection if this revision is the newest still: what is kept for a reader that
        began while the log held something is let go of then."""
        with self._growing:
            connection = self._another() if self._another and not self._closed else None
            if connection is None:
                return
            before, self._held = self._held, [Held(connection)]
        for held in before:
            held.retire()

    def close(self) -> None:
        """Close them all, each as soon as no thread uses it."""
        with self._growing:
            self._closed = True
            before = self._held
        for held in before:
            held.retire()
