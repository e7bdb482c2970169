"""Turn a reader's scores into the probability that its answer is right."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from askbrief.evaluate.measures import calibration_error
from askbrief.evaluate.squad import f1
from askbrief.read.logistic import Logistic, probability
from askbrief.read.neural.passage_reader import READ, as_read
from askbrief.read.neural.reading_model import ReaderCard
from training.archive import Put
from training.decode import Guess
from training.questions import Question

RIGHT = 0.5  # an answer counts as right from this F1 on: it names the thing, if with a word more or less
FOLDS = 3
TURNS = 5  # after which a fit and the samples that it puts first have settled
FITTED, CHOSEN, MEASURED = range(FOLDS)  # what a third of the contexts is for

# Which features each fit looks at. A cosine is of another size on every kind of text, so among several it
# counts by its distance from the greatest. Where all answers are wanted, passages don't compete, so that
# neither the lead nor the place may count.
ALONE = READ
AMONG = (*READ, "lead", "rank", "behind")
EACH = ("margin", "mass", "answerable", "cosine")
SURE = (*READ, "rank", "behind")  # in a small archive nothing competes with a near miss, so that it leads
AGAINST = ("rank", "behind")  # what makes an answer less probable; all others make it more so
PRIOR = 10.0  # variance of the weights before anything was seen


@dataclass(frozen=True, slots=True)
class Sample:
    """Something read: its features, whether it answers the question, and the third of the contexts that the
    question's own belongs to."""

    row: dict[str, float]
    right: bool
    fold: int


def fold(context: str) -> int:
    """Give the third that a context belongs to, so that no passage lies in two."""
    return zlib.crc32(context.encode()) % FOLDS


def sample_alone(question: Question, guess: Guess) -> Sample | None:
    """Give what was read in a question's own context; None where nothing was."""
    if guess.best is None:
        return None
    right = bool(question.answers) and f1(guess.text, [text for _, text in question.answers]) >= RIGHT
    return Sample(as_read(guess.best), right, fold(question.context))


def samples_among(one: Put) -> list[Sample]:
    """Give what was read in each sentence of a question's hits, the one with the greatest mass first."""
    order = sorted(range(len(one.found)), key=lambda number: -one.found[number].mass)
    return [Sample(one.rows[number], one.right[number], fold(one.question.context)) for number in order]


def best(samples: Sequence[Sample], fit: Logistic) -> Sample:
    """Give the sample that a fit holds for the likeliest."""
    return max(samples, key=lambda sample: fit.logit(sample.row))


def best_of_passages(samples: Sequence[Sample]) -> list[Sample]:
    """Give the best of each passage; passages are told apart by their rank."""
    return list({sample.row["rank"]: sample for sample in reversed(samples)}.values())


def logistic(samples: Sequence[Sample], names: Sequence[str], third: int = FITTED) -> Logistic:
    """Fit a logistic regression over the named features on the samples of one third.

    No feature may speak against its own sense: of several that tell nearly the same, a free fit sets one
    against the other to tell the sets of questions apart, and near misses pay for it.
    """
    from scipy.optimize import minimize

    mine = [sample for sample in samples if sample.fold == third]
    rows = np.array([[sample.row[name] for name in names] + [1.0] for sample in mine])
    right = np.array([sample.right for sample in mine], dtype=np.float64)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits, slopes = rows @ weights, np.append(weights[:-1], 0) / PRIOR
        sure = np.logaddexp(0, -logits * (2 * right - 1)).sum() + slopes @ weights / 2
        return float(sure), rows.T @ (1 / (1 + np.exp(-logits)) - right) + slopes

    bounds = [(None, 0) if name in AGAINST else (0, None) for name in names] + [(None, None)]
    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, bounds=bounds).x
    weights, bias = [round(float(weight), 4) for weight in found[:-1]], round(float(found[-1]), 4)
    return Logistic(dict(zip(names, weights, strict=True)), bias)


