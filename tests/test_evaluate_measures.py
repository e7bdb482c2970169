"""Measures against values worked by hand, scikit-learn, and what must hold for any input."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.evaluate.gold import GoldPlace, Targets
from askbrief.evaluate.measures import (
    auroc,
    calibration_error,
    citation_precision,
    citation_recall,
    overlap,
    retrieval,
    sentence_at,
)

ONE, TWO, THREE = GoldPlace("a.txt", 0, 10), GoldPlace("a.txt", 11, 20), GoldPlace("a.txt", 21, 30)
OTHER = GoldPlace("b.txt", 0, 30)


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (ONE, GoldPlace("a.txt", 9, 11), True),
        (ONE, GoldPlace("a.txt", 10, 11), False),
        (ONE, GoldPlace("b.txt", 0, 10), False),
        (ONE, GoldPlace("/home/me/a.txt", 0, 10), True),
        (GoldPlace("seeds/a.txt", 0, 10), GoldPlace(r"C:\brief\seeds\a.txt", 3, 4), True),
        (ONE, GoldPlace("extra.txt", 0, 10), False),
        (ONE, GoldPlace("aa.txt", 0, 10), False),
    ],
)
def test_overlap(a: GoldPlace, b: GoldPlace, shared: bool) -> None:
    assert overlap(a, b) is overlap(b, a) is shared


def test_retrieval_worked_by_hand() -> None:
    both, none = ((ONE,), (THREE,)), ()
    either = ((ONE, THREE),)
    cases: list[tuple[Targets, list[GoldPlace]]] = [
        (both, [OTHER, GoldPlace("a.txt", 0, 20), OTHER, THREE]),  # one target second, the other fourth
        (both, [GoldPlace("a.txt", 0, 30)]),  # one passage that holds both
        (either, [OTHER] * 5 + [THREE, ONE]),
        (none, [ONE]),
        (both, []),
    ]
    assert [retrieval(targets, passages) for targets, passages in cases] == [
        {"recall@1": 0, "recall@5": 1, "recall@10": 1, "mrr@10": 0.5},
        {"recall@1": 1, "recall@5": 1, "recall@10": 1, "mrr@10": 1},
        {"recall@1": 0, "recall@5": 0, "recall@10": 1, "mrr@10": pytest.approx(1 / 6)},
        {},
        {"recall@1": 0, "recall@5": 0, "recall@10": 0, "mrr@10": 0},
    ]
    assert retrieval(both, [ONE])["recall@10"] == 0.5
    late = retrieval(either, [OTHER] * 10 + [ONE])
    assert late == {"recall@1": 0, "recall@5": 0, "recall@10": 0, "mrr@10": 0}


PLACES = st.builds(GoldPlace, st.sampled_from(["a", "b"]), st.integers(0, 9), st.integers(10, 12))
NARROW = st.builds(lambda start: GoldPlace("a", start, start + 1), st.integers(0, 12))


@settings(max_examples=40)
@given(st.lists(st.lists(NARROW, min_size=1, max_size=2), max_size=3), st.lists(PLACES | NARROW, max_size=12))
def test_retrieval_against_brute_force(targets: list[list[GoldPlace]], passages: list[GoldPlace]) -> None:
    found = retrieval(targets, passages)
    hits = [[any(overlap(p, place) for place in target) for p in passages] for target in targets]
    if not targets:
        assert found == {}
        return
    for k in (1, 5, 10):
        assert found[f"recall@{k}"] == pytest.approx(sum(any(h[:k]) for h in hits) / len(hits))
    ranks = [rank for h in hits for rank, hit in enumerate(h[:10], 1) if hit]
    assert found["mrr@10"] == pytest.approx(1 / min(ranks) if ranks else 0)
    assert found["recall@1"] <= found["recall@5"] <= found["recall@10"] <= 1


def test_sentence_at() -> None:
    targets = ((TWO,), (THREE,))
    assert sentence_at(1, targets, [TWO, ONE]) == 1
    assert sentence_at(1, targets, [ONE, THREE]) == 0
    assert sentence_at(3, targets, [ONE, OTHER, THREE]) == 1
    assert sentence_at(3, targets, [ONE, OTHER, ONE, THREE]) == 0
    assert sentence_at(3, targets, []) == 0


def test_citation_precision_and_recall() -> None:
    targets = ((ONE,), (TWO,), (THREE,))
    assert citation_precision(targets, [ONE, OTHER, THREE]) == pytest.approx(2 / 3)
    assert citation_recall(targets, [ONE, OTHER, THREE]) == pytest.approx(2 / 3)
    assert citation_precision(targets, [ONE], unknown=3) == 0.25
    assert citation_precision((), [ONE]) == 0
    assert citation_recall(targets, []) == 0
    assert citation_recall(((ONE, TWO),), [TWO]) == 1
    wide = GoldPlace("a.txt", 0, 20)
    assert citation_precision(targets, [wide]) == 1
    assert citation_recall(targets, [wide]) == pytest.approx(2 / 3)


def test_auroc_worked_by_hand() -> None:
    scores, positive = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert auroc(scores, positive) == 3.5 / 4
    assert auroc(scores, ~positive) == 0.5 / 4
    assert np.isnan(auroc(scores, np.ones(4, dtype=bool)))
    assert np.isnan(auroc(scores, np.zeros(4, dtype=bool)))


SCORED = st.lists(
    st.tuples(st.sampled_from([0, 0.1, 0.2, 0.5, 0.9, 1]), st.booleans()), min_size=2, max_size=30
)


@given(SCORED, st.randoms(use_true_random=False))
def test_auroc_against_scikit_learn(scored: list[tuple[float, bool]], shuffler: random.Random) -> None:
    from sklearn.metrics import roc_auc_score

    scores, positive = np.array([s for s, _ in scored]), np.array([p for _, p in scored])
    area = auroc(scores, positive)
    if positive.all() or not positive.any():
        assert np.isnan(area)
        return
    assert area == pytest.approx(roc_auc_score(positive, scores))
    order = np.array(shuffler.sample(range(len(scored)), len(scored)))
    assert auroc(scores[order], positive[order]) == area
    assert auroc(-scores, positive) == pytest.approx(1 - area)


def test_calibration_error_worked_by_hand() -> None:
    confidence = np.array([0.95, 0.91, 0.15, 0.1])
    right = np.array([True, False, False, False])
    # bins of a tenth: {.95, .91} is right half the time, {.15} and {.1} (its bin's upper end) never
    assert calibration_error(confidence, right) == pytest.approx((2 * (0.93 - 0.5) + 0.15 + 0.1) / 4)
    assert calibration_error(confidence, right, bins=1) == pytest.approx(2.11 / 4 - 0.25)
    assert calibration_error(confidence, right, bins=2, equal_mass=True) == pytest.approx((0.86 + 0.25) / 4)
    ties = np.array([0.5] * 4)
    assert calibration_error(ties, right, bins=4, equal_mass=True) == pytest.approx(0.25)


@given(SCORED, st.integers(1, 12), st.booleans(), st.randoms(use_true_random=False))
def test_calibration_error_is_bounded_and_blind_to_order(
    scored: list[tuple[float, bool]], bins: int, equal_mass: bool, shuffler: random.Random
) -> None:
    confidence, right = np.array([s for s, _ in scored]), np.array([p for _, p in scored])
    error = calibration_error(confidence, right, bins, equal_mass=equal_mass)
    assert abs(confidence.mean() - right.mean()) - 1e-12 <= error <= 1 + 1e-12
    order = np.array(shuffler.sample(range(len(scored)), len(scored)))
    assert calibration_error(confidence[order], right[order], bins, equal_mass=equal_mass) == pytest.approx(
        error
    )
    assert calibration_error(right.astype(float), right, bins, equal_mass=equal_mass) == 0
