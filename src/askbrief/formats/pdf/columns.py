"""Columns of a page that were drawn row by row, across the gap between them, put one after the other.

Few programs draw so, and a table looks alike: what is prose is told by its lines, most of which go on in
lower case in the line below. Where a page draws one column after the other there is nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

FEWEST = 4
"""Rows that have text at the same place, to make it the edge of a column."""
CANDIDATES = 3
"""Places looked at, those with the most rows first."""
SHIFT = 2
"""Points by which the lines of a column may begin apart."""
FLOWS = 0.5
"""Least share of a column's lines that go on in lower case below."""


class Piece(NamedTuple):
    """A piece of text as it was drawn: where it begins, its size in points, its turn by right angles."""

    text: str
    x: float
    y: float
    size: float
    turn: int
    bold: bool


Row = Sequence[Piece]


def in_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page, those across columns as the rows of one column after the other."""
    starts = Counter(round(piece.x) for row in rows for piece in row[1:] if piece.text.strip())
    for edge, count in starts.most_common(CANDIDATES):
        across = [number for number, row in enumerate(rows) if count >= FEWEST and _begins(row, edge)]
        if len(across) < FEWEST:
            continue
        first, last = across[0], _last(rows, across)
        inner = rows[first:last]
        left = [part for row in inner if (part := [piece for piece in row if piece.x < edge - SHIFT])]
        right = [part for row in inner if (part := [piece for piece in row if piece.x >= edge - SHIFT])]
        if _flows(left) and _flows(right):
            return [*rows[:first], *in_columns(left), *in_columns(right), *rows[last:]]
    return list(rows)


def _begins(row: Row, edge: int) -> bool:
    """Whether a row has text before a column's edge and goes on at it."""
    return row[0].x < edge - SHIFT and any(abs(piece.x - edge) <= SHIFT for piece in row[1:])


def _last(rows: Sequence[Row], across: Sequence[int]) -> int:
    """The number of the row after the columns: where others have ended, one may still go on."""
    step = max(rows[one][0].y - rows[other][0].y for one, other in pairwise(across[-FEWEST:]))
    last = across[-1] + 1
    while last < len(rows) and 0 < rows[last - 1][0].y - rows[last][0].y <= 1.2 * step:
        last += 1
    return last


def _flows(rows: Sequence[Row]) -> bool:
    texts = ["".join(piece.text for piece in row).strip() for row in rows]
    going = [after[:1].islower() or line.endswith("-") for line, after in pairwise(texts)]
    return sum(going) >= FLOWS * len(going) > 0
