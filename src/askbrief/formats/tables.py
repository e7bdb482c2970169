"""The cells of tables with the headings of their columns: “New fare: 14.00” says what “14.00” doesn't.

A row is read as a paragraph by itself, so each of its figures needs its heading beside it. The first column
names the row, and stays as it is. A cell that spans several rows stands in each.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from askbrief.formats.markup import UNSHOWN

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    Grid = list[list[HtmlElement | None]]

LONGEST_HEADING = 60
"""Characters; longer ones say more than what the column is."""
MOST_CELLS = 20_000
"""Of a table, spans counted; larger ones are read without headings."""
WIDEST_SPAN = 200
FEWEST_COLUMNS = 3
"""Of a table whose first row may be headings; with two, it may as well be the first of a list of facts."""

_FIGURE = re.compile(r"[^\w]{0,3}\d")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})?")
_NO_FIGURE = frozenset({"", "-", "–", "—", "n/a", "na", "..", "nil"})


def put_headings_into_cells(tree: HtmlElement) -> None:
    """Change the cells of each table in place, so that each has the headings of its column before its
    words."""
    for table in list(tree.iter("table")):
        if next(table.iterdescendants("table"), None) is None:
            _put_headings(table)


def _put_headings(table: HtmlElement) -> None:
    rows = list(table.iter("tr"))
    grid = _grid(rows)
    if grid is None:
        return
    heads = _heading_rows(rows, grid)
    headings: list[str] = []
    for number, (row, cells) in enumerate(zip(rows, grid, strict=True)):
        if number in heads:
            above = headings if number - 1 in heads else []
            headings = [_joined(above[at : at + 1], cell) for at, cell in enumerate(cells)]
            for cell in row.iterchildren("td"):  # so that the row is read as headings
                cell.tag = "th"
            continue
        kept: list[HtmlElement] = []
        seen: set[int] = set()
        for at, cell in enumerate(cells):
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            again = cell.getparent() is not row
            own = _copy(cell) if again else cell
            heading = headings[at] if at < len(headings) else ""
            if at and not again and own.tag == "td" and heading:
                _prefix(own, heading)
            kept.append(own)
        if kept:
            row[:] = kept


def _grid(rows: list[HtmlElement]) -> Grid | None:
    """The cell at each place of a table; None if it has too many."""
    grid: Grid = []
    left: dict[int, tuple[int, HtmlElement]] = {}
    total = 0
    for row in rows:
        line: list[HtmlElement | None] = []

        def fill(line: list[HtmlElement | None] = line) -> None:
            while (below := left.get(len(line))) and below[0] > 0:
                left[len(line)] = (below[0] - 1, below[1])
                line.append(below[1])

        for cell in row.iterchildren("td", "th"):
            fill()
            for _ in range(_span(cell, "colspan")):
                left[len(line)] = (_span(cell, "rowspan") - 1, cell)
                line.append(cell)
        fill()
        total += len(line)
        if total > MOST_CELLS:
            return None
        grid.append(line)
    return grid


def _span(cell: HtmlElement, name: str) -> int:
    written = cell.get(name, "1").strip()
    return min(int(written), WIDEST_SPAN) if re.fullmatch(r"[1-9]\d{0,5}", written) else 1


def _heading_rows(rows: list[HtmlElement], grid: Grid) -> set[int]:
    """The numbers of the rows that hold headings of columns."""
    found = {
        number
        for number, row in enumerate(rows)
        if len({id(cell) for cell in grid[number]}) > 1
        and (
            row.getparent().tag == "thead"
            or all(cell is not None and cell.tag == "th" for cell in grid[number])
        )
    }
    has_headings = any(next(row.iterchildren("th"), None) is not None for row in rows)
    return {0} if not has_headings and _is_heading(grid) else found


def _is_heading(grid: Grid) -> bool:
    """Whether the first row names the columns of figures below it, though it isn't marked up so."""
    if len(grid) < 2 or len(grid[0]) < FEWEST_COLUMNS:
        return False
    lines = [[_words(cell) for cell in line] for line in grid]
    first, below = lines[0], lines[1:]
    if any(len(words) > LONGEST_HEADING or _is_figure(words) for words in first) or not all(first[1:]):
        return False
    columns = ([line[at] for line in below if at < len(line)] for at in range(1, len(first)))
    return any(
        any(map(_FIGURE.match, column))
        and all(_is_figure(words) or words.lower() in _NO_FIGURE for words in column)
        for column in columns
    )


def _is_figure(words: str) -> bool:
    return bool(_FIGURE.match(words)) and not _YEAR.fullmatch(words)


def _joined(above: list[str], cell: HtmlElement | None) -> str:
    words = _words(cell).rstrip(":")
    parts = [*filter(None, above), *([words] if words and words not in above else [])]
    heading = " ".join(parts)
    return heading if len(heading) <= LONGEST_HEADING else ""


def _words(cell: HtmlElement | None) -> str:
    return "" if cell is None else " ".join(" ".join(cell.itertext()).split())


def _first_with_words(element: HtmlElement) -> HtmlElement | None:
    """The child with the first words of an element; None if they are not in a child."""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSHOWN and _words(child):
            return child
        if (child.tail or "").strip():
            return None
    return None


def _copy(cell: HtmlElement) -> HtmlElement:
    copied = deepcopy(cell)
    copied.tail = None
    return copied


def _prefix(cell: HtmlElement, heading: str) -> None:
    """Put a heading before the first words of a cell, if it has any."""
    if not _words(cell) or _words(cell).casefold().startswith(heading.casefold()):
        return
    inner = cell
    while not (inner.text or "").strip() and (first := _first_with_words(inner)) is not None:
        inner = first
    if inner.tag in {"img", "br", "hr", "input"} or not isinstance(inner.tag, str):
        inner = cell
    inner.text = f"{heading}: {(inner.text or '').lstrip()}"
