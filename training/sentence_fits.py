"""What the two fits of sentence scores share: texts, vectors, and the logistic regression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from askbrief.embed import models
from askbrief.quotes import quotations, with_speakers
from askbrief.text import split_sentences
from askbrief.types import Extent, Hit, Sentence, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors

HELD_OUT = 4
"""Every fourth text is kept for calibration and the threshold."""


def hit_of(name: str, text: str, cosine: float = 1.0) -> Hit:
    """Give a text as retrieval would, with its sentences and their speakers."""
    found = split_sentences(text, [match.span() for match in re.finditer(r"[^\n]+", text)])
    sentences: tuple[Sentence, ...] = with_speakers(found, quotations(text, found))
    return Hit(Source(name, "", "", None, ""), 0, len(text), text, sentences, cosine, cosine)


def answers(question: dict[str, Any]) -> tuple[Extent, ...]:
    """Give the extents of a SQuAD question's answers in its context; none if it has no answer."""
    found = question.get("answers", ())
    return tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in found)


def touches(extent: Extent, others: Sequence[Extent]) -> bool:
    """Say whether an extent overlaps any of the others."""
    return any(start < extent[1] and extent[0] < end for start, end in others)


class CachingEmbedder:
    """The default embedder, which computes each vector once."""

    dimension = 384

    def __init__(self) -> None:
        self._embedder = models.PassageEmbedder(models.load(models.locate(models.DEFAULT_MODEL), "cpu"))
        self._known: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give unit vectors, one row per text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences that are read for one question: features, whether each answers, number of the text."""

    rows: Sequence[dict[str, float]]
    right: Sequence[bool]
    text: int


def fitted(groups: Sequence[Group], names: Sequence[str], threshold: float | None = None) -> dict[str, Any]:
    """Give the weights of the features `names`, the bias, the threshold, and the quality on held-out texts.

    The bias calibrates the best sentence of each group (Platt 1999), with answerable and unanswerable
    questions weighted alike. Without a given threshold, it is the one with the greatest F1 of "the best
    sentence answers".
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    values = [np.array([[row[name] for name in names] for row in group.rows]) for group in groups]
    held = [group.text % HELD_OUT == HELD_OUT - 1 for group in groups]
    x = np.concatenate([v for v, out in zip(values, held, strict=True) if not out])
    y = np.concatenate([group.right for group, out in zip(groups, held, strict=True) if not out])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(max_iter=2000).fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0]) - float((weights * mean).sum())
    scored = [(values[n] @ weights + bias, groups[n].right) for n, out in enumerate(held) if out]
    logits = np.array([scores.max() for scores, _ in scored])
    right = np.array([answer[int(scores.argmax())] for scores, answer in scored])
    can = np.array([any(answer) for _, answer in scored])
    balance = np.where(can, 0.5 / can.mean(), 0.5 / (~can).mean())
    platt = LogisticRegression(C=1e6).fit(logits[:, None], right, sample_weight=balance)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    chances = 1 / (1 + np.exp(-(slope * logits + offset)))
    if threshold is None:
        threshold = max(np.arange(0.05, 0.95, 0.01), key=lambda t: _f1(balance, right, chances >= t, can))
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [abs((balance * (chances - right))[bins == b].sum()) for b in range(10)]
    return {
        "weights": {name: round(slope * float(w), 5) for name, w in zip(names, weights, strict=True)},
        "bias": round(slope * bias + offset, 5),
        "threshold": round(float(threshold), 2),
        "held_out": {
            "groups": len(logits),
            "answerable": int(can.sum()),
            "first": round(float(right[can].mean()), 4),
            "auroc": round(float(roc_auc_score(can, chances)), 4),
            "answered": round(float((chances >= threshold)[can].mean()), 4),
            "refused": round(float((chances < threshold)[~can].mean()), 4),
            "calibration_error": round(float(sum(gaps) / balance.sum()), 4),
        },
    }


def _f1(weight: np.ndarray, right: np.ndarray, given: np.ndarray, can: np.ndarray) -> float:
    return float(2 * (weight * right)[given].sum() / (weight[given].sum() + weight[can].sum()))
