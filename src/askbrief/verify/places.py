"""The place of words in a text, or of the most similar words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from askbrief.settings import DIGITS
from askbrief.types import Extent, Sentence

LEAST_ALIKE = 0.6
"""Minimum similarity (rapidfuzz's ratio) of a sentence and its reworded form. Of 2,000 sentences of BBC news,
each compared with another article, 99.9% had a similarity below 0.54 to all of its sentences."""

MOST_ALIKE = 0.9999
"""Maximum similarity of other words; only the words themselves have 1."""


def nearest(words: str, text: str, near: int) -> Extent | None:
    """The extent of ``words`` in ``text`` nearest to a place; with other white space, if not exactly."""
    spaced = r"\s+".join(map(re.escape, words.split()))
    places = list(_places(re.escape(words), text)) or list(_places(spaced, text))
    return min(places, key=lambda place: abs(place[0] - near), default=None)


def _places(pattern: str, text: str) -> Iterator[Extent]:
    """Every place, including overlapping ones."""
    return (found.span(1) for found in re.finditer(f"(?=({pattern}))", text)) if pattern else iter(())


def most_alike(words: str, count: int, text: str, sentences: Sequence[Sentence]) -> Extent | None:
    """The run of ``count`` sentences most similar to ``words``; None if none reaches ``LEAST_ALIKE``."""
    from rapidfuzz import fuzz, process

    runs = list(_runs(sentences, max(1, count)))
    texts = [text[start:end] for start, end in runs]
    best = process.extractOne(words, texts, scorer=fuzz.ratio, score_cutoff=100 * LEAST_ALIKE)
    return runs[best[2]] if best else None


def _runs(sentences: Sequence[Sentence], count: int) -> Iterator[Extent]:
    """The extents of ``count`` consecutive sentences of a paragraph, or of all if it has fewer."""
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        paragraph = list(group)
        for first in range(max(1, len(paragraph) - count + 1)):
            yield paragraph[first].start, paragraph[first : first + count][-1].end


def alike(words: str, now: str) -> float:
    """Similarity, from 0 to 1; 1 only for the same words, in whatever spacing."""
    if words.split() == now.split():
        return 1.0
    from rapidfuzz import fuzz

    likeness: float = fuzz.ratio(words, now) / 100
    return min(round(likeness, DIGITS), MOST_ALIKE)
