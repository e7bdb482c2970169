"""Filters as SQL conditions."""

from __future__ import annotations

import json

from askbrief.types import Filter

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


def clauses(wanted: Filter) -> tuple[list[str], list[str]]:
    """SQL conditions on a passage ``p`` of a document ``d`` that ``wanted`` sets, and their parameters."""
    names = None if wanted.names is None else json.dumps(wanted.names)
    values = {
        f"{FIRST_DAY} >= ?": wanted.since, f"{LAST_DAY} <= ?": wanted.until, "d.source GLOB ?": wanted.source,
        SPOKEN: names,
    }  # fmt: skip
    given = {clause: value for clause, value in values.items() if value}
    return ["1", *given], list(given.values())
