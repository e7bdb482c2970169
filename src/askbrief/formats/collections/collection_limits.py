"""How much is read from a collection: an archive of a few bytes can unpack to more than fits on any disk."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askbrief.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import SupportsRead

MEGABYTE = 1_000_000
BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class CollectionLimits:
    """The most that is read from a collection.

    ``document`` is the bytes of one document, ``total`` those of all that is unpacked, or ``packed`` times
    the size of the collection on disk if that is more (news packs to a tenth). ``documents`` counts documents
    and other entries, ``depth`` archives within archives.
    """

    document: int = 64 * MEGABYTE
    total: int = 2_000 * MEGABYTE
    packed: int = 100
    documents: int = 10_000_000
    depth: int = 3


LIMITS = CollectionLimits()


class Budget:
    """What is left of the limits while one collection is read, with all the collections in it."""

    def __init__(self, name: str, size: int, limits: CollectionLimits) -> None:
        self.limits = limits
        self._name = name
        self._bytes = max(limits.total, limits.packed * size)
        self._documents = limits.documents
        self._spent = ""

    def draw(self, count: int) -> None:
        """Count unpacked bytes. Raises SourceError if they are too many."""
        self._bytes -= count
        if self._bytes < 0:
            self._spent = "unpacks to far more than an archive of texts would"
        self.require()

    def entry(self) -> None:
        """Count one more document or entry. Raises SourceError if there are too many."""
        self._documents -= 1
        if self._documents < 0:
            self._spent = f"holds more than {self.limits.documents:,} documents"
        self.require()

    def require(self) -> None:
        """Raise SourceError if a limit was exceeded, now or before."""
        if self._spent:
            raise SourceError(
                f"{self._name} {self._spent}", hint="split it, or unpack it and index the folder"
            )

    def stream(self, raw: SupportsRead[bytes]) -> io.BufferedReader:
        """``raw``, with all bytes counted that are read from it."""
        return io.BufferedReader(_Counted(raw, self))

    def read(self, stream: SupportsRead[bytes]) -> bytes:
        """All bytes of one document. Raises SourceError if they are more than ``limits.document``."""
        parts, size = [], 0
        while data := stream.read(BLOCK):
            parts.append(data)
            size += len(data)
            self.draw(len(data))
            if size > self.limits.document:
                raise self.too_large()
        return b"".join(parts)

    def too_large(self) -> SourceError:
        """The error for a document that is larger than ``limits.document``."""
        return SourceError(f"it has more than {self.limits.document:,} bytes", hint="leave it out")


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted as they are read."""

    def __init__(self, raw: SupportsRead[bytes], budget: Budget) -> None:
        self._raw = raw
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._raw.read(len(buffer))
        except EOFError as error:  # readers of records would take it for the end of a whole file
            raise OSError("it breaks off") from error
        self._budget.draw(len(data))
        buffer[: len(data)] = data
        return len(data)
