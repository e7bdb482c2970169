"""Examples to padded batches of a few fixed shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from training.base import PAD
from training.mix import Example

# Every new shape makes oneDNN build and keep new kernels, so each batch takes one of these lengths (in
# tokens) and the number of rows that goes with it.
LENGTHS: tuple[int, ...] = (*range(48, 256, 16), 256, 320, 384)
ANSWERS = 8  # the most answers of one example that are aimed at


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded inputs [rows, length], right spans [rows, ANSWERS, 2], and which of them are filled [rows,
    ANSWERS]."""

    input_ids: Tensor
    token_type_ids: Tensor
    attention_mask: Tensor
    spans: Tensor
    known: Tensor

    def to(self, device: torch.device) -> Batch:
        """Give the same batch on another device."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return Batch(**{name: part.to(device, non_blocking=True) for name, part in parts.items()})


def bucket(examples: Iterable[Example], tokens: int) -> Iterator[list[Example]]:
    """Give groups of about `tokens` padded tokens, each of one length class, as soon as they are full.

    What is left over at the end is less than one batch a class and is dropped.
    """
    waiting: dict[int, list[Example]] = {length: [] for length in LENGTHS}
    for example in examples:
        length = padded_length(len(example.ids))
        waiting[length].append(example)
        if len(waiting[length]) == tokens // length:
            yield waiting[length]
            waiting[length] = []


def padded_length(count: int) -> int:
    """Give the smallest of LENGTHS that holds `count` tokens."""
    return next(length for length in LENGTHS if count <= length)


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples of one length class into a batch."""
    length = padded_length(max(len(example.ids) for example in examples))
    rows = len(examples)
    ids = np.full((rows, length), PAD, dtype=np.int64)
    types, mask = np.zeros_like(ids), np.zeros_like(ids)
    spans = np.zeros((rows, ANSWERS, 2), dtype=np.int64)
    known = np.zeros((rows, ANSWERS), dtype=bool)
    for row, example in enumerate(examples):
        count = len(example.ids)
        ids[row, :count] = example.ids
        types[row, example.prefix : count] = 1
        mask[row, :count] = 1
        answers = example.spans[:ANSWERS]
        if answers:
            spans[row, : len(answers)] = answers
            known[row, : len(answers)] = True
    return Batch(*(torch.from_numpy(array) for array in (ids, types, mask, spans, known)))
