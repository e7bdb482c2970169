"""Write the reader as ONNX: in float32 to compare with, in int8 to ship."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from askbrief.graphs import optimise
from askbrief.read.model import GRAPH
from training.graph import build
from training.model import Reader

FLOAT32 = "reader.float32.onnx"
SIZE_LIMIT = 30_000_000  # bytes; what ships has to stay below


def export(model: Reader, out: Path) -> tuple[Path, Path]:
    """Write `reader.float32.onnx` and `reader.onnx` (int8) into `out`; ValueError when the latter is too
    big."""
    out.mkdir(parents=True, exist_ok=True)
    whole, small = out / FLOAT32, out / GRAPH
    config = model.config
    weights = {name: tensor.float().cpu().numpy() for name, tensor in model.state_dict().items()}
    graph = build(weights, config.num_attention_heads, config.layer_norm_eps)
    onnx.checker.check_model(graph)
    onnx.save(graph, whole)
    quantise(whole, small)
    if small.stat().st_size > SIZE_LIMIT:
        raise ValueError(f"{small} has {small.stat().st_size} bytes, over {SIZE_LIMIT}")
    return whole, small


def quantise(whole: Path, small: Path) -> None:
    """Write the graph with weights in int8, one scale a column, and activations scaled as they come.

    The heads stay in float32: they are tiny, and their scores are compared across passages. Weights take 7
    of 8 bits, since processors without VNNI add two products in 16 bits and would clip (onnxruntime's
    manual, "Quantize ONNX models", on reduce_range).
    """
    heads = [node.name for node in onnx.load(whole).graph.node if _is_head(node)]
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        quantize_dynamic(
            whole,
            raw,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=heads,
            # Shape inference knows nothing of the fused operators' outputs.
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        # Add and LayerNormalization apart take a quarter of the time of the one operator for both.
        optimise(raw, small, without=["SkipLayerNormFusion"])


def _is_head(node: onnx.NodeProto) -> bool:
    return any(name.startswith(("span.", "pool.", "answerable.", "first", "one")) for name in node.input)
