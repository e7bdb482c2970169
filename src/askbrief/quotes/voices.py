"""Sentences to voices: who speaks in each, as its quotations tell."""

from __future__ import annotations

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
    found = quotations(text, sentences)
    return tuple(replace(sentence, speaker=_speaker(sentence, found)) for sentence in sentences)


def _speaker(sentence: Sentence, found: Sequence[Quotation]) -> str | None:
    inside = [one for one in found if one.paragraph == sentence.paragraph]
    cued = [one for one in inside if sentence.start <= one.cue[0] < sentence.end]
    if cued:
        closing = [one for one in cued if one.start < one.cue[0]]
        return (closing or sorted(cued, key=lambda one: one.cue))[0].name
    first, last = sentence.number, sentence.number
    covering = (one.name for one in inside if one.sentences[0] <= first and last <= one.sentences[1])
    return next(covering, None)
