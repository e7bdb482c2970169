"""A larger reader that teaches the small one: its encoder, and its scores of a pass's examples kept on
disk."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from training.batches import collate
from training.hardware import Map, device, side_by_side
from training.mix import Example

if TYPE_CHECKING:
    from training.model import Reader

# Special tokens by the names that BERT and MPNet give them.
RENAMED = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}
ROWS = {"cpu": 16, "cuda": 128}  # that fill the device
PART = 1024  # examples


class Translated(nn.Module):
    """An MPNet encoder that takes BERT's ids.

    all-mpnet-base-v2 was made with BERT's uncased word pieces under other numbers, so inputs need translating
    only, and its scores lie on the very tokens that the small reader sees.
    """

    def __init__(self, encoder: nn.Module, table: Tensor) -> None:
        """Take the encoder and, for each of BERT's ids, the encoder's own [vocabulary]."""
        super().__init__()
        self.encoder = encoder
        self.config: Any = encoder.config
        self.register_buffer("table", table)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> Any:
        """Give the encoder's output; MPNet knows no token types."""
        del token_type_ids
        return self.encoder(input_ids=self.get_buffer("table")[input_ids], attention_mask=attention_mask)


def translation(ours: Sequence[str], theirs: Sequence[str]) -> Tensor:
    """Give for each token of our vocabulary its number in theirs; ValueError when one is missing there."""
    numbers = {token: number for number, token in enumerate(theirs)}
    missing = [token for token in ours if RENAMED.get(token, token) not in numbers and not _is_spare(token)]
    if missing:
        raise ValueError(f"the teacher's vocabulary lacks {len(missing)} tokens, such as {missing[0]!r}")
    return torch.tensor([numbers.get(RENAMED.get(token, token), 0) for token in ours])


def _is_spare(token: str) -> bool:
    return token.startswith("[unused") or token == "[MASK]"  # noqa: S105


def write_targets(model: Reader, examples: Iterable[Example], folder: Path, made_from: str) -> None:
    """Write a teacher's scores of one pass's examples, in their order, a file for each PART of them; what
    lies there is kept, so that a stopped run goes on.

    `made_from` names what the pass was drawn from, so that scores are never put on other examples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    nn.Module.to(model.encoder, torch.bfloat16)
    with side_by_side(torch.get_num_threads()) as over:
        for path, part in _parts(examples, folder):
            if not path.exists():
                _write_part(model, part, path, made_from, over)


def _parts(examples: Iterable[Example], folder: Path) -> Iterator[tuple[Path, list[Example]]]:
    rest = iter(examples)
    for number in itertools.count():
        part = list(itertools.islice(rest, PART))
        if not part:
            return
        yield _path(folder, number), part


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:04}.npz"


def _write_part(model: Reader, part: list[Example], path: Path, made_from: str, over: Map) -> None:
    scores: list[np.ndarray] = [np.empty(0)] * len(part)
    sure = np.zeros(len(part), dtype=np.float16)
    order = sorted(range(len(part)), key=lambda index: len(part[index].ids))
    rows = ROWS[device().type]
    groups = [order[begin : begin + rows] for begin in range(0, len(order), rows)]
    for found in over(lambda chosen: list(_score(model, part, chosen)), groups):
        for index, score, answerable in found:
            scores[index], sure[index] = score, answerable
    bounds = np.cumsum([0, *(len(score) for score in scores)])
    beside = path.with_suffix(".tmp.npz")
    np.savez(
        beside, scores=np.concatenate(scores), answerable=sure, bounds=bounds, made_from=np.array(made_from)
    )
    beside.replace(path)


def _score(
    model: Reader, part: Sequence[Example], chosen: Sequence[int]
) -> Iterator[tuple[int, np.ndarray, float]]:
    batch = collate([part[index] for index in chosen]).to(device())
    with torch.inference_mode():
        starts, ends, answerable = model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
    both = torch.stack([starts, ends], -1).half().cpu().numpy()
    for row, index in enumerate(chosen):
        yield index, both[row, : len(part[index].ids)], float(answerable[row])


def count_scored(folder: Path) -> int:
    """Count the passes that a teacher has scored, wholly or in part; ValueError for none."""
    count = sum(_path(scored, 0).exists() for scored in folder.glob("*"))
    if not count:
        raise ValueError(f"{folder} holds no scores; run the stage `teach` first")
    return count


def taught(examples: Iterable[Example], folder: Path, made_from: str) -> Iterator[Example]:
    """Give a pass's examples with the teacher's scores, as far as these go; ValueError when they were made
    from another pass."""
    for path, part in _parts(examples, folder):
        if not path.exists():
            return
        with np.load(path) as kept:
            if str(kept["made_from"]) != made_from:
                raise ValueError(
                    f"{path} holds scores of {kept['made_from']}, not of {made_from}; make them again"
                )
            scores, sure, bounds = kept["scores"], kept["answerable"], kept["bounds"]
        for number, example in enumerate(part):
            soft = scores[bounds[number] : bounds[number + 1]]
            yield replace(example, soft=soft, sure=float(sure[number]))


def origin(prepared: Path, seed: int, number: int) -> str:
    """Name the pass that a prepared folder, a seed and a number give."""
    inputs = json.loads((prepared / "prepared.json").read_text())["inputs"]
    return f"{inputs[:16]}/{seed}/{number}"


def soft_loss(scores: Tensor, soft: Tensor, temperature: float) -> Tensor:
    """Give each row's divergence of the scores from the teacher's [rows, tokens] (Hinton et al. 2015, section
    2).

    Times the squared temperature, so that its gradients keep their size whatever the temperature.
    """
    wanted = (soft / temperature).log_softmax(-1)
    given = (scores / temperature).log_softmax(-1)
    return (wanted.exp() * (wanted - given)).sum(-1) * temperature**2
