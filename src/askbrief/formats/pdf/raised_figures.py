"""Raised and lowered figures: those of notes, powers and formulas, which must not run into what is before.

They are written as the characters that Unicode has for them: 10⁶, CO₂, “since.¹”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from askbrief.formats.pdf.columns import TextRun

SMALLER, FAR_SMALLER = 0.85, 0.75
"""Type of less than these shares of the line's is that of a raised figure: if it is drawn higher, or if PDF
keeps its height to itself."""
SHIFT = 0.08
"""In type sizes: what is drawn higher or lower by more than this is raised or lowered."""
HIGHEST = 0.8
"""In type sizes; what is higher belongs to another line."""
NEAR = 3.0
"""In type sizes: how far after a raised figure its line goes on."""
FIGURE_WIDTH, SPACE = 0.56, 0.08
"""Widths in type sizes: of a figure, and of the least gap that is a space."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_NOTED = re.compile(r"[^\W\d_]{4}[⁰¹²³⁴⁵⁶⁷⁸⁹]+$")
_FIGURE = re.compile(r"\s*(?:\d{1,3}|[*†‡§]{1,3})\s*")


def attached(rows: Iterable[list[TextRun]]) -> list[list[TextRun]]:
    """The rows of a page; a raised figure that was drawn by itself is in the row of the word that it is at,
    with what follows it there."""
    found: list[list[TextRun]] = []
    for row in rows:
        if found and (_figure_of(row, found[-1]) or _goes_on(row, found[-1])):
            found[-1] += row
        else:
            found.append(list(row))
    return found


def _first(row: Iterable[TextRun]) -> TextRun | None:
    return next((run for run in row if run.text.strip()), None)


def _figure_of(row: Sequence[TextRun], before: Sequence[TextRun]) -> bool:
    """Whether a row is a raised figure at the end of the row before."""
    figure, last = _first(row), _first(reversed(before))
    if figure is None or last is None or not _FIGURE.fullmatch("".join(run.text for run in row)):
        return False
    higher = (figure.y - last.y) / max(last.size, 1.0)
    return figure.size < SMALLER * last.size and SHIFT < higher < HIGHEST and figure.x > last.x


def _goes_on(row: Sequence[TextRun], before: Sequence[TextRun]) -> bool:
    """Whether a row goes on with the line of the row before, after a raised figure."""
    words, line, figure = _first(row), _first(before), _first(reversed(before))
    if words is None or line is None or figure is None or not _FIGURE.fullmatch(figure.text):
        return False
    near = 0 <= words.x - figure.x < NEAR * words.size and figure.size < words.size
    return near and figure is not line and abs(words.y - line.y) < SHIFT * words.size


def joined(runs: Sequence[TextRun], size: float) -> str:
    """The text of a line's runs, most of which are of one type size, with raised and lowered figures."""
    base = next((run.y for run in runs if run.text.strip() and run.size >= SMALLER * size), None)
    parts: list[str] = []
    figure: TextRun | None = None
    begun = False
    for run in runs:
        table = None if base is None else _shifted(run, base, size)
        if table is None:
            parts.append(" " * _apart("".join(parts[-2:]), figure, run, size) + run.text)
        elif not begun:
            parts.append(f"{run.text.strip()} ")  # that of a note
        else:
            parts[-1] = parts[-1].rstrip()
            parts.append(run.text.strip().translate(table))
        begun = begun or bool(run.text.strip())
        figure = run if table else None if run.text.strip() else figure
    return "".join(parts)


def _apart(before: str, figure: TextRun | None, run: TextRun, size: float) -> bool:
    """Whether a space is missing between a figure and what follows: none is drawn, or the figure is the mark
    of a note after a word."""
    if figure is None or not run.text[:1].isalnum():
        return False
    noted = run.text[0].isalpha() and _NOTED.search(before) is not None
    return noted or _gap(figure, run) > SPACE * size


def _gap(figure: TextRun, run: TextRun) -> float:
    return run.x - figure.x - FIGURE_WIDTH * figure.size * len(figure.text.strip())


def _shifted(run: TextRun, base: float, size: float) -> dict[int, int] | None:
    """The characters for the figures of a run that is raised or lowered; None if it isn't."""
    share = run.size / max(size, 1.0)
    if share >= SMALLER or not _FIGURE.fullmatch(run.text):
        return None
    higher = (run.y - base) / max(size, 1.0)
    if abs(higher) <= SHIFT:
        return RAISED if share < FAR_SMALLER else None
    return RAISED if higher > 0 else LOWERED
