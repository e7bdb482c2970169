"""The speaker of each sentence, from its quotations."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from askbrief.types import Quotation, Sentence


def with_speakers(sentences: Sequence[Sentence], quotations: Sequence[Quotation]) -> tuple[Sentence, ...]:
    """The sentences of a text, with ``speaker`` set if a quotation names who speaks, else None.

    The speaker is the one named by the sentence's cue: by the one that closes it ("…, Kirby said."), else by
    the first. A sentence without a cue has the speaker of the quotation that it is part of.
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
