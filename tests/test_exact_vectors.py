"""Vectors that a question is compared with one by one, against FAISS."""

from __future__ import annotations

import numpy as np
import pytest

from askbrief.storage.search.exact_vectors import ExactVectors
from askbrief.storage.search.vectors import VectorIndex

DIMENSION = 8


def blocks(count: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Ids with gaps and unit vectors, some of them twice, in blocks of three."""
    random = np.random.default_rng(seed)
    ids = np.sort(random.choice(10 * count + 1, count, replace=False)).astype(np.int64)
    vectors = random.normal(size=(count, DIMENSION)).astype(np.float32)
    vectors[1::3] = vectors[:1]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [(ids[at : at + 3], vectors[at : at + 3]) for at in range(0, count, 3)]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 40])
@pytest.mark.parametrize("k", [1, 5, 100])
def test_the_nearest_are_those_that_faiss_finds(count: int, k: int) -> None:
    kept = blocks(count, count)
    mine, theirs = ExactVectors(kept), VectorIndex.exact(kept, DIMENSION)
    ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in kept)])
    question = np.random.default_rng(9).normal(size=DIMENSION).astype(np.float32)
    question /= np.linalg.norm(question)
    for allowed, without in [(None, None), (ids[::2], None), (None, ids[1::3]), (ids[:0], None)]:
        got, right = (each.search(question, k, allowed, without) for each in (mine, theirs))
        assert [score for _, score in got] == pytest.approx([score for _, score in right], abs=1e-5)
        assert len({id_ for id_, _ in got}) == len(got) == len(right)
        assert allowed is None or {id_ for id_, _ in got} <= set(allowed.tolist())
        assert without is None or not {id_ for id_, _ in got} & set(without.tolist())
    assert len(mine) == count


def test_of_equal_ones_the_earliest_come_first() -> None:
    row = np.full(DIMENSION, DIMENSION**-0.5, dtype=np.float32)
    kept = ExactVectors([(np.arange(9, dtype=np.int64), np.tile(row, (9, 1)))])
    assert [id_ for id_, _ in kept.search(row, 4)] == [0, 1, 2, 3]
