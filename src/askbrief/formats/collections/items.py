"""What a collection is read into: references to its documents, and reports of what can't be taken."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from askbrief.formats.collections.limits import Budget
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


@dataclass(frozen=True, slots=True)
class UnreadableRef:
    """A document that can't be read, and why; named as in ``DocumentRef``."""

    part: str
    other: str
    named: bool
    why: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a collection that is no document: what all like it are called, and what this one is."""

    what: str
    detail: str = ""


CollectionItem: TypeAlias = DocumentRef | UnreadableRef | LeftOut


@dataclass(frozen=True, slots=True)
class OpenCollection:
    """A collection being read: a stream of bytes, forwards, under a name for messages."""

    stream: io.BufferedReader
    name: str
    fields: Fields
    budget: Budget


def part(name: object, number: int) -> tuple[str, str, bool]:
    """The first three values of a ``DocumentRef``: storable whatever ``name`` holds, or the number if the
    name is empty, too long or no name at all."""
    shown = str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
    shown = shown.encode("utf-8", "backslashreplace").decode().replace("\0", "␀").strip()
    if not shown or len(shown) > LONGEST_PART:
        return str(number), f"{number}~{number}", False
    return shown, f"{shown}~{number}", True
