"""Training: the loss, the rate, and runs that stop and go on as if they hadn't."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from town import RECIPE, tiny_reader, write_sets
from training.checkpoint import State, averaged, cool, load, save, state_of
from training.hardware import side_by_side
from training.model import Reader, span_loss
from training.prepare import prepare
from training.recipe import Recipe, rate_at, read_recipe
from training.train import train

from training import train as training


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def fresh(recipe: Recipe) -> State:
        torch.manual_seed(recipe.seed)
        return state_of(tiny_reader(), recipe)

    monkeypatch.setattr(training, "fresh", fresh)
    # Every length would be a class of its own with no more than a few examples in it.
    monkeypatch.setattr("training.batches.LENGTHS", (64, 384))
    torch.set_num_threads(1)
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki", "squad2_unanswerable"])
    return tmp_path / "prepared"


def test_the_loss_sums_the_right_answers() -> None:
    starts = torch.log(torch.tensor([[0.1, 0.6, 0.3]]))
    ends = torch.log(torch.tensor([[0.2, 0.3, 0.5]]))
    spans, known = torch.tensor([[[1, 1], [2, 2], [0, 0]]]), torch.tensor([[True, True, False]])
    loss = span_loss(starts, ends, spans, known)
    assert loss.item() == pytest.approx(-math.log(0.6 * 0.3 + 0.3 * 0.5), rel=1e-5)


def test_the_rate_rises_falls_and_cools() -> None:
    plan = Recipe(steps=100, warmup=10, rate=1.0)
    assert rate_at(0, plan) == pytest.approx(0.1)
    assert rate_at(50, plan) == pytest.approx(0.5)
    assert rate_at(100, plan) == 0
    branch = replace(plan, cool_from=50, cool_steps=10)
    assert rate_at(50, branch) == pytest.approx(0.5)
    assert rate_at(55, branch) == pytest.approx(0.25)
    assert branch.last == 60
    assert rate_at(60, branch) == 0


def test_a_run_that_stops_goes_on_as_if_it_had_not(prepared: Path, tmp_path: Path) -> None:
    recipe = RECIPE
    at_once, in_parts = tmp_path / "at_once", tmp_path / "in_parts"
    train(prepared, at_once, recipe, lambda model: {"seen": 1.0})

    class StopError(Exception):
        pass

    def stop(_: Reader) -> dict[str, float]:
        raise StopError

    # Measuring comes after saving, so the run ends right after its first checkpoint, within a pass.
    with pytest.raises(StopError):
        train(prepared, in_parts, recipe, stop, every_seconds=0)
    assert load(in_parts, recipe).step == 1
    train(prepared, in_parts, recipe, lambda model: {"seen": 1.0})
    one, other = load(at_once, recipe), load(in_parts, recipe)
    assert one.step == other.step == recipe.steps
    for name, tensor in one.model.state_dict().items():
        assert torch.equal(tensor, other.model.state_dict()[name]), name
        assert torch.equal(one.average[name], other.average[name]), name
    assert json.loads((at_once / "curve.jsonl").read_text())["seen"] == 1.0


def test_side_by_side_gives_the_same_gradients(prepared: Path) -> None:
    recipe = Recipe(dropout=0.0, batch_tokens=64)
    tiny = tiny_reader()
    for module in tiny.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    _, batches = next(iter(training.Steps(prepared, recipe)))
    rows = sum(len(batch.input_ids) for batch in batches)
    alone = [training.gradients(tiny, batch, recipe, rows) for batch in batches]
    with side_by_side(2) as over:
        assert over is not map
        both = list(over(lambda batch: training.gradients(tiny, batch, recipe, rows), batches))
    for (loss, *parts), (other, *others) in zip(alone, both, strict=True):
        assert torch.isclose(loss, other, rtol=1e-3)
        assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(parts, others, strict=True))


def test_runs_that_began_alike_are_averaged(tmp_path: Path) -> None:
    for name, value in (("one", 1.0), ("two", 2.0)):
        state = state_of(tiny_reader(), RECIPE)
        state.average = {name: torch.full_like(tensor, value) for name, tensor in state.average.items()}
        (tmp_path / name).mkdir()
        save(state, tmp_path / name)
    mean = averaged(tmp_path / "one", tmp_path / "two")
    assert all((parameter == 1.5).all() for parameter in mean.parameters())
    assert all((parameter == 2.0).all() for parameter in averaged(tmp_path / "two").parameters())


def test_cooling_leaves_the_run_as_it_is(prepared: Path, tmp_path: Path) -> None:
    recipe = RECIPE
    run, into = tmp_path / "run", tmp_path / "cooled"
    train(prepared, run, replace(recipe, steps=4), lambda model: {})
    before = (run / "checkpoint.pt").read_bytes()
    branch = cool(run, into, 3)
    train(prepared, into, branch, lambda model: {})
    assert load(into, branch).step == 7
    assert read_recipe(into).cool_from == 4
    assert (run / "checkpoint.pt").read_bytes() == before
    assert cool(run, into, 99) == branch


def test_training_learns(prepared: Path) -> None:
    recipe = Recipe(steps=60, batch_tokens=192, accumulate=1, warmup=5, rate=5e-3, dropout=0.0)
    _, batches = next(iter(training.Steps(prepared, recipe)))
    state = training.fresh(recipe)
    losses = [training.train_step(state, batches, recipe) for _ in range(40)]
    assert losses[-1] < losses[0] / 2


def test_passes_too_small_for_a_step_are_told(prepared: Path) -> None:
    with pytest.raises(ValueError, match="lower batch_tokens"):
        next(iter(training.Steps(prepared, Recipe(batch_tokens=10**6))))
