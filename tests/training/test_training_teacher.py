"""The teacher: translated ids, losses that are nil for its equal, words altered for it alone to judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from town import tiny_reader, write_sets
from training.alter import IN_PASSAGE, IN_QUESTION, alter, altered, near_words
from training.base import load_tokenizer
from training.batches import Batch
from training.checkpoint import averaged, load, save, state_of
from training.mix import Example, draw_pass
from training.model import Observed, Reader, from_config, start_from, vocabulary
from training.prepare import load_prepared, prepare
from training.recipe import Recipe
from training.teacher import RENAMED, likeness, soft_loss, state_loss, translation
from training.train import Steps, train
from transformers import MPNetConfig, MPNetModel

from training import train as training


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    prepare(write_sets(tmp_path / "data"), tmp_path / "prepared", ["squad_wiki", "squad2_unanswerable"])
    return tmp_path / "prepared"


def save_run(model: Reader, run: Path) -> None:
    run.mkdir()
    save(state_of(model, Recipe()), run)


def batch_of(prepared: Path, recipe: Recipe) -> Batch:
    _, (batch,) = next(iter(Steps(prepared, recipe)))
    return batch


def observed(reader: Reader, batch: Batch) -> Observed:
    with torch.no_grad():
        found = reader(batch.input_ids, batch.token_type_ids, batch.attention_mask)
    assert isinstance(found, Observed)
    return found


def mpnet_folder(folder: Path) -> Path:
    """An MPNet encoder of random weights, with BERT's word pieces under other numbers."""
    kept = [token for token in vocabulary(load_tokenizer()) if token not in RENAMED]
    tokens = {token: number for number, token in enumerate([*RENAMED.values(), *kept])}
    config = MPNetConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    torch.manual_seed(0)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    Tokenizer(WordPiece(tokens, unk_token="[UNK]")).save(str(folder / "tokenizer.json"))  # noqa: S106
    return folder


def test_ids_are_translated_by_token() -> None:
    table = translation(
        ["[PAD]", "[CLS]", "[SEP]", "[unused1]", "a", "b"], ["<s>", "<pad>", "</s>", "b", "a"]
    )
    assert table.tolist() == [1, 0, 2, 0, 4, 3]
    with pytest.raises(ValueError, match="lacks 1 tokens, such as 'c'"):
        translation(["c"], ["<s>"])


