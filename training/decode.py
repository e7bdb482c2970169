"""From scores of tokens to the best span of a context, over sliding windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from training.base import PAD
from training.batches import padded_length
from training.mix import LONGEST_QUESTION, assemble
from training.questions import Question

WINDOW = 384
OVERLAP = 128  # tokens that neighbouring windows share
LONGEST_SPAN = 30
ROWS = 16

# (input_ids, token_type_ids, attention_mask) [rows, length] -> start, end [rows, length], answerable [rows]
Scorer = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, ...]]


@dataclass(frozen=True, slots=True)
class Guess:
    """The best span found for a question: its text and characters; its score (start + end), the score of
    "no answer" and the span's log probability among all outcomes, both in the same window; and that
    window's answerable score."""

    text: str
    start: int
    end: int
    score: float
    null: float
    log_probability: float
    answerable: float

    @property
    def margin(self) -> float:
        """How far the span is ahead of "no answer"."""
        return self.score - self.null


@dataclass(frozen=True, slots=True)
class Window:
    """One input of a question and a part of its context, with each passage token's characters in the
    context."""

    question: int
    ids: np.ndarray
    prefix: int
    offsets: np.ndarray


def windows(number: int, question: Question, tokenizer: Tokenizer) -> Iterator[Window]:
    """Cut a question's context into windows of at most WINDOW tokens that overlap by OVERLAP."""
    asked = tokenizer.encode(" ".join(question.text.split()), add_special_tokens=False).ids[:LONGEST_QUESTION]
    context = tokenizer.encode(question.context, add_special_tokens=False)
    ids = np.asarray(context.ids, dtype=np.int64)
    offsets = np.asarray(context.offsets, dtype=np.int64).reshape(-1, 2)
    room = WINDOW - len(asked) - 3
    begin = 0
    while True:
        example = assemble(asked, ids[begin : begin + room], [])
        yield Window(number, example.ids, example.prefix, offsets[begin : begin + room])
        if begin + room >= len(ids):
            return
        begin += room - OVERLAP


def read(questions: Sequence[Question], tokenizer: Tokenizer, scorer: Scorer) -> list[Guess]:
    """Give for each question the span that is furthest ahead of "no answer" over all of its windows."""
    parts = [
        part for number, question in enumerate(questions) for part in windows(number, question, tokenizer)
    ]
    best: dict[int, Guess] = {}
    for part, guess in zip(parts, _scored(parts, questions, scorer), strict=True):
        known = best.get(part.question)
        if known is None or guess.margin > known.margin:
            best[part.question] = guess
    return [best[number] for number in range(len(questions))]


def _scored(parts: Sequence[Window], questions: Sequence[Question], scorer: Scorer) -> list[Guess]:
    guesses: list[Guess | None] = [None] * len(parts)
    order = sorted(range(len(parts)), key=lambda index: len(parts[index].ids))
    for begin in range(0, len(order), ROWS):
        chosen = order[begin : begin + ROWS]
        inputs = pad([parts[index].ids for index in chosen], [parts[index].prefix for index in chosen])
        starts, ends, answerable = scorer(*inputs)
        for row, index in enumerate(chosen):
            context = questions[parts[index].question].context
            guesses[index] = best_span(parts[index], context, starts[row], ends[row], float(answerable[row]))
    return [guess for guess in guesses if guess is not None]


def pad(rows: Sequence[np.ndarray], prefixes: Sequence[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give ids, types and mask [rows, length] of a batch whose length is one of the few that training
    uses."""
    length = padded_length(max(len(row) for row in rows))
    ids = np.full((len(rows), length), PAD, dtype=np.int64)
    types, mask = np.zeros_like(ids), np.zeros_like(ids)
    for number, (row, prefix) in enumerate(zip(rows, prefixes, strict=True)):
        ids[number, : len(row)] = row
        types[number, prefix : len(row)] = 1
        mask[number, : len(row)] = 1
    return ids, types, mask


def best_span(window: Window, context: str, starts: np.ndarray, ends: np.ndarray, answerable: float) -> Guess:
    """Give the passage span of at most LONGEST_SPAN tokens whose start and end scores add up highest."""
    null = float(starts[0] + ends[0])
    count = len(window.offsets)
    if not count:
        return Guess("", 0, 0, null, null, 0.0, answerable)
    part = slice(window.prefix, window.prefix + count)
    sums = starts[part, None] + ends[None, part]
    # Rows are starts, columns ends: start <= end < start + LONGEST_SPAN.
    allowed = np.tri(count, dtype=bool).T & np.tri(count, k=LONGEST_SPAN - 1, dtype=bool)
    first, last = np.unravel_index(int(np.where(allowed, sums, -np.inf).argmax()), sums.shape)
    start, end = int(window.offsets[first][0]), int(window.offsets[last][1])
    score = float(sums[first, last])
    whole = float(np.logaddexp.reduce(starts) + np.logaddexp.reduce(ends))
    return Guess(context[start:end], start, end, score, null, score - whole, answerable)
