"""One pass over the weighted mix of sets: which questions, on which passage, cut and varied how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from tokenizers import Tokenizer

from training.base import CLS, SEP
from training.prepare import Contexts, Item
from training.sources import BY_NAME

WINDOWS = (256, 384)  # a pass cuts long passages to one of these, so that both sizes are known; in tokens
LONGEST_QUESTION = 64
FOREIGN = 0.5  # chance that a question that allows it is seen on another passage as well
BARREN = 0.15  # chance that an answered question on a long passage also gives a window without its answer
NO_MARK, TYPO = 0.15, 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """One input `[CLS] question [SEP] passage [SEP]` as ids, the number of ids before the passage, and the
    right spans as token pairs of the input: (0, 0) alone when the passage doesn't answer, none when nobody
    knows."""

    ids: np.ndarray
    prefix: int
    spans: tuple[tuple[int, int], ...]

    @property
    def answerable(self) -> bool:
        """Whether the passage answers."""
        return self.spans[0][0] > 0


def draw_pass(
    items: Sequence[Item], contexts: Contexts, tokenizer: Tokenizer, seed: int, number: int
) -> Iterator[Example]:
    """Give the examples of pass `number` in random order; the same seed and number give the same
    examples."""
    random = Random(seed * 1000 + number)  # noqa: S311
    drawn = [(item, context) for item in items for context in _contexts_for(item, random)]
    random.shuffle(drawn)
    for begin in range(0, len(drawn), 1000):
        part = drawn[begin : begin + 1000]
        texts = [vary(item.question, random) for item, _ in part]
        encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
        for (item, context), encoding in zip(part, encodings, strict=True):
            spans = item.spans if context == item.context else []
            yield from _examples(encoding.ids[:LONGEST_QUESTION], contexts.ids(context), spans, random)


def _contexts_for(item: Item, random: Random) -> Iterator[int]:
    weight = BY_NAME[item.set].weight
    for _ in range(int(weight) + (random.random() < weight % 1)):
        yield item.context
    if item.negatives and random.random() < FOREIGN:
        yield random.choice(item.negatives)


def _examples(
    question: list[int], context: np.ndarray, spans: Sequence[tuple[int, int]], random: Random
) -> Iterator[Example]:
    room = random.choice(WINDOWS) - len(question) - 3
    free = len(context) - room
    if free <= 0:
        yield assemble(question, context, spans)
        return
    if spans:
        first, last = random.choice(spans)
        begin = random.randint(max(0, last + 1 - room), min(first, free))
        yield assemble(question, context[begin : begin + room], _inside(spans, begin, room))
        if random.random() >= BARREN:
            return
    begin = random.randint(0, free)
    # A window that cuts an answer in two is neither right nor wrong.
    if not any(last >= begin and first < begin + room for first, last in spans):
        yield assemble(question, context[begin : begin + room], [])


def _inside(spans: Sequence[tuple[int, int]], begin: int, room: int) -> list[tuple[int, int]]:
    return [(first - begin, last - begin) for first, last in spans if first >= begin and last < begin + room]


def assemble(question: Sequence[int], passage: np.ndarray, spans: Sequence[tuple[int, int]]) -> Example:
    """Join question and passage into one input and move the spans (passage tokens) to their places in
    it."""
    prefix = len(question) + 2
    ids = np.concatenate([[CLS], question, [SEP], passage, [SEP]]).astype(np.int32)
    moved = tuple((first + prefix, last + prefix) for first, last in spans)
    return Example(ids, prefix, moved or ((0, 0),))


def vary(question: str, random: Random) -> str:
    """Now and then drop the question mark or make a typing error; case is left alone, the vocabulary has
    none."""
    if random.random() < NO_MARK:
        question = question.rstrip("? ")
    return mistype(question, random) if random.random() < TYPO else question


def mistype(text: str, random: Random) -> str:
    """Swap, drop or double one letter inside one word of four letters or more."""
    words = text.split(" ")
    long = [index for index, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    index = random.choice(long)
    word = words[index]
    at = random.randint(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[index] = random.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at - 1 :]))
    return " ".join(words)
