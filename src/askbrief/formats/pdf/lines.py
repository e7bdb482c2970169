"""The lines of a PDF's page, with where they stand, put together from the pieces that pypdf hands out.

The order is that in which the page draws them, which is the order of reading in what word processors, layout
programs and browsers write: a column is drawn before the next (``columns`` sees to others). Text that stands
at right angles to the rest (a stamp in the margin) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import atan2, hypot, pi
from typing import TYPE_CHECKING, Any, NamedTuple

from askbrief.formats.document import cleaned
from askbrief.formats.pdf.columns import Piece, in_columns

if TYPE_CHECKING:
    from pypdf import PageObject

LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
"""One sign for two letters is a matter of the typeface: nobody searches for it, and no reader knows it."""
LEADING = 0.9
"""A piece that stands higher or lower by more, in sizes of its type, is on another line."""
SOFT_HYPHEN = "\u00ad"

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)


class Line(NamedTuple):
    """A line: its words, where its baseline begins, its size (both in points), and whether it is bold."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False


def lines(page: PageObject, tick: Callable[[], None]) -> list[Line]:
    """The lines of a page in the order in which it draws them; y grows upwards, as in PDF.

    ``tick`` is called with every operator that draws, and may raise what ends it all.
    """
    pieces: list[Piece] = []

    def take(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> None:
        if text:
            pieces.append(_piece(text, outer, inner, font, size))

    page.extract_text(visitor_operand_before=lambda *_: tick(), visitor_text=take)
    turns = Counter[int]()
    for piece in pieces:
        turns[piece.turn] += len(piece.text.strip())
    upright = turns.most_common(1)[0][0] if turns else 0
    rows = in_columns(list(_rows(piece for piece in pieces if piece.turn == upright)))
    return [line for row in rows if (line := _line(row))]


def _piece(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> Piece:
    """A piece of text where the page shows it: the text's own matrix within that of the page."""
    a, b = (inner[0] * outer[at] + inner[1] * outer[at + 2] for at in (0, 1))
    c, d = (inner[2] * outer[at] + inner[3] * outer[at + 2] for at in (0, 1))
    x, y = (inner[4] * outer[at] + inner[5] * outer[at + 2] + outer[at + 4] for at in (0, 1))
    turn = round(atan2(b, a) / (pi / 2)) % 4
    x, y = ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
    name = str(font.get("/BaseFont", "")) if font else ""
    return Piece(text, x, y, abs(size) * hypot(c, d), turn, _BOLD.search(name) is not None)


def _rows(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each line."""
    held: list[Piece] = []
    for piece in pieces:
        if held and piece.text.strip() and abs(piece.y - held[0].y) > LEADING * piece.size:
            yield held
            held = []
        text = piece.text.replace("\n", " ")
        held += [piece._replace(text=text)] if text else []
        if held and piece.text.endswith("\n"):
            yield held
            held = []
    if held:
        yield held


def _line(pieces: Sequence[Piece]) -> Line | None:
    """The pieces of a line as one; its size and weight are those of most of its letters."""
    words = "".join(piece.text for piece in pieces).translate(LIGATURES)
    ends_soft = words.rstrip().endswith(SOFT_HYPHEN)
    text = cleaned(words, " ")
    if not text:
        return None
    weights = Counter[tuple[float, bool]]()
    for piece in pieces:
        weights[round(piece.size, 1), piece.bold] += len(piece.text.strip())
    size, bold = weights.most_common(1)[0][0]
    first = next(piece for piece in pieces if piece.text.strip())
    return Line(text + SOFT_HYPHEN * ends_soft, first.x, first.y, size, bold)
