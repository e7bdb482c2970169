"""Put columns in order that a page draws row by row, across the gap between them.

Few programs draw like that, and tables look the same: columns of prose are recognised by their lines, most of
which continue in lower case in the line below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

FEWEST = 4
"""Rows that have text at the same position, to make it the edge of a column."""
CANDIDATES = 3
"""Positions that are examined, those with the most rows first."""
SHIFT = 2
"""Points by which the starts of a column's lines may differ."""
FLOWS = 0.5
"""The least share of a column's lines that continue in lower case below."""


class TextRun(NamedTuple):
    """A run of text as drawn: where it begins, its size in points, its rotation in right angles."""

    text: str
    x: float
    y: float
    size: float
    turn: int
    bold: bool


Row = Sequence[TextRun]


def in_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page; those across columns are split, one column after the other."""
    starts = Counter(round(run.x) for row in rows for run in row[1:] if run.text.strip())
    for edge, count in starts.most_common(CANDIDATES):
        across = [number for number, row in enumerate(rows) if count >= FEWEST and _begins(row, edge)]
        if len(across) < FEWEST:
            continue
        first, last = across[0], _last(rows, across)
        inner = rows[first:last]
        left = [part for row in inner if (part := [run for run in row if run.x < edge - SHIFT])]
        right = [part for row in inner if (part := [run for run in row if run.x >= edge - SHIFT])]
        if _flows(left) and _flows(right):
            return [*rows[:first], *in_columns(left), *in_columns(right), *rows[last:]]
    return list(rows)


def _begins(row: Row, edge: int) -> bool:
    """Whether a row has text before a column's edge and continues at it."""
    return row[0].x < edge - SHIFT and any(abs(run.x - edge) <= SHIFT for run in row[1:])


def _last(rows: Sequence[Row], across: Sequence[int]) -> int:
    """The index of the row after the columns, one of which may be longer than the others."""
    step = max(rows[one][0].y - rows[other][0].y for one, other in pairwise(across[-FEWEST:]))
    last = across[-1] + 1
    while last < len(rows) and 0 < rows[last - 1][0].y - rows[last][0].y <= 1.2 * step:
        last += 1
    return last


def _flows(rows: Sequence[Row]) -> bool:
    texts = ["".join(run.text for run in row).strip() for row in rows]
    continues = [after[:1].islower() or line.endswith("-") for line, after in pairwise(texts)]
    return sum(continues) >= FLOWS * len(continues) > 0
