"""The sentences that a question is read against, and how much of the question each of them shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from askbrief.english.lexicon import choice
from askbrief.english.stemming import stems
from askbrief.question import Intent, QuestionWord, corrected, understand
from askbrief.read.logistic import shipped_weights
from askbrief.types import Hit

Key: TypeAlias = tuple[str, int]
"""A sentence: the id of its document, and its start there."""

_VERB = choice("reporting")
_PRONOUN_SPEAKS = re.compile(
    rf"^[“\"]?\W*(?:He|She|They|The \w+)\b(?: \w+){{0,2}}? {_VERB}\b|[”\"],? (?:he|she|they) {_VERB}\b"
)


@dataclass(frozen=True, slots=True)
class HitSentence:
    """A sentence of hit number ``hit``: its extent in the document, its text, and who speaks in it.

    ``stems`` are of the sentence and of its speaker's name, ``beside`` of it and its neighbours in the
    paragraph, ``passage`` of the hit and of the document's title.
    """

    hit: int
    start: int
    end: int
    text: str
    speaker: str | None
    stems: frozenset[str]
    beside: frozenset[str]
    passage: frozenset[str]


def hit_sentences(hits: Sequence[Hit]) -> list[HitSentence]:
    """The sentences of the hits, each once, as part of the best hit that contains it."""
    speaking = speakers(hits)
    words = {
        (hit.document.id, s.start): stems(hit.slice(s.start, s.end))
        | stems(speaking[hit.document.id, s.start] or "")
        for hit in hits
        for s in hit.sentences
    }
    beside = _beside(hits, words)
    found: dict[Key, HitSentence] = {}
    for number, hit in enumerate(hits):
        in_hit = [words[hit.document.id, sentence.start] for sentence in hit.sentences]
        passage = stems(hit.document.title.replace("_", " ")).union(*in_hit)
        for sentence in hit.sentences:
            key = (hit.document.id, sentence.start)
            text = hit.slice(sentence.start, sentence.end)
            if key not in found and text.strip():
                found[key] = HitSentence(
                    number, *key[1:], sentence.end, text, speaking[key], words[key], beside[key], passage
                )
    return list(found.values())


def _beside(hits: Sequence[Hit], words: Mapping[Key, frozenset[str]]) -> dict[Key, frozenset[str]]:
    """The stems of each sentence and its neighbours in the paragraph, even if these are in other hits."""
    starts = {(hit.document.id, s.paragraph, s.number): s.start for hit in hits for s in hit.sentences}
    found = {}
    for (document, paragraph, number), start in starts.items():
        around = [starts.get((document, paragraph, number + step)) for step in (-1, 0, 1)]
        near = [words[document, place] for place in around if place is not None]
        found[document, start] = frozenset().union(*near)
    return found


def speakers(hits: Sequence[Hit]) -> dict[Key, str | None]:
    """Who speaks in each sentence of the hits: as indexed, or carried over from the sentence before.

    A speaker is carried over to a sentence that reports with a pronoun ("He added that …"; "…, he said"),
    also between hits of one document, if no paragraph lies between the two sentences.
    """
    sentences = {
        (hit.document.id, s.start): (s, hit.slice(s.start, s.end)) for hit in hits for s in hit.sentences
    }
    found: dict[Key, str | None] = {}
    before: tuple[str, int, str | None] = ("", 0, None)
    for key in sorted(sentences):
        sentence, text = sentences[key]
        document, paragraph, last = before
        follows = key[0] == document and sentence.paragraph <= paragraph + 1
        found[key] = sentence.speaker or (last if follows and _PRONOUN_SPEAKS.search(text) else None)
        before = (key[0], sentence.paragraph, found[key])
    return found


def understood(question: str, sentences: Iterable[HitSentence]) -> Intent:
    """What a question asks for, its misspelt words spelt as the passages of the sentences spell them."""
    vocabulary: frozenset[str] = frozenset().union(*(sentence.passage for sentence in sentences))
    return corrected(understand(question), vocabulary)


@cache
def word_rarity() -> Mapping[str, float]:
    """The weights, 0 to 1, of the 4,000 commonest stems; any other stem weighs 1.

    A weight is the inverse document frequency in 2,800 paragraphs, mostly of an encyclopaedia, divided by
    that of a stem in a single paragraph.
    """
    return shipped_weights("word_rarity")


def overlap(words: Sequence[QuestionWord], stems: frozenset[str], rarity: Mapping[str, float]) -> float:
    """The share of a question's words that are among the stems, weighted by rarity; 0 for no words."""
    total = sum(rarity.get(word.stem, 1.0) for word in words)
    return sum(rarity.get(word.stem, 1.0) for word in words if word.stem in stems) / total if total else 0.0
