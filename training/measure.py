"""Measures of guesses against gold answers, each a few lines, and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Metric = Callable[[np.ndarray], float]


def auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Give the probability that a positive scores above a negative, ties counting half (Mann-Whitney U)."""
    from scipy.stats import rankdata

    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return float("nan")
    return float((rankdata(scores)[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def best_f1(scores: np.ndarray, values: np.ndarray, answerable: np.ndarray) -> float:
    """Give the mean F1 under the threshold on `scores` that is best for it (SQuAD 2.0 script,
    find_best_thresh).

    `values` holds each question's F1 when answered; one that can't be answered scores 1 when refused.
    """
    order = np.argsort(-scores, kind="stable")
    gains = np.where(answerable[order], values[order], -1.0)
    refused_all = float((~answerable).sum())
    return float((refused_all + np.concatenate([[0.0], gains.cumsum()]).max()) / len(scores))


def interval(metric: Metric, count: int, rounds: int = 1000, seed: int = 0) -> tuple[float, float]:
    """Give the 95% percentile bootstrap interval of a metric of drawn indices (Efron & Tibshirani 1993, ch.
    13)."""
    random = np.random.default_rng(seed)
    values = [metric(random.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(probabilities: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Give the expected calibration error over equally filled bins (Naeini et al. 2015; bins by Nguyen
    2015)."""
    order = np.argsort(probabilities, kind="stable")
    parts: Sequence[np.ndarray] = np.array_split(order, bins)
    gaps = [abs(probabilities[part].mean() - right[part].mean()) * len(part) for part in parts if len(part)]
    return float(sum(gaps) / len(order))
