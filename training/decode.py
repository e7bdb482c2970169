"""Questions read against their own contexts, by the very windows and decoding that ship."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from tokenizers import Tokenizer

from askbrief.read.neural.span_decoding import Candidate, Scores, best_of_each, candidates
from askbrief.read.neural.windows import Window, windows
from askbrief.text import split_sentences
from askbrief.types import Extent
from training.base import PAD
from training.batches import padded_length
from training.hardware import autocast, device
from training.model import Reader
from training.questions import Question

WINDOW, OVERLAP = 384, 128  # tokens
ROWS = 16

Scorer = Callable[[Sequence[Window]], list[Scores]]


@dataclass(frozen=True, slots=True)
class Guess:
    """What was read for a question: the words, and the candidate that they are the span of (None for a
    context without a word)."""

    text: str
    best: Candidate | None

    @property
    def margin(self) -> float:
        """How far the span is ahead of "no answer"."""
        return self.best.margin if self.best else 0.0

    @property
    def answerable(self) -> float:
        """The answerable score of the span's window."""
        return self.best.answerable if self.best else 0.0


def read(questions: Sequence[Question], tokenizer: Tokenizer, scorer: Scorer) -> list[Guess]:
    """Give for each question the best span of the sentence that is furthest ahead of "no answer"."""
    parts = [
        (number, window)
        for number, question in enumerate(questions)
        for window in windows(tokenizer, question.text, [question.context], WINDOW, OVERLAP)
    ]
    found: list[list[Candidate]] = [[] for _ in questions]
    for (number, window), scores in zip(parts, scorer([window for _, window in parts]), strict=True):
        extents, blocks = sentences(questions[number].context)
        found[number] += candidates(window, scores, extents, blocks)
    return [guess(question, best_of_each(mine)) for question, mine in zip(questions, found, strict=True)]


@lru_cache(maxsize=10_000)
def sentences(text: str) -> tuple[list[Extent], list[int]]:
    """Give where a context's sentences lie, and their paragraphs."""
    cut = split_sentences(text, [(0, len(text))])
    return [(sentence.start, sentence.end) for sentence in cut], [sentence.paragraph for sentence in cut]


def guess(question: Question, found: Sequence[Candidate]) -> Guess:
    """Give the guess that the best of the candidates makes."""
    best = max(found, key=lambda candidate: candidate.mass, default=None)
    return Guess(question.context[best.start : best.end] if best else "", best)


def torch_scorer(model: Reader) -> Scorer:
    """Give the scores of a model in bfloat16 on the device at hand, in batches of the lengths that training
    knows."""

    def score(parts: Sequence[Window]) -> list[Scores]:
        found: dict[int, Scores] = {}
        order = sorted(range(len(parts)), key=lambda number: len(parts[number].ids))
        for begin in range(0, len(order), ROWS):
            chosen = order[begin : begin + ROWS]
            inputs = [torch.from_numpy(array).to(device()) for array in pad([parts[n] for n in chosen])]
            with torch.inference_mode(), autocast():
                starts, ends, answerable = (part.float().cpu().numpy() for part in model(*inputs)[:3])
            for row, number in enumerate(chosen):
                count = len(parts[number].ids)
                found[number] = Scores(starts[row, :count], ends[row, :count], float(answerable[row]))
        return [found[number] for number in range(len(parts))]

    return score


def pad(parts: Sequence[Window]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give ids, types and mask [rows, length] of a batch whose length is one of the few that training
    uses."""
    length = padded_length(max(len(part.ids) for part in parts))
    ids = np.full((len(parts), length), PAD, dtype=np.int64)
    types, mask = np.zeros_like(ids), np.zeros_like(ids)
    for number, part in enumerate(parts):
        ids[number, : len(part.ids)] = part.ids
        types[number, : len(part.ids)] = part.types
        mask[number, : len(part.ids)] = 1
    return ids, types, mask
