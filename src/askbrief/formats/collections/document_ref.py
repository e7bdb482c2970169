"""One document of a file that holds many, and the container that is being read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from askbrief.formats.collections.limits import Budget
from askbrief.formats.record_fields import Fields
from askbrief.types import Document

Parse: TypeAlias = Callable[[bytes, str, str], Document]
"""Bytes, the suffix that tells their format, and the source name: the document in them, or SourceError."""

LONGEST_PART = 1000
"""Characters of a name within a container; a longer one is told by its number."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document that has been found, but not read yet.

    ``part`` names it within its container, ``other`` does where an earlier one has that name; ``named`` tells
    whether the name is its own, or a number. ``read`` gives it by its source name, or raises SourceError.
    """

    part: str
    other: str
    named: bool
    read: Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Bad:
    """A document that can't be taken, and why; it is named as a ``Member`` is."""

    part: str
    other: str
    named: bool
    why: str


@dataclass(frozen=True, slots=True)
class Container:
    """What is read: a stream of bytes, forwards, under a name for messages."""

    stream: io.BufferedReader
    name: str
    fields: Fields
    budget: Budget
    parse: Parse


def part(name: object, number: int) -> tuple[str, str, bool]:
    """The part that ``name`` gives, storable whatever it holds, the other one, and that it is named; or its
    number, where the name is empty, too long or none."""
    told = str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
    told = told.encode("utf-8", "backslashreplace").decode().replace("\0", "␀").strip()
    if not told or len(told) > LONGEST_PART:
        return str(number), f"{number}~{number}", False
    return told, f"{told}~{number}", True
