"""Documents that may hold others: mails that forward or quote messages, exports of many articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from askbrief.errors import SourceError
from askbrief.formats.collections.items import CollectionItem, DocumentRef, LeftOut
from askbrief.formats.document import renamed
from askbrief.formats.format import Contents
from askbrief.formats.registry import parse_all
from askbrief.types import Document

Reader = Callable[[str], Document]
"""Returns a document under a source name; raises SourceError."""


class _OneReading:
    """Some bytes that are read once: for the document in them, and for those inside it."""

    def __init__(self, data: bytes, suffix: str) -> None:
        self._data = data
        self._suffix = suffix
        self._begun = False
        self._contents: Contents | None = None

    def document(self, source: str) -> Document:
        self._begun = True
        self._contents = parse_all(self._data, self._suffix, source)
        return self._contents.document

    def contents(self) -> Contents | None:
        """All that the bytes hold; None if they can't be read, which is reported of the document."""
        if not self._begun:
            with suppress(SourceError):
                self.document("it")
        return self._contents


def documents_in(
    data: bytes,
    suffix: str,
    names: tuple[str, str, bool],
    joined: str = "#",
    completed: Callable[[Reader, str], Document] = lambda read, source: read(source),
) -> Iterator[CollectionItem]:
    """The document in some bytes, then those inside it; the bytes are read once.

    ``names`` are the first three values of its ``DocumentRef``; those inside have its name, ``joined`` and a
    number. ``completed(read, source)`` returns the document itself.
    """
    reading = _OneReading(data, suffix)
    part, other, named = names
    yield DocumentRef(part, other, named, partial(completed, reading.document))
    if contents := reading.contents():
        yield from items_inside(contents, f"{part}{joined}", f"{other}{joined}")


def items_inside(contents: Contents, before: str = "", other: str = "") -> Iterator[CollectionItem]:
    """The documents inside another, and what was left out; each is named by its number, after ``before``, or
    ``other`` if that name is taken."""
    for number, document in enumerate(contents.inside, 1):
        yield DocumentRef(f"{before}{number}", f"{other}{number}", True, partial(renamed, document))
    yield from (LeftOut("attachments of messages", what) for what in contents.left_out)
