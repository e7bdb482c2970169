"""Measure a reader on the dev sets, which no stage trains on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np

from askbrief.evaluate.bootstrap import Interval, statistic
from askbrief.evaluate.measures import auroc
from askbrief.evaluate.squad import best_f1, exact, f1
from askbrief.read.logistic import Logistic, probability
from askbrief.read.neural.passage_reader import as_read
from askbrief.read.neural.reading_model import ReadingModel
from training.base import load_tokenizer
from training.decode import Guess, read, torch_scorer
from training.model import Reader
from training.negatives import PassagePool
from training.questions import Question, read_questions
from training.train import Watch

# How many questions of each dev set a run is watched on; a seeded draw, always the same.
QUICK = {"squad_wiki": 120, "shifts_new_wiki": 80, "squad2_like": 160, "newsqa": 40}
DEV = ("squad_wiki", "shifts_new_wiki", "squad2_like", "newsqa", "shifts_amazon_reviews", "shifts_reddit")

Report = dict[str, tuple[int, dict[str, Interval]]]  # by set: how many questions, and its measures


def quick_watch(dev: Path) -> Watch:
    """Give a function that measures a model on a few hundred dev questions; to follow a run, not for
    claims."""
    tokenizer = load_tokenizer()
    sets = {name: draw(dev / f"{name}.json", count) for name, count in QUICK.items()}

    def watch(model: Reader) -> dict[str, float]:
        found = {name: read(questions, tokenizer, torch_scorer(model)) for name, questions in sets.items()}
        return {
            f"{name}.{key}": metric(np.arange(len(found[name])))
            for name, questions in sets.items()
            for key, metric in metrics(questions, found[name]).items()
        }

    return watch


def draw(path: Path, count: int | None) -> list[Question]:
    """Give a set's questions, or a seeded draw of that many of them."""
    questions = list(read_questions(path))
    return Random(0).sample(questions, min(count, len(questions))) if count else questions  # noqa: S311


def metrics(
    questions: Sequence[Question], guesses: Sequence[Guess], alone: Logistic | None = None
) -> dict[str, Callable[[np.ndarray], float]]:
    """Give each measure as a function of the indices of the questions to take it over.

    `f1` and `exact` are over the questions that have an answer. Where some have none, `best_f1` and
    `auroc_*` tell how well the margin over "no answer", the answerable score and the calibrated confidence
    refuse them.
    """
    golds = [[text for _, text in question.answers] for question in questions]
    answerable = np.array([bool(gold) for gold in golds])
    f1s = np.array([f1(guess.text, gold) for guess, gold in zip(guesses, golds, strict=True)])
    exacts = np.array([exact(guess.text, gold) for guess, gold in zip(guesses, golds, strict=True)])
    found: dict[str, Callable[[np.ndarray], float]] = {
        "f1": lambda index: _mean(f1s[index][answerable[index]]),
        "exact": lambda index: _mean(exacts[index][answerable[index]]),
    }
    if answerable.all():
        return found
    for name, sure in refusals(guesses, alone).items():
        found[f"auroc_{name}"] = lambda index, sure=sure: auroc(sure[index], answerable[index])  # type: ignore[misc]
        found[f"best_f1_{name}"] = lambda index, sure=sure: best_f1(  # type: ignore[misc]
            f1s[index], np.ones(len(index), dtype=bool), answerable[index], -sure[index]
        )[0]
    return found


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def refusals(guesses: Sequence[Guess], alone: Logistic | None) -> dict[str, np.ndarray]:
    """Give, by name, the scores that can tell an answer from none."""
    margins = np.array([guess.margin for guess in guesses])
    found = {"margin": margins, "answerable": np.array([guess.answerable for guess in guesses])}
    return found | ({"confidence": confidence(guesses, alone)} if alone else {})


def confidence(guesses: Sequence[Guess], alone: Logistic) -> np.ndarray:
    """Give each guess's probability of being right [guesses]."""
    return np.array(
        [probability(alone.logit(as_read(guess.best))) if guess.best else 0.0 for guess in guesses]
    )


def evaluate(
    model: ReadingModel,
    data: Path,
    alone: Logistic | None,
    count: int | None = None,
    rounds: int = 1000,
) -> Report:
    """Give, for each dev set, its measures with 95% bootstrap intervals; `count` takes a draw of each
    set."""
    report: Report = {}
    sets = {name: draw(data / "dev" / f"{name}.json", count) for name in DEV}
    sets["squad_wiki_wrong_passage"] = with_wrong_passages(sets["squad_wiki"], data)
    for name, questions in sets.items():
        guesses = read(questions, model.tokenizer, model.score)
        report[name] = (
            len(guesses),
            {
                key: statistic(metric, len(guesses), resamples=rounds)
                for key, metric in metrics(questions, guesses, alone).items()
            },
        )
    return report


def with_wrong_passages(questions: Sequence[Question], data: Path) -> list[Question]:
    """Give the questions, each followed by itself on the passage without its answer that BM25 ranks
    first."""
    own = list(dict.fromkeys(question.context for question in questions))
    texts = dict.fromkeys(own)
    for path in (data / "dev" / "squad_wiki.json", data / "train" / "squad_wiki.json"):
        if path.exists():
            texts |= dict.fromkeys(question.context for question in read_questions(path))
    numbered = list(texts)
    pool = PassagePool(numbered, range(len(numbered)))
    places = {text: number for number, text in enumerate(numbered)}
    both: list[Question] = []
    for question in questions:
        golds = [text for _, text in question.answers]
        found = pool.without(golds, pool.search(question.text, 20), places[question.context])
        wrong = [replace(question, context=numbered[number], answers=()) for number in found[:1]]
        both += [question, *wrong]
    return both


def write_report(report: Report, path: Path) -> None:
    """Write a report as JSON: for each set its `n` and `metrics`, each with `value`, `low` and `high`."""
    content = {
        name: {"n": count, "metrics": {key: _rounded(interval) for key, interval in measures.items()}}
        for name, (count, measures) in report.items()
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _rounded(interval: Interval) -> Interval:
    value, low, high = (round(interval[part], 4) for part in ("value", "low", "high"))
    return {"value": value, "low": low, "high": high}
