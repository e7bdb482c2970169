"""Turn a reader's scores into the probability that its answer is right."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from askbrief.evaluate.measures import calibration_error
from askbrief.evaluate.squad import f1
from training.decode import Guess
from training.questions import Question

RIGHT = 0.5  # an answer counts as right from this F1 on: it names the thing, if with a word more or less
FEATURES = ("margin", "answerable", "log_probability")


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over FEATURES, and the least confidence at which answers reach `precision`."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    precision: float

    def confidence(self, guesses: Sequence[Guess]) -> np.ndarray:
        """Give each guess's probability of being right [guesses]."""
        logits = features(guesses) @ np.array(self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-logits)))

    def write(self, path: Path) -> None:
        """Write it as JSON, with the features' names."""
        path.write_text(json.dumps({"features": FEATURES} | asdict(self), indent=1) + "\n", encoding="utf-8")


def read_calibration(path: Path) -> Calibration:
    """Read what `write` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(tuple(content["weights"]), content["bias"], content["threshold"], content["precision"])


def features(guesses: Sequence[Guess]) -> np.ndarray:
    """Give FEATURES of each guess [guesses, features]."""
    rows = [[getattr(guess, name) for name in FEATURES] for guess in guesses]
    # Beyond this nothing is told any more, and a single wild score would lean on the fit.
    return np.clip(np.array(rows, dtype=np.float64), -25, 25)


def rightness(questions: Sequence[Question], guesses: Sequence[Guess]) -> np.ndarray:
    """Tell for each guess whether it answers its question; none does where there is no answer."""
    return np.array(
        [
            bool(question.answers) and f1(guess.text, [text for _, text in question.answers]) >= RIGHT
            for question, guess in zip(questions, guesses, strict=True)
        ]
    )


def is_fitted_on(question: Question) -> bool:
    """Tell whether a dev question's half is fitted on; the other half only tells how good the fit is.

    Halves are by context, so that no passage lies in both.
    """
    return zlib.crc32(question.context.encode()) % 2 == 0


def fit(
    questions: Sequence[Question], guesses: Sequence[Guess], precision: float = 0.8
) -> tuple[Calibration, dict[str, object]]:
    """Fit on one half of the questions; give the calibration and, from the other half, how good it is."""
    from sklearn.linear_model import LogisticRegression

    right = rightness(questions, guesses)
    mine = np.array([is_fitted_on(question) for question in questions])
    model = LogisticRegression(C=10.0).fit(features(guesses)[mine], right[mine])
    raw = Calibration(tuple(map(float, model.coef_[0])), float(model.intercept_[0]), 0.0, precision)
    sure = raw.confidence(guesses)
    chosen = Calibration(raw.weights, raw.bias, threshold(sure[mine], right[mine], precision), precision)
    return chosen, quality(sure[~mine], right[~mine], chosen.threshold)


def threshold(sure: np.ndarray, right: np.ndarray, precision: float) -> float:
    """Give the least confidence from which on the share of right answers is at least `precision`."""
    order = np.argsort(-sure)
    shares = right[order].cumsum() / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(shares >= precision)
    return float(sure[order][reached[-1]]) if len(reached) else 1.0


def quality(sure: np.ndarray, right: np.ndarray, least: float, bins: int = 10) -> dict[str, object]:
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
