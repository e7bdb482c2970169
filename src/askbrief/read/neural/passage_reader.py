"""Passages read by a reading model: the best span of every sentence, with its probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from askbrief.english.stemming import stems
from askbrief.question import respelled, wants_all, wants_list
from askbrief.read.counted import counted
from askbrief.read.entities import entities
from askbrief.read.logistic import probability
from askbrief.read.near_misses import NEAR_MISS, is_near_miss
from askbrief.read.neural.reading_model import ReaderCard, ReadingModel
from askbrief.read.neural.span_decoding import Candidate, best_of_each, candidates
from askbrief.read.neural.windows import token_count, windows
from askbrief.text import bare_answer
from askbrief.types import Extent, Hit, Span

FURTHEST = 25.0
"""Features are clipped to this: larger values add nothing, and an outlier would dominate a fit."""

NAMES_WEIGHT = 1.5
"""Of the logarithm of a sentence's names, for a list; on the dev half of `eval/newsroom.jsonl`, weights of 0
to 1 put the right sentence first in 3 of 9, 1.5 in 5, 2 in 6, 3 in 4."""

Weighed: TypeAlias = tuple[list[Candidate], list[dict[str, float]]]
"""Candidates, and the features of each by name."""

READ = ("margin", "mass", "log_probability", "answerable")
FOUND = ("lead", "cosine", "rank", "behind")
FEATURES = READ + FOUND
"""What a probability may depend on: fields of ``Candidate``, and how the passage was found."""


@dataclass(frozen=True, slots=True)
class PassageReader:
    """Reads passages with a reading model; fills the ``Reader`` protocol."""

    model: ReadingModel

    @property
    def threshold(self) -> float:
        """The least probability at which to answer."""
        return self.model.card.threshold

    @property
    def name(self) -> str:
        """The reader's name in results."""
        return self.model.card.name

    def alone(self, question: str, hit: Hit) -> list[Span]:
        """As ``read``, for a text that was not retrieved."""
        found = self.candidates(question, [hit])
        logits = [self.model.card.alone.logit(row) for row in described(found, [hit])]
        return _spans(
            question,
            found,
            [hit],
            [a - b for a, b in zip(logits, misses(question, [hit], found), strict=True)],
        )

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans, the most probable first, one for each sentence that could be read."""
        return judged(question, hits, *self.weighed(question, hits), self.model.card)

    def weighed(self, question: str, hits: Sequence[Hit]) -> Weighed:
        """The best span of every sentence of the hits, with what its probability depends on."""
        found = self.candidates(question, hits)
        return found, described(found, hits)

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The best span of every sentence of the hits, by the model's scores."""
        card, texts = self.model.card, [hit.text for hit in hits]
        question = respelled(question, texts, self._knows)
        cut = windows(self.model.tokenizer, question, texts, card.window, card.overlap)
        found: list[Candidate] = []
        for window, scores in zip(cut, self.model.score(cut), strict=True):
            hit = hits[window.text]
            extents = [(s.start - hit.start, s.end - hit.start) for s in hit.sentences]
            found += candidates(window, scores, extents, [s.paragraph for s in hit.sentences])
        return best_of_each(found)

    def _knows(self, word: str) -> bool:
        return token_count(self.model.tokenizer, word) == 1


def judged(
    question: str,
    hits: Sequence[Hit],
    found: Sequence[Candidate],
    rows: Sequence[dict[str, float]],
    card: ReaderCard,
) -> list[Span]:
    """Spans, the most probable first: each by itself if the question asks for all, else against the rest."""
    missed = misses(question, hits, found)
    each = [card.each.logit(row) - less for row, less in zip(rows, missed, strict=True)]
    if wants_list(question):
        each = [
            logit + enumerates(question, hits[one.text], one) for logit, one in zip(each, found, strict=True)
        ]
    if wants_all(question):
        return _spans(question, found, hits, each)
    answers = [hits[one.text].text[one.start : one.end] for one in found]
    return _spans(question, found, hits, agreeing(answers, competing(rows, missed, card), each))


def misses(question: str, hits: Sequence[Hit], found: Sequence[Candidate]) -> list[float]:
    """What each candidate loses of its log odds if its sentence is a near miss."""
    return [
        NEAR_MISS * is_near_miss(question, hits[one.text], hits[one.text].sentences[one.sentence])
        for one in found
    ]


