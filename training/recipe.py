"""What decides a run's outcome, and the learning rate that follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = "recipe.json"
TEACHING = ("soft_weight", "state_weight", "altered", "temperature")  # count where there is a teacher


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides a run's outcome; kept beside its checkpoints.

    `batch_tokens` is the padded size of one batch and `accumulate` the number of batches, each of its own
    length class, that make a step: one batch alone would hold only tweets, or only long plots. With
    `cool_steps` the rate falls to zero within that many steps from step `cool_from` on, whatever is left of
    the whole plan. `base` is the folder of the encoder to start from (empty: the packaged one), of which the
    lowest so many `layers` are kept (0: all). `teacher` is the folder of a run whose reader teaches (empty:
    none): its scores make up `soft_weight` of the loss, and the likeness of its states comes in with
    `state_weight`. A share of `altered` examples is then seen with words changed, of which only the teacher
    knows what they say.
    """

    steps: int = 8000
    batch_tokens: int = 3072
    accumulate: int = 2
    rate: float = 2e-4
    warmup: int = 200
    weight_decay: float = 0.01
    dropout: float = 0.0
    clip: float = 1.0
    answerable_weight: float = 0.5
    base: str = ""
    layers: int = 0
    teacher: str = ""
    soft_weight: float = 0.7
    state_weight: float = 1.0
    altered: float = 0.4
    temperature: float = 2.0
    average: float = 0.998
    seed: int = 1
    cool_from: int = 0
    cool_steps: int = 0

    @property
    def last(self) -> int:
        """The step at which the run ends."""
        return self.cool_from + self.cool_steps if self.cool_steps else self.steps


def rate_at(step: int, recipe: Recipe) -> float:
    """Give the learning rate of a step: a linear rise over `warmup`, then a linear fall to zero."""
    planned = min(step, recipe.cool_from) if recipe.cool_steps else step
    rise = min(1.0, (planned + 1) / max(1, recipe.warmup))
    rate = recipe.rate * rise * max(0.0, 1 - planned / recipe.steps)
    return rate * max(0.0, 1 - (step - planned) / recipe.cool_steps) if recipe.cool_steps else rate


def write_recipe(recipe: Recipe, run: Path) -> None:
    """Keep the recipe in the run's folder, which is made where it is missing."""
    run.mkdir(parents=True, exist_ok=True)
    (run / KEPT).write_text(json.dumps(asdict(recipe), indent=1))


def read_recipe(run: Path) -> Recipe:
    """Give the recipe that a run was started with."""
    return Recipe(**json.loads((run / KEPT).read_text()))
