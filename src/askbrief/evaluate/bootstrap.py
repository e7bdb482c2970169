"""95% intervals by the percentile bootstrap over questions (Efron and Tibshirani 1993, 13.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

Draw: TypeAlias = NDArray[np.intp]

RESAMPLES = 1000
SEED = 20240607


class Interval(TypedDict):
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float


def mean(values: NDArray[np.float64], *, seed: int = SEED, resamples: int = RESAMPLES) -> Interval:
    """The mean of ``values``, one for each question, with its interval, reproducible by its seed."""
    return statistic(lambda draw: float(values[draw].mean()), len(values), seed=seed, resamples=resamples)


def statistic(
    function: Callable[[Draw], float], questions: int, *, seed: int = SEED, resamples: int = RESAMPLES
) -> Interval:
    """Any figure of a set of questions, with its interval.

    ``function`` returns the figure for the indices of the questions in a sample, in which some are repeated
    and some missing. Samples for which it is NaN (AUROC with one kind of question alone) are left out. The
    interval is from percentile 2.5 to 97.5, widened if a biased figure (ECE) is outside it.
    """
    generator = np.random.default_rng(seed)
    value = function(np.arange(questions))
    draws = (generator.integers(0, questions, size=questions, dtype=np.intp) for _ in range(resamples))
    known = [figure for figure in map(function, draws) if not np.isnan(figure)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (value, value)
    return {"value": value, "low": min(float(low), value), "high": max(float(high), value)}
