"""MPNet's weights under BERT's names, for the graph that ships, and back.

MPNet differs from BERT in that attention has a bias for how far two tokens are apart, the same in all layers,
and that there are no token types. Its word pieces are BERT's under other numbers (``training.teacher``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from transformers import MPNetConfig, MPNetModel
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from training.base import PAD
from training.teacher import Translated

RELATIVE = "encoder.relative"
FURTHEST = 128
"""Tokens apart from which on the bias stays the same."""

EPSILON = 1e-5
"""Of the layer norms, as all-mpnet-base-v2 was trained with."""

_WORDS = "encoder.embeddings.word_embeddings.weight"
_PLACES = "encoder.embeddings.position_embeddings.weight"
_BUCKETS = "encoder.encoder.encoder.relative_attention_bias.weight"
_TABLE = "encoder.table"
_INNER = "encoder."  # before all of an encoder's names; twice, since what translates ids is around it
_PAD = 1
_FIRST_PLACE = 2  # MPNet counts tokens from here
_PARTS = {
    "attention.attn.q": "attention.self.query",
    "attention.attn.k": "attention.self.key",
    "attention.attn.v": "attention.self.value",
    "attention.attn.o": "attention.output.dense",
    "attention.LayerNorm": "attention.output.LayerNorm",
}
"""Where a layer's names differ: MPNet's, BERT's."""


def as_bert(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights of a reader whose encoder is MPNet, with BERT's names and order of words, and
    ``RELATIVE``: the bias of each distance, from ``-FURTHEST`` to ``FURTHEST`` tokens, a head
    [distances, heads]. Those of another reader as they are."""
    if _BUCKETS not in weights:
        return dict(weights)
    own = {name: value for name, value in weights.items() if name not in (_BUCKETS, _TABLE)}
    known = {_renamed(name.removeprefix(_INNER), _PARTS): value for name, value in own.items()}
    known[_WORDS] = known[_WORDS][weights[_TABLE]]
    known[_PLACES] = known[_PLACES][_FIRST_PLACE:]
    known[RELATIVE] = weights[_BUCKETS][_bucket_of_each()]
    return known


def from_bert(
    weights: Mapping[str, np.ndarray], rates: Mapping[str, Any]
) -> tuple[Translated, dict[str, torch.Tensor]]:
    """An encoder of random weights with these dropout rates, and the reader's weights by the names that it
    has there, of those that ``as_bert`` gives."""
    parts = {theirs: ours for ours, theirs in _PARTS.items()}
    own = {_renamed(name, parts): value for name, value in weights.items()}
    relative, words, places = own.pop(RELATIVE), own[_WORDS], own[_PLACES]
    table = np.arange(len(words)) + _FIRST_PLACE
    table[PAD] = _PAD  # whose place isn't counted
    own[_WORDS] = _placed(words, table, len(words) + _FIRST_PLACE)
    own[_PLACES] = _placed(places, np.arange(len(places)) + _FIRST_PLACE, len(places) + _FIRST_PLACE)
    buckets = np.zeros((_bucket_of_each().max() + 1, relative.shape[1]), dtype=np.float32)
    buckets[_bucket_of_each()] = relative
    config = MPNetConfig(
        vocab_size=len(own[_WORDS]),
        hidden_size=words.shape[1],
        num_hidden_layers=count_layers(own),
        num_attention_heads=relative.shape[1],
        intermediate_size=len(own["encoder.encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=len(own[_PLACES]),
        layer_norm_eps=EPSILON,
        **rates,
    )
    named = {f"{_INNER}{name}" if name.startswith(_INNER) else name: own[name] for name in own}
    named |= {_BUCKETS: buckets, _TABLE: table}
    encoder = Translated(
        MPNetModel(config, add_pooling_layer=False), torch.zeros(len(table), dtype=torch.long)
    )
    return encoder, {name: torch.tensor(value) for name, value in named.items()}


def count_layers(weights: Iterable[str]) -> int:
    """How many layers an encoder has, by the names of its weights in BERT's manner."""
    return len({name.split(".")[3] for name in weights if name.startswith("encoder.encoder.layer.")})


def _renamed(name: str, parts: Mapping[str, str]) -> str:
    part = next((part for part in parts if ".layer." in name and f".{part}." in name), None)
    return name.replace(f".{part}.", f".{parts[part]}.") if part else name


def _placed(rows: np.ndarray, at: np.ndarray, count: int) -> np.ndarray:
    """A table of so many rows, 0 but for these rows at their places."""
    table = np.zeros((count, rows.shape[1]), dtype=np.float32)
    table[at] = rows
    return table


def _bucket_of_each() -> np.ndarray:
    """The bucket of each distance, from ``-FURTHEST`` to ``FURTHEST`` tokens."""
    distances = torch.arange(-FURTHEST, FURTHEST + 1)
    bucket: Any = MPNetEncoder.relative_position_bucket
    return np.asarray(bucket(distances))
