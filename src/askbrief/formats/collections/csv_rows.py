"""CSV and TSV: each row is a document; the first row with a column for the text names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from askbrief.errors import SourceError
from askbrief.formats.collections.decoded_lines import lines
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    OpenCollection,
    of_record,
    unreadable,
)
from askbrief.formats.rich_text import normal

DELIMITERS = ",;\t|"
HEAD = 20
"""Lines among which is the one that names the columns: exports have a title above it."""
_STATED = re.compile(r'"?sep=([^"\r\n])"?\1*\s*$', re.IGNORECASE)
"""A line before the names of the columns, with which Excel is told what separates cells."""


def rows(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each row, named by its id, or by the number of its row in a spreadsheet.

    Raises:
        SourceError: no column is known as the text.
    """
    faults: list[DocumentRef] = []
    source = _readable(collection, faults)
    csv.field_size_limit(collection.budget.limits.document)
    number, names, delimiter = _head(collection, source)
    table = csv.reader(source, delimiter=delimiter)
    while (row := _next(table)) is not None:
        number += 1
        yield from faults
        faults.clear()
        if isinstance(row, csv.Error):
            why = f"row {number} can't be read ({row})"
            yield unreadable(number, number, why, "correct it, or leave it out")
        elif any(row[len(names) :]):
            why = f"row {number} has {len(row)} cells, but the first row names {len(names)}"
            yield unreadable(number, number, why, "quote the cells that have separators in them")
        elif any(row):
            yield from of_record(collection, dict(zip(names, row, strict=False)), number)
    yield from faults


def _head(collection: OpenCollection, source: Iterator[str]) -> tuple[int, list[str], str]:
    """The line that names the columns: its number, the names, and what separates them.

    Raises:
        SourceError: no column is known as the text.
    """
    stated = first = None
    for number, line in enumerate(islice(source, HEAD), 1):
        stated = stated or _STATED.match(line)
        delimiter = stated[1] if stated else max(DELIMITERS, key=line.count)
        names = next(csv.reader([line], delimiter=delimiter), [])
        if has_text(collection, names):
            return number, names, delimiter
        first = first or (names if any(names) and not _STATED.match(line) else None)
    raise no_text(collection, first or [])


def _next(table: Iterator[list[str]]) -> list[str] | csv.Error | None:
    """The next row, or what is wrong with it; None after the last."""
    try:
        return next(table, None)
    except csv.Error as error:
        return error


def has_text(collection: OpenCollection, names: Sequence[str]) -> bool:
    """Whether one of the columns is known as the text."""
    return not {normal(name) for name in names}.isdisjoint(map(normal, collection.fields.names("text")))


def no_text(collection: OpenCollection, names: Sequence[str]) -> SourceError:
    """The error for a table none of whose columns is known as the text."""
    shown = ", ".join(repr(name) for name in names[:8]) or "none"
    return SourceError(
        f"{collection.name} has no column for the text ({shown})",
        hint="name it with `--text-field`, or leave the file out",
    )


def _readable(collection: OpenCollection, faults: list[DocumentRef]) -> Iterator[str]:
    """The lines of a table; those that can't be read are added to ``faults``: they may belong to any row."""
    for number, line in lines(collection):
        if isinstance(line, str):
            yield line
        else:
            faults.append(unreadable(f"line {number}", number, f"line {number}: {line}"))
