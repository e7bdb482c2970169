"""Intervals hold their value, repeat by seed, and are as wide as theory says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.evaluate import bootstrap


def test_one_seed_gives_one_interval() -> None:
    values = np.random.default_rng(1).random(50)
    assert bootstrap.mean(values) == bootstrap.mean(values)
    assert bootstrap.mean(values, seed=1) != bootstrap.mean(values, seed=2)


def test_mean_is_the_statistic_of_means() -> None:
    values = np.random.default_rng(2).random(30)
    by_rows = bootstrap.statistic(lambda i: float(values[i].mean()), len(values), resamples=250)
    assert bootstrap.mean(values, resamples=250) == pytest.approx(by_rows)


def test_interval_of_a_proportion_is_as_wide_as_theory_says() -> None:
    values = np.repeat([0.0, 1.0], [80, 320])
    interval = bootstrap.mean(values)
    assert interval["value"] == 0.8
    assert interval["high"] - interval["low"] == pytest.approx(2 * 1.96 * np.sqrt(0.8 * 0.2 / 400), rel=0.15)


def test_resamples_without_a_value_are_left_out() -> None:
    def only_with_first(draw: bootstrap.Draw) -> float:
        return 0.5 if 0 in draw else float("nan")

    assert bootstrap.statistic(only_with_first, 3) == {"value": 0.5, "low": 0.5, "high": 0.5}


def test_a_biased_figure_still_lies_in_its_interval() -> None:
    distinct = bootstrap.statistic(lambda i: len(set(i.tolist())) / 20, 20)  # resamples repeat, so never 1
    assert distinct["value"] == distinct["high"] == 1
    assert distinct["low"] < 0.6


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_interval_holds_its_value(values: list[float]) -> None:
    interval = bootstrap.mean(np.array(values), resamples=120)
    slack = 1e-12
    assert (
        min(values) - slack <= interval["low"] <= interval["value"] <= interval["high"] <= max(values) + slack
    )
