"""The reader as an ONNX graph, written node by node for onnxruntime's fused operators.

Tracing PyTorch's code gives a graph of several hundred nodes whose shape follows the versions of torch and
transformers, and which onnxruntime must recognise as attention again; this one is the model and nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.base import CLS, LOW, SEP
from training.mpnet import FURTHEST, RELATIVE, count_layers

OPSET = 17
FUSED = "com.microsoft"
FACTORS = ".factors"  # follows a matrix's name in the name of what its states are multiplied by before, [in]


class Graph:
    """Collects nodes and constants; each method adds one step and gives the name of its output."""

    def __init__(self, weights: Mapping[str, np.ndarray], factors: Mapping[str, np.ndarray]) -> None:
        """Take the weights by the names that `Reader.state_dict` gives them, and factors by matrix."""
        self.weights = weights
        self.factors = factors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: int | float | list[int]) -> str:
        """Add a node; its output is named after its kind and place."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        node = helper.make_node(kind, list(inputs), [name], name, domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        """Add a constant under a name, once."""
        self.constants.setdefault(name, numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def weight(self, name: str) -> str:
        """Add one of the weights as it is."""
        return self.constant(name, self.weights[name])

    def split(self, states: str, count: int) -> list[str]:
        """Cut the last axis into equal parts."""
        names = [f"split_{len(self.nodes)}_{part}" for part in range(count)]
        node = helper.make_node("Split", [states], names, names[0], axis=-1)
        self.nodes.append(node)
        return names

    def linear(self, states: str, name: str) -> str:
        """Multiply by a weight matrix, without its bias."""
        return self.product(states, f"{name}.matrix", self.weights[f"{name}.weight"].T)

    def product(self, states: str, name: str, matrix: np.ndarray) -> str:
        """Multiply by a matrix [in, out]; where it has factors, the states by these before, and it is divided
        by them."""
        if (own := self.factors.get(name)) is not None:
            states = self.add("Mul", states, self.constant(f"{name}{FACTORS}", own))
            matrix = matrix / own[:, None]
        return self.add("MatMul", states, self.constant(name, matrix))

    def product_by_token(self, states: str, name: str, matrix: np.ndarray) -> str:
        """Multiply by a matrix [in, out] with each token's states brought to a largest value of 1 before, and
        back after: int8 has one step for all tokens, and the few largest set it."""
        largest = self.add("ReduceMax", self.add("Abs", states), axes=[-1], keepdims=1)
        product = self.product(self.add("Div", states, largest), name, matrix)
        return self.add("Mul", product, largest)


def build(
    weights: Mapping[str, np.ndarray],
    heads: int,
    epsilon: float,
    factors: Mapping[str, np.ndarray] | None = None,
) -> onnx.ModelProto:
    """Give the float32 graph: `input_ids`, `token_type_ids` (int64 [batch, tokens]) in, `start_logits`,
    `end_logits` (float32 [batch, tokens]) and `answerable_logit` (float32 [batch]) out.

    The weights have BERT's names; with `RELATIVE` among them, attention has MPNet's bias.

    It knows no padding: rows are of one length, or run one by one. `factors` are those that
    `training.smooth` gives; what the graph computes doesn't depend on them.
    """
    graph = Graph(weights, factors or {})
    _heads(graph, encode(graph, heads, epsilon))
    pair = ["batch", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, pair)
        for name in ("input_ids", "token_type_ids")
    ]
    outputs = [
        helper.make_tensor_value_info("start_logits", TensorProto.FLOAT, pair),
        helper.make_tensor_value_info("end_logits", TensorProto.FLOAT, pair),
        helper.make_tensor_value_info("answerable_logit", TensorProto.FLOAT, ["batch"]),
    ]
    return finished(graph, "reader", inputs, outputs)


def finished(
    graph: Graph, name: str, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    """Give what a graph has collected as a model."""
    body = helper.make_graph(graph.nodes, name, inputs, outputs, list(graph.constants.values()))
    versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(body, opset_imports=versions, ir_version=9, producer_name="askbrief")


def encode(graph: Graph, heads: int, epsilon: float) -> str:
    """Add the encoder, from `input_ids` to the last layer's states [batch, tokens, width]."""
    length = graph.add("Gather", graph.add("Shape", "input_ids"), graph.constant("second", np.array(1)))
    states = _embed(graph, length, epsilon)
    apart = _relative(graph, length) if RELATIVE in graph.weights else ""
    for number in range(count_layers(graph.weights)):
        states = _layer(graph, states, f"encoder.encoder.layer.{number}", heads, epsilon, apart)
    return states


