"""The lines of pages to blocks: paragraphs over line ends, columns and pages, with broken words mended.

Within a column a paragraph ends where the gap to the next line is wider than most, where the next line is set
in or the last one was left short, and where the type changes. From column to column and from page to page it
goes on where its sentence does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.pdf.hyphens import joint, words
from askbrief.formats.pdf.lines import SOFT_HYPHEN, Line

LEAST, FEW = 0.9, 1.6
"""Line to line, in sizes of the type: the least, and the most where a column is too short to show its own."""
GAP = 1.3
"""A gap of more than so many of a column's leadings ends a paragraph."""
INDENT = 0.8
"""A line set in by more than this, in sizes of the type, begins a paragraph."""
SAME_SIZE = 0.08
"""Sizes of type that differ by a smaller share are the same."""
LARGER = 1.15
"""Type larger than most of the document's by this factor is a heading's."""
SHORT, VERY_SHORT = 0.85, 0.7
"""Shares of a column's width: a line was left short if it would not fill them with the next word."""
COLUMN = 8
"""Columns stand apart by more than this, in sizes of the type."""
LONGEST_HEADING = 200
"""Characters."""

_BULLET = re.compile(r"[•◦▪‣●○■□–—*-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_SURE_BULLET = re.compile(r"[•◦▪‣●○■□]")
_CONTENTS = re.compile(r".*(?:\. ?){5,}\s*\w{1,5}")


class _Set(NamedTuple):
    """A line and the page on which it is set, from 0."""

    line: Line
    page: int


@dataclass(frozen=True, slots=True)
class _Column:
    """Lines of one type size below each other, and what is usual among them: leading and length.

    ``marked`` is whether the document's paragraphs are told by gaps and indents, and not by last lines alone.
    """

    lines: tuple[_Set, ...]
    leading: float
    width: int
    marked: bool = False


_Paragraph = list[_Set]


def blocks(pages: Sequence[Sequence[Line]]) -> tuple[list[Block], list[tuple[int, int]]]:
    """The blocks of a paged document, and where each page begins: in which block, at which character."""
    body = _body(pages)
    paragraphs: list[_Paragraph] = []
    columns = [
        list(_columns(_Set(line, at) for line in _with_capitals(page))) for at, page in enumerate(pages)
    ]
    marked = _marked(column for page in columns for column in page)
    for each in columns:
        for column in each:
            for paragraph in _cut(replace(column, marked=marked)):
                if paragraphs and _goes_over(paragraphs[-1], paragraph, column):
                    paragraphs[-1] += paragraph
                else:
                    paragraphs.append(paragraph)
        _put_off(paragraphs, body)
    known = words(pages)
    found: list[Block] = []
    begins: list[tuple[int, int]] = []
    for paragraph in paragraphs:
        text, starts = _text(paragraph, known)
        for (_, page), start in zip(paragraph, starts, strict=True):
            begins += [(len(found), start)] * (page + 1 - len(begins))
        found.append(Block(text, not _heading(paragraph, body)))
    return found, begins + [(len(found), 0)] * (len(pages) - len(begins))


def _text(paragraph: _Paragraph, known: Counter[str]) -> tuple[str, list[int]]:
    """The text of a paragraph, and where each of its lines begins in it."""
    parts: list[str] = []
    starts = [0]
    for (line, _), (after, _) in pairwise(paragraph):
        cut, between = joint(line.text, after.text, known)
        parts.append(line.text[: len(line.text) - cut] + between)
        starts.append(starts[-1] + len(parts[-1]))
    return "".join(parts) + paragraph[-1].line.text.rstrip(SOFT_HYPHEN), starts


def _body(pages: Iterable[Iterable[Line]]) -> tuple[float, bool]:
    """The size of most letters of a document, and whether most are bold."""
    sizes, bold = Counter[float](), Counter[bool]()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
            bold[line.bold] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0, bold[True] > bold[False]


def _with_capitals(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page, a large initial put before the line that it begins."""
    initial: Line | None = None
    for line in lines:
        if initial and line.size < initial.size / 1.8 and line.text[0].islower():
            yield line._replace(text=initial.text + line.text, x=initial.x)
            initial = None
            continue
        if initial:
            yield initial
        initial = line if len(line.text) == 1 and line.text.isupper() else None
        if not initial:
            yield line
    if initial:
        yield initial


def _columns(lines: Iterable[_Set]) -> Iterator[_Column]:
    held: list[_Set] = []
    for line in lines:
        if held and not _below(held[-1].line, line.line):
            yield _column(held)
            held = []
        held.append(line)
    if held:
        yield _column(held)


def _below(line: Line, after: Line) -> bool:
    """Whether a line stands in the column of the one before: below it and not far, in type of one size."""
    return _same_size(line, after) and 0.5 < (line.y - after.y) / max(line.size, 1.0) < 4


def _same_size(line: Line, after: Line) -> bool:
    return abs(line.size - after.size) <= SAME_SIZE * max(line.size, after.size)


def _column(held: Sequence[_Set]) -> _Column:
    steps = sorted(a.line.y - b.line.y for a, b in pairwise(held))
    size = max(held[0].line.size, 1.0)
    leading = steps[len(steps) // 4] if steps else 0.0
    leading = min(leading, FEW * size) if len(steps) < 4 else leading
    lengths = sorted(len(each.line.text) for each in held)
    return _Column(tuple(held), max(leading, LEAST * size), lengths[int(0.9 * len(lengths))])


def _marked(columns: Iterable[_Column]) -> bool:
    """Whether most short last lines are followed by a gap or by a line that is set in."""
    told = Counter[bool]()
    for column in columns:
        for last, line in pairwise(each.line for each in column.lines):
            if ends_sentence(last.text) and _share(last, line, column) < SHORT:
                told[_gap(last, line, column) or line.x - last.x > INDENT * line.size] += 1
    return told[True] > told[False]


def _gap(last: Line, line: Line, column: _Column) -> bool:
    return last.y - line.y > GAP * column.leading


def _share(last: Line, line: Line, column: _Column) -> float:
    """The share of the column's width that a line would fill with the first word of the next."""
    return (len(last.text) + 1 + len(line.text.split(maxsplit=1)[0])) / max(column.width, 1)


def _cut(column: _Column) -> Iterator[_Paragraph]:
    paragraph: _Paragraph = [column.lines[0]]
    for each, after in zip(column.lines[1:], (*column.lines[2:], None), strict=False):
        if _goes_on(paragraph, each.line, after.line if after else None, column):
            paragraph.append(each)
        else:
            yield paragraph
            paragraph = [each]
    yield paragraph


def _goes_on(paragraph: _Paragraph, line: Line, after: Line | None, column: _Column) -> bool:
    """Whether a paragraph goes on in the next line of its column; ``after`` is the line after that."""
    last = paragraph[-1].line
    if _gap(last, line, column) or _SURE_BULLET.match(line.text):
        return False
    ends = ends_sentence(last.text)
    begins = not line.text[:1].islower()
    room = SHORT if (ends and not column.marked) or line.bold != last.bold else VERY_SHORT
    if begins and _share(last, line, column) < room:
        return False
    if not begins and not ends:
        return True
    return not _set_apart(paragraph, line, after)


def _set_apart(paragraph: _Paragraph, line: Line, after: Line | None) -> bool:
    """Whether a line is set in, or out, as the first of a paragraph; others hang below an item's first."""
    step = INDENT * line.size
    first, last = paragraph[0].line, paragraph[-1].line
    moved = line.x - last.x
    if abs(moved) <= step:
        set_in = after is not None and line.x - after.x > step and ends_sentence(last.text)
        return set_in or bool(_BULLET.match(line.text) and _BULLET.match(first.text))
    if moved > 0:
        hangs = len(paragraph) == 1 and (
            _BULLET.match(first.text) or (after is not None and abs(after.x - line.x) <= step)
        )
        return not hangs
    return len(paragraph) > 1


def _goes_over(paragraph: _Paragraph, other: _Paragraph, column: _Column) -> bool:
    """Whether a paragraph goes on at the head of the next column or page."""
    last, line = paragraph[-1].line, other[0].line
    if other[0] is not column.lines[0] or not _same_size(last, line) or last.bold != line.bold:
        return False
    beside = abs(last.x - line.x) > COLUMN * line.size
    if other[0].page == paragraph[-1].page and line.y < last.y and not beside:
        return False  # further down in the same column: what lies between ended it
    return not ends_sentence(last.text) and not _SURE_BULLET.match(line.text)


def _put_off(paragraphs: list[_Paragraph], body: tuple[float, bool]) -> None:
    """Put the footnotes of a page before the paragraph that goes on overleaf."""
    at = len(paragraphs)
    while at and paragraphs[at - 1][-1].line.size < body[0] * (1 - SAME_SIZE):
        at -= 1
    if not 0 < at < len(paragraphs):
        return
    over = paragraphs[at - 1]
    if over[0].page == paragraphs[-1][0].page and len(over) > 1 and not ends_sentence(over[-1].line.text):
        paragraphs.append(paragraphs.pop(at - 1))


def _heading(paragraph: _Paragraph, body: tuple[float, bool]) -> bool:
    """Whether a paragraph is a heading, larger than the text or bold where that is not, or of contents."""
    size, bold = body
    length = sum(len(line.text) for line, _ in paragraph)
    if length > LONGEST_HEADING:
        return False
    if all(line.size >= size * LARGER for line, _ in paragraph):
        return True
    if all(_CONTENTS.fullmatch(line.text) for line, _ in paragraph):
        return True
    marked = not bold and len(paragraph) <= 2 and all(line.bold for line, _ in paragraph)
    return marked and not ends_sentence(paragraph[-1].line.text)
