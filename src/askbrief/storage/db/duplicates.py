"""Documents that are copies of one another, as families kept in the database beside the documents.

Two documents are of one family where one is a copy of the other, or a chain of copies joins them; so the
families don't depend on the order in which documents came. A document is looked up by its marks, and only
those that share one with it are compared: what that costs does not grow with the archive.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from askbrief.errors import IndexDamaged
from askbrief.text.near_copies import Sample, Sketch, are_copies

if TYPE_CHECKING:
    from askbrief.storage.db.database import Database

SINCE = 4
"""Format of the database from which on it keeps families of copies."""

MOST = 64
"""Families that share a mark, above which it marks a form that many documents have, and tells nothing."""


class Executing(Protocol):
    """What of a connection to the database is needed."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Rows."""

    def executemany(self, statement: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Nothing."""


class Families:
    """The tables ``sketches``, a row a document with its family, and ``marks``, a row a mark of a family.

    A family is called by the row of one of its documents. Whoever writes does so within a transaction.
    """

    def __init__(self, connection: Executing) -> None:
        self._connection = connection

    def join(self, row: int, sketch: Sketch) -> None:
        """Take a document in: into a family of its own, or into the one that it makes of all those that
        hold a copy of it."""
        linked = sorted(family for family in self._met(sketch.marks) if self._holds_copy(family, sketch))
        family = linked[0] if linked else row
        self._insert(row, family, sketch)
        for other in linked[1:]:
            for member, own in self._taken_out(other):
                self._insert(member, family, own)

    def leave(self, rows: Iterable[int]) -> None:
        """Take documents out; those that only they had joined are of one family no more."""
        gone = set(rows)
        query = "SELECT family FROM sketches WHERE document = ?"
        for family in {found[0] for row in gone for found in self._connection.execute(query, (row,))}:
            for row, sketch in self._taken_out(family):
                if row not in gone:
                    self.join(row, sketch)

    def _met(self, marks: Iterable[int]) -> set[int]:
        """The families that share a mark that is not one of very many."""
        found: set[int] = set()
        for mark in marks:
            query = "SELECT family FROM marks WHERE mark = ? LIMIT ?"
            families = [family for (family,) in self._connection.execute(query, (mark, MOST + 1))]
            found.update(families if len(families) <= MOST else ())
        return found

    def _holds_copy(self, family: int, sketch: Sketch) -> bool:
        return any(are_copies(sketch, other) for _, other in self._members(family))

    def _members(self, family: int) -> Iterator[tuple[int, Sketch]]:
        query = "SELECT document, sketch FROM sketches WHERE family = ? ORDER BY document"
        for row, blob in self._connection.execute(query, (family,)):
            yield row, unpacked(blob)

    def _insert(self, row: int, family: int, sketch: Sketch) -> None:
        self._connection.execute("INSERT INTO sketches VALUES (?, ?, ?)", (row, family, packed(sketch)))
        marks = ((mark, family) for mark in sorted(sketch.marks))
        self._connection.executemany("INSERT OR IGNORE INTO marks VALUES (?, ?)", marks)

    def _taken_out(self, family: int) -> list[tuple[int, Sketch]]:
        """The members of a family that is no more."""
        members = list(self._members(family))
        marks = ((mark, family) for mark in {mark for _, sketch in members for mark in sketch.marks})
        self._connection.executemany("DELETE FROM marks WHERE mark = ? AND family = ?", marks)
        self._connection.execute("DELETE FROM sketches WHERE family = ?", (family,))
        return members


def held(database: Database, ids: Sequence[int]) -> dict[int, int]:
    """The family of copies that the document of each passage is of, where it is known."""
    if database.one("PRAGMA user_version") < SINCE:
        return {}
    query = (
        "SELECT p.id, s.family FROM passages p JOIN sketches s ON s.document = p.document "
        "WHERE p.id IN (SELECT value FROM json_each(?))"
    )
    return dict(database.rows(query, (json.dumps(list(ids)),)))


def others(database: Database, document: str) -> list[int]:
    """The passages of all other documents of the family that the document with this id is of."""
    if database.one("PRAGMA user_version") < SINCE:
        return []
    query = (
        "SELECT p.id FROM documents d JOIN sketches own ON own.document = d.row "
        "JOIN sketches other ON other.family = own.family AND other.document <> d.row "
        "JOIN passages p ON p.document = other.document WHERE d.id = ? ORDER BY p.id"
    )
    return [passage for (passage,) in database.rows(query, (document,))]


def packed(sketch: Sketch) -> bytes:
    """A sketch as it is stored: the sizes and counts of both samples, their hashes, the marks, each in 32
    bits."""
    runs, told = sketch.shingles, sketch.figures
    head = (runs.size, len(runs.least), told.size, len(told.least))
    values = (*head, *sorted(runs.least), *sorted(told.least), *sorted(sketch.marks))
    return struct.pack(f"<{len(values)}I", *values)


def unpacked(blob: bytes) -> Sketch:
    """The sketch that was stored. Raises IndexDamaged for what is none."""
    try:
        values = struct.unpack(f"<{len(blob) // 4}I", blob)
        runs, run_count, told, told_count = values[:4]
    except (struct.error, ValueError, TypeError) as error:
        raise IndexDamaged(
            "the index is damaged (a sketch was altered): run `askbrief index --rebuild` with your sources"
        ) from error
    second, third = 4 + run_count, 4 + run_count + told_count
    return Sketch(
        Sample(frozenset(values[4:second]), runs),
        Sample(frozenset(values[second:third]), told),
        frozenset(values[third:]),
    )
