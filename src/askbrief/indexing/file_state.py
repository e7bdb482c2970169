"""Files as the database knows them: where each is, whether it has changed, and which are missing."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from itertools import groupby
from pathlib import Path

from askbrief.index_records import FileState, StoredDocument
from askbrief.protocols import StoredDocuments
from askbrief.storage.db import document_metadata
from askbrief.storage.db.collection_state import split
from askbrief.types import Document

SETTLED_NS = 2_000_000_000
"""Nanoseconds after which a file's time tells it from what is written to it later: FAT counts in two
seconds."""


def location(path: Path) -> str:
    """The real path, as text that can be stored whatever bytes the name holds."""
    return os.path.realpath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def state(path: Path) -> FileState:
    """A file's size and time; None if it was written so recently that both might stay the same when it is
    written again (git's index calls such entries "racy")."""
    try:
        known = path.stat()
    except OSError:
        return None
    return None if time.time_ns() - known.st_mtime_ns < SETTLED_NS else (known.st_size, known.st_mtime_ns)


def same(before: StoredDocument, document: Document) -> bool:
    """Whether a document is what is stored."""
    now = (document.sha256, document.title, document.date, document_metadata.values(document))
    return (before.sha256, before.title, before.date, before.metadata) == now


def missing(stored: StoredDocuments, folder: Path, there: Collection[str]) -> Iterator[StoredDocument]:
    """What is stored of files under ``folder`` that are no longer ``there`` (locations); of a collection,
    each document.

    A file that can't be looked at isn't missing, as far as anybody knows.
    """
    for file, held in groupby(stored.below(location(folder)), lambda known: split(known.location)[0]):
        if file in there:
            continue
        try:
            os.lstat(file)
        except (FileNotFoundError, NotADirectoryError):
            yield from held
        except OSError:
            continue
