"""The reader: a BERT encoder, a start and end score for every token, and a score for "the passage
answers"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from askbrief.read.neural.reading_model import GRAPH
from training.base import LOW, SEP, base_folder, load_tokenizer
from training.hardware import device
from training.mpnet import RELATIVE, from_bert
from training.shipped import weights_of
from training.teacher import Translated, translation


class Observed(NamedTuple):
    """Start and end scores [batch, tokens], answerable scores [batch], and the encoder's states before its
    first layer and after each [batch, tokens, width]."""

    starts: Tensor
    ends: Tensor
    answerable: Tensor
    states: tuple[Tensor, ...]


class Reader(nn.Module):
    """Scores each token as the start and the end of the answer.

    The [CLS] token stands for "no answer here" (Devlin et al. 2019, section 4.3), so that start and end are
    distributions over all outcomes; a further score tells from the [CLS] vector alone whether the passage
    answers, which is trained on yes and no and so isn't spread over the many ways to be right.
    """

    def __init__(self, encoder: BertModel | Translated) -> None:
        """Put fresh heads on an encoder."""
        super().__init__()
        self.config: Any = encoder.config
        width = self.config.hidden_size
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.answerable = nn.Linear(width, 1)
        for layer in (self.span, self.pool, self.answerable):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> Observed:
        """Give the scores of a batch [batch, tokens], and the states on the way to them.

        Tokens outside the passage (the question, separators, padding) score LOW, but for [CLS].
        """
        encoded = self.encoder(
            input_ids=input_ids,
            token_type_ids=token_type_ids,
            attention_mask=attention_mask,
            output_hidden_states=True,
        )
        states = encoded.last_hidden_state.float()
        scores = self.span(states)
        inside = (token_type_ids * attention_mask).bool() & (input_ids != SEP)
        first = torch.zeros_like(inside)
        first[:, 0] = True
        scores = scores.masked_fill(~(inside | first).unsqueeze(-1), LOW)
        answerable = self.answerable(torch.tanh(self.pool(states[:, 0]))).squeeze(-1)
        return Observed(scores[..., 0], scores[..., 1], answerable, encoded.hidden_states)


def start_from(folder: Path, dropout: float, layers: int = 0) -> Reader:
    """Give a reader whose encoder is the BERT or MPNet model in `folder` and whose heads are fresh; the
    whole reader when `folder` holds an exported one.

    Dropout acts on hidden states alone. Of an encoder with fresh heads, the lowest so many `layers` are kept
    (0: all).
    """
    rates: dict[str, Any] = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": 0.0}
    if (folder / GRAPH).exists():
        return _exported(weights_of(folder / GRAPH), rates)
    config = json.loads((folder / "config.json").read_text())
    rates["num_hidden_layers"] = layers or config["num_hidden_layers"]
    if config["model_type"] == "mpnet":
        encoder = MPNetModel.from_pretrained(folder, add_pooling_layer=False, **rates)
        ours, theirs = load_tokenizer(), Tokenizer.from_file(str(folder / "tokenizer.json"))
        return Reader(Translated(encoder, translation(vocabulary(ours), vocabulary(theirs))))
    return Reader(
        BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation=_attention(), **rates)
    )


def _exported(weights: Mapping[str, np.ndarray], rates: dict[str, Any]) -> Reader:
    if RELATIVE in weights:
        encoder, named = from_bert(weights, rates)
        model = Reader(encoder)
    else:
        model = from_config(BertConfig.from_pretrained(base_folder(), **rates).to_dict())
        named = {name: torch.tensor(value) for name, value in weights.items()}
    model.load_state_dict(named)
    return model


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    """Give the tokens by their ids."""
    known = tokenizer.get_vocab()
    return sorted(known, key=known.__getitem__)


def from_config(config: dict[str, Any]) -> Reader:
    """Give an untrained reader of the shape that a BertConfig or MPNetConfig, as a dictionary, tells."""
    if config["model_type"] == "mpnet":
        encoder = MPNetModel(MPNetConfig.from_dict(config), add_pooling_layer=False)
        return Reader(Translated(encoder, torch.zeros(load_tokenizer().get_vocab_size(), dtype=torch.long)))
    shape = BertConfig.from_dict(config)
    shape._attn_implementation = _attention()
    return Reader(BertModel(shape, add_pooling_layer=False))


def _attention() -> str:
    # On a CPU the fused kernel's backward pass takes four times as long as plain matrix products do.
    return "eager" if device().type == "cpu" else "sdpa"


def span_loss(starts: Tensor, ends: Tensor, spans: Tensor, known: Tensor) -> Tensor:
    """Give, for each example, minus the log probability that the span is one of the right ones.

    `spans` [batch, answers, 2] holds start and end tokens, `known` [batch, answers] which rows are filled.
    Summing over the answers instead of aiming at one lets the model take the reading that it understands
    (Clark & Gardner 2018, section 2.2) and does justice to answers that stand at several places.
    """
    start = starts.log_softmax(-1).gather(1, spans[..., 0])
    end = ends.log_softmax(-1).gather(1, spans[..., 1])
    return -(start + end).masked_fill(~known, float("-inf")).logsumexp(-1)


def answerable_loss(scores: Tensor, chances: Tensor) -> Tensor:
    """Give each example's binary cross-entropy of "the passage answers", which holds with the given
    chance."""
    return nn.functional.binary_cross_entropy_with_logits(scores, chances, reduction="none")
