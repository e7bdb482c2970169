"""Remove headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from askbrief.formats.pdf.lines import Line

EDGE = 3
"""Rows from the top and the bottom of a page that may be headers and footers."""
APART = 1.4
"""A gap this many times a page's usual one separates them from the text."""
FEW = 5
"""On a page of fewer rows, the usual gap is taken to be 1.2 of the type size."""
OFTEN = 3
"""Pages on which a line must repeat at the same edge; all, if there are only two."""
FEWEST = 2
"""Pages, if the number is all of a row at the edge."""
SHIFT = 4.0
"""Points by which its height may differ between pages."""

COMMON = 1 / 3
"""The least share of pages on which a number that grows with the pages is taken for the page number."""
LONGEST = 100
"""Characters of a line with a page number."""

_NUMBER = re.compile(r"\d+")
_FIRST = re.compile(r"\W*(\d{1,4})\s+(\D+)")
_LAST = re.compile(r"(?:.*[^\d.,])?(\d{1,4})\W*")
_BARE = re.compile(
    r"\W*(?:page|p\.|pg\.)?\W*(?P<number>\d{1,4})\W*(?:(?:of|/|from)\W*\d{1,4})?\W*", re.IGNORECASE
)
_ROMAN = re.compile(r"\W*[ivxl]{1,6}\W*")


def without_headers_footers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without those that repeat at the edge of pages, apart from their numbers."""
    edges = [line for lines in pages for line in _edges(lines)]
    gone = _repeated(edges, len(pages)) | _numbers(edges, len(pages)) | _counted(pages)
    return [[line for line in lines if line not in gone] for lines in pages]


def _edges(lines: Sequence[Line]) -> set[Line]:
    """The lines at the top and bottom of a page, separated from its text."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y <= line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    steps = [above[0].y - below[0].y for above, below in pairwise(rows)]
    usual = median(steps) if len(rows) >= FEW else 1.2 * max((line.size for line in lines), default=0)
    bottom = len(rows) - _apart(steps[::-1], usual)
    return {line for row in (*rows[: _apart(steps, usual)], *rows[bottom:]) for line in row}


def _apart(steps: Sequence[float], usual: float) -> int:
    """How many rows are separated from those that follow; a single row is."""
    if not steps:
        return 1
    return max((number for number, step in enumerate(steps[:EDGE], 1) if step > APART * usual), default=0)


def _repeated(edges: Sequence[Line], pages: int) -> set[Line]:
    alike: dict[str, list[Line]] = defaultdict(list)
    for line in edges:
        words = _NUMBER.sub("0", line.text.casefold())
        if any(map(str.isalpha, words)):
            alike[words].append(line)
    return {line for lines in alike.values() for line in _level(lines, pages)}


def _counted(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """Numbers that are all of the first or last row of their pages, at one height, and count the pages."""
    counts: dict[tuple[int, int, int], set[Line]] = defaultdict(set)
    for lines in pages:
        for height in {max(each.y for each in lines), min(each.y for each in lines)} if lines else ():
            row = [each for each in lines if abs(each.y - height) <= each.size / 2]
            bare = _BARE.fullmatch(row[0].text) if len(row) == 1 else None
            if bare:
                counts[int(bare["number"]) - row[0].page, _height(row[0]), round(row[0].size)].add(row[0])
    few = [lines for lines in counts.values() if len(lines) >= max(FEWEST, COMMON * len(pages))]
    return set().union(*few)


def _level(lines: Sequence[Line], pages: int) -> set[Line]:
    """Of lines with the same words, those at the same height on enough pages."""
    levels: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        levels[_height(line)].add(line.page)
    least = max(2, min(OFTEN, pages))
    enough = {
        height
        for height in levels
        if len(set().union(*(levels.get(height + shift, set()) for shift in (-1, 0, 1)))) >= least
    }
    return {line for line in lines if _height(line) in enough}


def _height(line: Line) -> int:
    return round(line.y / SHIFT)


def _numbers(edges: Sequence[Line], pages: int) -> set[Line]:
    """Lines with the page number, which grows with the pages; if few pages have one, it must be exact."""
    steps: dict[tuple[int, str], set[Line]] = defaultdict(set)
    gone: set[Line] = set()
    for line in edges:
        if len(line.text) > LONGEST:
            continue
        bare = _BARE.fullmatch(line.text)
        if _ROMAN.fullmatch(line.text) or (bare and int(bare["number"]) == line.page + 1):
            gone.add(line)
        elif last := _LAST.fullmatch(line.text):
            steps[int(last[1]) - line.page, ""].add(line)
        elif first := _FIRST.fullmatch(line.text):  # “2 Results” is a heading
            steps[int(first[1]) - line.page, first[2]].add(line)
    for (_, words), lines in steps.items():
        if len({line.page for line in lines}) >= (2 if words else max(OFTEN, COMMON * pages)):
            gone |= lines
    return gone
