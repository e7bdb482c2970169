"""Question to hits: dense and keyword search, fused into one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from askbrief.protocols import IndexReader
from askbrief.text import covered
from askbrief.types import EVERYTHING, Filter, Hit, Ranking

if TYPE_CHECKING:
    from askbrief.types import Vectors

CANDIDATES = 100
"""Passages taken from each side before fusion."""

DENSE_WEIGHT = 0.6
"""Share of the cosine in the fused score; ``eval/results/retrieval-*.json`` has what other shares and
reciprocal ranks give."""


def retrieve(
    index: IndexReader, question: str, k: int, wanted: Filter = EVERYTHING, *, beside: Executor
) -> list[Hit]:
    """The ``k`` best passages for a question that pass the filter, best first; of copies of one passage, the
    best. Keywords are searched ``beside`` the vectors."""
    import numpy  # noqa: F401 — imported before two threads do, and one of them sees half of it

    @cache
    def vector() -> Vectors:
        found: Vectors = index.embedder.embed([question])[0]
        return found

    depth = max(k, CANDIDATES)
    words = beside.submit(index.search_text, question, depth, wanted)
    similarity, bm25 = dict(index.search_dense(vector(), depth, wanted)), dict(words.result())
    similarity.update(index.cosines(vector(), [id_ for id_ in bm25 if id_ not in similarity]))
    bm25 = {id_: score for id_, score in bm25.items() if id_ in similarity}
    ranking = fuse(similarity, bm25)
    hits: list[Hit] = []
    at = 0
    while len(hits) < k and at < len(ranking):
        some = ranking[at : at + k - len(hits)]
        at += len(some)
        ids = [id_ for id_, _ in some]
        groups = index.duplicate_groups(ids)
        for (id_, score), hit in zip(some, index.hits(ids), strict=True):
            found = replace(
                hit,
                score=score,
                cosine=similarity[id_],
                bm25=bm25.get(id_, 0.0),
                duplicate_group=groups.get(id_),
            )
            if not _is_copy(found, hits):
                hits.append(found)
    return hits


def _is_copy(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether better passages of its document's duplicates say everything that a passage does."""
    group = hit.duplicate_group
    others = [h.text for h in hits if h.duplicate_group == group and h.document.id != hit.document.id]
    return group is not None and bool(others) and covered(hit.text, others)


def fuse(similarity: dict[int, float], bm25: dict[int, float], weight: float = DENSE_WEIGHT) -> Ranking:
    """One ranking of all passages found: a convex combination of cosine and BM25, best first.

    BM25 has no upper bound, so it is taken as a share of the best score for the question (the "theoretical
    min-max" normalisation of Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
    Retrieval", 2023); cosines are compared as they are. Ties go to the earlier passage.
    """
    best = max(bm25.values(), default=0.0) or 1.0
    scores = {
        id_: weight * cosine + (1 - weight) * bm25.get(id_, 0.0) / best for id_, cosine in similarity.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
