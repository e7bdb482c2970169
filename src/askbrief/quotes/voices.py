"""Sentences to voices: who speaks in each, as its quotations tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from askbrief.quotes.extract import quotations
from askbrief.types import Quotation, Sentence


def speakers(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, with ``speaker`` filled where their quotations tell who speaks.

    That is who the cue names that stands in the sentence: one that closes it, before any other ("…, Kirby
    said."), else the first; where none stands, who speaks the words that the sentence is all of. Everything
    else is None.
    """
    found: dict[int, list[Quotation]] = defaultdict(list)
    for one in quotations(text, sentences):
        found[one.paragraph].append(one)
    return tuple(replace(one, speaker=_speaker(one, found.get(one.paragraph, []))) for one in sentences)


def _speaker(sentence: Sentence, found: Sequence[Quotation]) -> str | None:
    """Who speaks in a sentence, by the quotations of its paragraph."""
    cued = [one for one in found if sentence.start <= one.cue[0] < sentence.end]
    if cued:
        closing = [one for one in cued if one.start < one.cue[0]]
        return (closing or sorted(cued, key=lambda one: one.cue))[0].name
    number = sentence.number
    return next((one.name for one in found if one.sentences[0] <= number <= one.sentences[1]), None)