def competing(rows: Sequence[dict[str, float]], missed: Sequence[float], card: ReaderCard) -> list[float]:
    """The log odds of answers that compete, each without what it loses as a near miss.

    How far the best is ahead of the others tells which is right, if one is, but not whether one is: in a
    small archive nothing competes with a near miss. So the best has the log odds of ``sure``, and the others
    keep their distance from it.
    """
    among = [card.among.logit(row) - less for row, less in zip(rows, missed, strict=True)]
    if card.sure is None or not among:
        return among
    best = max(range(len(among)), key=among.__getitem__)
    moved = card.sure.logit(rows[best]) - missed[best] - among[best]
    return [logit + moved for logit in among]


def enumerates(question: str, hit: Hit, candidate: Candidate) -> float:
    """What the names in a candidate's sentence add to its log odds of answering a question for a list:
    nothing for two that the question doesn't have, less for fewer, more for more.

    The reading model prefers the sentence that repeats the question ("six factories have closed") to the one
    that names them.
    """
    sentence = hit.sentences[candidate.sentence]
    text = hit.slice(sentence.start, sentence.end)
    known = stems(question)
    names = {text[slice(*extent)] for extent in entities("who", text)}
    new = sum(bool(stems(name) - known) for name in names)
    return NAMES_WEIGHT * (math.log1p(new) - math.log1p(2))


def described(found: Sequence[Candidate], hits: Sequence[Hit]) -> list[dict[str, float]]:
    """The features of each candidate, by name.

    ``lead`` is how far its mass is ahead of the best other sentence's, ``cosine`` the similarity of its
    passage and the question, ``behind`` how far that is below the greatest, ``rank`` the logarithm of the
    passage's rank.
    """
    nearest = max((hit.cosine for hit in hits), default=0.0)
    masses = sorted((candidate.mass for candidate in found), reverse=True)
    rows = []
    for candidate in found:
        best_other = masses[1:2] if candidate.mass == masses[0] else masses[:1]
        lead = candidate.mass - best_other[0] if best_other else FURTHEST
        retrieval = {
            "lead": _bounded(lead),
            "cosine": hits[candidate.text].cosine,
            "rank": math.log1p(candidate.text),
            "behind": nearest - hits[candidate.text].cosine,
        }
        rows.append(as_read(candidate) | retrieval)
    return rows


def as_read(candidate: Candidate) -> dict[str, float]:
    """The features of a candidate that depend only on the model's scores."""
    return {name: _bounded(getattr(candidate, name)) for name in READ}


def _bounded(value: float) -> float:
    return min(max(value, -FURTHEST), FURTHEST)


def agreeing(answers: Sequence[str], logits: Sequence[float], each: Sequence[float]) -> list[float]:
    """The log odds of competing answers, corrected for those that say the same as the best.

    These don't compete with it: their log odds are at least ``each``, those of questions that ask for all
    answers, but at most those of the best.
    """
    best, first = max(zip(logits, answers, strict=True), default=(0.0, ""))
    wanted = bare_answer(first)
    return [
        max(one, min(by_itself, best)) if bare_answer(answer) == wanted else one
        for answer, one, by_itself in zip(answers, logits, each, strict=True)
    ]


def _spans(
    question: str, found: Sequence[Candidate], hits: Sequence[Hit], logits: Sequence[float]
) -> list[Span]:
    # By the logits, since rounded probabilities near 1 are equal.
    order = sorted(range(len(found)), key=lambda n: (-logits[n], found[n].text, found[n].start))
    spans = []
    for number in order:
        candidate = found[number]
        start, end = _answer(question, hits[candidate.text], candidate)
        spans.append(Span(candidate.text, start, end, probability(logits[number])))
    return spans


def _answer(question: str, hit: Hit, candidate: Candidate) -> Extent:
    """The extent of a candidate in its document, or that of the number which the question asks for."""
    sentence = hit.sentences[candidate.sentence]
    start, end = hit.start + candidate.start - sentence.start, hit.start + candidate.end - sentence.start
    start, end = counted(question, hit.slice(sentence.start, sentence.end), (start, end))
    return sentence.start + start, sentence.start + end