def test_an_mpnet_reader_trains_and_is_read_back(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki"])
    base = mpnet_folder(tmp_path / "base")
    recipe = Recipe(steps=2, batch_tokens=64, accumulate=1, base=str(base))
    train(tmp_path / "prepared", tmp_path / "run", recipe, lambda _: {})
    table = start_from(base, 0.0).encoder.get_buffer("table")
    again = load(tmp_path / "run", recipe)
    for reader in (averaged(tmp_path / "run"), again.model, again.working):
        assert torch.equal(reader.encoder.get_buffer("table"), table)


def test_a_reader_learns_from_a_run_with_words_altered(prepared: Path, tmp_path: Path) -> None:
    save_run(tiny_reader(), tmp_path / "teacher")
    recipe = Recipe(steps=3, batch_tokens=64, accumulate=1, teacher=str(tmp_path / "teacher"), altered=0.5)
    train(prepared, tmp_path / "run", recipe, lambda _: {})
    assert load(tmp_path / "run", recipe).step == 3


def test_the_soft_loss_is_nil_for_the_teacher_itself() -> None:
    scores = torch.tensor([[1.0, 3.0, -1e4], [0.0, 0.0, 2.0]])
    assert soft_loss(scores, scores + 5, 2.0).abs().max().item() < 1e-4
    assert (soft_loss(scores.flip(-1), scores, 2.0) > 0.1).all()


def test_an_equal_of_the_teacher_has_less_to_learn_than_another(prepared: Path) -> None:
    teacher = tiny_reader().eval()
    other = from_config(teacher.config.to_dict()).eval()
    recipe = Recipe(batch_tokens=64, accumulate=1, soft_weight=1.0)
    batch = batch_of(prepared, recipe)
    batch = replace(batch, known=torch.zeros_like(batch.known))
    taught = observed(teacher, batch)
    own, others = (
        training.batch_loss(observed(reader, batch), batch, recipe, taught) for reader in (teacher, other)
    )
    assert (own < others).all()


def test_a_teacher_that_is_mistaken_on_whether_a_passage_answers_is_not_heard(prepared: Path) -> None:
    recipe = Recipe(batch_tokens=64, accumulate=1, state_weight=0.0)
    batch, pupil = batch_of(prepared, recipe), tiny_reader().eval()
    seen = observed(pupil, batch)
    right = torch.where(batch.spans[:, 0, 0] > 0, 1.0, -1.0)
    taught = seen._replace(starts=seen.starts.flip(0), ends=seen.ends.flip(0))
    hard = training.batch_loss(seen, batch, recipe)
    heard = training.batch_loss(seen, batch, recipe, taught._replace(answerable=right))
    unheard = training.batch_loss(seen, batch, recipe, taught._replace(answerable=-right))
    torch.testing.assert_close(unheard, hard)
    assert not torch.isclose(heard, hard).any()


def test_what_nobody_knows_is_learnt_from_the_teacher_alone(prepared: Path) -> None:
    recipe = Recipe(batch_tokens=64, accumulate=1, state_weight=0.0)
    batch, pupil = batch_of(prepared, recipe), tiny_reader().eval()
    seen, unknown = observed(pupil, batch), replace(batch, known=torch.zeros_like(batch.known))
    assert training.batch_loss(seen, unknown, recipe).eq(0).all()
    moved = replace(unknown, spans=unknown.spans + 1)
    taught = seen._replace(answerable=-seen.answerable)
    told = (training.batch_loss(seen, one, recipe, taught) for one in (unknown, moved))
    torch.testing.assert_close(*told)


def test_likeness_knows_turned_and_stretched_states_again() -> None:
    torch.manual_seed(0)
    states, mask = torch.randn(4, 50, 8), torch.ones(4, 50)
    mask[:, 40:] = 0
    turned = states @ torch.linalg.qr(torch.randn(8, 8))[0] * 3 + 1
    spoilt = turned.masked_fill(mask.unsqueeze(-1) == 0, 1e4)
    wide = torch.cat([states, states], -1) * torch.logspace(-2, 2, 16)
    assert likeness(states, spoilt, mask) > 0.9
    assert likeness(states, wide, mask) == pytest.approx(1, abs=1e-3)
    assert likeness(states, torch.randn(4, 50, 8), mask) < 0.2


def test_states_are_set_beside_those_of_the_layers_as_far_up() -> None:
    torch.manual_seed(0)
    taught, mask = [torch.randn(2, 30, 6) for _ in range(5)], torch.ones(2, 30)
    assert state_loss([taught[1], taught[2], taught[4]], taught, mask) == pytest.approx(0, abs=1e-3)
    assert state_loss([taught[0], taught[1], taught[3]], taught, mask) > 0.5


def test_words_are_altered_for_near_ones() -> None:
    near = near_words(
        np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [1, 0]], np.float32),
        ["bus", "car", "red", "blue", "##s"],
    )
    assert near.words[:4].max() < 4
    assert near.words[0][: len(near.words[0])].tolist().count(1) == 1
    ids = np.array([0, 4, 0, 1, 2, 3] * 200, dtype=np.int32)
    example = Example(ids, 600, ((700, 701),))
    changed = alter(example, near, np.random.default_rng(0))
    parts = changed.ids.reshape(-1, 6)
    assert changed.spans == ()
    assert (parts[:, :2] == [0, 4]).all()  # a word in two pieces stays
    share = [(part != ids[:6]).mean(0)[2:].mean() for part in (parts[:100], parts[100:])]
    assert share == pytest.approx([IN_QUESTION, IN_PASSAGE], rel=0.4)
    assert (changed.ids == alter(example, near, np.random.default_rng(0)).ids).all()


def test_a_share_of_examples_is_altered(prepared: Path) -> None:
    items, contexts = load_prepared(prepared)
    drawn = list(draw_pass(items, contexts, load_tokenizer(), 1, 0)) * 20
    near = near_words(np.random.default_rng(0).normal(size=(30522, 4)), vocabulary(load_tokenizer()))
    seen = list(altered(drawn, near, 0.4, Random(0)))  # noqa: S311
    assert [one.ids.shape for one in seen] == [one.ids.shape for one in drawn]
    assert np.mean([not one.spans for one in seen]) == pytest.approx(0.4, abs=0.15)
