"""Sentences to voices: quotations are masked, and the cue that governs a sentence names who speaks in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import regex

from askbrief.quotes.cues import cues
from askbrief.quotes.english import MASK, tables
from askbrief.quotes.names import Names
from askbrief.types import Extent, Sentence

_MARK = regex.compile(r"[“”«»\"]|''|’’|``")


def speakers(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, with ``speaker`` filled where the sentence itself names who speaks.

    The speaker is the fullest form of the name in the document, without titles. A quotation that begins
    a sentence right after one with a named speaker goes on in the same voice. Everything else is None.
    """
    names = Names(text)
    spoken: list[Sentence] = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        spoken += _paragraph(text, list(group), names)
    return tuple(spoken)


def _paragraph(text: str, sentences: list[Sentence], names: Names) -> list[Sentence]:
    quotations = list(_quotations(text, sentences[0].start, sentences[-1].end))
    voices: list[str | None] = []
    for sentence in sentences:
        words = _words(text, sentence, quotations)
        cue, voice = _voice(words, names)
        if cue:
            _reach_back(voices, voice, sentence, sentences, quotations)
        elif voices and _all_quoted(words):
            voice = voices[-1]
        voices.append(voice)
    return [replace(sentence, speaker=voice) for sentence, voice in zip(sentences, voices, strict=True)]


def _reach_back(
    voices: list[str | None],
    voice: str | None,
    last: Sentence,
    sentences: list[Sentence],
    quotations: list[Extent],
) -> None:
    """A quotation that ends in ``last``, before its cue, has one voice in all its sentences."""
    opening = next((start for start, end in quotations if start < last.start < end), last.start)
    for number in range(len(voices)):
        if sentences[number].start >= opening:
            voices[number] = voice


def _quotations(text: str, start: int, end: int) -> Iterator[Extent]:
    """The quotations of a paragraph, marks included; one that is never closed goes on to its end."""
    opened: int | None = None
    for mark in _MARK.finditer(text, start, end):
        before, after = text[max(start, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
        straight = mark[0] in {'"', "''"}
        opens = mark[0] in {"“", "«", "``"} or (
            straight and (before in "([{-–—" or before.isspace()) and not after.isspace()
        )
        if opened is None and opens:
            opened = mark.start()
        elif opened is not None and (straight or not opens):
            yield opened, mark.end()
            opened = None
    if opened is not None:
        yield opened, end


def _words(text: str, sentence: Sentence, quotations: list[Extent]) -> list[str]:
    """The words and marks of a sentence; what it holds of a quotation is one word, of masks."""
    masked = text[sentence.start : sentence.end]
    for start, end in quotations:
        first, last = max(start - sentence.start, 0), min(end, sentence.end) - sentence.start
        if first < last:
            masked = masked[:first] + MASK * (last - first) + masked[last:]
    return tables().token.findall(masked)


def _all_quoted(words: list[str]) -> bool:
    return all(word[0] == MASK or not word[0].isalnum() for word in words)


def _voice(words: list[str], names: Names) -> tuple[bool, str | None]:
    """Whether a sentence has a cue of its own, and whom the cue that governs it names.

    That is one that stands by a quotation or closes the sentence ("…, Kirby said."), else the first.
    """
    words = _without_dateline(words)
    found = list(cues(words, names))
    if not found:
        return False, None
    return True, next((cue for cue in found if cue.closing), found[0]).name


def _without_dateline(words: list[str]) -> list[str]:
    """The words after PARIS, Aug 31 (Reuters) -, where a sentence begins so."""
    dash = next((place for place, word in enumerate(words[:14]) if word in {"-", "--", "–", "—"}), None)
    capital = len(words) > 1 and words[0].isupper() and len(words[0]) > 2
    return words[dash + 1 :] if dash and (capital or words[dash - 1] == ")") else words
