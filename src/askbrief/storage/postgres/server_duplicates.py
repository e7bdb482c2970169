"""Duplicate groups in PostgreSQL; how they are found is the same for all that keep an archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from askbrief.storage.db.duplicates import MOST, DuplicateGroups, packed, unpacked
from askbrief.storage.postgres.server_connection import ServerConnection
from askbrief.storage.postgres.server_documents import Rows
from askbrief.storage.postgres.server_filters import Condition
from askbrief.storage.postgres.server_schema import shard_of, shards_of
from askbrief.text.near_copies import Sketch
from askbrief.types import Filter

SHARING = """
    SELECT marked.mark, shared.family FROM unnest(%s::bigint[]) AS marked (mark)
    CROSS JOIN LATERAL (SELECT m.family FROM askbrief.marks m WHERE m.mark = marked.mark LIMIT %s) shared
"""

OTHERS = """
    SELECT p.id FROM askbrief.documents own
        JOIN askbrief.sketches s ON s.shard = own.shard AND s.document = own.row
        JOIN askbrief.sketches other ON other.family = s.family AND other.document <> s.document
        JOIN askbrief.documents d ON d.shard = other.shard AND d.row = other.document
        JOIN askbrief.passages p ON p.shard = d.shard AND p.document = d.row
    WHERE own.id = %s AND {condition} ORDER BY p.id
"""


class ServerDuplicateGroups(DuplicateGroups):
    """The groups of a database; callers hold the lock that keeps other writers from them."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    def _groups(self, rows: Iterable[int]) -> set[int]:
        every = list(rows)
        query = "SELECT family FROM askbrief.sketches WHERE shard = ANY(%s) AND document = ANY(%s)"
        return {group for (group,) in self._connection.rows(query, (shards_of(every), every))}

    def _sharing(self, marks: Iterable[int]) -> set[int]:
        groups: dict[int, list[int]] = {}
        for mark, group in self._connection.rows(SHARING, (list(marks), MOST + 1)):
            groups.setdefault(mark, []).append(group)
        return {group for several in groups.values() if len(several) <= MOST for group in several}

    def _members(self, group: int) -> Iterator[tuple[int, Sketch]]:
        query = "SELECT document, sketch FROM askbrief.sketches WHERE family = %s ORDER BY document"
        for row, blob in self._connection.rows(query, (group,)):
            yield row, unpacked(blob)

    def _insert(self, row: int, group: int, sketch: Sketch) -> None:
        self._connection.execute(
            "INSERT INTO askbrief.sketches VALUES (%s, %s, %s, %s)",
            (shard_of(row), row, group, packed(sketch)),
        )
        self._connection.execute(
            "INSERT INTO askbrief.marks SELECT %s, mark, %s FROM unnest(%s::bigint[]) AS given (mark) "
            "ON CONFLICT DO NOTHING",
            (shard_of(group), group, sorted(sketch.marks)),
        )

    def _dissolved(self, group: int) -> list[tuple[int, Sketch]]:
        members = list(self._members(group))
        marks = sorted({mark for _, sketch in members for mark in sketch.marks})
        self._connection.execute(
            "DELETE FROM askbrief.marks WHERE shard = %s AND family = %s AND mark = ANY(%s)",
            (shard_of(group), group, marks),
        )
        self._connection.execute("DELETE FROM askbrief.sketches WHERE family = %s", (group,))
        return members


def groups_of(database: Rows, ids: Sequence[int]) -> dict[int, int]:
    """The duplicate group of the document of each passage."""
    query = (
        "SELECT p.id, s.family FROM askbrief.passages p "
        "JOIN askbrief.sketches s ON s.shard = p.shard AND s.document = p.document "
        "WHERE p.shard = ANY(%s) AND p.id = ANY(%s)"
    )
    return dict(database.rows(query, (shards_of(ids), list(ids))))


def others(database: Rows, document: str, wanted: Filter) -> list[int]:
    """The passages of all other documents in the duplicate group of the document with this id that pass a
    filter."""
    condition = Condition.of(wanted)
    query = OTHERS.format(condition=condition.text)
    return [id_ for (id_,) in database.rows(query, (document, *condition.parameters))]
