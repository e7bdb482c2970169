"""A reading model run by onnxruntime: windows in, scores out, and the card that says how to use them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError
from askbrief.onnx_runtime import line, session
from askbrief.read.neural.span_decoding import Scores
from askbrief.read.neural.windows import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, TOKENIZER, CARD = "reader.onnx", "tokenizer.json", "card.json"
OUTPUTS = ("start_logits", "end_logits", "answerable_logit")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: a weight for each feature that it looks at, by name, and a bias."""

    weights: Mapping[str, float]
    bias: float


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What must be known to use a reading model.

    ``window`` and ``overlap`` count tokens. ``alone`` turns what was read in one text into the probability
    that it is right, ``among`` what was read in one of several passages, and ``each`` does so for each
    passage by itself, as for a question that asks for all. From ``threshold`` on, answers are right with
    the share ``precision``, where that was measured.
    """

    name: str
    window: int
    overlap: int
    alone: Logistic
    among: Logistic
    each: Logistic
    threshold: float
    precision: float | None


def read_card(path: Path) -> ReaderCard:
    """The card in a file. Raises KeyError, TypeError or ValueError where it is none."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    alone, among, each = (Logistic(**kept.pop(name)) for name in ("alone", "among", "each"))
    return ReaderCard(**kept, alone=alone, among=among, each=each)


def plain_card(name: str, window: int, overlap: int) -> ReaderCard:
    """The card of a model whose probabilities nobody fitted: its own, of a sentence against "no answer"."""
    own = Logistic({"mass": 1.0}, 0.0)
    return ReaderCard(name, window, overlap, own, own, own, threshold=0.5, precision=None)


def write_card(card: ReaderCard, path: Path) -> None:
    """Write a card for ``read_card``."""
    path.write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


class ReadingModel:
    """A question-answering model in a folder: ``reader.onnx``, ``tokenizer.json``, ``card.json``.

    Each window is run by itself, as many at a time as there are processors: so no window is padded, and
    what one scores does not depend on what is read beside it.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self.card = read_card(folder / CARD)
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = session(folder / GRAPH, threads=1)  # windows are spread over the processors
        except Exception as error:  # each of the three libraries has its own kinds of error for a bad file
            raise ModelError(
                f"the reader in {folder} can't be loaded ({line(error)[:120]}): "
                "delete the folder and choose the reader again, or ask with --reader none"
            ) from error
        self._inputs = tuple(given.name for given in self._session.get_inputs())
        known = {given.name for given in self._session.get_outputs()}
        self._outputs = [name for name in OUTPUTS if name in known]

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        """The scores of each window, in their order."""
        order = sorted(range(len(windows)), key=lambda number: -len(windows[number].ids))
        threads = max(1, min(len(windows), _processors()))
        with ThreadPoolExecutor(threads) as pool:
            found = dict(zip(order, pool.map(lambda number: self._run(windows[number]), order), strict=True))
        return [found[number] for number in range(len(windows))]

    def _run(self, window: Window) -> Scores:
        given = tensors(window)
        outputs = self._session.run(self._outputs, {name: given[name] for name in self._inputs})
        return Scores(outputs[0][0], outputs[1][0], float(outputs[2][0]) if len(outputs) > 2 else 0.0)


def tensors(window: Window) -> dict[str, NDArray[np.int64]]:
    """All inputs that a reading model may take [1, tokens], by name."""
    import numpy as np

    return {
        "input_ids": window.ids[None],
        "token_type_ids": window.types[None],
        "attention_mask": np.ones_like(window.ids)[None],
    }


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
