"""JSON, read as a stream: an object a line, an array of objects, or objects one after another."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats import record_fields
from askbrief.formats.collections.decoded_lines import encoding, lines
from askbrief.formats.collections.items import (
    CollectionItem,
    LeftOut,
    OpenCollection,
    of_record,
    unreadable,
)

CHUNK = 1 << 18
"""Characters read at a time; for a longer object, as many again as were read of it."""

DEEPEST = 3
"""Lists within lists that are looked through for records."""

_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)


def by_line(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each line, named by its id, or by the number of its line; several, if a line is a list
    or holds one."""
    for number, line in lines(collection):
        if isinstance(line, SourceError):
            yield unreadable(number, number, f"line {number}: {line}")
        elif line.strip():
            try:
                records = list(_records(json.loads(line, strict=False), collection))
            except (ValueError, RecursionError) as error:
                why = f"line {number} is not a JSON object ({error})"
                yield unreadable(number, number, why, "correct it, or leave it out")
                continue
            for inner, record in enumerate(records, 1):
                within = number if len(records) == 1 else f"{number}.{inner}"
                yield from _items(collection, record, within, f"line {within}")


def in_array(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The objects of an array, of lists in an object, or in a row.

    Raises:
        SourceError: what comes next is not JSON; where the next object begins is unknown then.
    """
    number = 0
    for value in _values(collection):
        try:
            records = list(_records(value, collection))
        except RecursionError:
            records = [value]  # reported as one
        for each in records:
            number += not isinstance(each, LeftOut)
            yield from _items(collection, each, number, f"item {number}")


def _items(
    collection: OpenCollection, record: Any, number: int | str, called: str
) -> Iterator[CollectionItem]:
    if isinstance(record, LeftOut):
        yield record
    elif isinstance(record, dict):
        try:
            yield from list(of_record(collection, record, number))
        except RecursionError:
            yield unreadable(number, number, f"{called} is nested too deeply", "leave it out")
    else:
        why = f"{called} is not an object (it is of type {type(record).__name__})"
        yield unreadable(number, number, why, "leave it out")


def _records(value: Any, collection: OpenCollection, depth: int = DEEPEST) -> Iterator[Any]:
    """The value; or for an object without text that has lists of objects, those of all lists with texts."""
    lists = dict(_lists(value)) if isinstance(value, dict) else {}
    if not isinstance(value, dict) or record_fields.is_record(
        record_fields.unwrapped(value, collection.fields), collection.fields
    ):
        yield value
        for name, held in lists.items():
            if any(isinstance(e, dict) and record_fields.stands_alone(e, collection.fields) for e in held):
                yield LeftOut("lists of texts beside a text", name)
        return
    chosen = {name: held for name, held in lists.items() if _hold_texts(held, collection, depth)}
    if not chosen and lists:  # to be refused one by one
        name = max(lists, key=lambda each: len(lists[each]))
        chosen = {name: lists[name]}
    if not chosen:
        yield value
    for held in chosen.values():
        for each in held:
            yield from _records(each, collection, depth - 1) if depth else (each,)
    yield from (LeftOut("lists without texts", name) for name in lists if name not in chosen)


def _hold_texts(records: list[Any], collection: OpenCollection, depth: int) -> bool:
    """Whether a list has a record with a text, or, within ``depth`` of it, an object that has such a list."""
    fields = collection.fields
    for each in filter(lambda each: isinstance(each, dict), records):
        if record_fields.is_record(record_fields.unwrapped(each, fields), fields):
            return True
        if depth and any(_hold_texts(held, collection, depth - 1) for _, held in _lists(each)):
            return True
    return False


def _lists(value: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects in an object, or in the objects in it, each with its name."""
    inner = [
        (f"{name}.{key}", held)
        for name, inside in value.items()
        if isinstance(inside, dict)
        for key, held in inside.items()
    ]
    for name, each in (*value.items(), *inner):
        if isinstance(each, list) and any(isinstance(item, dict) for item in each):
            yield str(name), each


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
