"""Lines of a stream, one at a time, each decoded by itself."""

from __future__ import annotations

import io
from collections.abc import Iterator

from askbrief.errors import SourceError
from askbrief.formats.collections.items import OpenCollection
from askbrief.formats.decoding import MARKS, decode


def lines(collection: OpenCollection) -> Iterator[tuple[int, str | SourceError]]:
    """Each line with its number, from 1, and its line end; or why it can't be read."""
    most = collection.budget.limits.document
    name = encoding(collection.stream)
    errors = "surrogateescape" if name == "utf-8" else "strict"
    stream = io.TextIOWrapper(collection.stream, name, errors, newline="\n")
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        data = line.encode("utf-8", "surrogateescape")
        if len(data) <= most or line.endswith("\n"):
            yield number, _decoded(data)
            continue
        while not line.endswith("\n") and (line := stream.readline(most)):
            pass
        yield number, collection.budget.too_large()


def encoding(stream: io.BufferedReader) -> str:
    """The encoding of the byte order mark at the start of a stream; UTF-8 if there is none."""
    head = stream.peek(4)
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), "utf-8")


def _decoded(line: bytes) -> str | SourceError:
    try:
        return decode(line, "it").removeprefix("\ufeff")
    except SourceError as error:
        return error
