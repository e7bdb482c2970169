"""Train the reader: steps over the mix, a moving average of the weights, checkpoints that resume exactly."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from training.base import base_folder, load_tokenizer
from training.batches import Batch, bucket, collate
from training.checkpoint import State, load, save, state_of
from training.hardware import Map, device, side_by_side
from training.mix import Example, draw_pass
from training.model import Reader, answerable_loss, from_config, span_loss, start_from
from training.prepare import load_prepared
from training.recipe import Recipe, rate_at, write_recipe
from training.teacher import count_scored, origin, soft_loss, taught

Watch = Callable[[Reader], dict[str, float]]


def fresh(recipe: Recipe) -> State:
    """Give the state at step 0."""
    torch.manual_seed(recipe.seed)
    folder = Path(recipe.base) if recipe.base else base_folder()
    return state_of(start_from(folder, recipe.dropout), recipe)


def train_step(state: State, batches: list[Batch], recipe: Recipe, over: Map = map) -> Tensor:
    """Do one step over the batches and give its mean loss, as a scalar that a GPU need not have computed
    yet.

    `over` may work on the batches side by side, with one core each. Splitting every operation over the cores
    instead is as fast on an idle machine, but where others work too, each operation waits for the slower
    core.
    """
    state.working.train()
    with torch.no_grad():
        torch._foreach_copy_(list(state.working.parameters()), list(state.model.parameters()))
    rows = sum(len(batch.input_ids) for batch in batches)
    losses, *found = zip(
        *over(lambda batch: gradients(state.working, batch, recipe, rows), batches), strict=True
    )
    for parameter, parts in zip(state.model.parameters(), found, strict=True):
        parameter.grad = torch.zeros_like(parameter)
        for part in parts:
            parameter.grad += part
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), recipe.clip)
    for group in state.optimizer.param_groups:
        group["lr"] = rate_at(state.step, recipe)
    state.optimizer.step()
    state.step += 1
    _average(state, recipe)
    return torch.stack(losses).sum()


def gradients(model: Reader, batch: Batch, recipe: Recipe, rows: int) -> tuple[Tensor, ...]:
    """Give a batch's share of the mean loss over `rows` rows, then its gradient of each parameter."""
    loss = batch_loss(model, batch.to(device()), recipe).sum() / rows
    return loss.detach(), *torch.autograd.grad(loss, tuple(model.parameters()))


def batch_loss(model: Reader, batch: Batch, recipe: Recipe) -> Tensor:
    """Give the loss of each row [rows]."""
    starts, ends, answerable = model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
    refusal = answerable_loss(answerable, (batch.spans[:, 0, 0] > 0).float())
    hard = span_loss(starts, ends, batch.spans, batch.known) + recipe.answerable_weight * refusal
    if batch.soft is None or batch.sure is None:
        return hard
    soft = soft_loss(starts, batch.soft[..., 0], recipe.temperature)
    soft = soft + soft_loss(ends, batch.soft[..., 1], recipe.temperature)
    soft = soft + recipe.answerable_weight * answerable_loss(answerable, batch.sure.sigmoid())
    return (1 - recipe.soft_weight) * hard + recipe.soft_weight * soft


def _average(state: State, recipe: Recipe) -> None:
    # The early weights are worth nothing, so the window grows with the run (as in TensorFlow's
    # ExponentialMovingAverage with num_updates).
    keep = min(recipe.average, (1 + state.step) / (10 + state.step))
    averages = [state.average[name] for name, _ in state.model.named_parameters()]
    torch._foreach_lerp_(averages, [p.detach() for p in state.model.parameters()], 1 - keep)


def steps_of_pass(prepared: Path, number: int, recipe: Recipe) -> Iterator[list[Batch]]:
    """Give the batches of each step of one pass over the mix."""
    draw = taught_pass if recipe.teacher else examples_of_pass
    groups = bucket(draw(prepared, number, recipe), recipe.batch_tokens)
    while len(step := list(itertools.islice(groups, recipe.accumulate))) == recipe.accumulate:
        yield [collate(group) for group in step]


def examples_of_pass(prepared: Path, number: int, recipe: Recipe) -> Iterator[Example]:
    """Give one pass's examples, without a teacher's scores."""
    items, contexts = load_prepared(prepared)
    return draw_pass(items, contexts, load_tokenizer(), recipe.seed, number)


def taught_pass(prepared: Path, number: int, recipe: Recipe) -> Iterator[Example]:
    """Give one pass's examples with the teacher's scores; the passes that it scored are gone through again
    and again."""
    scores = Path(recipe.teacher)
    number %= count_scored(scores)
    examples = examples_of_pass(prepared, number, recipe)
    return taught(examples, scores / str(number), origin(prepared, recipe.seed, number))


def train(prepared: Path, run: Path, recipe: Recipe, watch: Watch, every_seconds: float = 600) -> None:
    """Train until `recipe.last`, from the run's checkpoint if it has one; checkpoint and measure now and
    then."""
    write_recipe(recipe, run)
    (run / "pid").write_text(str(os.getpid()))
    state = load(run, recipe) if (run / "checkpoint.pt").exists() else fresh(recipe)
    saved = time.monotonic()
    with side_by_side(min(recipe.accumulate, torch.get_num_threads())) as over:
        for batches in _onward(state, prepared, recipe):
            began = time.monotonic()
            loss = train_step(state, batches, recipe, over)
            if state.step % 20 == 0:
                pace = sum(len(batch.input_ids) for batch in batches) / (time.monotonic() - began)
                rate = rate_at(state.step, recipe)
                _log(run / "log.jsonl", step=state.step, loss=loss.item(), rate=rate, rows_per_second=pace)
            if state.step == recipe.last or time.monotonic() - saved > every_seconds:
                save(state, run)
                _log(run / "curve.jsonl", step=state.step, **watch(_with_average(state)))
                saved = time.monotonic()


def _onward(state: State, prepared: Path, recipe: Recipe) -> Iterator[list[Batch]]:
    """Give the batches of each step that is left, pass after pass, and keep the state's place in them."""
    while state.step < recipe.last:
        done = state.step - state.begun
        for batches in itertools.islice(steps_of_pass(prepared, state.number, recipe), done, None):
            yield batches
            if state.step == recipe.last:
                return
        if state.step == state.begun:
            raise ValueError("a pass over the sets doesn't fill a single step; lower batch_tokens")
        state.number, state.begun = state.number + 1, state.step


def _with_average(state: State) -> Reader:
    model = from_config(state.model.config.to_dict())
    model.load_state_dict(state.model.state_dict() | state.average)
    return model.to(device()).eval()


def _log(path: Path, **values: float) -> None:
    with path.open("a", encoding="utf-8") as file:
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        file.write(json.dumps(line | {name: round(value, 6) for name, value in values.items()}) + "\n")
