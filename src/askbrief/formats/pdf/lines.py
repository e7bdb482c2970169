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

if TYPE_CHECKING:
    from pypdf import PageObject

LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
"""Ligatures belong to the typeface: nobody searches for them, and no model knows them."""
LEADING = 0.9
"""A run that is higher or lower by more than this, in type sizes, is on another line."""
SOFT_HYPHEN = "\u00ad"

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)


class Line(NamedTuple):
    """A line: its text, where its baseline begins, its type size (both in points), whether it is bold, and
    its page, from 0."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    page: int = 0


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
    rows = in_columns(list(_rows(run for run in runs if run.turn == upright)))
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
    words = "".join(run.text for run in runs).translate(LIGATURES)
    ends_soft = words.rstrip().endswith(SOFT_HYPHEN)
    text = cleaned(words, " ")
    if not text:
        return None
    weights = Counter[tuple[float, bool]]()
    for run in runs:
        weights[round(run.size, 1), run.bold] += len(run.text.strip())
    size, bold = weights.most_common(1)[0][0]
    first = next(run for run in runs if run.text.strip())
    return Line(text + SOFT_HYPHEN * ends_soft, first.x, first.y, size, bold, page)
