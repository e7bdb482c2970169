"""The stages after training: export, calibrate, evaluate, card. Each reads and writes one folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import torch

from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.reading_model import (
    CARD,
    GRAPH,
    TOKENIZER,
    ReadingModel,
    plain_card,
    read_card,
    write_card,
)
from askbrief.read.neural.two_readers import FIRST, TwoReaders
from askbrief.read.neural.windows import windows
from training import card as model_card
from training.archive import put, put_news, put_to_small
from training.base import load_tokenizer
from training.calibrate import calibrate, sample_alone, samples_among
from training.checkpoint import averaged
from training.decode import OVERLAP, WINDOW, read
from training.evaluate import draw, evaluate, with_wrong_passages, write_report
from training.export import FLOAT32, export
from training.plot import plot
from training.questions import Question
from training.recipe import TEACHING, read_recipe

# What users ask: questions that their passage answers, near misses, and passages that only share the
# subject.
CALIBRATED_ON = ("squad_wiki", "shifts_new_wiki", "squad2_like")
# Training contexts that the archive of the calibration holds as well: articles, and short and spoken texts,
# in which a question's words stand close together though they seldom answer it.
DISTRACTORS = ("squad_extra", "tweetqa", "shifts_reddit")
PRECISION = 0.7  # of the answers to such questions in such an archive, at the threshold
NAME = "askbrief"
SMOOTHED_BY = ("squad_wiki", 30)  # whose so many questions and contexts show which channels are large
LOST_ON = 150  # questions of each set show what int8 loses
NEWSROOM = Path(__file__).resolve().parent.parent / "eval" / "newsroom.jsonl"
SMALL_ARCHIVES = 24
PUT = 5000  # questions that are put to the archive, at most


def export_run(runs: Sequence[Path], out: Path, data: Path) -> None:
    """Export the averaged weights of a run's checkpoint, with the tokenizer, into `out`; the mean of several
    runs' where there are more, which began alike or went on from one another."""
    name, count = SMOOTHED_BY
    asked = draw(data / "train" / f"{name}.json", count)
    tokenizer = load_tokenizer()
    seen = [windows(tokenizer, one.text, [one.context], WINDOW, OVERLAP)[0] for one in asked]
    model = averaged(*runs)
    whole, small = export(model, out, seen)
    load_tokenizer().save(str(out / TOKENIZER))  # anew: cutting windows sets a tokenizer's truncation
    write_card(plain_card(NAME, WINDOW, OVERLAP), out / CARD)
    facts = {
        "layers": model.config.num_hidden_layers,
        "encoder": model.config.model_type,
        "parameters": sum(one.numel() for one in model.parameters()),
        "float32_bytes": whole.stat().st_size,
        "int8_bytes": small.stat().st_size,
    }
    (out / "export.json").write_text(json.dumps(facts) + "\n")
    base = read_recipe(runs[0]).base
    before = Path(base) / model_card.RECIPES
    recipes = json.loads(before.read_text()) if base and before.exists() else []
    (out / model_card.RECIPES).write_text(
        json.dumps([*recipes, *(_told(run, len(runs)) for run in runs)], indent=1) + "\n"
    )


def _told(run: Path, among: int) -> dict[str, Any]:
    """Give what a card tells of a run: how far it came, the settings that are set, what the teacher was for
    where it lay, and among how many runs it was averaged."""
    recipe = read_recipe(run)
    unused = () if recipe.teacher else TEACHING
    step = torch.load(run / "checkpoint.pt", weights_only=True, mmap=True)["progress"]["step"]
    settings = asdict(recipe).items()
    told = {name: value for name, value in settings if value not in ("", 0) and name not in unused}
    if recipe.base:
        told["base"] = Path(recipe.base).name
    if recipe.teacher:
        its = read_recipe(Path(recipe.teacher))
        told["teacher"] = f"{Path(its.base).name}, {its.steps} steps at {its.rate:g}"
    return {"ended after step": step, **told} | ({"one of": among} if among > 1 else {})


def calibrate_export(
    out: Path,
    data: Path,
    count: int | None = None,
    behind: Path | None = None,
    news: Path | None = None,
) -> None:
    """Fit the probabilities of the exported int8 reader and write them into its card; those of one that reads
    ``behind`` a small reader, in a folder, with what that finds. ``news`` is the index of the stories
    that the newsroom's questions are about."""
    model = ReadingModel(out)
    reader = PassageReader(model)
    both = TwoReaders(PassageReader(ReadingModel(behind)), lambda: reader) if behind else None
    questions = [q for name in CALIBRATED_ON for q in draw(data / "dev" / f"{name}.json", count)]
    own = [q for q in questions if q.answers][: len(questions) // 3]
    single = questions + [q for q in with_wrong_passages(own, data) if not q.answers]
    guesses = read(single, model.tokenizer, model.score)
    alone = [
        sample
        for question, guess in zip(single, guesses, strict=True)
        if (sample := sample_alone(question, guess))
    ]
    asked: list[Question] = Random(0).sample(questions, min(PUT, len(questions)))  # noqa: S311
    distractors = [data / "train" / f"{name}.json" for name in DISTRACTORS]
    among = [samples_among(one) for one in put(both or reader, asked, distractors)]
    told = [samples_among(one) for one in put_news(both or reader, news, NEWSROOM)] if news else []
    small = [samples_among(one) for one in put_to_small(both or reader, questions, SMALL_ARCHIVES)]
    card, quality = calibrate(model.card, alone, among, PRECISION, FIRST if both else (), told, small)
    write_card(card, out / CARD)
    (out / "calibration.json").write_text(json.dumps(quality, indent=1) + "\n")
    plot(quality, out / "reliability.svg")


def evaluate_export(out: Path, data: Path, count: int | None = None) -> dict[str, float]:
    """Write the scores of the int8 reader; give how much F1 it loses against its float32 form, a set, on a
    draw of ``LOST_ON`` questions of each."""
    alone = read_card(out / CARD).alone
    write_report(evaluate(ReadingModel(out), data, alone, count), out / "evaluation.json")
    drawn = min(count or LOST_ON, LOST_ON)
    small = evaluate(ReadingModel(out), data, alone, drawn, rounds=2)
    with tempfile.TemporaryDirectory() as folder:
        for name, kept in ((FLOAT32, GRAPH), (TOKENIZER, TOKENIZER), (CARD, CARD)):
            shutil.copyfile(out / name, Path(folder) / kept)
        whole = evaluate(ReadingModel(Path(folder)), data, alone, drawn, rounds=2)
    lost = {name: round(whole[name][1]["f1"]["value"] - small[name][1]["f1"]["value"], 4) for name in whole}
    (out / "int8_loss.json").write_text(json.dumps(lost, indent=1) + "\n")
    return lost


def finish(
    runs: Sequence[Path],
    out: Path,
    data: Path,
    count: int | None = None,
    behind: Path | None = None,
    news: Path | None = None,
) -> None:
    """Do all stages after training."""
    export_run(runs, out, data)
    calibrate_export(out, data, count, behind, news)
    evaluate_export(out, data, count)
    model_card.write_card(out)
