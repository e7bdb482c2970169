"""How much is taken out of a collection: archives of a few bytes can unpack to what no disk holds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Protocol

from askbrief.errors import SourceError

MEGABYTE = 1_000_000
BLOCK = 1 << 18


class Readable(Protocol):
    """What bytes are read from, forwards; fewer than asked for may come, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Bytes."""


@dataclass(frozen=True, slots=True)
class CollectionLimits:
    """The most of a collection that is taken.

    ``member`` is the bytes of one document, ``total`` those of all that is unpacked, or ``packed`` times the
    size of the collection on disk if that is more (news packs to a tenth). ``members`` counts documents and
    other entries, ``depth`` archives within archives.
    """

    member: int = 64 * MEGABYTE
    total: int = 2_000 * MEGABYTE
    packed: int = 100
    members: int = 10_000_000
    depth: int = 3


LIMITS = CollectionLimits()


class Budget:
    """What is left of the limits while one collection is read, with all the collections in it."""

    def __init__(self, name: str, size: int, limits: CollectionLimits) -> None:
        self.limits = limits
        self._name = name
        self._bytes = max(limits.total, limits.packed * size)
        self._members = limits.members
        self._spent = ""

    def draw(self, count: int) -> None:
        """Take note of bytes that were unpacked. Raises SourceError where they were too many."""
        self._bytes -= count
        if self._bytes < 0:
            self._spent = "unpacks to far more than an archive of texts does"
        self.require()

    def entry(self) -> None:
        """Take note of one more document or entry. Raises SourceError where there are too many."""
        self._members -= 1
        if self._members < 0:
            self._spent = f"holds more than {self.limits.members:,} documents"
        self.require()

    def require(self) -> None:
        """Raise SourceError where a limit was passed, now or before."""
        if self._spent:
            raise SourceError(f"{self._name} {self._spent}: split it, or unpack it and index the folder")

    def stream(self, raw: Readable) -> io.BufferedReader:
        """``raw``, with all that is read of it counted."""
        return io.BufferedReader(_Counted(raw, self))

    def read(self, stream: Readable) -> bytes:
        """All bytes of one document. Raises SourceError where they are more than ``limits.member``."""
        parts, size = [], 0
        while data := stream.read(BLOCK):
            parts.append(data)
            size += len(data)
            self.draw(len(data))
            if size > self.limits.member:
                raise SourceError(self.too_large())
        return b"".join(parts)

    def too_large(self) -> str:
        """Why a document that is larger than ``limits.member`` is left out."""
        return f"it has more than {self.limits.member:,} bytes, which is no brief: leave it out"


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted as they are read."""

    def __init__(self, raw: Readable, budget: Budget) -> None:
        self._raw = raw
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        self._budget.draw(len(data))
        buffer[: len(data)] = data
        return len(data)
