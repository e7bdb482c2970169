"""Factors that move large values out of what a graph multiplies and into its weights: int8 has one step for
all channels of an input, and the few largest set it (Xiao et al. 2022, "SmoothQuant")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

from askbrief.onnx_runtime import PROVIDERS, runtime

Inputs = Mapping[str, np.ndarray]  # of a graph, by name

# How much of an input's spread goes into the weights. On passages of training, int8's divergence from
# float32 was .0133 without factors, and .0222, .0030 and .0059 with shares of .5, .75 and 1.
SHARE = 0.75
LEAST = 1e-4  # of what is divided by


def factors(model: onnx.ModelProto, seen: Sequence[Inputs]) -> dict[str, np.ndarray]:
    """Give, for each matrix of the encoder by name, what its input's channels are to be multiplied by
    [channels], judged by what the graph makes of the inputs `seen`; their geometric mean is 1."""
    matrices = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    inputs = {
        node.input[1]: node.input[0]
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1].startswith("encoder.")
    }
    largest = _largest(model, list(inputs.values()), seen)
    return {name: factors_of(most, matrices[name]) for name, most in zip(inputs, largest, strict=True)}


def factors_of(largest: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Give the factors [channels] of an input with these largest values, for a matrix [channels, out]."""
    heaviest = np.maximum(np.abs(matrix).max(axis=1), LEAST)
    spread = np.maximum(largest, LEAST) ** SHARE / heaviest ** (1 - SHARE)
    found: np.ndarray = (np.exp(np.log(spread).mean()) / spread).astype(np.float32)
    return found


def _largest(model: onnx.ModelProto, names: list[str], seen: Sequence[Inputs]) -> list[np.ndarray]:
    """Give each named tensor's largest absolute values over the inputs [channels]."""
    open_ = onnx.ModelProto()
    open_.CopyFrom(model)
    open_.graph.output.extend(helper.make_tensor_value_info(name, 1, None) for name in names)
    session = runtime().InferenceSession(open_.SerializeToString(), providers=PROVIDERS)
    runs = [session.run(names, dict(inputs)) for inputs in seen]
    return [
        np.max([np.abs(values).max(axis=(0, 1)) for values in found], axis=0)
        for found in zip(*runs, strict=True)
    ]
