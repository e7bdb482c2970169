"""Questions and passages with words changed for such as stand near them: to a teacher they are new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from training.mix import Example

NEAREST = 12  # words that one may be changed for
IN_QUESTION, IN_PASSAGE = 0.2, 0.06  # chance of a word to be changed


@dataclass(frozen=True, slots=True)
class Near:
    """For each token that is a word by itself the words nearest to it, and which tokens these are: `words`
    [vocabulary, NEAREST] of ids, `whole` [vocabulary]; `inner` [vocabulary] tells those that go on with the
    word before."""

    words: np.ndarray
    whole: np.ndarray
    inner: np.ndarray


def near_words(vectors: np.ndarray, tokens: list[str]) -> Near:
    """Give the words nearest to each by the cosine of their vectors [vocabulary, width]."""
    inner = np.array([token.startswith("##") for token in tokens])
    whole = np.array([token.isalnum() and len(token) > 1 for token in tokens])
    ids = np.flatnonzero(whole)
    unit = vectors[ids] / np.linalg.norm(vectors[ids], axis=1, keepdims=True)
    words = np.zeros((len(tokens), min(NEAREST, len(ids) - 1)), dtype=np.int32)
    for begin in range(0, len(ids), 1000):
        rows = ids[begin : begin + 1000]
        alike = unit[begin : begin + 1000] @ unit.T
        alike[np.arange(len(rows)), np.arange(begin, begin + len(rows))] = -2
        words[rows] = ids[np.argpartition(-alike, words.shape[1] - 1, axis=1)[:, : words.shape[1]]]
    return Near(words, whole, inner)


def altered(examples: Iterable[Example], near: Near, share: float, random: Random) -> Iterator[Example]:
    """Give the examples, a share of them with words changed, whose answers then nobody knows."""
    numbers = np.random.default_rng(random.getrandbits(63))
    for example in examples:
        yield alter(example, near, numbers) if random.random() < share else example


def alter(example: Example, near: Near, numbers: np.random.Generator) -> Example:
    """Give the example with some of its words changed for near ones."""
    ids = example.ids.copy()
    chance = np.where(np.arange(len(ids)) < example.prefix, IN_QUESTION, IN_PASSAGE)
    # What goes on in the next token is part of a word, not one.
    broken = np.append(near.inner[ids[1:]], False)
    changed = near.whole[ids] & ~broken & (numbers.random(len(ids)) < chance)
    chosen = near.words[ids[changed]]
    ids[changed] = chosen[np.arange(len(chosen)), numbers.integers(0, chosen.shape[1], len(chosen))]
    return replace(example, ids=ids, spans=())
