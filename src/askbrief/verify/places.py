"""Where words stand in a text, or what is most like them there; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from askbrief.settings import DIGITS
from askbrief.types import Extent, Sentence

LEAST_ALIKE = 0.6
"""Likeness (rapidfuzz's ratio) from which a sentence is taken for another, reworded. Of 2,000 sentences of
BBC news, each put to an article that it is not of, 99.9% were less than 0.54 like any of its sentences."""

MOST_ALIKE = 0.9999
"""Likeness of other words: only the words themselves are like them wholly."""


def nearest(words: str, text: str, near: int) -> Extent | None:
    """Where ``words`` stand in ``text``, nearest to a place; but for white space, if not to the letter."""
    places = list(_places(re.escape(words), text))
    if not places:
        places = list(_places(r"\s+".join(map(re.escape, words.split())), text))
    return min(places, key=lambda place: abs(place[0] - near), default=None)


def _places(pattern: str, text: str) -> Iterator[Extent]:
    """Every place, those that overlap included."""
    return (found.span(1) for found in re.finditer(f"(?=({pattern}))", text)) if pattern else iter(())


def most_alike(words: str, count: int, text: str, sentences: Sequence[Sentence]) -> Extent | None:
    """The run of ``count`` sentences that is most like ``words``; None where none is ``LEAST_ALIKE``."""
    from rapidfuzz import fuzz, process

    runs = list(_runs(sentences, max(1, count)))
    texts = [text[start:end] for start, end in runs]
    best = process.extractOne(words, texts, scorer=fuzz.ratio, score_cutoff=100 * LEAST_ALIKE)
    return runs[best[2]] if best else None


def _runs(sentences: Sequence[Sentence], count: int) -> Iterator[Extent]:
    """The extents of ``count`` sentences on end in one paragraph, or of all of a shorter one."""
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        paragraph = list(group)
        for first in range(max(1, len(paragraph) - count + 1)):
            yield paragraph[first].start, paragraph[first : first + count][-1].end


def beginning_at(start: int, sentences: Sequence[Sentence]) -> Extent | None:
    """The sentence that begins at ``start``: what comes before it is as long as it was."""
    return next(((s.start, s.end) for s in sentences if s.start == start), None)


def inside(sentences: Sequence[Sentence], place: Extent) -> list[Sentence]:
    """The sentences that a place touches, of the first paragraph that it touches."""
    touched = [s for s in sentences if s.start < place[1] and place[0] < s.end]
    return [s for s in touched if s.paragraph == touched[0].paragraph]


def alike(words: str, now: str) -> float:
    """Likeness, 0 to 1; 1 for the same words, however they are spaced, never for others."""
    if words.split() == now.split():
        return 1.0
    from rapidfuzz import fuzz

    likeness: float = fuzz.ratio(words, now) / 100
    return min(round(likeness, DIGITS), MOST_ALIKE)
