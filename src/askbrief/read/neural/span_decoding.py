"""Start and end scores of tokens to the best span of every sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from askbrief.read.neural.windows import Window
from askbrief.types import Extent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_SPAN = 30
"""Tokens of an answer."""


class Scores(NamedTuple):
    """The scores of a window: start and end scores of every token [tokens], where token 0 means "no answer
    here", and a score for "this window answers" (0 if the model has none)."""

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    answerable: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best span that begins in one sentence of text number ``text``: characters ``start`` to ``end``.

    ``margin`` is how far its score is ahead of "no answer" in the same window, ``mass`` the same for all
    spans of the sentence together, and ``log_probability`` the sentence's share of all outcomes of the
    window; ``answerable`` is the window's score. All are natural logarithms of odds or shares.
    """

    text: int
    sentence: int
    start: int
    end: int
    margin: float
    mass: float
    log_probability: float
    answerable: float


def candidates(
    window: Window, scores: Scores, extents: Sequence[Extent], blocks: Sequence[int]
) -> list[Candidate]:
    """A candidate for each sentence that the window touches.

    Sentence ``i`` has the extent ``extents[i]`` in the text and belongs to block ``blocks[i]`` (a paragraph);
    a span stays within one block. Spans begin and end at words of sentences: characters between sentences
    (a rule, a mark on a line of its own) are never part of an answer.
    """
    import numpy as np

    if not extents:
        return []
    count = len(window.offsets)
    places = np.asarray(extents)
    sentences = np.maximum(np.searchsorted(places[:, 0], window.offsets[:, 0], side="right") - 1, 0)
    opens, closes = places[sentences].T
    within = (window.offsets[:, 0] < closes) & (opens < window.offsets[:, 1])
    sums = _sums(window, scores, np.asarray(blocks)[sentences], within)
    null = float(scores.starts[0] + scores.ends[0])
    # Relative to the greatest, since numpy's logaddexp adds one by one.
    peak = max(null, float(sums.max()))
    shares = np.exp(sums - peak).sum(axis=1)
    total = math.log(math.exp(null - peak) + float(shares.sum()))
    cuts = [0, *(np.flatnonzero(np.diff(sentences)) + 1).tolist(), count]
    found = []
    for begin, end in pairwise(cuts):
        row, length = np.unravel_index(int(sums[begin:end].argmax()), (end - begin, sums.shape[1]))
        first, share = begin + int(row), float(shares[begin:end].sum())
        if not share:
            continue
        mass = math.log(share)
        found.append(
            Candidate(
                window.text,
                int(sentences[begin]),
                int(window.offsets[first, 0]),
                int(window.offsets[first + int(length), 1]),
                float(sums[first, length]) - null,
                mass + peak - null,
                mass - total,
                scores.answerable,
            )
        )
    return found


def _sums(
    window: Window, scores: Scores, blocks: NDArray[np.int64], within: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The score of the span from token i to token i + j [tokens of the text, LONGEST_SPAN]; minus infinity if
    it is not a valid span."""
    import numpy as np

    count = len(window.offsets)
    part = slice(window.first, window.first + count)
    starts = np.where(window.opens & within, scores.starts[part].astype(np.float64), -np.inf)
    ends = np.where(window.closes & within, scores.ends[part].astype(np.float64), -np.inf)
    padded = np.concatenate([ends, np.full(LONGEST_SPAN - 1, -np.inf)])
    beyond = np.concatenate([blocks, np.full(LONGEST_SPAN - 1, -1)])
    reach = np.lib.stride_tricks.sliding_window_view
    inside = reach(beyond, LONGEST_SPAN) == blocks[:, None]
    return np.where(inside, starts[:, None] + reach(padded, LONGEST_SPAN), -np.inf)


def best_of_each(found: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per sentence: of those in overlapping windows, the furthest ahead of "no answer"."""
    best: dict[tuple[int, int], Candidate] = {}
    for candidate in found:
        key = candidate.text, candidate.sentence
        if key not in best or candidate.mass > best[key].mass:
            best[key] = candidate
    return list(best.values())
