"""Sentences of people who are quoted, scored by whether they bear on the matter of a question.

Who speaks is known of each sentence before it is read. What is left to tell is whether it is on the matter,
and that is read from the matter alone: with a speaker's name in the question, any of their sentences would be
near to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TypeAlias

from askbrief.english.stemming import WORD
from askbrief.protocols import Embedder
from askbrief.question.intent import Asked, corrected, understand
from askbrief.question.speaker_question import Spoken
from askbrief.read.lexical.answer_words import answer_words
from askbrief.read.lexical.features import share
from askbrief.read.lexical.pieces import Piece, pieces
from askbrief.read.neural.passage_reader import FURTHEST, PassageReader, logit, probability
from askbrief.read.neural.reading_model import Logistic
from askbrief.types import Hit, Span

Theirs: TypeAlias = Callable[[Piece, Hit], bool]
"""Whether a sentence of a hit is one of those whose words are asked for."""

ASKED = ("cosine", "shared", "shared_beside", "margin")
"""``cosine`` of the matter and the sentence; the shares of the matter's words, by their rarity, that stand in
the sentence, and in it and its neighbours; how far the reading model's best span in the sentence is ahead of
"no answer"."""

NAMED = (*ASKED, "lead")
"""Where the speaker is named, ``lead`` too: how far the cosine is ahead of that of the nearest sentence of
anybody else. Where others speak on the matter and this one does not, it is behind."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What turns the features of a sentence into the probability that it answers, and the least at which it
    is cited."""

    logistic: Logistic
    threshold: float


@dataclass(frozen=True, slots=True)
class Fits:
    """The fits for questions that name the speaker and for those that ask who it was; ``attributed`` is how
    often the words of a speaker are theirs, ``rarity`` weighs the stems of common words, 0 to 1."""

    named: Fit
    asked: Fit
    attributed: float
    rarity: Mapping[str, float]


def shipped_fits() -> Fits:
    """The fits that come with the package, as ``training/fit_speech.py`` wrote them."""
    folder = resources.files("askbrief").joinpath("data")
    kept = json.loads(folder.joinpath("speech.json").read_text(encoding="utf-8"))
    rarity = json.loads(folder.joinpath("sentence_scorer.json").read_text(encoding="utf-8"))["rarity"]
    named, asked = (
        Fit(Logistic(kept[name]["weights"], kept[name]["bias"]), kept[name]["threshold"])
        for name in ("named", "asked")
    )
    return Fits(named, asked, kept["attributed"], rarity)


@dataclass(frozen=True, slots=True)
class SpeechReader:
    """Reads what people said, for a question about who said what."""

    reader: PassageReader
    embedder: Embedder
    fits: Fits

    def threshold(self, spoken: Spoken) -> float:
        """The least probability at which a sentence is cited."""
        return self.reader.threshold if spoken.short else self._fit(spoken).threshold

    def read(
        self, question: str, spoken: Spoken, hits: Sequence[Hit], theirs: Theirs, others: Sequence[Hit]
    ) -> list[Span]:
        """Spans, the most probable first, one a sentence of the hits that is ``theirs`` whose words are asked
        for; ``others`` are what the archive has on the matter, whoever says it.

        Where all that somebody said is asked for, every sentence is as sure as that it is theirs.
        """
        said = _said(hits, theirs)
        if not said:
            return []
        if spoken.short:
            return _among(self.reader.read(question, hits), hits, said)
        asked = understand(question)
        if not spoken.topic:
            return [_span(asked, spoken, piece, self.fits.attributed) for piece in said]
        fit = self._fit(spoken).logistic
        rivals = [p.text for p in pieces(others) if p.speaker and not theirs(p, others[p.hit])]
        rows = described(spoken.topic, said, rivals, hits, self.reader, self.embedder, self.fits.rarity)
        spans = [
            _span(asked, spoken, piece, probability(logit(row, fit)))
            for piece, row in zip(said, rows, strict=True)
        ]
        return sorted(spans, key=lambda span: (-span.score, span.hit, span.start))

    def _fit(self, spoken: Spoken) -> Fit:
        return self.fits.named if spoken.who else self.fits.asked


def said_in(spans: Sequence[Span], hits: Sequence[Hit], theirs: Theirs) -> list[Span]:
    """Those of the spans that begin in a sentence which is ``theirs`` whose words are asked for."""
    return _among(spans, hits, _said(hits, theirs))


def _said(hits: Sequence[Hit], theirs: Theirs) -> list[Piece]:
    return [piece for piece in pieces(hits) if theirs(piece, hits[piece.hit])]


def _among(spans: Sequence[Span], hits: Sequence[Hit], said: Sequence[Piece]) -> list[Span]:
    own = [(hits[piece.hit].document.id, piece.start, piece.end) for piece in said]
    return [
        span
        for span in spans
        if any(hits[span.hit].document.id == id_ and a <= span.start < b for id_, a, b in own)
    ]


def described(
    topic: str,
    said: Sequence[Piece],
    rivals: Sequence[str],
    hits: Sequence[Hit],
    reader: PassageReader,
    embedder: Embedder,
    rarity: Mapping[str, float],
) -> list[dict[str, float]]:
    """The features of sentences, by their names, for a matter in a question's words; ``rivals`` are sentences
    of others."""
    vocabulary: frozenset[str] = frozenset().union(*(piece.passage for piece in said))
    words = corrected(understand(f"what about {topic}?"), vocabulary).words
    vectors = embedder.embed([topic, *(piece.text for piece in said), *rivals])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    best = max(cosines[len(said) :], default=0.0)
    read = {
        (candidate.text, hits[candidate.text].sentences[candidate.sentence].start): candidate
        for candidate in reader.candidates(f"what about {topic}?", hits)
    }
    rows = []
    for piece, cosine in zip(said, cosines[: len(said)], strict=True):
        candidate = read.get((piece.hit, piece.start))
        rows.append(
            {
                "cosine": cosine,
                "shared": share(words, piece.stems, rarity),
                "shared_beside": share(words, piece.beside, rarity),
                "margin": max(candidate.margin, -FURTHEST) if candidate else -FURTHEST,
                "lead": cosine - best,
            }
        )
    return rows


def _span(asked: Asked, spoken: Spoken, piece: Piece, score: float) -> Span:
    start, end = answer_words(asked, piece.text)
    if spoken.who is None:
        start, end = _name(piece) or (start, end)
    return Span(piece.hit, piece.start + start, piece.start + end, score)


def _name(piece: Piece) -> tuple[int, int] | None:
    """Where the sentence names its speaker: the longest run of words of the name; None for "he said"."""
    known = set((piece.speaker or "").casefold().split())
    runs: list[tuple[int, int]] = []
    for word in WORD.finditer(piece.text):
        if word[0].casefold().removesuffix("'s").removesuffix("’s") not in known:
            continue
        if runs and not piece.text[runs[-1][1] : word.start()].strip(" ."):
            runs[-1] = (runs[-1][0], word.end())
        else:
            runs.append(word.span())
    return max(runs, key=lambda run: run[1] - run[0], default=None)
