"""Export of an embedding model to ONNX, as the query encoder of an index, compared with its model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.embed.query_embedder import CARD, GRAPH, TENSORS, TOKENIZER, EncoderCard, QueryEmbedder
from askbrief.errors import ModelError
from askbrief.onnx_runtime import optimise, trace

if TYPE_CHECKING:
    import onnx

OTHER_MODEL = "choose another `--model`"

AGREEMENT = 0.999
"""Least mean cosine between an export and its model at which the export is accepted."""

LARGE = 1_000_000
"""Lookup tables of at least so many elements are stored in half precision: this halves the file, and rounding
an entry to 11 bits changes a sentence's vector by less than 1e-5 in cosine."""

PROBES = (
    "who said it?",
    "what did the minister say about the budget",
    "When will the negotiations begin, and where?",
    "The spokesman told reporters on Friday that a decision would be taken by the end of the month.",
    "How many people were evacuated after the flood in the north-eastern region of the country?",
    "1,250 troops; 3.5 percent; “ready for talks”; São Paulo",
    "Why?",
    "The committee said in its report that prices had risen for the third month in a row, that "
    "unemployment was unchanged, and that it saw no reason to expect that the central bank would act "
    "before the summer, although two of its members disagreed and asked that this be put on record.",
)
"""Texts of different lengths on which export and model are compared."""


def export(transformer: Any, folder: Path) -> EncoderCard:
    """Write ``transformer`` as a query encoder into ``folder``; its card has the agreement of the two.

    Raises ModelError if the model can't be exported, or if the mean cosine is below AGREEMENT.
    """
    folder.mkdir(parents=True, exist_ok=True)
    inputs = _write_graph(transformer, folder / GRAPH)
    _tokenizer_json(transformer, folder / TOKENIZER)
    prompt = (transformer.prompts or {}).get("query") or ""
    card = EncoderCard(
        dimension=int(transformer.get_embedding_dimension()),
        window=int(transformer.max_seq_length or 512),
        inputs=inputs,
        prompt=prompt,
        agreement=0.0,
    )
    _write_card(card, folder)
    card = replace(card, agreement=agreement(transformer, QueryEmbedder(folder)))
    if card.agreement < AGREEMENT:
        raise ModelError(
            f"the exported query encoder disagrees with its model (mean cosine {card.agreement:.4f}, "
            f"below {AGREEMENT})",
            hint=OTHER_MODEL,
        )
    _write_card(card, folder)
    return card


def agreement(transformer: Any, encoder: QueryEmbedder, texts: Sequence[str] = PROBES) -> float:
    """Mean cosine between the vectors of the model and of its export on ``texts``."""
    expected = transformer.encode_query(list(texts), convert_to_numpy=True, normalize_embeddings=True)
    return float((expected * encoder.embed(texts)).sum(axis=1).mean())


def _write_card(card: EncoderCard, folder: Path) -> None:
    (folder / CARD).write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")


def _tokenizer_json(transformer: Any, path: Path) -> None:
    backend = getattr(transformer.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError("the model has no fast tokenizer", hint=OTHER_MODEL)
    path.write_text(backend.to_str(), encoding="utf-8")


def _write_graph(transformer: Any, path: Path) -> tuple[str, ...]:
    """Trace the model with pooling and normalisation on the CPU; returns the names of its inputs."""
    import onnx
    import torch

    features = transformer.preprocess(["a short text", "a text that is a little longer than the other"])
    inputs = tuple(name for name, value in features.items() if isinstance(value, torch.Tensor))

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer  # a submodule, so that its weights become parameters

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            pooled = self.transformer(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(pooled, dim=-1)

    device = transformer.device
    transformer.to("cpu").eval()
    try:
        trace(Pooled(), {name: features[name].cpu() for name in inputs}, ["embedding"], path)
    finally:
        transformer.to(device)
    graph = onnx.load(str(path))
    path.unlink()  # the traced graph, which is as large
    halve_tables(graph.graph)
    optimise(graph.SerializeToString(), path, TENSORS)
    return inputs


def halve_tables(graph: onnx.GraphProto, least: int = LARGE) -> None:
    """Store lookup tables of ``graph`` with at least ``least`` elements as float16, in place."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    tables = {table.name: table for table in graph.initializer if table.data_type == TensorProto.FLOAT}
    readers = [(node, name) for node in graph.node for name in node.input if name in tables]
    nodes = []
    for node in graph.node:
        nodes.append(node)
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or sum(name == table.name for _, name in readers) != 1:
            continue
        values = numpy_helper.to_array(table)
        if values.size < least:
            continue
        table.CopyFrom(numpy_helper.from_array(values.astype(np.float16), table.name))
        output, node.output[0] = node.output[0], node.output[0] + "_half"
        nodes.append(helper.make_node("Cast", [node.output[0]], [output], to=TensorProto.FLOAT))
    del graph.node[:]
    graph.node.extend(nodes)
