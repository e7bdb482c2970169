"""The packaged embedding model, all-MiniLM-L6-v2, as an int8 graph: `python -m training encoder`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from askbrief.embed.query_embedder import CARD, GRAPH
from askbrief.onnx_runtime import PROVIDERS, SLOWER, runtime
from training.base import base_folder, load_tokenizer
from training.evaluate import draw
from training.export import quantise
from training.graph import Graph, encode, finished
from training.smooth import Inputs, factors

HEADS, EPSILON = 12, 1e-12
PLACES, TYPES = (f"encoder.embeddings.{kind}_embeddings.weight" for kind in ("position", "token_type"))
WINDOW = 256  # tokens of a text that the model was trained to read
SEEN = ("squad_wiki", 60)  # whose so many contexts show which channels are large
COMPARED = ("shifts_new_wiki", 200)  # on whose contexts graph and model are compared


def make(data: Path, out: Path) -> dict[str, Any]:
    """Write graph and card into `out`; the card has the mean cosine with the float32 graph."""
    weights = _weights()
    whole = build(weights)
    onnx.checker.check_model(whole)
    out.mkdir(parents=True, exist_ok=True)
    quantise(build(weights, factors(whole, _inputs(data / "train", *SEEN))), out / GRAPH, seven_bits=False)
    compared = _inputs(data / "dev", *COMPARED)
    exact, near = (_vectors(graph, compared) for graph in (whole.SerializeToString(), str(out / GRAPH)))
    agreement = float((exact * near).sum(axis=1).mean())
    card = {
        "dimension": near.shape[1],
        "window": WINDOW,
        "agreement": round(agreement, 5),
        "graph": hashlib.sha256((out / GRAPH).read_bytes()).hexdigest(),
    }
    (out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def build(
    weights: Mapping[str, np.ndarray], factors: Mapping[str, np.ndarray] | None = None
) -> onnx.ModelProto:
    """Give the graph: `input_ids` (int64 [batch, tokens]) in, `embedding` (float32 [batch, width], of length
    1) out, the mean of the last states. It knows no padding."""
    graph = Graph(weights, factors or {})
    mean = graph.add("ReduceMean", encode(graph, HEADS, EPSILON), axes=[1], keepdims=0)
    length = graph.add("ReduceL2", mean, axes=[1], keepdims=1)
    graph.nodes.append(helper.make_node("Div", [mean, length], ["embedding"]))
    width = weights["encoder.embeddings.LayerNorm.weight"].size
    return finished(
        graph,
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", width])],
    )


def _weights() -> dict[str, np.ndarray]:
    """Give the model's weights by the names that `Reader.state_dict` gives them; the type of the tokens,
    which is one for all, is added to their places."""
    own = load_file(base_folder() / "model.safetensors")
    weights = {f"encoder.{name}": value for name, value in own.items() if not name.startswith("pooler.")}
    weights[PLACES] = weights[PLACES] + weights.pop(TYPES)[0]
    return weights


def _inputs(folder: Path, name: str, count: int) -> list[Inputs]:
    tokenizer = load_tokenizer()
    tokenizer.enable_truncation(WINDOW)
    texts = [question.context for question in draw(folder / f"{name}.json", count)]
    return [{"input_ids": np.array([tokenizer.encode(text).ids])} for text in texts]


def _vectors(graph: bytes | str, seen: Sequence[Inputs]) -> np.ndarray:
    session = runtime().InferenceSession(graph, providers=PROVIDERS, disabled_optimizers=SLOWER)
    return np.concatenate([session.run(None, dict(inputs))[0] for inputs in seen])
