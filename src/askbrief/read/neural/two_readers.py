"""A small reader that reads every passage, and a large one that reads the best few of them and decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from askbrief.question import wants_all
from askbrief.read.neural.passage_reader import (
    FURTHEST,
    READ,
    PassageReader,
    Weighed,
    described,
    judged,
)
from askbrief.read.neural.span_decoding import Candidate
from askbrief.types import Hit, Span

READ_AGAIN = 3
"""Passages that the large reader reads. On the dev half of `eval/newsroom.jsonl`, with 1, 2, 3 and 4, the
right sentence comes first for .680, .728, .736 and .736 of the questions that have an answer."""

FIRST = tuple(f"first_{name}" for name in READ)
"""What the small reader made of a sentence, beside ``FEATURES``."""


@dataclass(frozen=True, slots=True)
class TwoReaders:
    """A large reader behind a small one; fills the ``Reader`` protocol.

    The large reader's probabilities take into account what the small one found. ``load`` gives it; so it may
    be loaded while the small one reads.
    """

    small: PassageReader
    load: Callable[[], PassageReader]

    @property
    def large(self) -> PassageReader:
        """The large reader, once it is loaded. Raises ModelError."""
        return self.load()

    @property
    def threshold(self) -> float:
        """The least probability at which to answer."""
        return self.large.threshold

    @property
    def name(self) -> str:
        """The reader's name in results."""
        return self.large.name

    def alone(self, question: str, hit: Hit) -> list[Span]:
        """As ``read``, for a text that was not retrieved: the large reader reads it."""
        return self.large.alone(question, hit)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans, the most probable first, one for each sentence that the large reader read."""
        return judged(question, hits, *self.weighed(question, hits), self.large.model.card)

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The best span of every sentence of the hits, by the large reader's scores."""
        return self.large.candidates(question, hits)

    def weighed(self, question: str, hits: Sequence[Hit]) -> Weighed:
        """The best span of every sentence that the large reader read, with what its probability depends
        on."""
        before, rows = self.small.weighed(question, hits)
        logits = [self.small.model.card.among.logit(row) for row in rows]
        count = len(hits) if wants_all(question) else READ_AGAIN
        numbers = best_passages(before, logits)[:count]
        read = self.large.candidates(question, [hits[number] for number in numbers])
        found = [replace(one, text=numbers[one.text]) for one in read]
        first = {(one.text, one.sentence): row for one, row in zip(before, rows, strict=True)}
        return found, [
            row | as_first(first.get((one.text, one.sentence)))
            for one, row in zip(found, described(found, hits), strict=True)
        ]


def best_passages(found: Sequence[Candidate], logits: Sequence[float]) -> list[int]:
    """The numbers of the texts, by the log odds of the best candidate in each, best first."""
    best: dict[int, float] = {}
    for one, logit in zip(found, logits, strict=True):
        best[one.text] = max(logit, best.get(one.text, logit))
    return sorted(best, key=lambda number: (-best[number], number))


def as_first(row: Mapping[str, float] | None) -> dict[str, float]:
    """The features that a sentence has from the small reader; the least if that found no span in it."""
    return {first: row[name] if row else -FURTHEST for first, name in zip(FIRST, READ, strict=True)}
