"""Duplicate groups: documents that are copies of one another.

Two documents are in one group if one is a copy of the other, or a chain of copies joins them; so the groups
don't depend on the order in which documents came. A document is looked up by its marks, and only those that
share one with it are compared: the cost doesn't grow with the archive.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence

from askbrief.errors import IndexDamaged
from askbrief.storage.db.connection import REBUILD
from askbrief.storage.db.database import Database
from askbrief.text.near_copies import Sample, Sketch, are_copies

SINCE = 4
"""Format of the database from which on it has duplicate groups."""

MOST = 64
"""Groups that share a mark, above which it is the mark of a form that many documents have, and is ignored."""


class DuplicateGroups:
    """The tables ``sketches``, a row per document with its group (``family``), and ``marks``, a row per mark
    of a group.

    A group's number is the row of one of its documents. Callers open the transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, row: int, sketch: Sketch) -> None:
        """Add a document: to a group of its own, or to the one that it makes of all groups that hold a copy
        of it."""
        linked = sorted(group for group in self._sharing(sketch.marks) if self._holds_copy(group, sketch))
        group = linked[0] if linked else row
        self._insert(row, group, sketch)
        for other in linked[1:]:
            for member, own in self._dissolved(other):
                self._insert(member, group, own)

    def leave(self, rows: Iterable[int]) -> None:
        """Remove documents; those that only they had joined are no longer in one group."""
        gone = set(rows)
        for group in self._groups(gone):
            for row, sketch in self._dissolved(group):
                if row not in gone:
                    self.join(row, sketch)

    def _groups(self, rows: Iterable[int]) -> set[int]:
        """The groups of documents."""
        query = "SELECT family FROM sketches WHERE document = ?"
        return {found[0] for row in rows for found in self._database.rows(query, (row,))}

    def _sharing(self, marks: Iterable[int]) -> set[int]:
        """The groups that share a mark which not very many share."""
        found: set[int] = set()
        for mark in marks:
            query = "SELECT family FROM marks WHERE mark = ? LIMIT ?"
            groups = [group for (group,) in self._database.rows(query, (mark, MOST + 1))]
            found.update(groups if len(groups) <= MOST else ())
        return found

    def _holds_copy(self, group: int, sketch: Sketch) -> bool:
        return any(are_copies(sketch, other) for _, other in self._members(group))

    def _members(self, group: int) -> Iterator[tuple[int, Sketch]]:
        query = "SELECT document, sketch FROM sketches WHERE family = ? ORDER BY document"
        for row, blob in self._database.rows(query, (group,)):
            yield row, unpacked(blob)

    def _insert(self, row: int, group: int, sketch: Sketch) -> None:
        self._database.execute("INSERT INTO sketches VALUES (?, ?, ?)", (row, group, packed(sketch)))
        marks = ((mark, group) for mark in sorted(sketch.marks))
        self._database.execute_many("INSERT OR IGNORE INTO marks VALUES (?, ?)", marks)

    def _dissolved(self, group: int) -> list[tuple[int, Sketch]]:
        """The members of a group, which is dissolved."""
        members = list(self._members(group))
        marks = ((mark, group) for mark in {mark for _, sketch in members for mark in sketch.marks})
        self._database.execute_many("DELETE FROM marks WHERE mark = ? AND family = ?", marks)
        self._database.execute("DELETE FROM sketches WHERE family = ?", (group,))
        return members


def groups_of(database: Database, ids: Sequence[int]) -> dict[int, int]:
    """The duplicate group of the document of each passage, if it is known."""
    if database.version < SINCE:
        return {}
    query = (
        "SELECT p.id, s.family FROM passages p JOIN sketches s ON s.document = p.document "
        "WHERE p.id IN (SELECT value FROM json_each(?))"
    )
    return dict(database.rows(query, (json.dumps(list(ids)),)))


def others(database: Database, document: str) -> list[int]:
    """The passages of all other documents in the duplicate group of the document with this id."""
    if database.version < SINCE:
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
    runs, figures = sketch.shingles, sketch.figures
    head = (runs.size, len(runs.least), figures.size, len(figures.least))
    values = (*head, *sorted(runs.least), *sorted(figures.least), *sorted(sketch.marks))
    return struct.pack(f"<{len(values)}I", *values)


def unpacked(blob: bytes) -> Sketch:
    """The sketch that was stored. Raises IndexDamaged for what is none."""
    try:
        values = struct.unpack(f"<{len(blob) // 4}I", blob)
        runs, run_count, figures, figure_count = values[:4]
    except (struct.error, ValueError, TypeError) as error:
        raise IndexDamaged("the index is damaged (a sketch was altered)", hint=REBUILD) from error
    second, third = 4 + run_count, 4 + run_count + figure_count
    if third > len(values):
        raise IndexDamaged("the index is damaged (a sketch was altered)", hint=REBUILD)
    return Sketch(
        Sample(frozenset(values[4:second]), runs),
        Sample(frozenset(values[second:third]), figures),
        frozenset(values[third:]),
    )
