"""Hugging Face question-answering models: finding, loading and inspecting them."""

from __future__ import annotations

import inspect
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from askbrief.errors import ModelError
from askbrief.read.neural.windows import LONGEST_QUESTION

INPUTS = ("input_ids", "token_type_ids", "attention_mask")
LARGEST_WINDOW = 384
"""Most tokens of a window: question-answering models are trained on windows of this size."""

LEAST_WINDOW = 2 * LONGEST_QUESTION
"""A smaller window has no room for the longest question, the overlap and new text."""

NOISY = ("transformers", "huggingface_hub")


def local(name: str) -> Path | None:
    """The folder called ``name``, or None if there is none."""
    folder = os.path.expanduser(name)  # noqa: PTH111  (Path's raises for an unknown user)
    return Path(folder).resolve() if os.path.isdir(folder) else None  # noqa: PTH112  (and for a long name)


def fetched(name: str) -> Path:
    """The folder of a model on the hub, downloaded if it isn't in the hub's cache; raises the hub's errors.

    If there are weights in several formats, only one is downloaded: safetensors if possible.
    """
    from huggingface_hub import snapshot_download

    fetch = partial(snapshot_download, name, ignore_patterns="*/*")
    folder = Path(fetch(allow_patterns=["*.json", "*.txt", "*.model", "*.safetensors"]))
    if not any(folder.glob("*.safetensors")):
        fetch(allow_patterns="*.bin")
    return folder


def load(folder: Path) -> tuple[Any, Any]:
    """The question-answering model in a folder, on the CPU in single precision, and its fast tokenizer.

    Remote code is never trusted. Raises ModelError if the model does not extract answers, was not trained to,
    or has no fast tokenizer; raises transformers' errors for damaged files.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from transformers import (
        MODEL_FOR_QUESTION_ANSWERING_MAPPING,
        AutoConfig,
        AutoModelForQuestionAnswering,
        AutoTokenizer,
    )

    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    if type(config) not in MODEL_FOR_QUESTION_ANSWERING_MAPPING:
        raise ModelError(f"models of type {config.model_type} do not extract answers")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise ModelError("it has no fast tokenizer")
    if len(tokenizer) <= len(tokenizer.all_special_ids):  # transformers makes one up if the files are missing
        raise ModelError("it has no tokenizer")
    config.use_cache = False
    model, report = AutoModelForQuestionAnswering.from_pretrained(
        folder,
        config=config,
        dtype=torch.float32,
        attn_implementation="eager",  # every model has it and it can be traced
        output_loading_info=True,
        local_files_only=True,
        trust_remote_code=False,
    )
    if report["missing_keys"]:  # transformers fills them with random numbers
        missing = min(report["missing_keys"])
        raise ModelError(f"its weights lack {missing}: it was not trained for question answering")
    return model.eval(), tokenizer


def inputs(model: Any, tokenizer: Any) -> tuple[str, ...]:
    """The INPUTS that the model takes. Raises ModelError if it needs others."""
    given = set(tokenizer.model_input_names)
    if given - set(INPUTS):
        raise ModelError(f"it needs {', '.join(sorted(given - set(INPUTS)))}")
    if getattr(model.config, "type_vocab_size", None) in (0, 1):  # all tokens have one type
        given.discard("token_type_ids")
    known = inspect.signature(model.forward).parameters
    return tuple(name for name in INPUTS if name in given and name in known)


def window(model: Any, tokenizer: Any) -> int:
    """The most tokens that model and tokenizer allow in a window. Raises ModelError if they are too few."""
    places = getattr(model.config, "max_position_embeddings", None) or LARGEST_WINDOW
    for name, module in model.named_modules():  # RoBERTa's positions begin after padding_idx
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            places = min(places, module.num_embeddings - module.padding_idx - 1)
    size = min(LARGEST_WINDOW, int(tokenizer.model_max_length), int(places))
    if size < LEAST_WINDOW:
        raise ModelError(f"its window is {size} tokens, fewer than {LEAST_WINDOW}")
    return size


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' progress bars, advice and warnings off the terminal; errors are still raised."""
    hub: Any = import_module("huggingface_hub.utils")
    transformers: Any = import_module("transformers.utils.logging")
    levels = {logger: logger.level for logger in map(logging.getLogger, NOISY)}
    bars = transformers.is_progress_bar_enabled(), not hub.are_progress_bars_disabled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in levels:
            logger.setLevel(logging.CRITICAL)
        transformers.disable_progress_bar()  # and those of the hub
        try:
            yield
        finally:
            for logger, level in levels.items():
                logger.setLevel(level)
            if bars[0]:
                transformers.enable_progress_bar()
            if bars[1]:
                hub.enable_progress_bars()
