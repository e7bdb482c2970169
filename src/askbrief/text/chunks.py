"""Sentences to passages that fit an embedding model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from askbrief.types import Passage, Sentence

_TEAR = 0.25  # cost of a break within a paragraph, in proportion to the cost of an empty passage


def group_passages(
    text: str, sentences: Sequence[Sentence], count: Callable[[Sequence[str]], list[int]], limit: int
) -> tuple[Passage, ...]:
    """Sentences grouped into passages of at most ``limit`` tokens, each sentence in exactly one.

    ``sentences`` are those of one document, in order; ``count`` returns the number of tokens of each text;
    ``first`` and ``last`` of a passage index ``sentences``, half open. A sentence over ``limit`` is a passage
    of its own. Of all groupings, the one with the least sum of squares of unused tokens is chosen, as Knuth
    and Plass break lines ("Breaking Paragraphs into Lines", 1981): passages are balanced, without a short
    last one, and end with a paragraph unless that would leave one more than half empty.
    """
    sizes = count([text[sentence.start : sentence.end] for sentence in sentences])
    costs, begins = (
        [0.0],
        [0],
    )  # of the best grouping of the first n sentences: cost, last start
    for last in range(1, len(sentences) + 1):
        torn = last < len(sentences) and sentences[last].paragraph == sentences[last - 1].paragraph
        cost, first = min(_endings(sizes, costs, last, limit))
        costs.append(cost + torn * _TEAR * limit**2)
        begins.append(first)
    edges = [len(sentences)]
    while edges[-1]:
        edges.append(begins[edges[-1]])
    return tuple(
        Passage(sentences[first].start, sentences[last - 1].end, first, last)
        for first, last in pairwise(reversed(edges))
    )


def _endings(
    sizes: Sequence[int], costs: Sequence[float], last: int, limit: int
) -> Iterator[tuple[float, int]]:
    """For each passage that may end before ``last``: the total cost up to there, and its first sentence."""
    used = 0
    for first in range(last - 1, -1, -1):
        used += max(1, sizes[first])
        if used > limit and first < last - 1:
            return
        yield costs[first] + max(0, limit - used) ** 2, first
