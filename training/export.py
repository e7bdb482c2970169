"""Write the reader as ONNX: in float32 to compare with, in int8 to ship."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from askbrief.onnx_runtime import optimise
from askbrief.read.neural.reading_model import GRAPH
from askbrief.read.neural.windows import Window
from training.graph import build
from training.model import Reader
from training.mpnet import as_bert
from training.smooth import factors

FLOAT32 = "reader.float32.onnx"
WORDS = "encoder.embeddings.word_embeddings.weight"
SIZE_LIMITS = {384: 30_000_000, 768: 85_000_000}  # bytes by width; what ships has to stay below


def export(model: Reader, out: Path, seen: Sequence[Window]) -> tuple[Path, Path]:
    """Write `reader.float32.onnx` and `reader.onnx` (int8) into `out`; ValueError when the latter is too
    big.

    The windows `seen` tell which channels of the model's states are large.
    """
    out.mkdir(parents=True, exist_ok=True)
    whole, small = out / FLOAT32, out / GRAPH
    weights = as_bert({name: tensor.cpu().numpy() for name, tensor in model.state_dict().items()})
    shape = (model.config.num_attention_heads, model.config.layer_norm_eps)
    graph = build(weights, *shape)
    onnx.checker.check_model(graph)
    onnx.save(graph, whole)
    inputs = [{"input_ids": window.ids[None], "token_type_ids": window.types[None]} for window in seen]
    quantise(build(weights, *shape, factors(graph, inputs)), small)
    limit = SIZE_LIMITS.get(model.config.hidden_size, math.inf)
    if small.stat().st_size > limit:
        raise ValueError(f"{small} has {small.stat().st_size} bytes, over {limit}")
    return whole, small


def quantise(model: onnx.ModelProto, small: Path, *, seven_bits: bool = True) -> None:
    """Write the graph with weights in int8, one scale a column (a row of the word embeddings), and
    activations scaled as they come.

    The heads stay in float32: they are tiny, and their scores are compared across passages. Weights take 7
    of 8 bits, since processors without VNNI add two products in 16 bits and would clip (onnxruntime's
    manual, "Quantize ONNX models", on reduce_range).
    """
    heads = [node.name for node in model.graph.node if _is_head(node)]
    _round_words(model.graph)
    for node in model.graph.node:
        if node.op_type == "BiasGelu":
            node.op_type = "FastGelu"  # by tanh, in two thirds of the time, and nearer than int8's steps
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        quantize_dynamic(
            model,
            raw,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=seven_bits,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=heads,
            # Shape inference knows nothing of the fused operators' outputs.
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        optimise(raw, small)


def _round_words(graph: onnx.GraphProto) -> None:
    """Keep the word embeddings in int8 with a scale a row; onnxruntime's own rounding has one scale for all,
    which the few longest of 30,000 rows set: its error is six times as large."""
    at, looked_up = next((n, node) for n, node in enumerate(graph.node) if node.input[0] == WORDS)
    table = next(tensor for tensor in graph.initializer if tensor.name == WORDS)
    rows = numpy_helper.to_array(table)
    scale = np.abs(rows).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    rounded = {f"{WORDS}_quantized": np.round(rows / scale).astype(np.int8), f"{WORDS}_scale": scale}
    graph.initializer.remove(table)
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in rounded.items())
    ids, found = looked_up.input[1], looked_up.output[0]
    graph.node.remove(looked_up)
    steps = [
        helper.make_node("Gather", [f"{WORDS}_quantized", ids], ["words"], "words"),
        helper.make_node("Cast", ["words"], ["words_cast"], "words_cast", to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{WORDS}_scale", ids], ["words_scale"], "words_scale"),
        helper.make_node("Mul", ["words_cast", "words_scale"], [found], "words_scaled"),
    ]
    for place, step in enumerate(steps):
        graph.node.insert(at + place, step)


def _is_head(node: onnx.NodeProto) -> bool:
    return any(name.startswith(("span.", "pool.", "answerable.", "first")) for name in node.input)
