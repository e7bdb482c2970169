"""Lines of a stream, one at a time, each decoded by itself."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.collections.items import OpenCollection
from askbrief.formats.collections.limits import BLOCK
from askbrief.formats.decoding import MARKS, decode


def lines(collection: OpenCollection) -> Iterator[tuple[int, str | SourceError]]:
    """Each line with its number, from 1, and its line end; or why it can't be read."""
    most, number = collection.budget.limits.document, 0
    stream = narrow(collection.stream)
    while line := stream.readline(most + 1):
        number += 1
        if len(line) <= most or line.endswith(b"\n"):
            yield number, _decoded(line)
            continue
        while not line.endswith(b"\n") and (line := stream.readline(most)):
            pass
        yield number, collection.budget.too_large()


def encoding(stream: io.BufferedReader) -> str:
    """The encoding of the byte order mark at the start of a stream; UTF-8 if there is none."""
    head = stream.peek(4)
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), "utf-8")


def narrow(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream in an encoding in which one byte ends a line: UTF-16 and UTF-32 become UTF-8."""
    name = encoding(stream)
    return stream if name == "utf-8" else io.BufferedReader(_Recoded(stream, name))


class _Recoded(io.RawIOBase):
    """A stream recoded to UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._left, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not (self._left or self._ended):
            data = self._stream.read(BLOCK)
            self._ended = not data
            self._left = self._decoder.decode(data, final=self._ended).encode()
        count = min(len(self._left), len(buffer))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def _decoded(line: bytes) -> str | SourceError:
    try:
        return decode(line, "it").removeprefix("\ufeff")
    except SourceError as error:
        return error
