"""Question to hits: dense and keyword search, fused into one ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TypeAlias

from askbrief.text import near_copies as copies
from askbrief.types import Hit, Ranking

Search: TypeAlias = Callable[[int], Ranking]
"""The given number of best passages for the question at hand."""

CANDIDATES = 100
"""Passages taken from each side before fusion."""

DENSE_WEIGHT = 0.6
"""Share of the cosine in the fused score; what other shares and reciprocal ranks give stands in
``eval/results/retrieval-*.json``."""


def retrieve(
    dense: Search,
    keywords: Search,
    cosines: Callable[[Sequence[int]], dict[int, float]],
    fetch: Callable[[Sequence[int]], list[Hit]],
    k: int,
    beside: Executor,
    families: Callable[[Sequence[int]], dict[int, int]] = lambda _: {},
) -> list[Hit]:
    """The ``k`` best passages for a question, best first; of copies of one passage, the best.

    ``dense`` and ``keywords`` search for it, the latter ``beside`` the former; ``cosines`` gives the
    similarity of any passages with it, for those that only keywords found, but of those that are gone;
    ``fetch`` turns ids into hits, ``families`` tells whose documents are copies of one another.
    """
    import numpy  # noqa: F401 — whole, before two threads import it and one of them sees it half made

    wording = beside.submit(keywords, max(k, CANDIDATES))
    near, worded = dense(max(k, CANDIDATES)), wording.result()
    similarity, bm25 = dict(near), dict(worded)
    similarity.update(cosines([id_ for id_ in bm25 if id_ not in similarity]))
    bm25 = {id_: score for id_, score in bm25.items() if id_ in similarity}
    ranking = fuse(similarity, bm25)
    hits: list[Hit] = []
    at = 0
    while len(hits) < k and at < len(ranking):
        some = ranking[at : at + k - len(hits)]
        at += len(some)
        ids = [id_ for id_, _ in some]
        family = families(ids)
        for (id_, score), hit in zip(some, fetch(ids), strict=True):
            words = bm25.get(id_, 0.0)
            found = replace(hit, score=score, cosine=similarity[id_], bm25=words, family=family.get(id_))
            if not _told_before(found, hits):
                hits.append(found)
    return hits


def _told_before(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether passages of copies of its document, found before, tell all that a passage does."""
    others = [
        h.text
        for h in hits
        if h.family is not None and h.family == hit.family and h.document.id != hit.document.id
    ]
    return bool(others) and copies.covered(hit.text, others)


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
