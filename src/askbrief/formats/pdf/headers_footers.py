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
_Place = tuple[int, int]


def without_headers_footers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without those that repeat at the edge of pages, apart from their numbers."""
    edges = [(page, at) for page, lines in enumerate(pages) for at in _edges(lines)]
    gone = _repeated(pages, edges) | _numbers(pages, edges)
    return [
        [line for at, line in enumerate(lines) if (page, at) not in gone] for page, lines in enumerate(pages)
    ]


def _edges(lines: Sequence[Line]) -> set[int]:
    """The indices of the lines at the top and bottom of a page, separated from its text."""
    rows: list[list[int]] = []
    for at in sorted(range(len(lines)), key=lambda at: -lines[at].y):
        if rows and lines[rows[-1][0]].y - lines[at].y <= lines[at].size / 2:
            rows[-1].append(at)
        else:
            rows.append([at])
    steps = [lines[above[0]].y - lines[below[0]].y for above, below in pairwise(rows)]
    usual = median(steps) if len(rows) >= FEW else 1.2 * max((line.size for line in lines), default=0)
    found = {at for row in rows[: _apart(steps, usual)] for at in row}
    return found | {at for row in rows[len(rows) - _apart(steps[::-1], usual) :] for at in row}


def _apart(steps: Sequence[float], usual: float) -> int:
    """How many rows are separated from those that follow; a single row is."""
    if not steps:
        return 1
    return max((number for number, step in enumerate(steps[:EDGE], 1) if step > APART * usual), default=0)


def _repeated(pages: Sequence[Sequence[Line]], edges: Sequence[_Place]) -> set[_Place]:
    alike: dict[str, list[_Place]] = defaultdict(list)
    for page, at in edges:
        words = _NUMBER.sub("0", pages[page][at].text.casefold())
        if any(map(str.isalpha, words)):
            alike[words].append((page, at))
    return {place for places in alike.values() for place in _level(pages, places)}


def _level(pages: Sequence[Sequence[Line]], places: Sequence[_Place]) -> set[_Place]:
    """Of lines with the same words, those at the same height on enough pages."""
    levels: dict[int, set[int]] = defaultdict(set)
    for page, at in places:
        levels[_height(pages[page][at])].add(page)
    least = max(2, min(OFTEN, len(pages)))
    enough = {
        height
        for height in levels
        if len(set().union(*(levels.get(height + shift, set()) for shift in (-1, 0, 1)))) >= least
    }
    return {(page, at) for page, at in places if _height(pages[page][at]) in enough}


def _height(line: Line) -> int:
    return round(line.y / SHIFT)


def _numbers(pages: Sequence[Sequence[Line]], edges: Sequence[_Place]) -> set[_Place]:
    """Lines with the page number, which grows with the pages; if few pages have one, it must be exact."""
    steps: dict[tuple[int, str], set[_Place]] = defaultdict(set)
    gone: set[_Place] = set()
    for page, at in edges:
        text = pages[page][at].text
        if len(text) > LONGEST:
            continue
        bare = _BARE.fullmatch(text)
        if _ROMAN.fullmatch(text) or (bare and int(bare["number"]) == page + 1):
            gone.add((page, at))
        elif last := _LAST.fullmatch(text):
            steps[int(last[1]) - page, ""].add((page, at))
        elif first := _FIRST.fullmatch(text):  # “2 Results” is a heading
            steps[int(first[1]) - page, first[2]].add((page, at))
    for (_, words), places in steps.items():
        if len({page for page, _ in places}) >= (2 if words else max(OFTEN, COMMON * len(pages))):
            gone |= places
    return gone