def calibrate(
    card: ReaderCard,
    alone: Sequence[Sample],
    among: Sequence[Sequence[Sample]],
    precision: float,
    beside: Sequence[str] = (),
    news: Sequence[Sequence[Sample]] = (),
    small: Sequence[Sequence[Sample]] = (),
) -> tuple[ReaderCard, dict[str, dict[str, Any]]]:
    """Give the card with its fits and threshold, and how good they are on the third that neither saw.

    `alone` holds a sample a question, `among` all samples of each question, the one with the greatest mass
    first. `each` is fitted on the best of every passage. `beside` names features that the fits look at
    beside their own, but for the first. With `news`, samples of questions put to an archive of news, the fits
    for passages are shifted and stretched to be right there, and the threshold is chosen there. `small` are
    samples of small archives: what is sure is fitted on them as well.
    """
    among, news, small = ([samples for samples in part if samples] for part in (among, news, small))
    fit = best_first(among, [*AMONG, *beside])
    fit = shifted(fit, [best(samples, fit) for samples in news])
    first, told_first, small_first = (
        [best(samples, fit) for samples in part] for part in (among, news, small)
    )
    sure = logistic([*first, *small_first], [*SURE, *beside])
    sure = shifted(sure, told_first)
    every = [sample for samples in among for sample in best_of_passages(samples)]
    each = logistic(every, [*EACH, *beside])
    each = shifted(each, [sample for samples in news for sample in best_of_passages(samples)])
    card = replace(card, alone=logistic(alone, ALONE), among=fit, each=each, sure=sure, precision=precision)
    chosen = [replace(sample, fold=CHOSEN) for sample in told_first] or first
    card = replace(card, threshold=round(threshold(chosen, sure, precision), 4))
    parts = {"alone": (alone, card.alone), "among": (first, sure), "each": (every, card.each)}
    return card, {
        name: quality(*told(samples, fit, MEASURED), card.threshold) for name, (samples, fit) in parts.items()
    }


def shifted(fit: Logistic, samples: Sequence[Sample]) -> Logistic:
    """Give the fit with its log odds stretched by a factor and moved by a summand, so that it is right about
    the samples; as it is without any."""
    if not samples:
        return fit
    logits = [replace(sample, row={"logit": fit.logit(sample.row)}, fold=FITTED) for sample in samples]
    own = logistic(logits, ("logit",))
    factor = own.weights["logit"]
    weights = {name: round(weight * factor, 4) for name, weight in fit.weights.items()}
    return Logistic(weights, round(fit.bias * factor + own.bias, 4))


def best_first(among: Sequence[Sequence[Sample]], names: Sequence[str], third: int = FITTED) -> Logistic:
    """Fit how probable it is that the best of a question's samples is right, on the questions of one third.

    Which of them is the best depends on the fit, so the two are found in turns, from the greatest mass on.
    """
    mine = [samples for samples in among if samples[0].fold == third]
    fit = logistic([samples[0] for samples in mine], names, third)
    for _ in range(TURNS):
        fit = logistic([best(samples, fit) for samples in mine], names, third)
    return fit


def told(samples: Sequence[Sample], fit: Logistic, third: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the probabilities [samples] of one third, and which were right."""
    mine = [sample for sample in samples if sample.fold == third]
    sure = np.array([probability(fit.logit(sample.row)) for sample in mine])
    return sure, np.array([sample.right for sample in mine], dtype=bool)


def threshold(samples: Sequence[Sample], fit: Logistic, precision: float) -> float:
    """Give the least probability from which on the share of right answers is at least `precision` in the
    third that it is chosen on.

    A line through that third smooths what was right there: the furthest place at which a mere count reaches
    the precision is a lucky one, and other questions don't keep it.
    """
    logits = [replace(sample, row={"logit": fit.logit(sample.row)}) for sample in samples]
    smoothed, _ = told(logits, logistic(logits, ("logit",), CHOSEN), CHOSEN)
    sure, _ = told(samples, fit, CHOSEN)
    order = np.argsort(-sure)
    shares = smoothed[order].cumsum() / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(shares >= precision)
    return float(sure[order][reached[-1]]) if len(reached) else 1.0


def quality(sure: np.ndarray, right: np.ndarray, least: float, bins: int = 10) -> dict[str, Any]:
    """Give the expected calibration error, precision and share answered at the threshold, and a reliability
    table: for equally filled bins, the mean confidence, the share of right answers, and the count."""
    parts = np.array_split(np.argsort(sure, kind="stable"), bins)
    answered = sure >= least
    return {
        "n": len(sure),
        "expected_calibration_error": round(calibration_error(sure, right, bins, equal_mass=True), 4),
        "precision_at_threshold": round(float(right[answered].mean()), 4) if answered.any() else None,
        "answered_at_threshold": round(float(answered.mean()), 4),
        "reliability": [
            [round(float(sure[part].mean()), 4), round(float(right[part].mean()), 4), len(part)]
            for part in parts
            if len(part)
        ],
    }
