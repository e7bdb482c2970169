"""The packaged embedding model, all-MiniLM-L6-v2 in int8: embeds passages and questions without PyTorch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from askbrief.embed.models import DEFAULT_MODEL, DEFAULT_SHA256
from askbrief.embed.query_embedder import CARD, GRAPH, TOKENIZER
from askbrief.errors import ModelError
from askbrief.index_records import ModelCard
from askbrief.onnx_runtime import cores, line, session
from askbrief.packaged import ENCODER, READER, packaged

if TYPE_CHECKING:
    from askbrief.types import Vectors


def model_card() -> ModelCard:
    """The card of the packaged graph, as an index keeps it that was made with it."""
    card = json.loads((packaged(ENCODER) / CARD).read_text(encoding="utf-8"))
    return ModelCard(
        DEFAULT_MODEL,
        DEFAULT_SHA256,
        card["dimension"],
        card["window"],
        card["agreement"],
        encoder="",
        files={},
        graph=card["graph"],
    )


class PackagedEmbedder:
    """Embeds texts one by one, each on a core of its own; fills the ``Embedder`` protocol.

    Batches would pad, and what a text scores would depend on its neighbours: int8 has one scale for all that
    is multiplied at once. Raises ModelError if the installation is damaged.
    """

    def __init__(self, card: ModelCard | None = None) -> None:
        from tokenizers import Tokenizer

        folder = packaged(ENCODER)
        try:
            own = model_card()
            self.card = replace(card, dimension=own.dimension, window=own.window) if card else own
            self._tokenizer = Tokenizer.from_file(str(packaged(READER) / TOKENIZER))
            self._session = session(folder / GRAPH, threads=1)
        except Exception as error:  # each of the libraries has its own errors for a bad file
            raise ModelError(
                f"the packaged embedding model in {folder} can't be loaded ({line(error)[:120]})",
                hint="install askbrief again",
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.card.window)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self.card.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row per text, in the order given."""
        import numpy as np

        encodings = self._tokenizer.encode_batch_fast(list(texts))
        ids = [np.array([encoding.ids], dtype=np.int64) for encoding in encodings]
        run = map if len(ids) == 1 else self._pool.map
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, vector in enumerate(run(self._run, ids)):
            vectors[row] = vector
        return vectors

    def close(self) -> None:
        """Stop the threads, if any."""
        if "_pool" in self.__dict__:
            self._pool.shutdown()

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(cores(), "askbrief-embedder")

    def _run(self, ids: Any) -> Any:
        return self._session.run(None, {"input_ids": ids})[0][0]
