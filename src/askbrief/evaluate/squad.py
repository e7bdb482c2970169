"""The measures of SQuAD's official scripts: exact match, F1, and the best F1 of any threshold.

Sources: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", 6.1;
Rajpurkar, Jia and Liang 2018, "Know What You Don't Know", 5; evaluate-v2.0.py of the SQuAD site.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARTICLES = re.compile(r"\b(?:a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Text as SQuAD compares it: lower case, no ASCII punctuation, no articles, single spaces."""
    bare = text.lower().translate(PUNCTUATION)
    return " ".join(ARTICLES.sub(" ", bare).split())


def exact(prediction: str, answers: Sequence[str]) -> float:
    """1 if the normalised prediction equals one of the answers, else 0; without answers, "" is right."""
    return float(normalise(prediction) in _references(answers))


def f1(prediction: str, answers: Sequence[str]) -> float:
    """F1 of the prediction's words, as a bag, against the answer that fits best."""
    words = Counter(normalise(prediction).split())
    return max(_overlap(words, Counter(reference.split())) for reference in _references(answers))


def _references(answers: Sequence[str]) -> list[str]:
    """Normalised answers, without those that are only articles and punctuation."""
    return [reference for answer in answers if (reference := normalise(answer))] or [""]


def _overlap(predicted: Counter[str], reference: Counter[str]) -> float:
    """The harmonic mean of precision and recall of words; two empty bags agree."""
    if not predicted or not reference:
        return float(predicted == reference)
    # 2PR / (P + R), with P = shared / predicted and R = shared / reference
    return 2 * (predicted & reference).total() / (predicted.total() + reference.total())


def best_f1(
    scores: NDArray[np.float64],
    predicted: NDArray[np.bool_],
    answerable: NDArray[np.bool_],
    no_answer: NDArray[np.float64],
) -> tuple[float, float]:
    """The highest mean F1 of any threshold on the no-answer probability, and that threshold.

    All arrays have one element for each question: F1 of the predicted words without a threshold; whether any
    were predicted; whether gold has an answer; the no-answer probability. A question is answered if its
    probability is at most the threshold. As ``find_best_thresh`` of evaluate-v2.0.py, which starts from
    refusing everything and adds questions in order of probability, but questions with equal probability are
    added together, so that the figure can be reached and does not depend on their order.
    """
    import numpy as np

    order = np.argsort(no_answer, kind="stable")
    probability = no_answer[order]
    gain = np.where(answerable, scores, -predicted.astype(np.float64))[order]
    last_of_ties = np.append(probability[1:] != probability[:-1], True)
    refused = float((~answerable).sum())
    totals = np.append(refused, refused + np.cumsum(gain)[last_of_ties])
    thresholds = np.append(0.0, probability[last_of_ties])
    best = int(np.argmax(totals))
    return float(totals[best] / len(scores)), float(thresholds[best])
