"""A town's news: tiny sets and a tiny reader for the tests of training."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from training.base import PAD, load_tokenizer
from training.evaluate import DEV
from training.model import Reader, from_config
from training.recipe import Recipe
from transformers import BertConfig, MPNetConfig

TEXTS = [
    "The bridge at Arlow was closed on Monday after engineers found cracks. "
    "Mayor Ines Toll said repairs would take six weeks.",
    "A ferry will carry commuters across the river while the bridge is closed. It holds 240 people.",
    "The harbour museum reopened in March. Its director, Paul Venn, thanked 33 volunteers.",
]
ASKED = [
    ("Who said that repairs would take six weeks?", 0, ["Mayor Ines Toll", "Ines Toll"]),
    ("When was the bridge at Arlow closed?", 0, ["Monday"]),
    ("How many people does the ferry hold?", 1, ["240"]),
    ("Who is the director of the museum?", 2, ["Paul Venn"]),
    ("Who closed the museum?", 2, []),
]


def squad_file(path: Path, asked: list[tuple[str, int, list[str]]]) -> None:
    paragraphs = []
    for number, text in enumerate(TEXTS):
        qas = [
            {
                "id": f"{number}-{place}",
                "question": question,
                "is_impossible": not answers,
                "answers": [{"text": answer, "answer_start": text.index(answer)} for answer in answers],
            }
            for place, (question, on, answers) in enumerate(asked)
            if on == number
        ]
        paragraphs.append({"context": text, "qas": qas})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": [{"title": "town", "paragraphs": paragraphs}]}), encoding="utf-8")


def write_sets(folder: Path) -> Path:
    """Write two training sets and the dev sets that evaluation reads, all of the same texts."""
    for name in ("squad_wiki", "squad2_unanswerable"):
        squad_file(folder / "train" / f"{name}.json", ASKED)
    for name in DEV:
        squad_file(folder / "dev" / f"{name}.json", ASKED if name == "squad2_like" else ASKED[:4])
    return folder


def tiny_reader() -> Reader:
    """A random reader of two narrow layers over the real vocabulary."""
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.0,
    )
    return from_config(config.to_dict()).eval()


def tiny_mpnet() -> Reader:
    """A random reader of two narrow MPNet layers, with the real vocabulary in an order of its own."""
    torch.manual_seed(0)
    words = load_tokenizer().get_vocab_size()
    config = MPNetConfig(
        vocab_size=words + 2,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        layer_norm_eps=1e-5,
    )
    reader = from_config(config.to_dict()).eval()
    table = torch.randperm(words) + 2
    table[PAD] = 1  # MPNet's
    reader.encoder.get_buffer("table").copy_(table)
    return reader


RECIPE = Recipe(steps=6, batch_tokens=64, accumulate=2, warmup=2, rate=1e-3)
