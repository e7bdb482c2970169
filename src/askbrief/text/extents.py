"""Which sentences an extent of a text touches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from askbrief.types import Sentence


def touched(sentences: Sequence[Sentence], start: int, end: int) -> list[Sentence]:
    """The sentences, which are in order, that share a character with an extent."""
    first = bisect_right(sentences, start, key=lambda one: one.end)
    return list(sentences[first : bisect_left(sentences, end, first, key=lambda one: one.start)])


def touched_in_paragraph(sentences: Sequence[Sentence], start: int, end: int) -> list[Sentence]:
    """The same within the first paragraph that the extent touches: what a citation of it may hold."""
    found = touched(sentences, start, end)
    return [one for one in found if one.paragraph == found[0].paragraph]
