"""Files that ship inside the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

ENCODER = "encoder"
"""The folder of the embedding model."""

READER = "reader"
"""The folder of the small reader, whose tokenizer the embedding model shares."""

LARGE_READER = "large_reader"
"""The folder of the large reader."""


def packaged(name: str) -> Path:
    """The path of a file or folder of ``data/``."""
    return Path(str(resources.files("askbrief").joinpath("data", name)))
