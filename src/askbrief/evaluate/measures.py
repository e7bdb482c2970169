"""Measures: retrieval, ranking of sentences, citation, refusal, calibration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from askbrief.evaluate.gold import Place, Targets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTHS = (1, 5, 10)


def overlap(a: Place, b: Place) -> bool:
    """Whether two places share a character; one document may be named by the end of the other's path."""
    return a.start < b.end and b.start < a.end and _same(a.document, b.document)


def _same(a: str, b: str) -> bool:
    """Whether two sources name one document: equal, or one is the last parts of the other's path."""
    if a == b:
        return True
    a, b = a.replace("\\", "/"), b.replace("\\", "/")
    return a == b or a.endswith(f"/{b}") or b.endswith(f"/{a}")


def first(target: Iterable[Place], places: Sequence[Place]) -> int | None:
    """Index of the first of ``places`` that meets the target, if one does."""
    wanted = tuple(target)
    ranks = (rank for rank, place in enumerate(places) if any(overlap(place, one) for one in wanted))
    return next(ranks, None)


def retrieval(targets: Sequence[Targets], passages: Sequence[Sequence[Place]]) -> list[dict[str, float]]:
    """``recall@1``, ``@5``, ``@10`` and ``mrr@10`` of each question, by ir-measures (R@k and RR@10).

    Both sequences have one element a question; passages are in order of retrieval, and questions without
    targets get no values. Recall is the share of targets that the first k passages meet, so one that
    needs one passage has 1 or 0; the reciprocal rank is of the first passage that meets any.
    """
    from ir_measures import RR, Qrel, R, ScoredDoc, iter_calc

    qrels, run = [], []
    for question, (wanted, places) in enumerate(zip(targets, passages, strict=True)):
        for number, target in enumerate(wanted):
            topic = f"{question}/{number}"
            hit = first(target, places[: max(DEPTHS)])
            qrels.append(Qrel(topic, "evidence", 1))
            names = ("evidence" if rank == hit else f"other {rank}" for rank in range(len(places)))
            run += [ScoredDoc(topic, name, -rank) for rank, name in enumerate(names)]
    names_of = {R @ depth: f"recall@{depth}" for depth in DEPTHS} | {RR @ 10: "mrr@10"}
    per_target: list[dict[str, list[float]]] = [{} for _ in targets]
    for metric in iter_calc(list(names_of), qrels, run) if qrels else ():
        question = int(metric.query_id.partition("/")[0])
        per_target[question].setdefault(names_of[metric.measure], []).append(metric.value)
    return [{name: _join(name, values) for name, values in one.items()} for one in per_target]


def _join(name: str, values: Sequence[float]) -> float:
    """One question's value from those of its targets."""
    return max(values) if name == "mrr@10" else sum(values) / len(values)


def sentence_at(k: int, targets: Targets, sentences: Sequence[Place]) -> float:
    """1 where any sentence of the evidence is among the ``k`` that are ranked first (success@k)."""
    return float(any(first(target, sentences[:k]) is not None for target in targets))


def citation_precision(targets: Targets, cited: Sequence[Place], unknown: int = 0) -> float:
    """Share of the cited sentences that overlap the evidence; ``unknown`` more were cited, and are wrong.

    Citation precision and recall in the sense of Gao et al. 2023 (ALCE), 3.3, with people's evidence in the
    place of their entailment model.
    """
    evidence = [place for target in targets for place in target]
    right = sum(any(overlap(sentence, place) for place in evidence) for sentence in cited)
    return right / (len(cited) + unknown)


def citation_recall(targets: Targets, cited: Sequence[Place]) -> float:
    """Share of the evidence's sentences that a cited sentence overlaps."""
    return sum(first(target, cited) is not None for target in targets) / len(targets)


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Probability that a positive scores above a negative, ties counting half; NaN without both kinds.

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
    equal mass (Nguyen and O'Connor 2015), where equal confidences stay in one bin.
    """
    import numpy as np

    inner = np.linspace(0, 1, bins + 1)[1:-1]
    edges = np.quantile(confidence, inner) if equal_mass else inner
    number = np.searchsorted(edges, confidence, side="left")
    gap = np.bincount(number, weights=confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))
