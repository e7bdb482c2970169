"""An index opened for writing: by one process at a time, with a sound database."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from askbrief import json_records, plain_files
from askbrief.errors import IndexDamaged, IndexLocked, StorageError
from askbrief.storage.db import integrity
from askbrief.storage.db.connection import AGAIN
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.folder import require_plain
from askbrief.storage.search import manifest as manifests

LARGEST_OWNER = 10_000
"""Bytes of the file that says who writes."""


@contextmanager
def writing(folder: Path, *, fresh: bool = False) -> Iterator[Database]:
    """The database of ``folder``, open for writing by nobody else; errors of the disk become ours."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        require_plain(folder)
        with FileLock(folder / manifests.LOCK, timeout=0), _owned(folder):
            _require_no_journal(folder / FILE)
            began = not (folder / FILE).exists()
            database = _database(folder, fresh)
            try:
                database.checkpoint()  # what readers kept the last writer from, before the log grows on
                yield database
            finally:
                empty = began and _empty(database)
                database.close()
                if empty:
                    _discard(folder)
    except Timeout as error:
        raise IndexLocked(f"{folder} is being written by {_owner(folder)}", hint=AGAIN) from error
    except OSError as error:
        hint = "make it writable; what was committed is kept"
        raise StorageError(f"{folder} can't be written: {error.strerror or error}", hint=hint) from error


def _require_no_journal(path: Path) -> None:
    """Raise IndexDamaged for a rollback journal beside a database that is written ahead, and has none: it may
    name another file, which SQLite would delete at its end."""
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and path.exists() and path.stat().st_size:
        hint = "delete it if you made the index yourself, or start another one"
        raise IndexDamaged(f"{journal} isn't a file that askbrief makes", hint=hint)


def _empty(database: Database) -> bool:
    with suppress(IndexDamaged, StorageError):
        return database.stats().documents == 0
    return False


def _discard(folder: Path) -> None:
    """Remove what a run has made that stored no document: an index without any would pass for one."""
    with suppress(OSError):
        manifests.sweep(folder, None)
        for suffix in ("", "-wal", "-shm"):
            (folder / (FILE + suffix)).unlink(missing_ok=True)
        for name in (manifests.MANIFEST, manifests.LOCK, manifests.OWNER):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()  # unless something of the user's is in it


@contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """Tell other writers who holds the lock, as far as possible."""
    path = folder / manifests.OWNER
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    with suppress(OSError):
        owner = json.dumps({"pid": os.getpid(), "host": platform.node(), "since": since})
        plain_files.replace(path, owner.encode())
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def _owner(folder: Path) -> str:
    """Who holds the lock, as far as its file says."""
    try:
        owner = json_records.parsed(plain_files.read(folder / manifests.OWNER, LARGEST_OWNER))
        return f"another process (number {owner['pid']} on {owner['host']}, since {owner['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _database(folder: Path, fresh: bool) -> Database:
    """The database, or, if it is damaged and a fresh start is wanted, a new one with the old set aside."""
    with suppress(IndexDamaged):
        manifests.read(folder)  # raises IndexMismatch where a newer version wrote it
    path = folder / FILE
    if not fresh:
        if (folder / manifests.MANIFEST).exists() and not (path.exists() and path.stat().st_size):
            raise IndexDamaged(  # to start another database would hide the loss
                f"{path} is missing or empty, though the rest of an index is there",
                hint="put it back from a copy, or run `askbrief index --rebuild PATH` with your sources",
            )
    elif not _sound(path):
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(part.with_name(part.name + ".damaged"))
    return Database.create(path)


def _sound(path: Path) -> bool:
    try:
        with closing(Database.create(path)) as database:
            return integrity.fault(database) is None
    except IndexDamaged:
        return False


def checkpoint(folder: Path) -> None:
    """Move the write-ahead log into the database if nobody writes it, and this user may."""
    with suppress(IndexLocked, StorageError), writing(folder) as database:
        database.checkpoint()
