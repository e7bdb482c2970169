"""95% intervals by the percentile bootstrap over questions (Efron and Tibshirani 1993, 13.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

Draw: TypeAlias = NDArray[np.intp]

RESAMPLES = 1000
SEED = 20240607
CHUNK = 100  # resamples drawn at once, so that 10,000 questions take 8 MB and not 80


class Interval(TypedDict):
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float


def mean(values: NDArray[np.float64], *, seed: int = SEED, resamples: int = RESAMPLES) -> Interval:
    """The mean of ``values``, one for each question, with its interval, reproducible by its seed."""
    draws = [values[draw].mean(axis=1) for draw in _draws(len(values), seed, resamples)]
    return _interval(float(values.mean()), np.concatenate(draws))


def statistic(
    function: Callable[[Draw], float], questions: int, *, seed: int = SEED, resamples: int = RESAMPLES
) -> Interval:
    """Any figure of a set of questions, with its interval.

    ``function`` returns the figure for the indices of the questions in a sample, in which some are repeated
    and some missing. Samples for which it is NaN (AUROC with one kind of question alone) are left out.
    """
    draws = [function(row) for draw in _draws(questions, seed, resamples) for row in draw]
    return _interval(function(np.arange(questions)), np.asarray(draws, dtype=np.float64))


def _draws(questions: int, seed: int, resamples: int) -> Iterator[Draw]:
    """Indices drawn with replacement, a row for each sample, some rows at a time."""
    generator = np.random.default_rng(seed)
    for done in range(0, resamples, CHUNK):
        rows = min(CHUNK, resamples - done)
        yield generator.integers(0, questions, size=(rows, questions), dtype=np.intp)


def _interval(value: float, draws: NDArray[np.float64]) -> Interval:
    """Percentiles 2.5 and 97.5 of the draws, widened if a biased figure (ECE) is outside them."""
    known = draws[~np.isnan(draws)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (value, value)
    return {"value": value, "low": min(float(low), value), "high": max(float(high), value)}
