"""CSV and TSV: each row is a document; the first row names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from askbrief.errors import SourceError
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    OpenCollection,
    of_record,
    unreadable,
)
from askbrief.formats.collections.lines import lines
from askbrief.formats.rich_text import normal

DELIMITERS = ",;\t|"
_STATED = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
"""A line before the names of the columns, with which Excel is told what separates cells."""


def rows(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each row, named by its id, or by the number of its row in a spreadsheet.

    Raises:
        SourceError: no column is known as the text.
    """
    faults: list[DocumentRef] = []
    source = _readable(collection, faults)
    csv.field_size_limit(collection.budget.limits.document)
    first = next(source, "")
    stated = _STATED.match(first)
    first = next(source, "") if stated else first
    delimiter = stated[1] if stated else max(DELIMITERS, key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])
    if not has_text(collection, names):
        raise no_text(collection, names)
    table = csv.reader(source, delimiter=delimiter)
    number = 2 if stated else 1
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
