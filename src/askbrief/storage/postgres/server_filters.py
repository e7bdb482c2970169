"""Filters as conditions of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askbrief.storage.postgres.server_documents import Rows
from askbrief.text.source_pattern import for_postgres
from askbrief.types import Filter, FilterFit

SPOKEN = """EXISTS (
    SELECT 1 FROM askbrief.quotations q
    WHERE q.shard = p.shard AND q.document = p.document AND q.name = ANY(%s)
        AND p.start < greatest(q.start + q.length, q.start + q.cue + q.cue_length)
        AND p."end" > least(q.start, q.start + q.cue))"""
"""A passage ``p`` holds something that one of the speakers says, or the words that say so."""

EXAMPLE = """
    SELECT coalesce((SELECT min(source) FROM askbrief.documents WHERE strpos(source, %s) > 0),
        (SELECT min(source) FROM askbrief.documents))
"""
"""One of the documents, if possible with some words in its source name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a passage ``p`` of a document ``d``, with its parameters."""

    text: str
    parameters: tuple[object, ...]

    @classmethod
    def of(cls, wanted: Filter, *more: tuple[str, object]) -> Condition:
        """What ``wanted`` sets, and ``more`` conditions with a parameter each."""
        values: list[tuple[str, object]] = [
            ("d.first_day >= %s", wanted.since),
            ("d.last_day <= %s", wanted.until),
            ("d.source ~ %s", None if wanted.source is None else for_postgres(wanted.source)),
            (SPOKEN, None if wanted.names is None else list(wanted.names)),
        ]
        given = [each for each in values if each[1] is not None] + list(more)
        text = " AND ".join(clause for clause, _ in given) or "true"
        return cls(text, tuple(value for _, value in given))


def passing(database: Rows, wanted: Filter) -> set[int]:
    """The numbers of the documents that pass a filter; names of speakers don't count."""
    condition = Condition.of(Filter(wanted.since, wanted.until, wanted.source))
    query = f"SELECT d.row FROM askbrief.documents d WHERE {condition.text}"  # noqa: S608 — bound
    return {row for (row,) in database.rows(query, condition.parameters)}


def fit(database: Rows, wanted: Filter) -> FilterFit:
    """How many documents pass ``wanted``, names of speakers aside, and what there is otherwise."""
    condition = Condition.of(Filter(wanted.since, wanted.until, wanted.source))
    named = Condition.of(Filter(source=wanted.source))
    count = f"SELECT count(*) FROM askbrief.documents d WHERE {condition.text}"  # noqa: S608 — bound
    there = (
        "SELECT count(*), count(*) FILTER (WHERE d.date IS NULL), min(d.date), max(d.date) "  # noqa: S608
        f"FROM askbrief.documents d WHERE {named.text}"
    )
    ((having, undated, first, last),) = database.rows(there, named.parameters)
    example: Sequence[object] = ((wanted.source or "").strip("*"),)
    return FilterFit(
        int(database.one("SELECT count(*) FROM askbrief.documents")),
        int(database.one(count, condition.parameters)),
        having,
        undated,
        first,
        last,
        database.one(EXAMPLE, example),
    )
