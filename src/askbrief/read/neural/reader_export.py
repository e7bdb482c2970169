"""Any Hugging Face question-answering model as a reader, exported once to ONNX in the user's cache."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError, StorageError
from askbrief.onnx_runtime import line, optimise, trace
from askbrief.pytorch import require_pytorch
from askbrief.read.neural import hub
from askbrief.read.neural.reading_model import (
    CARD,
    GRAPH,
    OUTPUTS,
    TOKENIZER,
    ReadingModel,
    plain_card,
    tensors,
    write_card,
)
from askbrief.read.neural.windows import Window, windows

if TYPE_CHECKING:
    import torch

TENSORS = "reader.bin"

AGREEMENT = 1e-2
"""Largest difference between a logit of the export and the model's, as a share of the range of its logits."""

PROBES = (
    ("Why?", "Because of rust."),
    ("Who said that prices had risen?", "Prices rose by 3.5 percent, the minister told “Die Zeit” in May."),
    ("What did the committee of São Paulo decide about the bridge?", "It saw no reason to close it. " * 99),
)
"""Questions and texts on which export and model are compared; the last text needs several windows."""


def exported(name: str) -> Path:
    """The folder, for ReadingModel, of the model called ``name``: a local folder, else a name on the hub.

    An earlier export is reused, unless the local folder has changed since. Raises ModelError if there is no
    such model or it can't be used as a reader, StorageError if the export can't be written.
    """
    try:
        folder = _place(name)
        if not (folder / CARD).is_file():
            _make(name, folder)
    except OSError as error:
        raise StorageError(
            f"the reader {name} can't be written ({error.filename or 'disk'}: {error.strerror or error})",
            hint="free some space or change permissions, or leave out `--reader`",
        ) from error
    return folder


def _place(name: str) -> Path:
    """The folder for the export of a model; for a local folder it depends on its files."""
    import platformdirs

    source = hub.local(name)
    identity = [name]
    if source is not None:
        stats = sorted((file.name, file.stat()) for file in source.iterdir() if file.is_file())
        identity = [str(source), *(f"{file} {stat.st_size} {stat.st_mtime_ns}" for file, stat in stats)]
    digest = hashlib.sha256("\n".join(identity).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", source.name if source else name).strip("-.")[:60]
    return platformdirs.user_cache_path("askbrief") / "readers" / f"{slug}-{digest}"


def _make(name: str, folder: Path) -> None:
    """Export into a folder beside ``folder`` and rename it, so that no partial export is ever used."""
    from filelock import FileLock

    part = folder.with_name(folder.name + ".part")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if (folder / CARD).is_file():  # exported by another process meanwhile
            return
        for old in (part, folder):
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir()
        try:
            with hub.quiet():
                _export(name, part)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _export(name: str, folder: Path) -> None:
    """Write the files of a ReadingModel into ``folder``, and check that it scores as the model does."""
    require_pytorch(f"to export the reader {name}")
    source = hub.local(name)
    if source is None:
        with _model_errors(f"reader {name!r} is not a local folder and could not be downloaded from the hub"):
            source = hub.fetched(name)
    with _model_errors(f"{name} can't be loaded as a question-answering model"):
        model, tokenizer = hub.load(source)
    with _model_errors(f"{name} can't be used as a reader"):
        inputs, window = hub.inputs(model, tokenizer), hub.window(model, tokenizer)
        card = plain_card(name, window, window // 3)
        backend = tokenizer.backend_tokenizer
        (folder / TOKENIZER).write_text(backend.to_str(), encoding="utf-8")
        write_card(card, folder / CARD)
        cut = [w for asked, text in PROBES for w in windows(backend, asked, [text], window, card.overlap)]
        if tokenizer.cls_token_id not in (None, cut[0].ids[0]):
            raise ModelError("its first token does not mean “no answer”")
        scored = _scored(model, inputs)
        _write_graph(scored, _given(cut[1], inputs), folder)
        apart = disagreement(scored, ReadingModel(folder), cut, inputs)
        if not apart <= AGREEMENT:
            raise ModelError(f"the scores of its export differ by {apart:.1%}")


@contextmanager
def _model_errors(what: str) -> Iterator[None]:
    """Turn any error of the libraries, except a full disk, into a ModelError that begins with ``what``."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # a third-party model can fail in any way
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        reason = line(error) or type(error).__name__
        raise ModelError(f"{what} ({reason})", hint="choose another `--reader`, or leave it out") from error


def _scored(model: Any, inputs: Sequence[str]) -> torch.nn.Module:
    """The model as a function of ``inputs`` [batch, tokens] to the logits of starts and of ends."""
    import torch

    class Scored(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model  # a submodule, so that its weights are traced as parameters

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            found = self.model(**dict(zip(inputs, tensors, strict=True)))
            return found.start_logits, found.end_logits

    return Scored().eval()


def _given(window: Window, inputs: Sequence[str]) -> dict[str, torch.Tensor]:
    import torch

    return {name: torch.from_numpy(tensors(window)[name]) for name in inputs}


def _write_graph(scored: torch.nn.Module, given: dict[str, torch.Tensor], folder: Path) -> None:
    """Trace and optimise; weights are stored beside the graph, since a graph file is limited to 2 GB."""
    traced = folder / "traced"
    traced.mkdir()
    trace(scored, given, OUTPUTS[:2], traced / GRAPH)
    optimise(traced / GRAPH, folder / GRAPH, TENSORS)
    shutil.rmtree(traced)


def disagreement(
    scored: torch.nn.Module, reader: ReadingModel, cut: Sequence[Window], inputs: Sequence[str]
) -> float:
    """The largest difference between a logit of ``reader`` and the model's, as a share of their range."""
    import numpy as np
    import torch

    with torch.no_grad():
        rows = [torch.cat(scored(*_given(window, inputs).values())).numpy() for window in cut]
    expected = np.concatenate(rows, axis=1)
    found = np.concatenate([np.stack([scores.starts, scores.ends]) for scores in reader.score(cut)], axis=1)
    return float(np.abs(found - expected).max() / max(np.ptp(expected), np.finfo(np.float32).tiny))