def _embed(graph: Graph, length: str, epsilon: float) -> str:
    at = "encoder.embeddings"
    summed = graph.add("Gather", graph.weight(f"{at}.word_embeddings.weight"), "input_ids")
    if (types := f"{at}.token_type_embeddings.weight") in graph.weights:
        summed = graph.add("Add", summed, graph.add("Gather", graph.weight(types), "token_type_ids"))
    ends = [
        graph.constant("zero", np.array([0])),
        graph.add("Reshape", length, graph.constant("one", np.array([1]))),
    ]
    places = graph.add("Slice", graph.weight(f"{at}.position_embeddings.weight"), *ends)
    return _norm(graph, graph.add("Add", summed, places), f"{at}.LayerNorm", epsilon)


def _relative(graph: Graph, length: str) -> str:
    """Look up the bias of attention for how far two tokens are apart [1, heads, tokens, tokens]."""
    ends = [graph.constant(name, np.array(value)) for name, value in (("nil", 0), ("step", 1))]
    order = graph.add("Range", ends[0], length, ends[1])
    pair = [
        graph.add("Unsqueeze", order, graph.constant(f"axis.{axis}", np.array([axis]))) for axis in (0, 1)
    ]
    bounds = [graph.constant(f"apart.{side}", np.array(side * FURTHEST)) for side in (-1, 1)]
    apart = graph.add("Clip", graph.add("Sub", *pair), *bounds)
    number = graph.add("Add", apart, bounds[1])
    found = graph.add("Gather", graph.weight(RELATIVE), number)
    turned = graph.add("Transpose", found, perm=[2, 0, 1])
    return graph.add("Unsqueeze", turned, graph.constant("axis.0", np.array([0])))


def _layer(graph: Graph, states: str, at: str, heads: int, epsilon: float, apart: str) -> str:
    own = graph.weights
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([own[f"{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([own[f"{part}.bias"] for part in parts])
    joined = graph.product(states, f"{at}.attention.matrix", matrix)
    # Here and not in the attention, which could: onnxruntime adds it while it multiplies.
    joined = graph.add("Add", joined, graph.constant(f"{at}.attention.bias", bias))
    inputs = [*graph.split(joined, 3), *(["", "", apart] if apart else [])]  # no bias of its own, no mask
    attended = graph.add("MultiHeadAttention", *inputs, domain=FUSED, num_heads=heads)
    out = graph.linear(attended, f"{at}.attention.output.dense")
    states = _add_norm(graph, out, states, f"{at}.attention.output", epsilon)
    inner = graph.linear(states, f"{at}.intermediate.dense")
    inner = graph.add("BiasGelu", inner, graph.weight(f"{at}.intermediate.dense.bias"), domain=FUSED)
    last = f"{at}.output.dense"
    out = graph.product_by_token(inner, f"{last}.matrix", graph.weights[f"{last}.weight"].T)
    return _add_norm(graph, out, states, f"{at}.output", epsilon)


def _add_norm(graph: Graph, states: str, skip: str, at: str, epsilon: float) -> str:
    summed = graph.add("Add", graph.add("Add", states, graph.weight(f"{at}.dense.bias")), skip)
    return _norm(graph, summed, f"{at}.LayerNorm", epsilon)


def _norm(graph: Graph, states: str, at: str, epsilon: float) -> str:
    norm = [graph.weight(f"{at}.weight"), graph.weight(f"{at}.bias")]
    return graph.add("LayerNormalization", states, *norm, epsilon=epsilon)


def _heads(graph: Graph, states: str) -> None:
    """Score spans, with all tokens but [CLS] and the passage's at LOW, and pool [CLS] for the third
    score."""
    inside = graph.add("Cast", "token_type_ids", to=TensorProto.BOOL)
    apart = graph.add("Equal", "input_ids", graph.constant("sep", np.array(SEP)))
    inside = graph.add("And", inside, graph.add("Not", apart))
    inside = graph.add("Or", inside, graph.add("Equal", "input_ids", graph.constant("cls", np.array(CLS))))
    low = graph.constant("low", np.array(LOW, dtype=np.float32))
    for number, name in enumerate(("start_logits", "end_logits")):
        column = graph.constant(f"span.{name}", graph.weights["span.weight"][number])
        bias = graph.constant(f"span.{name}.bias", graph.weights["span.bias"][number])
        score = graph.add("Add", graph.add("MatMul", states, column), bias)
        graph.nodes.append(helper.make_node("Where", [inside, score, low], [name], name))
    first = graph.add("Gather", states, graph.constant("first", np.array(0)), axis=1)
    pooled = graph.add("Tanh", graph.add("Add", graph.linear(first, "pool"), graph.weight("pool.bias")))
    column = graph.constant("answerable.column", graph.weights["answerable.weight"][0])
    bias = graph.constant("answerable.bias", graph.weights["answerable.bias"][0])
    graph.nodes.append(
        helper.make_node("Add", [graph.add("MatMul", pooled, column), bias], ["answerable_logit"])
    )
