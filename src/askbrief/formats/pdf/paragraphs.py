"""The lines of pages to blocks: paragraphs across lines, columns and pages, with hyphenated words joined.

Within a column a paragraph ends before a wider gap or an indented line, after a short line, and where the
type changes. It continues in the next column or page if its sentence does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.pdf.hyphens import breaks_figure, joint, words
from askbrief.formats.pdf.lines import SOFT_HYPHEN, Line
from askbrief.formats.pdf.notes import begins_next, marks, without_references
from askbrief.formats.pdf.turns import Turns

LEAST, FEW = 0.9, 1.6
"""Line spacing in type sizes: the least, and the most if a column is too short to measure its own."""
GAP = 1.3
"""A gap of more than this many of a column's line spacings ends a paragraph."""
INDENT = 0.8
"""A line indented by more than this, in type sizes, begins a paragraph."""
SAME_SIZE = 0.08
"""Type sizes that differ by a smaller share are the same."""
LARGER = 1.15
"""Type that is larger than the document's usual by this factor is a heading."""
SHORT, VERY_SHORT = 0.85, 0.7
"""Shares of a column's width: a line is short if it would not fill them with the next word."""
LONG = 4
"""A column of more lines has enough to measure its line spacing."""
COLUMN = 8
"""Columns are apart by more than this, in type sizes."""
LONGEST_HEADING = 200
"""Characters."""

