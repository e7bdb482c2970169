"""Sentences scored by retrieval, embeddings and the question's words: a reader without a reading model."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING

from askbrief.protocols import Embedder
from askbrief.question.intent import Asked, corrected, understand
from askbrief.read.lexical.answer_words import answer_words
from askbrief.read.lexical.features import FEATURES, features, share
from askbrief.read.lexical.pieces import Piece, pieces
from askbrief.settings import DIGITS
from askbrief.types import Hit, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbrief.types import Vectors

MOST_PIECES = 32
"""Sentences of a question that are encoded and scored; those beyond are left out."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted scorer: a standardised logistic regression over ``FEATURES``, and its calibration.

    ``calibration`` is Platt's slope and offset (Platt 1999) from the logit of a sentence to the
    probability that it answers; ``threshold`` the least probability with which to answer; ``rarity``
    weighs the stems of common words, 0 to 1.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    calibration: tuple[float, float]
    threshold: float
    rarity: Mapping[str, float]

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each row of features that its sentence answers."""
        import numpy as np

        slope, offset = self.calibration
        return np.asarray(1 / (1 + np.exp(-np.clip(slope * self.logits(rows) + offset, -30, 30))))

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The logit of each row of features, before calibration."""
        import numpy as np

        standard = (rows - np.array(self.mean)) / np.array(self.scale)
        return np.asarray(np.clip(standard, -5, 5) @ np.array(self.weights) + self.bias)


def shipped_weights() -> Weights:
    """The weights that come with the package, as ``training/fit_sentences.py`` wrote them."""
    text = resources.files("askbrief").joinpath("data", "sentence_scorer.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    if tuple(kept["features"]) != FEATURES:
        raise ValueError("sentence_scorer.json was fitted on other features: run training/fit_sentences.py")
    return Weights(
        mean=tuple(kept["mean"]),
        scale=tuple(kept["scale"]),
        weights=tuple(kept["weights"]),
        bias=kept["bias"],
        calibration=(kept["calibration"][0], kept["calibration"][1]),
        threshold=kept["threshold"],
        rarity=kept["rarity"],
    )


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads by scoring whole sentences; fills the ``Reader`` protocol until a reading model does."""

    embedder: Embedder
    weights: Weights

    @property
    def name(self) -> str:
        """What it is called in results."""
        return "sentences"

    @property
    def threshold(self) -> float:
        """The least probability at which to answer."""
        return self.weights.threshold

    def alone(self, question: str, hit: Hit) -> list[Span]:
        """As ``read``, of a text that no retrieval returned."""
        vectors = self.embedder.embed([question, hit.text])
        return self.read(question, [replace(hit, cosine=float(vectors[0] @ vectors[1]))])

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans, the most probable first, at most one a sentence; none for a question without words."""
        asked, chosen, rows = describe(question, hits, self.embedder, self.weights.rarity)
        if not chosen:
            return []
        scores = self.weights.probabilities(rows)
        spans = [_span(asked, piece, float(score)) for piece, score in zip(chosen, scores, strict=True)]
        return sorted(spans, key=lambda span: (-span.score, span.hit, span.start))


def describe(
    question: str, hits: Sequence[Hit], embedder: Embedder, rarity: Mapping[str, float]
) -> tuple[Asked, list[Piece], NDArray[np.float64]]:
    """The question understood, the sentences that may answer it, and their features, a row each."""
    found = pieces(hits)
    vocabulary: frozenset[str] = frozenset().union(*(piece.passage for piece in found))
    asked = corrected(understand(question), vocabulary)
    chosen = preselect(asked, found, rarity)
    if not chosen or not asked.words:
        return asked, [], features(asked, [], hits, [], [], rarity)
    vectors = embedder.embed([question[:1000], *(piece.text for piece in chosen)])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    near = _near_cosines(chosen, vectors[1:], vectors[0])
    return asked, chosen, features(asked, chosen, hits, cosines, near, rarity)


def preselect(asked: Asked, found: Sequence[Piece], rarity: Mapping[str, float]) -> list[Piece]:
    """The ``MOST_PIECES`` sentences that are likeliest by words and by the rank of their hit, in order."""
    if len(found) <= MOST_PIECES:
        return list(found)

    def promise(piece: Piece) -> float:
        return (
            share(asked.words, piece.stems, rarity)
            + share(asked.words, piece.near, rarity) / 2
            + 1 / (1 + piece.hit)
        )

    best = sorted(range(len(found)), key=lambda i: -promise(found[i]))[:MOST_PIECES]
    return [found[i] for i in sorted(best)]


def _near_cosines(chosen: Sequence[Piece], vectors: Vectors, question: Vectors) -> list[float]:
    """Cosine of the question with the sum of a sentence and its neighbours, as far as they were encoded."""
    import numpy as np

    at = {(piece.hit, piece.place): row for row, piece in enumerate(chosen)}
    near = []
    for piece in chosen:
        rows = [at[key] for step in (-1, 0, 1) if (key := (piece.hit, piece.place + step)) in at]
        total = vectors[rows].sum(axis=0)
        near.append(float(total @ question) / max(float(np.linalg.norm(total)), 1e-9))
    return near


def _span(asked: Asked, piece: Piece, score: float) -> Span:
    start, end = answer_words(asked, piece.text)
    return Span(
        piece.hit,
        piece.start + start,
        piece.start + end,
        round(score, DIGITS) if math.isfinite(score) else 0.0,
    )
