"""What a collection is read into: references to its documents, and reports of what is left out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from askbrief.errors import SourceError
from askbrief.formats import record_fields
from askbrief.formats.collections.collection_limits import Budget
from askbrief.formats.record_fields import Fields
from askbrief.types import Document

LONGEST_PART = 1000
"""Characters of a name within a collection; a longer one is replaced by its number."""


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document of a collection that was found, but not read yet.

    ``part`` names it within its collection, ``other`` does if an earlier document has that name; ``named`` is
    whether the name is its own, or a number. ``read(source)`` returns it, or raises SourceError.
    """

    part: str
    other: str
    named: bool
    read: Callable[[str], Document]


OTHER_FORMATS = "files of formats that are not read"
"""What such files in an archive are called; the detail of each is its suffix."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a collection that is no document: what all like it are called, and what this one is."""

    what: str
    detail: str = ""


CollectionItem: TypeAlias = DocumentRef | LeftOut


@dataclass(frozen=True, slots=True)
class OpenCollection:
    """A collection being read: a stream of bytes, forwards, under a name for messages."""

    stream: io.BufferedReader
    name: str
    fields: Fields
    budget: Budget


def names(name: object, number: int | str) -> tuple[str, str, bool]:
    """The first three values of a ``DocumentRef``: storable whatever ``name`` holds, or the number if the
    name is empty, too long or no name at all."""
    shown = str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
    shown = shown.encode("utf-8", "backslashreplace").decode().replace("\0", "␀").strip()
    named = 0 < len(shown) <= LONGEST_PART
    part = shown if named else str(number)
    return part, f"{part}~{number}", named


def of_record(
    collection: OpenCollection, record: Mapping[str, Any], number: int | str
) -> Iterator[CollectionItem]:
    """The reference to the document in a JSON object or a row, named by its id, and what of it is left
    out."""
    collection.budget.entry()
    fields = collection.fields
    record = record_fields.unwrapped(record, fields)
    if what := record_fields.wordless(record, fields):
        yield LeftOut(what)
        return
    name = record_fields.identity(record, fields)
    yield DocumentRef(*names(name, number), partial(record_fields.read, record, fields))
    for what, detail in record_fields.left_out(record, fields):
        yield LeftOut(what, detail)


def unreadable(
    name: object, number: int | str, why: str | SourceError, hint: str | None = None
) -> DocumentRef:
    """The reference to a document of which it is known already that it can't be read."""
    error = why if isinstance(why, SourceError) else SourceError(why, hint=hint)

    def refuse(_: str) -> Document:
        raise error

    return DocumentRef(*names(name, number), refuse)
