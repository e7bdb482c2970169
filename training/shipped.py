"""The weights of an exported reader, taken back out of its graph: a later run goes on from what ships."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from training.graph import FACTORS
from training.mpnet import RELATIVE

# The graph keeps matrices as onnxruntime multiplies, [in, out]; PyTorch keeps them [out, in].
MATRIX = re.compile(r"(.+)\.matrix$")
ATTENTION = re.compile(r"(.+\.attention)\.(matrix|bias)$")
PARTS = ("query", "key", "value")


def weights_of(path: Path) -> dict[str, np.ndarray]:
    """Give the weights by the names that `Reader.state_dict` gives them, or `as_bert` if they are MPNet's.

    int8 ones are right to within half a step of their scale (about a hundredth of a column's largest weight,
    more or less by the row's factor).
    """
    kept = {entry.name: numpy_helper.to_array(entry) for entry in onnx.load(path).graph.initializer}
    whole = _whole(kept)
    weights = _heads(whole)
    for name, value in whole.items():
        if found := ATTENTION.match(name):
            ending = "weight" if found[2] == "matrix" else "bias"
            for part, own in zip(PARTS, np.split(value, len(PARTS), axis=-1), strict=True):
                weights[f"{found[1]}.self.{part}.{ending}"] = own.T
        elif found := MATRIX.match(name):
            weights[f"{found[1]}.weight"] = value.T
        elif name.endswith((".weight", ".bias", RELATIVE)) and not name.startswith(("span.", "answerable.")):
            weights[name] = value
    return weights


def _whole(kept: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    whole = dict(kept)
    for name, value in kept.items():
        if name.endswith("_quantized"):
            stem = name.removesuffix("_quantized")
            zero = kept.get(f"{stem}_zero_point", np.zeros(1, np.int8))
            whole[stem] = (value.astype(np.float32) - zero) * kept[f"{stem}_scale"]
    for name in [name for name in whole if name.endswith(FACTORS)]:
        whole[name.removesuffix(FACTORS)] *= whole[name][:, None]
    return whole


def _heads(whole: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    edges = ("span.start_logits", "span.end_logits")
    return {
        "span.weight": np.stack([whole[name] for name in edges]),
        "span.bias": np.stack([whole[f"{name}.bias"] for name in edges]),
        "answerable.weight": whole["answerable.column"][None],
        "answerable.bias": whole["answerable.bias"][None],
    }
