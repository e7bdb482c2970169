"""Sentences to voices: who speaks in each, as its quotations tell."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from askbrief.types import Quotation, Sentence


def with_speakers(sentences: Sequence[Sentence], quotations: Sequence[Quotation]) -> tuple[Sentence, ...]:
    """The sentences of a text, with ``speaker`` filled where its quotations tell who speaks.

    That is who the cue names that stands in the sentence: one that closes it, before any other ("…, Kirby
    said."), else the first; where none stands, who speaks the words that the sentence is all of. Everything
    else is None.
    """
    starts = [sentence.start for sentence in sentences]
    cued: dict[int, list[Quotation]] = defaultdict(list)
    within: dict[tuple[int, int], str | None] = {}
    for one in quotations:
        place = bisect_right(starts, one.cue[0]) - 1
        if sentences[place].paragraph == one.paragraph:
            cued[place].append(one)
        for number in range(one.sentences[0], one.sentences[1] + 1):
            within.setdefault((one.paragraph, number), one.name)
    return tuple(
        replace(
            sentence,
            speaker=_governing(cued[place]).name
            if place in cued
            else within.get((sentence.paragraph, sentence.number)),
        )
        for place, sentence in enumerate(sentences)
    )


def _governing(found: Sequence[Quotation]) -> Quotation:
    """Of a sentence's cues the one that governs it, by what it reports."""
    closing = (one for one in found if one.start < one.cue[0])
    return next(closing, min(found, key=lambda one: (one.name is None, one.cue)))
