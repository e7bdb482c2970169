"""Measures: retrieval, ranking of sentences, citation, refusal, calibration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from askbrief.evaluate.gold import GoldPlace, Targets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTHS = (1, 5, 10)


def overlap(a: GoldPlace, b: GoldPlace) -> bool:
    """Whether two places share a character; one document may be named by the end of the other's path."""
    one, other = (f"/{place.document}".replace("\\", "/") for place in (a, b))
    return a.start < b.end and b.start < a.end and (one.endswith(other) or other.endswith(one))


def first(target: Iterable[GoldPlace], places: Sequence[GoldPlace]) -> int | None:
    """The index of the first of ``places`` that meets the target; None if none does."""
    wanted = tuple(target)
    ranks = (rank for rank, place in enumerate(places) if any(overlap(place, one) for one in wanted))
    return next(ranks, None)


def retrieval(targets: Targets, passages: Sequence[GoldPlace]) -> dict[str, float]:
    """``recall@1``, ``@5``, ``@10`` and ``mrr@10`` of one question; nothing if it has no targets.

    Passages are in order of retrieval. Recall is the share of targets that the first k passages meet; the
    reciprocal rank is that of the first passage that meets any.
    """
    if not targets:
        return {}
    ranks = [first(target, passages[: max(DEPTHS)]) for target in targets]
    met = [rank for rank in ranks if rank is not None]
    recall = {f"recall@{depth}": sum(rank < depth for rank in met) / len(ranks) for depth in DEPTHS}
    return recall | {"mrr@10": 1 / (1 + min(met)) if met else 0.0}


def sentence_at(k: int, targets: Targets, sentences: Sequence[GoldPlace]) -> float:
    """1 if any sentence of the evidence is among the ``k`` ranked first (success@k), else 0."""
    return float(any(first(target, sentences[:k]) is not None for target in targets))


def citation_precision(targets: Targets, cited: Sequence[GoldPlace], unknown: int = 0) -> float:
    """The share of the cited sentences that overlap the evidence; ``unknown`` more were cited wrongly.

    Citation precision and recall as in Gao et al. 2023 (ALCE), 3.3, with human evidence instead of their
    entailment model.
    """
    evidence = [place for target in targets for place in target]
    right = sum(any(overlap(sentence, place) for place in evidence) for sentence in cited)
    return right / (len(cited) + unknown)


def citation_recall(targets: Targets, cited: Sequence[GoldPlace]) -> float:
    """The share of the evidence's sentences that a cited sentence overlaps."""
    return sum(first(target, cited) is not None for target in targets) / len(targets)


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The probability that a positive scores above a negative, ties counting half; NaN without both kinds.

    The Mann–Whitney statistic over the number of pairs (Hanley and McNeil 1982).
    """
    import numpy as np

    high, low = scores[positive], np.sort(scores[~positive])
    if not len(high) or not len(low):
        return float("nan")
    below = np.searchsorted(low, high, side="left") + np.searchsorted(low, high, side="right")
    return float(below.sum() / (2 * len(high) * len(low)))


def calibration_error(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10, *, equal_mass: bool = False
) -> float:
    """Expected calibration error: mean gap of confidence and accuracy over bins, weighted by their size.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3: bins of equal width, or of
    equal mass (Nguyen and O'Connor 2015), in which equal confidences stay together.
    """
    import numpy as np

    inner = np.linspace(0, 1, bins + 1)[1:-1]
    edges = np.quantile(confidence, inner) if equal_mass else inner
    number = np.searchsorted(edges, confidence, side="left")
    gap = np.bincount(number, weights=confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))
