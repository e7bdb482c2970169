"""Which sentences an extent of a text touches."""

from __future__ import annotations

from collections.abc import Iterable

from askbrief.types import Sentence


def touched(sentences: Iterable[Sentence], start: int, end: int) -> list[Sentence]:
    """The sentences that share a character with an extent."""
    return [one for one in sentences if one.start < end and start < one.end]


def touched_in_paragraph(sentences: Iterable[Sentence], start: int, end: int) -> list[Sentence]:
    """The same within the first paragraph that the extent touches: what a citation of it may hold."""
    found = touched(sentences, start, end)
    return [one for one in found if one.paragraph == found[0].paragraph]
