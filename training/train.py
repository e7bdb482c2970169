"""Train the reader: steps over the mix, a moving average of the weights, checkpoints that resume exactly."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from training.alter import Near, altered, near_words
from training.base import base_folder, load_tokenizer
from training.batches import Batch, bucket, collate
from training.checkpoint import State, averaged, load, save, state_of
from training.hardware import Map, coarse, device, side_by_side
from training.mix import Example, draw_pass
from training.model import Observed, Reader, answerable_loss, from_config, span_loss, start_from, vocabulary
from training.prepare import load_prepared
from training.recipe import Recipe, rate_at, write_recipe
from training.teacher import soft_loss, state_loss

Watch = Callable[[Reader], dict[str, float]]


def fresh(recipe: Recipe) -> State:
    """Give the state at step 0."""
    torch.manual_seed(recipe.seed)
    folder = Path(recipe.base) if recipe.base else base_folder()
    return state_of(start_from(folder, recipe.dropout, recipe.layers), recipe)


def train_step(
    state: State, batches: list[Batch], recipe: Recipe, teacher: Reader | None = None, over: Map = map
) -> Tensor:
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
        *over(lambda batch: gradients(state.working, batch, recipe, rows, teacher), batches), strict=True
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


def gradients(
    model: Reader, batch: Batch, recipe: Recipe, rows: int, teacher: Reader | None = None
) -> tuple[Tensor, ...]:
    """Give a batch's share of the mean loss over `rows` rows, then its gradient of each parameter."""
    batch = batch.to(device())
    inputs = batch.input_ids, batch.token_type_ids, batch.attention_mask
    taught = None
    if teacher:
        with torch.no_grad():
            taught = teacher(*inputs)
    loss = batch_loss(model(*inputs), batch, recipe, taught).sum() / rows
    return loss.detach(), *torch.autograd.grad(loss, tuple(model.parameters()))


def batch_loss(seen: Observed, batch: Batch, recipe: Recipe, taught: Observed | None = None) -> Tensor:
    """Give the loss of each row [rows]: by the right spans, and by what a teacher made of the same batch.

    A teacher that is mistaken on whether a passage answers is not heard.
    """
    told = batch.known.any(-1)
    known = batch.known | ~told[:, None]  # so that the loss is a number where it doesn't count
    answers = batch.spans[:, 0, 0] > 0
    hard = span_loss(seen.starts, seen.ends, batch.spans, known)
    hard = hard + recipe.answerable_weight * answerable_loss(seen.answerable, answers.float())
    if taught is None:
        return hard * told
    soft = soft_loss(seen.starts, taught.starts, recipe.temperature)
    soft = soft + soft_loss(seen.ends, taught.ends, recipe.temperature)
    soft = soft + recipe.answerable_weight * answerable_loss(seen.answerable, taught.answerable.sigmoid())
    heard = recipe.soft_weight * (~told | (answers == (taught.answerable > 0)))
    loss = (1 - heard) * hard * told + heard * soft
    if not recipe.state_weight:
        return loss
    return loss + recipe.state_weight * state_loss(seen.states, taught.states, batch.attention_mask)


def _average(state: State, recipe: Recipe) -> None:
    # The early weights are worth nothing, so the window grows with the run (as in TensorFlow's
    # ExponentialMovingAverage with num_updates).
    keep = min(recipe.average, (1 + state.step) / (10 + state.step))
    averages = [state.average[name] for name, _ in state.model.named_parameters()]
    torch._foreach_lerp_(averages, [p.detach() for p in state.model.parameters()], 1 - keep)


