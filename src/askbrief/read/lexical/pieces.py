"""The sentences that a question is read against, with what is known of each before any model looks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from askbrief.english.question_words import choice
from askbrief.english.stemming import stems
from askbrief.types import Hit, Sentence

Place: TypeAlias = tuple[str, int]
"""A sentence, by its document's id and its start there."""


_CUE = choice("reporting")
_CARRIED = re.compile(
    rf"^[“\"]?\W*(?:He|She|They|The \w+)\b(?: \w+){{0,2}}? {_CUE}\b|[”\"],? (?:he|she|they) {_CUE}\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a hit: which, its words, who speaks in it, and the words around it.

    ``stems`` are of the sentence and its speaker's name, ``beside`` of it and its neighbours in the
    paragraph, ``near`` of it and its neighbours in the hit, ``passage`` of the hit and the document's title.
    """

    hit: int
    place: int
    start: int
    end: int
    text: str
    speaker: str | None
    stems: frozenset[str]
    beside: frozenset[str]
    near: frozenset[str]
    passage: frozenset[str]


def pieces(hits: Sequence[Hit]) -> list[Piece]:
    """The hits' sentences, each once, under the best hit that holds it."""
    voices = speakers(hits)
    words = {
        (hit.document.id, s.start): stems(_text(hit, s)) | stems(voices[hit.document.id, s.start] or "")
        for hit in hits
        for s in hit.sentences
    }
    beside = _beside(hits, words)
    found: dict[Place, Piece] = {}
    for number, hit in enumerate(hits):
        own = [words[hit.document.id, sentence.start] for sentence in hit.sentences]
        passage = stems(hit.document.title.replace("_", " ")).union(*own)
        for place, sentence in enumerate(hit.sentences):
            key = (hit.document.id, sentence.start)
            if key in found or not _text(hit, sentence).strip():
                continue
            found[key] = Piece(
                hit=number,
                place=place,
                start=sentence.start,
                end=sentence.end,
                text=_text(hit, sentence),
                speaker=voices[key],
                stems=words[key],
                beside=beside[key],
                near=frozenset().union(*own[max(0, place - 1) : place + 2]),
                passage=passage,
            )
    return list(found.values())


def _beside(hits: Sequence[Hit], words: Mapping[Place, frozenset[str]]) -> dict[Place, frozenset[str]]:
    """For each sentence, the words of it and of its neighbours in the paragraph, whichever hit holds them."""
    at = {(hit.document.id, s.paragraph, s.number): s.start for hit in hits for s in hit.sentences}
    found = {}
    for (document, paragraph, number), start in at.items():
        around = [at.get((document, paragraph, number + step)) for step in (-1, 0, 1)]
        beside = [words[document, place] for place in around if place is not None]
        found[document, start] = frozenset().union(*beside)
    return found


def speakers(hits: Sequence[Hit]) -> dict[Place, str | None]:
    """Who speaks in each sentence of the hits: as the archive knows, or carried over from the one before.

    A speaker is carried into a sentence that reports with a pronoun ("He added that …"; "…, he said"), also
    from one hit to another of the same document, where no paragraph lies between.
    """
    sentences = {(hit.document.id, s.start): (s, _text(hit, s)) for hit in hits for s in hit.sentences}
    found: dict[Place, str | None] = {}
    before: tuple[str, int, str | None] = ("", 0, None)
    for place in sorted(sentences):
        sentence, text = sentences[place]
        document, paragraph, last = before
        follows = place[0] == document and sentence.paragraph <= paragraph + 1
        found[place] = sentence.speaker or (last if follows and _CARRIED.search(text) else None)
        before = (place[0], sentence.paragraph, found[place])
    return found


def _text(hit: Hit, sentence: Sentence) -> str:
    return hit.text[sentence.start - hit.start : sentence.end - hit.start]
