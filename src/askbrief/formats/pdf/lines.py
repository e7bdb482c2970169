"""The lines of a PDF's page with their positions, joined from the text runs that pypdf extracts.

They are in drawing order, which is the reading order in files of word processors, layout programs and
browsers: one column is drawn before the next (``columns`` handles others). Text at right angles to the rest,
as a stamp in the margin, is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import atan2, hypot, pi
from typing import TYPE_CHECKING, Any, NamedTuple

from askbrief.formats.document import cleaned
from askbrief.formats.pdf.columns import TextRun, in_columns
from askbrief.formats.pdf.raised_figures import attached, joined

if TYPE_CHECKING:
    from pypdf import PageObject

LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
"""Ligatures belong to the typeface: nobody searches for them, and no model knows them."""
LEADING = 0.9
"""A run that is higher or lower by more than this, in type sizes, is on another line."""
SOFT_HYPHEN = "\u00ad"

WIDTH = 0.6
"""The width of a character of a typewriter, in type sizes."""

_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)


class Line(NamedTuple):
    """A line: its text, where its baseline begins, its type size (both in points), whether it is bold, and
    its page, from 0. If it begins with a number, ``after`` is about where the words after that begin."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    page: int = 0
    after: float = 0.0


def lines(page: PageObject, number: int, tick: Callable[[], None]) -> list[Line]:
    """The lines of a page in drawing order; y grows upwards, as in PDF.

    ``tick`` is called for every drawing operator, and may raise to stop.
    """
    runs: list[TextRun] = []

    def take(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> None:
        if text:
            runs.append(_text_run(text, outer, inner, font, size))

    page.extract_text(visitor_operand_before=lambda *_: tick(), visitor_text=take)
    turns = Counter[int]()
    for run in runs:
        turns[run.turn] += len(run.text.strip())
    upright = turns.most_common(1)[0][0] if turns else 0
    rows = in_columns(attached(_rows(run for run in runs if run.turn == upright)))
    return [line for row in rows if (line := _line(row, number))]


def _text_run(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> TextRun:
    """A text run at its position on the page: the text matrix times the page's."""
    a, b = (inner[0] * outer[at] + inner[1] * outer[at + 2] for at in (0, 1))
    c, d = (inner[2] * outer[at] + inner[3] * outer[at + 2] for at in (0, 1))
    x, y = (inner[4] * outer[at] + inner[5] * outer[at + 2] + outer[at + 4] for at in (0, 1))
    turn = round(atan2(b, a) / (pi / 2)) % 4
    x, y = ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
    name = str(font.get("/BaseFont", "")) if font else ""
    return TextRun(text, x, y, abs(size) * hypot(c, d), turn, _BOLD.search(name) is not None)


def _rows(runs: Iterable[TextRun]) -> Iterator[list[TextRun]]:
    """The runs of each line."""
    held: list[TextRun] = []
    for run in runs:
        if held and run.text.strip() and abs(run.y - held[0].y) > LEADING * run.size:
            yield held
            held = []
        text = run.text.replace("\n", " ")
        held += [run._replace(text=text)] if text else []
        if held and run.text.endswith("\n"):
            yield held
            held = []
    if held:
        yield held


def _line(runs: Sequence[TextRun], page: int) -> Line | None:
    """The runs of a line joined; its size and weight are those of most of its letters."""
    drawn = [run for run in runs if run.text.strip()]
    if not drawn:
        return None
    weights = Counter[tuple[float, bool]]()
    for run in drawn:
        weights[round(run.size, 1), run.bold] += len(run.text.strip())
    size, bold = weights.most_common(1)[0][0]
    runs = _number_first(runs, drawn)
    words = joined(runs, size).translate(LIGATURES)
    ends_soft = words.rstrip().endswith(SOFT_HYPHEN)
    text = cleaned(words, " ")
    if not text:
        return None
    first, *others = (run for run in runs if run.text.strip())
    return Line(text + SOFT_HYPHEN * ends_soft, first.x, first.y, size, bold, page, _after(first, others))


def _number_first(runs: Sequence[TextRun], drawn: Sequence[TextRun]) -> Sequence[TextRun]:
    """The runs of a line; a number in its margin comes first, whenever it was drawn."""
    margin = min(drawn, key=lambda run: run.x)
    if margin.x >= drawn[0].x - margin.size / 2 or not _NUMBER.fullmatch(margin.text):
        return runs
    others = [run for run in runs if run is not margin]
    return [margin._replace(text=f"{margin.text.strip()} "), *others]


def _after(first: TextRun, others: Sequence[TextRun]) -> float:
    """Where the words after a number begin, of which the line's first run may hold the first."""
    if _NUMBER.fullmatch(first.text):
        return others[0].x if others else 0.0
    number = re.match(r"\s*\d{1,4}\s+", first.text)
    return first.x + number.end() * WIDTH * first.size if number else 0.0
