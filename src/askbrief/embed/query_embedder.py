"""The exported query encoder, run by onnxruntime without PyTorch, loaded in a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief import json_records
from askbrief.embed.graph_check import require_straight
from askbrief.errors import IndexDamaged
from askbrief.once import within
from askbrief.onnx_runtime import line, session

if TYPE_CHECKING:
    from askbrief.types import Vectors

GRAPH, TENSORS, TOKENIZER, CARD = "model.onnx", "model.bin", "tokenizer.json", "card.json"
SECONDS = 120.0
"""For a batch, which takes a second or two: the tokenizer and the graph may be somebody else's."""

BATCH = 8
"""Texts in a batch: larger batches gain nothing on a CPU, and pad more (twice the time at 32)."""


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """The parameters of an exported encoder.

    ``window`` counts tokens; ``inputs`` are the graph's inputs in order; ``prompt`` is put before every
    question; ``agreement`` is the mean cosine with the model from which it was exported.
    """

    dimension: int
    window: int
    inputs: tuple[str, ...]
    prompt: str
    agreement: float


def token_counter(folder: Path) -> Callable[[Sequence[str]], list[int]]:
    """A function that counts the tokens of texts, without special ones, for the encoder in ``folder``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def count(texts: Sequence[str]) -> list[int]:
        return [
            len(encoding) for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ]

    return count


class QueryEmbedder:
    """Embeds questions and sentences with the ONNX model in a folder; fills the ``Embedder`` protocol."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.folder = folder
        try:
            self.card = json_records.record(EncoderCard, json_records.parsed((folder / CARD).read_bytes()))
            require_straight(folder / GRAPH, TENSORS)
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._tokenizer.enable_truncation(self.card.window)
            self._tokenizer.enable_padding(pad_id=0)
            self._session = session(folder / GRAPH, limited=True)
        except Exception as error:  # each of the three libraries has its own errors for a bad file
            raise self._damaged("loaded", error) from error

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self.card.dimension

    def _damaged(self, how: str, error: Exception) -> IndexDamaged:
        return IndexDamaged(
            f"the query encoder in {self.folder} can't be {how} ({line(error)[:120]})",
            hint="run `askbrief index --rebuild`",
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row per text, in the order given."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            vectors[rows] = self._run([self.card.prompt + texts[row] for row in rows])
        return vectors

    def _run(self, texts: list[str]) -> Vectors:
        """Unit vectors of one batch. Raises IndexDamaged if the graph or the tokenizer can't embed it, or
        takes longer than ``SECONDS``."""
        try:
            return within(SECONDS, lambda: self._embedded(texts))
        except Exception as error:
            raise self._damaged("run", error) from error

    def _embedded(self, texts: list[str]) -> Vectors:
        import numpy as np

        encodings = self._tokenizer.encode_batch(texts)
        tensors = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
            "token_type_ids": np.array([e.type_ids for e in encodings], dtype=np.int64),
        }
        output = self._session.run(None, {name: tensors[name] for name in self.card.inputs})[0]
        vectors: Vectors = np.asarray(output, dtype=np.float32)
        if vectors.shape != (len(texts), self.dimension) or not np.all(np.isfinite(vectors)):
            raise ValueError("it gives no vectors of its dimension")
        return vectors