_BULLET = re.compile(r"[•◦▪‣●○■□–—*-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_SURE_BULLET = re.compile(r"[•◦▪‣●○■□]")
_CONTENTS = re.compile(r".*(?:\. ?){5,}\s*\w{1,5}")


@dataclass(frozen=True, slots=True)
class _Column:
    """Lines of one type size below each other, with their usual line spacing and length.

    ``marked`` is whether the document marks paragraphs by gaps and indents, not by short last lines only;
    ``turns`` are the lines that begin with who speaks.
    """

    lines: tuple[Line, ...]
    leading: float
    width: int
    turns: Turns
    marked: bool = False


_Paragraph = list[Line]


def blocks(pages: Sequence[Sequence[Line]]) -> tuple[list[Block], list[tuple[int, int]]]:
    """The blocks of a document, and where each page begins: the index of a block, and the offset in it."""
    body = _body(pages)
    paragraphs: list[_Paragraph] = []
    turns = Turns(line for page in pages for line in page)
    columns = [list(_columns(_with_capitals(page), turns)) for page in pages]
    columns = _with_usual_leading(columns)
    marked = _marked(column for page in columns for column in page)
    for each in columns:
        for column in each:
            for paragraph in _cut(replace(column, marked=marked)):
                if paragraphs and _continues_after(paragraphs[-1], paragraph, column):
                    paragraphs[-1] += paragraph
                else:
                    paragraphs.append(paragraph)
        _postpone(paragraphs, body)
    known = words(pages)
    notes = marks(paragraphs, body[0] * (1 - SAME_SIZE))
    found: list[Block] = []
    begins: list[tuple[int, int]] = []
    for paragraph in paragraphs:
        lines = [line._replace(text=without_references(line.text, notes)) for line in paragraph]
        text, starts = _text(lines, known)
        for line, start in zip(paragraph, starts, strict=True):
            begins += [(len(found), start)] * (line.page + 1 - len(begins))
        found.append(Block(text, not _heading(paragraph, body)))
    return found, begins + [(len(found), 0)] * (len(pages) - len(begins))


def _text(paragraph: _Paragraph, known: Counter[str]) -> tuple[str, list[int]]:
    """The text of a paragraph, and where each of its lines begins in it."""
    parts: list[str] = []
    starts = [0]
    for line, after in pairwise(paragraph):
        cut, between = joint(line.text, after.text, known)
        parts.append(line.text[: len(line.text) - cut] + between)
        starts.append(starts[-1] + len(parts[-1]))
    return "".join(parts) + paragraph[-1].text.rstrip(SOFT_HYPHEN), starts


def _body(pages: Iterable[Iterable[Line]]) -> tuple[float, bool]:
    """The type size of most letters of a document, and whether most are bold."""
    sizes, bold = Counter[float](), Counter[bool]()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
            bold[line.bold] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0, bold[True] > bold[False]


def _with_capitals(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page, with a large initial joined to its line."""
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


def _columns(lines: Iterable[Line], turns: Turns) -> Iterator[_Column]:
    column: list[Line] = []
    for line in lines:
        if column and not _below(column[-1], line):
            yield _column(column, turns)
            column = []
        column.append(line)
    if column:
        yield _column(column, turns)


def _with_usual_leading(pages: list[list[_Column]]) -> list[list[_Column]]:
    """The columns of each page; those too short to measure have the document's line spacing, if it is wider
    than they would be given: transcripts are set in double spacing, and their last pages are short."""
    long = [column for page in pages for column in page if len(column.lines) > LONG]
    usual = median(column.leading / max(column.lines[0].size, 1.0) for column in long) if long else 0.0
    return [
        [
            column
            if len(column.lines) > LONG
            else replace(column, leading=max(column.leading, usual * column.lines[0].size))
            for column in page
        ]
        for page in pages
    ]


def _below(line: Line, after: Line) -> bool:
    """Whether a line is in the column of the one before: closely below it, in the same type size."""
    return _same_size(line, after) and 0.5 < (line.y - after.y) / max(line.size, 1.0) < 4


def _same_size(line: Line, after: Line) -> bool:
    return abs(line.size - after.size) <= SAME_SIZE * max(line.size, after.size)


def _column(lines: Sequence[Line], turns: Turns) -> _Column:
    steps = sorted(above.y - below.y for above, below in pairwise(lines))
    size = max(lines[0].size, 1.0)
    leading = steps[len(steps) // 4] if steps else 0.0
    leading = min(leading, FEW * size) if len(lines) <= LONG else leading
    lengths = sorted(len(line.text) for line in lines)
    return _Column(tuple(lines), max(leading, LEAST * size), lengths[int(0.9 * len(lengths))], turns)


def _marked(columns: Iterable[_Column]) -> bool:
    """Whether most short last lines are followed by a gap or an indented line."""
    marked = Counter[bool]()
    for column in columns:
        for last, line in pairwise(column.lines):
            if ends_sentence(last.text) and _share(last, line, column) < SHORT:
                marked[_gap(last, line, column) or line.x - last.x > INDENT * line.size] += 1
    return marked[True] > marked[False]


def _gap(last: Line, line: Line, column: _Column) -> bool:
    return last.y - line.y > GAP * column.leading


def _share(last: Line, line: Line, column: _Column) -> float:
    """The share of the column's width that a line would fill with the first word of the next."""
    return (len(last.text) + 1 + len(line.text.split(maxsplit=1)[0])) / max(column.width, 1)


def _cut(column: _Column) -> Iterator[_Paragraph]:
    paragraph: _Paragraph = [column.lines[0]]
    for each, after in zip(column.lines[1:], (*column.lines[2:], None), strict=False):
        if _continues(paragraph, each, after, column):
            paragraph.append(each)
        else:
            yield paragraph
            paragraph = [each]
    yield paragraph


def _continues(paragraph: _Paragraph, line: Line, after: Line | None, column: _Column) -> bool:
    """Whether a paragraph continues in the next line of its column; ``after`` is the line after that."""
    last = paragraph[-1]
    if _gap(last, line, column) or _SURE_BULLET.match(line.text):
        return False
    if begins_next(paragraph[0].text, line.text) or column.turns.begins(line.text, last.text):
        return False
    if breaks_figure(last.text, line.text):
        return True
    ends = ends_sentence(last.text)
    begins = not line.text[:1].islower()
    least = SHORT if (ends and not column.marked) or line.bold != last.bold else VERY_SHORT
    if begins and _share(last, line, column) < least:
        return False
    if not begins and not ends:
        return True
    return not _set_apart(paragraph, line, after)


def _set_apart(paragraph: _Paragraph, line: Line, after: Line | None) -> bool:
    """Whether a line is indented or outdented as the first of a paragraph; list items have hanging lines."""
    step = INDENT * line.size
    first, last = paragraph[0], paragraph[-1]
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


def _continues_after(paragraph: _Paragraph, other: _Paragraph, column: _Column) -> bool:
    """Whether a paragraph continues at the top of the next column or page."""
    last, line = paragraph[-1], other[0]
    if line is not column.lines[0] or not _same_size(last, line) or last.bold != line.bold:
        return False
    beside = abs(last.x - line.x) > COLUMN * line.size
    if line.page == last.page and line.y < last.y and not beside:
        return False  # further down in the same column: what is between ended it
    if column.turns.begins(line.text, last.text):
        return False
    return not ends_sentence(last.text) and not _SURE_BULLET.match(line.text)


def _postpone(paragraphs: list[_Paragraph], body: tuple[float, bool]) -> None:
    """Put the footnotes of a page before the paragraph that continues on the next page."""
    at = len(paragraphs)
    while at and paragraphs[at - 1][-1].size < body[0] * (1 - SAME_SIZE):
        at -= 1
    if not 0 < at < len(paragraphs):
        return
    over = paragraphs[at - 1]
    if over[0].page == paragraphs[-1][0].page and len(over) > 1 and not ends_sentence(over[-1].text):
        paragraphs.append(paragraphs.pop(at - 1))


def _heading(paragraph: _Paragraph, body: tuple[float, bool]) -> bool:
    """Whether a paragraph is a heading (larger than the text, or bold) or of a table of contents."""
    size, bold = body
    length = sum(len(line.text) for line in paragraph)
    if length > LONGEST_HEADING:
        return False
    if all(line.size >= size * LARGER for line in paragraph):
        return True
    if all(_CONTENTS.fullmatch(line.text) for line in paragraph):
        return True
    marked = not bold and len(paragraph) <= 2 and all(line.bold for line in paragraph)
    return marked and not ends_sentence(paragraph[-1].text)
