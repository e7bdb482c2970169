"""JSON, read as a stream: an object a line, an array of objects, or objects one after another."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats import record_fields
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    OpenCollection,
    UnreadableRef,
    part,
)
from askbrief.formats.collections.lines import encoding, lines

CHUNK = 1 << 18
"""Bytes read at a time; of a longer object, as many again as were read of it."""

_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)


def by_line(collection: OpenCollection) -> Iterator[CollectionItem]:
    """An object a line, known by its id, or by the number of its line; a bad line does not touch the next."""
    for number, line in lines(collection):
        if isinstance(line, SourceError):
            yield UnreadableRef(*part(number, number), f"line {number}: {line}")
        elif line.strip():
            try:
                yield _member(collection, json.loads(line, strict=False), number)
            except (ValueError, RecursionError) as error:
                yield UnreadableRef(
                    *part(number, number),
                    f"line {number} is no JSON object ({error}): mend it, or leave it out",
                )


def in_array(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The objects of an array, those of a list that one object holds, or objects one after another.

    Raises:
        SourceError: what comes next is not JSON; where the one after it would begin can't be told.
    """
    number = 0
    for value in _values(collection):
        for each in _records(value, collection):
            number += 1
            try:
                yield _member(collection, each, number)
            except ValueError as error:
                yield UnreadableRef(
                    *part(number, number), f"item {number} is no object ({error}): leave it out"
                )


def _member(collection: OpenCollection, record: Any, number: int) -> DocumentRef:
    if not isinstance(record, dict):
        raise ValueError(f"it is of type {type(record).__name__}")  # noqa: TRY004 — of what was read
    collection.budget.entry()
    name = record_fields.value(record, collection.fields, "id")
    return DocumentRef(*part(name, number), partial(record_fields.read, record, collection.fields))


def _records(value: Any, collection: OpenCollection) -> Iterator[Any]:
    """The value; or of an object without text that holds lists of objects, those of the longest."""
    if isinstance(value, dict) and record_fields.value(value, collection.fields, "text") is None:
        held = max(_lists(value), key=len, default=None)
        if held is not None:
            yield from held
            return
    yield value


def _lists(value: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The lists of objects that an object holds, or that the objects in it do."""
    inner = [each for held in value.values() if isinstance(held, dict) for each in held.values()]
    for each in (*value.values(), *inner):
        if isinstance(each, list) and each and isinstance(each[0], dict):
            yield each


def _values(collection: OpenCollection) -> Iterator[Any]:
    """The JSON values that stand in a stream, whatever array they stand in, one at a time."""
    text, at, more = "", 0, _text(collection)
    ended = False
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at == len(text) and ended:
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except RecursionError as error:
            raise SourceError(f"{collection.name} nests too deep to be read: leave it out") from error
        except ValueError as error:
            if ended:
                raise SourceError(
                    f"{collection.name} is not JSON ({error}): mend it; what comes before is kept"
                ) from error
            if len(text) - at > collection.budget.limits.member:
                raise SourceError(f"{collection.name}: {collection.budget.too_large()}") from error
            text, at, ended = _longer(text[at:], more)
        else:
            yield value


def _longer(text: str, more: Iterator[str]) -> tuple[str, int, bool]:
    """The rest of a text with as much again, so that a long object is not parsed over and over."""
    parts, wanted = [text], max(CHUNK, len(text))
    for chunk in more:
        parts.append(chunk)
        wanted -= len(chunk)
        if wanted <= 0:
            return "".join(parts), 0, False
    return "".join(parts), 0, True


def _text(collection: OpenCollection) -> Iterator[str]:
    """The characters of a stream, some at a time. Raises SourceError where they are not UTF-8, 16 or 32."""
    told = encoding(collection.stream)
    decoder = codecs.getincrementaldecoder(told)()
    try:
        while data := collection.stream.read(CHUNK):
            yield decoder.decode(data)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SourceError(f"{collection.name} is not {told.upper()}, as JSON is: save it so") from error
