"""Filters as SQL conditions."""

from __future__ import annotations

import json

from askbrief.storage.db.database import Database
from askbrief.text.source_pattern import for_sqlite
from askbrief.types import Filter, FilterFit

FIRST_DAY = "substr(d.date || '-01-01', 1, 10)"
LAST_DAY = (
    "CASE length(d.date) WHEN 4 THEN d.date || '-12-31' "
    "WHEN 7 THEN date(d.date || '-01', '+1 month', '-1 day') ELSE d.date END"
)
"""The days that a date may be, as SQL: “2024-05” is from the first to the last of May."""


SPOKEN = """p.id IN (
    SELECT own.id FROM speakers v JOIN quotations q ON q.speaker = v.id JOIN passages own
        ON own.document = q.document AND own.start < max(q.start + q.length, q.start + q.cue + q.cue_length)
        AND own."end" > min(q.start, q.start + q.cue)
    WHERE v.name IN (SELECT value FROM json_each(?)))"""
"""A passage ``p`` holds something that one of the speakers says, or the words that say so."""

EXAMPLE = """
    SELECT coalesce((SELECT min(source) FROM documents WHERE instr(source, ?)),
        (SELECT min(source) FROM documents)) source
"""
"""One of the documents, if possible with some words in its source name."""


def clauses(wanted: Filter) -> tuple[list[str], list[str]]:
    """SQL conditions on a passage ``p`` of a document ``d`` that ``wanted`` sets, and their parameters."""
    names = None if wanted.names is None else json.dumps(wanted.names)
    values = {
        "d.date >= substr(?, 1, 4)": wanted.since,  # implied by the next, and found by an index
        f"{FIRST_DAY} >= ?": wanted.since,
        "d.date <= ?": wanted.until,  # likewise
        f"{LAST_DAY} <= ?": wanted.until,
        "d.source GLOB ?": wanted.source and for_sqlite(wanted.source),
        SPOKEN: names,
    }
    given = {clause: value for clause, value in values.items() if value}
    return ["1", *given], list(given.values())


def fit(database: Database, wanted: Filter) -> FilterFit:
    """How many documents pass ``wanted``, names of speakers aside, and what there is otherwise."""
    conditions, parameters = clauses(Filter(wanted.since, wanted.until, wanted.source))
    named, glob = clauses(Filter(source=wanted.source))
    query = f"""
        SELECT count(*), sum(d.date IS NULL), min(d.date) date, max(d.date) date FROM documents d
        WHERE {" AND ".join(named)}"""  # noqa: S608 — bound
    count, undated, first, last = database.rows(query, glob)[0]
    passing = f"SELECT count(*) FROM documents d WHERE {' AND '.join(conditions)}"  # noqa: S608 — bound
    return FilterFit(
        database.one("SELECT count(*) FROM documents"),
        database.one(passing, parameters),
        count,
        undated or 0,
        first,
        last,
        database.one(EXAMPLE, ((wanted.source or "").strip("*"),)),
    )
