"""A baseline without a reading model: sentences scored by embedding, shared words and retrieval rank."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askbrief.protocols import Embedder
from askbrief.question import Intent
from askbrief.read.answer_words import answer_words
from askbrief.read.hit_sentences import HitSentence, hit_sentences, overlap, understood, word_rarity
from askbrief.read.logistic import Logistic, probability, shipped_weights
from askbrief.types import Hit, Span

MOST_SENTENCES = 32
"""Sentences that are embedded and scored for a question."""

FEATURES = ("cosine", "overlap", "passage", "names", "rank", "lead")
"""``cosine`` of question and sentence; the shares of the question's words, weighted by rarity, that are in
the sentence and in the passage; the share of its names that are in the passage; the logarithm of the
passage's rank; how far cosine plus overlap is ahead of the best other sentence's."""


@dataclass(frozen=True, slots=True)
class LexicalReader:
    """Fills the ``Reader`` protocol with a logistic regression over ``FEATURES``."""

    embedder: Embedder
    logistic: Logistic
    threshold: float
    """The least probability at which to answer."""
    name: str = "lexical"
    """The reader's name in results."""

    @classmethod
    def shipped(cls, embedder: Embedder) -> LexicalReader:
        """The reader with the weights that ``training/fit_lexical.py`` wrote."""
        fit = shipped_weights("lexical")
        return cls(embedder, Logistic(fit["weights"], fit["bias"]), fit["threshold"])

    def alone(self, question: str, hit: Hit) -> list[Span]:
        """As ``read``, for a text that was not retrieved."""
        vectors = self.embedder.embed([question, hit.text])
        return self.read(question, [replace(hit, cosine=float(vectors[0] @ vectors[1]))])

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans, the most probable first, at most one per sentence; none for a question without words."""
        asked, sentences, rows = described(question, hits, self.embedder)
        spans = []
        for sentence, row in zip(sentences, rows, strict=True):
            start, end = answer_words(asked, sentence.text)
            score = probability(self.logistic.logit(row))
            spans.append(Span(sentence.hit, sentence.start + start, sentence.start + end, score))
        return sorted(spans, key=lambda span: (-span.score, span.hit, span.start))


def described(
    question: str, hits: Sequence[Hit], embedder: Embedder
) -> tuple[Intent, list[HitSentence], list[dict[str, float]]]:
    """The question, understood; the sentences that may answer it; and the features of each, by name."""
    sentences, rarity = hit_sentences(hits), word_rarity()
    asked = understood(question, sentences)
    words = asked.words
    if not words or not sentences:
        return asked, [], []
    promise = {id(s): overlap(words, s.stems | s.beside, rarity) + 1 / (1 + s.hit) for s in sentences}
    best = sorted(sentences, key=lambda s: -promise[id(s)])[:MOST_SENTENCES]
    vectors = embedder.embed([question[:1000], *(sentence.text for sentence in best)])
    names = [word for word in words if word.name]
    rows = [
        {
            "cosine": float(vector @ vectors[0]),
            "overlap": overlap(words, sentence.stems, rarity),
            "passage": overlap(words, sentence.passage, rarity),
            "names": overlap(names, sentence.passage, rarity) if names else 1.0,
            "rank": math.log1p(sentence.hit),
        }
        for sentence, vector in zip(best, vectors[1:], strict=True)
    ]
    leads = _leads([row["cosine"] + row["overlap"] for row in rows])
    return asked, best, [row | {"lead": lead} for row, lead in zip(rows, leads, strict=True)]


def _leads(scores: Sequence[float]) -> list[float]:
    """How far each score is ahead of the best other one."""
    first, second = (*sorted(scores, reverse=True), 0.0)[:2]
    return [score - (second if score == first else first) for score in scores]
