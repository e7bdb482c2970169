"""Logistic regressions that turn features, by their names, into probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from askbrief.packaged import packaged
from askbrief.settings import DIGITS


def shipped_weights(name: str) -> dict[str, Any]:
    """What ``training/`` fitted and wrote to ``data/NAME.json``."""
    found: dict[str, Any] = json.loads(packaged(f"{name}.json").read_bytes())
    return found


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: a weight for each feature that it uses, by name, and a bias."""

    weights: Mapping[str, float]
    bias: float

    def logit(self, row: Mapping[str, float]) -> float:
        """The log odds of a row of features."""
        return self.bias + sum(weight * row[name] for name, weight in self.weights.items())


def probability(logit: float) -> float:
    """The probability of these log odds, rounded to ``DIGITS``."""
    return round(1 / (1 + math.exp(-min(max(logit, -30.0), 30.0))), DIGITS)
