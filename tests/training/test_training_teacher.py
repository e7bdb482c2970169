"""The teacher: translated ids, scores kept for one pass and no other, a loss that is nil for its equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from town import RECIPE, tiny_reader, write_sets
from training.base import load_tokenizer
from training.batches import collate
from training.checkpoint import averaged, load
from training.model import from_config, start_from, vocabulary
from training.prepare import prepare
from training.recipe import Recipe
from training.teacher import RENAMED, origin, soft_loss, taught, translation, write_targets
from training.train import examples_of_pass, train
from transformers import MPNetConfig, MPNetModel

from training import teacher
from training import train as training


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


def test_targets_lie_on_their_examples(tmp_path: Path) -> None:
    data, prepared = write_sets(tmp_path / "data"), tmp_path / "prepared"
    prepare(data, prepared, ["squad_wiki", "squad2_unanswerable"])
    model, path = tiny_reader(), tmp_path / "targets" / "0"
    made_from = origin(prepared, RECIPE.seed, 0)
    write_targets(model, examples_of_pass(prepared, 0, RECIPE), path, made_from)
    examples = list(taught(examples_of_pass(prepared, 0, RECIPE), path, made_from))
    batch = collate(examples[:1])
    with torch.inference_mode():
        starts, _, answerable = model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
    assert batch.soft is not None
    count = len(examples[0].ids)
    np.testing.assert_allclose(batch.soft[0, :count, 0], starts[0, :count], rtol=0.01, atol=0.02)
    assert examples[0].sure == pytest.approx(answerable.item(), abs=0.02)
    with pytest.raises(ValueError, match="make them again"):
        list(taught(examples_of_pass(prepared, 1, RECIPE), path, origin(prepared, RECIPE.seed, 1)))


def test_scoring_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, prepared = write_sets(tmp_path / "data"), tmp_path / "prepared"
    prepare(data, prepared, ["squad_wiki"])
    monkeypatch.setattr(teacher, "PART", 2)
    drawn, made_from = list(examples_of_pass(prepared, 0, RECIPE)), origin(prepared, RECIPE.seed, 0)
    assert len(drawn) > 4
    folder = tmp_path / "targets" / "0"
    write_targets(tiny_reader(), drawn[:4], folder, made_from)
    kept = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert [len(list(taught(drawn, folder, made_from))), len(kept)] == [4, 2]
    write_targets(tiny_reader(), drawn, folder, made_from)
    assert len(list(taught(drawn, folder, made_from))) == len(drawn)
    assert {name: (folder / name).stat().st_mtime_ns for name in kept} == kept


def test_scored_passes_are_gone_through_again(tmp_path: Path) -> None:
    data, prepared, targets = write_sets(tmp_path / "data"), tmp_path / "prepared", tmp_path / "targets"
    prepare(data, prepared, ["squad_wiki"])
    recipe = Recipe(batch_tokens=64, accumulate=1, teacher=str(targets))
    with pytest.raises(ValueError, match="run the stage `teach` first"):
        next(training.steps_of_pass(prepared, 0, recipe))
    examples = examples_of_pass(prepared, 0, recipe)
    write_targets(tiny_reader(), examples, targets / "0", origin(prepared, recipe.seed, 0))
    first, second = ([*training.steps_of_pass(prepared, number, recipe)] for number in (0, 1))
    assert len(first) == len(second) > 1
    for (one,), (other,) in zip(first, second, strict=True):
        assert torch.equal(one.input_ids, other.input_ids)


def test_the_soft_loss_is_nil_for_the_teacher_itself() -> None:
    scores = torch.tensor([[1.0, 3.0, -1e4], [0.0, 0.0, 2.0]])
    assert soft_loss(scores, scores + 5, 2.0).abs().max().item() < 1e-4
    assert (soft_loss(scores.flip(-1), scores, 2.0) > 0.1).all()


def test_an_equal_of_the_teacher_has_less_to_learn_than_another(tmp_path: Path) -> None:
    data, prepared, targets = write_sets(tmp_path / "data"), tmp_path / "prepared", tmp_path / "targets"
    prepare(data, prepared, ["squad_wiki", "squad2_unanswerable"])
    model = tiny_reader()
    recipe = Recipe(steps=1, batch_tokens=64, accumulate=1, teacher=str(targets), soft_weight=1.0)
    examples = examples_of_pass(prepared, 0, recipe)
    write_targets(model, examples, targets / "0", origin(prepared, recipe.seed, 0))
    batch = next(training.steps_of_pass(prepared, 0, recipe))[0]
    losses = [
        training.batch_loss(reader.eval(), batch, recipe).sum().item()
        for reader in (model, from_config(model.config.to_dict()))
    ]
    assert losses[0] < losses[1]
