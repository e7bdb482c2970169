"""A run on disk: its state between two steps, written whole or not at all, and branches of it."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from training.hardware import coarse, device
from training.model import Reader, from_config
from training.recipe import Recipe, read_recipe, write_recipe


@dataclass(slots=True)
class State:
    """A run between two steps: weights, their moving average, the optimiser, and how far it has come.

    `working` is the copy of the model that gradients are taken of, its encoder in bfloat16 if the hardware
    has it; the weights themselves stay in float32, so that small updates are not rounded away (Micikevicius
    et al. 2018, section 3.1).
    `begun` is the step at which pass number `number` began, so that `step - begun` steps of that pass are
    done.
    """

    model: Reader
    working: Reader
    average: dict[str, Tensor]
    optimizer: torch.optim.Optimizer
    step: int = 0
    number: int = 0
    begun: int = 0


def state_of(model: Reader, recipe: Recipe) -> State:
    """Give the state of a model at step 0."""
    model.to(device())
    working = copy.deepcopy(model)
    nn.Module.to(working.encoder, coarse())
    for part in working.encoder.modules():
        # A batch holds a few thousand of the vocabulary's 30,000 rows, which matters to a processor.
        if isinstance(part, nn.Embedding) and part.num_embeddings > 10_000:
            part.sparse = device().type == "cpu"
    named = list(model.named_parameters())
    groups = [
        {"params": [p for _, p in named if p.ndim > 1], "weight_decay": recipe.weight_decay},
        # Biases and layer norms are not decayed (Devlin et al. 2019, appendix A.2).
        {"params": [p for _, p in named if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=recipe.rate, fused=True)
    return State(model, working, {name: p.detach().clone() for name, p in named}, optimizer)


def save(state: State, run: Path) -> None:
    """Write the checkpoint beside the last one and rename it into place."""
    content = {
        "config": state.model.config.to_dict(),
        "model": state.model.state_dict(),
        "average": state.average,
        "optimizer": state.optimizer.state_dict(),
        "progress": {"step": state.step, "number": state.number, "begun": state.begun},
        "random": torch.get_rng_state(),
    }
    torch.save(content, run / "checkpoint.tmp")
    (run / "checkpoint.tmp").replace(run / "checkpoint.pt")


def load(run: Path, recipe: Recipe) -> State:
    """Read a checkpoint back; the random numbers go on where they stopped."""
    content = torch.load(run / "checkpoint.pt", weights_only=True, map_location="cpu")
    state = state_of(from_config(content["config"]), recipe)
    for model in (state.model, state.working):  # buffers too, which no step copies
        model.load_state_dict(content["model"])
    state.optimizer.load_state_dict(content["optimizer"])
    state.average = {name: tensor.to(device()) for name, tensor in content["average"].items()}
    for name, value in content["progress"].items():
        setattr(state, name, value)
    torch.set_rng_state(content["random"])
    return state


def averaged(*runs: Path) -> Reader:
    """Give the reader with the averaged weights of a run's checkpoint, ready to read; of several runs that
    began alike or went on from one another, with the mean of these (Wortsman et al. 2022, "Model soups")."""
    contents = [torch.load(run / "checkpoint.pt", weights_only=True, map_location="cpu") for run in runs]
    found = [content["model"] | content["average"] for content in contents]
    mean = {name: torch.stack([own[name] for own in found]).float().mean(0) for name in found[0]}
    model = from_config(contents[0]["config"])
    model.load_state_dict(mean)
    return model.eval()


def cool(run: Path, into: Path, steps: int) -> Recipe:
    """Branch off a run into a new folder where the rate falls to zero within `steps`; give that recipe.

    A model at a high rate is worse than the same after a short fall (Haegele et al. 2024, "Scaling laws and
    compute-optimal training beyond fixed training durations"), so this makes good weights of an unfinished
    run, which itself goes on undisturbed.
    """
    recipe = read_recipe(run)
    if not (into / "checkpoint.pt").exists():
        into.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run / "checkpoint.pt", into / "checkpoint.tmp")
        progress = torch.load(into / "checkpoint.tmp", weights_only=True)["progress"]
        # Old weights must leave the average before the end.
        average = min(recipe.average, 1 - 10 / steps)
        recipe = replace(recipe, cool_from=progress["step"], cool_steps=steps, average=average)
        write_recipe(recipe, into)
        (into / "checkpoint.tmp").replace(into / "checkpoint.pt")
    return read_recipe(into)
