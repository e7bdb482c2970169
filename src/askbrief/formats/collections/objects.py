"""JSON, read as a stream: an object a line, an array of objects, or objects one after another."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats import record_fields
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    OpenCollection,
    of_record,
    unreadable,
)
from askbrief.formats.collections.lines import encoding, lines

CHUNK = 1 << 18
"""Characters read at a time; for a longer object, as many again as were read of it."""

_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)


def by_line(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each line, named by its id, or by the number of its line."""
    for number, line in lines(collection):
        if isinstance(line, SourceError):
            yield unreadable(number, number, f"line {number}: {line}")
        elif line.strip():
            try:
                yield _member(collection, json.loads(line, strict=False), number)
            except (ValueError, RecursionError) as error:
                why = f"line {number} is not a JSON object ({error})"
                yield unreadable(number, number, why, "correct it, or leave it out")


def in_array(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The objects of an array, of a list in an object, or in a row.

    Raises:
        SourceError: what comes next is not JSON; where the next object begins is unknown then.
    """
    number = 0
    for value in _values(collection):
        for each in _records(value, collection):
            number += 1
            try:
                yield _member(collection, each, number)
            except ValueError as error:
                yield unreadable(number, number, f"item {number} is not an object ({error})", "leave it out")


def _member(collection: OpenCollection, record: Any, number: int) -> DocumentRef:
    if not isinstance(record, dict):
        raise ValueError(f"it is of type {type(record).__name__}")  # noqa: TRY004 — about what was read
    return of_record(collection, record, number)


def _records(value: Any, collection: OpenCollection) -> Iterator[Any]:
    """The value; or for an object without text that has lists of objects, those of the longest."""
    if isinstance(value, dict) and record_fields.value(value, collection.fields, "text") is None:
        held = max(_lists(value), key=len, default=None)
        if held is not None:
            yield from held
            return
    yield value


def _lists(value: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The lists of objects in an object, or in the objects in it."""
    inner = [each for held in value.values() if isinstance(held, dict) for each in held.values()]
    for each in (*value.values(), *inner):
        if isinstance(each, list) and each and isinstance(each[0], dict):
            yield each


def _values(collection: OpenCollection) -> Iterator[Any]:
    """The JSON values in a stream, in an array or not, one at a time.

    Of a value that isn't complete, as much again is read, so that a long one isn't parsed many times.
    """
    stream = io.TextIOWrapper(collection.stream, encoding(collection.stream), newline="")
    text, at, ended = "", 0, False
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at == len(text) and ended:
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except RecursionError as error:
            raise SourceError(f"{collection.name} is nested too deeply", hint="leave it out") from error
        except ValueError as error:
            if ended:
                raise SourceError(
                    f"{collection.name} is not JSON ({error})", hint="correct it; what comes before is kept"
                ) from error
            if len(text) - at > collection.budget.limits.document:
                raise SourceError(
                    f"{collection.name}: {collection.budget.too_large().message}", hint="leave it out"
                ) from error
            text, at, ended = _longer(text[at:], stream, collection.name)
        else:
            yield value


def _longer(text: str, stream: io.TextIOWrapper, name: str) -> tuple[str, int, bool]:
    try:
        more = stream.read(max(CHUNK, len(text)))
    except UnicodeDecodeError as error:
        encoding = stream.encoding.upper()
        raise SourceError(f"{name} is not in {encoding}", hint="save it as UTF-8") from error
    return text + more, 0, not more
