"""Mailboxes: the messages of a file, each begun by a line with “From ”."""

from __future__ import annotations

from collections.abc import Iterator

from askbrief.formats.collections.inside import documents_in
from askbrief.formats.collections.items import (
    CollectionItem,
    OpenCollection,
    names,
    unreadable,
)


def messages(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each message, named by its number, and for each that it forwards or quotes."""
    for number, data in enumerate(_messages(collection), 1):
        collection.budget.entry()
        if data is None:
            yield unreadable(number, number, f"message {number}: {collection.budget.too_large()}")
            continue
        yield from documents_in(data, ".eml", names(number, number), joined=".")


def _messages(collection: OpenCollection) -> Iterator[bytes | None]:
    """The bytes of each message, without the line that begins it; None for one that is too large."""
    most = collection.budget.limits.document
    parts: list[bytes] = []
    size, begun, blank = 0, False, True
    while line := collection.stream.readline(most):
        if blank and line.startswith(b"From "):
            if begun:
                yield b"".join(parts) if size <= most else None
            parts, size, begun = [], 0, True
        elif begun:
            size += len(line)
            if size <= most:
                parts.append(line[1:] if line.startswith(b">From ") else line)
        blank = not line.strip()
    if begun:
        yield b"".join(parts) if size <= most else None