class Steps(IterableDataset[tuple[int, list[Batch]]]):
    """The batches of each step from one on, each with the number of its pass, pass after pass."""

    def __init__(
        self, prepared: Path, recipe: Recipe, number: int = 0, done: int = 0, near: Near | None = None
    ) -> None:
        """Begin with pass `number`, of which so many steps are done; with `near`, words are changed."""
        self.prepared, self.recipe, self.near = prepared, recipe, near
        self.number, self.done = number, done

    def __iter__(self) -> Iterator[tuple[int, list[Batch]]]:
        """Give them without an end; ValueError where a pass doesn't fill a single step."""
        items, contexts = load_prepared(self.prepared)
        tokenizer, seed, done = load_tokenizer(), self.recipe.seed, self.done
        for number in itertools.count(self.number):
            examples = draw_pass(items, contexts, tokenizer, seed, number)
            if self.near:
                random = Random(f"altered {seed} {number}")  # noqa: S311
                examples = altered(examples, self.near, self.recipe.altered, random)
            count = 0
            for count, batches in enumerate(steps(examples, self.recipe), 1):
                if count > done:
                    yield number, batches
            if not count:
                raise ValueError("a pass over the sets doesn't fill a single step; lower batch_tokens")
            done = 0


def steps(examples: Iterable[Example], recipe: Recipe) -> Iterator[list[Batch]]:
    """Give the batches of each step over the examples."""
    groups = bucket(examples, recipe.batch_tokens)
    while len(step := list(itertools.islice(groups, recipe.accumulate))) == recipe.accumulate:
        yield [collate(group) for group in step]


def train(prepared: Path, run: Path, recipe: Recipe, watch: Watch, every_seconds: float = 600) -> None:
    """Train until `recipe.last`, from the run's checkpoint if it has one; checkpoint and measure now and
    then."""
    torch.set_float32_matmul_precision("high")  # for what a GPU computes in float32
    write_recipe(recipe, run)
    (run / "pid").write_text(str(os.getpid()))
    state = load(run, recipe) if (run / "checkpoint.pt").exists() else fresh(recipe)
    teacher = teacher_of(recipe)
    saved = time.monotonic()
    with side_by_side(min(recipe.accumulate, torch.get_num_threads())) as over:
        for batches in _onward(state, prepared, recipe):
            began = time.monotonic()
            loss = train_step(state, batches, recipe, teacher, over)
            if state.step % 20 == 0:
                pace = sum(len(batch.input_ids) for batch in batches) / (time.monotonic() - began)
                rate = rate_at(state.step, recipe)
                _log(run / "log.jsonl", step=state.step, loss=loss.item(), rate=rate, rows_per_second=pace)
            if state.step == recipe.last or time.monotonic() - saved > every_seconds:
                save(state, run)
                _log(run / "curve.jsonl", step=state.step, **watch(_with_average(state)))
                saved = time.monotonic()


def teacher_of(recipe: Recipe) -> Reader | None:
    """Give the reader that teaches; None where the recipe names none."""
    if not recipe.teacher:
        return None
    model = averaged(Path(recipe.teacher)).to(device())
    nn.Module.to(model.encoder, coarse())
    return model


def _onward(state: State, prepared: Path, recipe: Recipe) -> Iterator[list[Batch]]:
    """Give the batches of each step that is left, and keep the state's place in the passes."""
    if state.step == recipe.last:
        return
    near = _near(state.model) if recipe.teacher and recipe.altered else None
    ahead = Steps(prepared, recipe, state.number, state.step - state.begun, near)
    # Beside a GPU another process keeps batches ready; a generator of its own leaves the run's numbers alone.
    workers = 1 if device().type == "cuda" else 0
    loader = DataLoader(ahead, None, num_workers=workers, generator=torch.Generator())
    for number, batches in loader:
        if number != state.number:
            state.number, state.begun = number, state.step
        yield batches
        if state.step == recipe.last:
            return


def _near(model: Reader) -> Near:
    vectors: Tensor = model.get_parameter("encoder.embeddings.word_embeddings.weight")
    return near_words(vectors.detach().float().cpu().numpy(), vocabulary(load_tokenizer()))


def _with_average(state: State) -> Reader:
    model = from_config(state.model.config.to_dict())
    model.load_state_dict(state.model.state_dict() | state.average)
    return model.to(device()).eval()


def _log(path: Path, **values: float) -> None:
    with path.open("a", encoding="utf-8") as file:
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        file.write(json.dumps(line | {name: round(value, 6) for name, value in values.items()}) + "\n")
