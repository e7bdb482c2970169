"""A reading model run by onnxruntime: windows to scores, and the card with its parameters."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError
from askbrief.onnx_runtime import cores, line, session
from askbrief.read.logistic import Logistic
from askbrief.read.neural.span_decoding import Scores
from askbrief.read.neural.windows import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, TOKENIZER, CARD = "reader.onnx", "tokenizer.json", "card.json"
POOL = "askbrief-windows"
"""How the names of the threads begin that run windows."""
OUTPUTS = ("start_logits", "end_logits", "answerable_logit")


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """The parameters of a reading model.

    ``window`` and ``overlap`` count tokens. ``alone`` gives the probability that an answer in a single text
    is right, ``among`` that of an answer in one of several passages, and ``each`` the same for each passage
    by itself, if a question asks for all answers. ``sure`` gives the probability of the best of several,
    whatever else was found; None if that of ``among`` counts. ``precision`` is the share of right answers
    from ``threshold`` on, None if it wasn't measured. ``tokenizer`` is a path from the card's folder: readers
    that cut words alike share one.
    """

    name: str
    window: int
    overlap: int
    alone: Logistic
    among: Logistic
    each: Logistic
    threshold: float
    precision: float | None
    tokenizer: str = TOKENIZER
    sure: Logistic | None = None


def read_card(path: Path) -> ReaderCard:
    """The card in a file. Raises KeyError, TypeError or ValueError if the file is not a card."""
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    alone, among, each = (Logistic(**fields.pop(name)) for name in ("alone", "among", "each"))
    sure = fields.pop("sure", None)
    return ReaderCard(**fields, alone=alone, among=among, each=each, sure=Logistic(**sure) if sure else None)


def plain_card(name: str, window: int, overlap: int) -> ReaderCard:
    """A card without fitted probabilities: they are the model's own, of a sentence against "no answer"."""
    plain = Logistic({"mass": 1.0}, 0.0)
    return ReaderCard(name, window, overlap, plain, plain, plain, threshold=0.5, precision=None)


def write_card(card: ReaderCard, path: Path) -> None:
    """Write a card for ``read_card``."""
    path.write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


@cache
def _pool() -> ThreadPoolExecutor:
    """What runs windows, first come, first served: more threads than processors would only wait for them."""
    return ThreadPoolExecutor(cores(), POOL)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads stay with the parent


class ReadingModel:
    """A question-answering model in a folder: ``reader.onnx``, ``card.json``, the tokenizer that this names.

    Each window is run by itself, in threads that all questions and models share, one for each processor:
    windows are not padded, and the scores of one do not depend on the others.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self.card = read_card(folder / CARD)
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / self.card.tokenizer))
            self._session = session(folder / GRAPH, threads=1)  # the windows are run in parallel
        except Exception as error:  # each of the three libraries has its own errors for a bad file
            raise ModelError(
                f"the reader in {folder} can't be loaded ({line(error)[:120]})",
                hint="delete the folder and choose the reader again, or ask with `--reader none`",
            ) from error
        self._inputs = tuple(given.name for given in self._session.get_inputs())
        known = {given.name for given in self._session.get_outputs()}
        self._outputs = [name for name in OUTPUTS if name in known]

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        """The scores of each window, in the same order."""
        order = sorted(range(len(windows)), key=lambda number: -len(windows[number].ids))
        found = dict(zip(order, _pool().map(lambda number: self._run(windows[number]), order), strict=True))
        return [found[number] for number in range(len(windows))]

    def _run(self, window: Window) -> Scores:
        given = tensors(window)
        outputs = self._session.run(self._outputs, {name: given[name] for name in self._inputs})
        return Scores(outputs[0][0], outputs[1][0], float(outputs[2][0]) if len(outputs) > 2 else 0.0)


def tensors(window: Window) -> dict[str, NDArray[np.int64]]:
    """All inputs that a reading model may take, by name, each [1, tokens]."""
    import numpy as np

    return {
        "input_ids": window.ids[None],
        "token_type_ids": window.types[None],
        "attention_mask": np.ones_like(window.ids)[None],
    }
