"""What can be told of a question and a sentence without reading: numbers, each with a name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from askbrief.english.stemming import stems, tokens
from askbrief.question.intent import KINDS, Asked, Word, negated
from askbrief.read.lexical.entities import fitting
from askbrief.read.lexical.pieces import Piece
from askbrief.types import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OPENS_WITH_PRONOUN = re.compile(r"\W*(?:he|she|it|they|this|these|his|her|their|its|such)\b", re.IGNORECASE)

SIMILARITY = ("cosine", "near_cosine", "hit_cosine", "hit_rank")
WORDS = (
    "shared",
    "shared_near",
    "shared_passage",
    "pairs",
    "names_shared",
    "rarest_missing",
    "rare_missing",
)
MISSING = ("names_missing", "names_missing_near", "numbers_missing", "negation_differs")
SHAPE = ("new_words", "length", "place", "pronoun")
FIT = tuple(f"fit_{kind}" for kind in ("who", "when", "where", "number", "why", "said"))
SAID = ("speaks", "other_speaks", "nobody_speaks", "said_topic")
QUESTION = ("asked_words", "asked_names")
BY_KIND = tuple(f"is_{kind}" for kind in KINDS)
LEADS = (
    "cosine_lead",
    "near_cosine_lead",
    "hit_cosine_lead",
    "shared_lead",
    "shared_near_lead",
    "cosine_best",
    "shared_best",
)
PRODUCTS = (
    *("cosine*shared", "cosine*fit", "shared*fit", "rare_missing*cosine", "shared*shared_lead"),
    *("speaks*said_topic", "speaks*cosine", "shared_passage*cosine"),
)
FEATURES = SIMILARITY + WORDS + MISSING + SHAPE + FIT + SAID + QUESTION + BY_KIND + LEADS + PRODUCTS
"""Names of the features, in the order of the columns that ``features`` gives."""


def features(
    asked: Asked,
    pieces: Sequence[Piece],
    hits: Sequence[Hit],
    cosines: Sequence[float],
    near_cosines: Sequence[float],
    rarity: Mapping[str, float],
) -> NDArray[np.float64]:
    """One row a piece, one column a name in ``FEATURES``.

    ``cosines`` are of question and sentence, ``near_cosines`` of question and the sentence with its
    neighbours; ``rarity`` gives a stem's weight, 0 to 1, and a stem it does not hold weighs 1.
    """
    import numpy as np

    rows = [
        _similarity(piece, hits, cosine, near)
        | _words(asked, piece, rarity)
        | _shape(asked, piece, hits)
        | _fit(asked, piece)
        | _said(asked, piece, rarity)
        for piece, cosine, near in zip(pieces, cosines, near_cosines, strict=True)
    ]
    about = _question(asked)
    for row in rows:
        row.update(about)
    _leads(rows)
    for row in rows:
        _products(row)
    return np.array([[row[name] for name in FEATURES] for row in rows], dtype=np.float64).reshape(
        -1, len(FEATURES)
    )


def _similarity(piece: Piece, hits: Sequence[Hit], cosine: float, near: float) -> dict[str, float]:
    hit = hits[piece.hit]
    return {
        "cosine": cosine,
        "near_cosine": near,
        "hit_cosine": hit.cosine,
        "hit_rank": math.log1p(piece.hit),
    }


def _words(asked: Asked, piece: Piece, rarity: Mapping[str, float]) -> dict[str, float]:
    words = asked.words
    missing = [word for word in words if word.stem not in piece.passage]
    gone = [weight(word, rarity) for word in missing]
    named = [word for word in words if word.name]
    numbers = [word for word in words if word.number]
    return {
        "shared": share(words, piece.stems, rarity),
        "shared_near": share(words, piece.near, rarity),
        "shared_passage": share(words, piece.passage, rarity),
        "pairs": _pairs(words, piece),
        "names_shared": share(named, piece.stems, rarity),
        "rarest_missing": max(gone, default=0.0),
        "rare_missing": float(sum(g > 0.7 for g in gone)),
        "names_missing": float(sum(word.stem not in piece.passage for word in named)),
        "names_missing_near": float(sum(word.stem not in piece.near for word in named)),
        "numbers_missing": float(any(word.stem not in piece.passage for word in numbers)),
        "negation_differs": float(asked.negated != negated(piece.text)),
    }


def weight(word: Word, rarity: Mapping[str, float]) -> float:
    """How much a question's word counts, 0 to 1: the rarer, the more."""
    return rarity.get(word.stem, 1.0)


def share(words: Sequence[Word], among: frozenset[str], rarity: Mapping[str, float]) -> float:
    """The share of the words, by weight, whose stems are among these; 0 for no words."""
    total = sum(weight(word, rarity) for word in words)
    return sum(weight(word, rarity) for word in words if word.stem in among) / total if total else 0.0


def _pairs(words: Sequence[Word], piece: Piece) -> float:
    """The share of the question's neighbouring content words that are neighbours in the sentence too."""
    wanted = {(a.stem, b.stem) for a, b in pairwise(words)}
    order = [token.stem for token in tokens(piece.text) if token.stem in piece.stems]
    return len(wanted & set(pairwise(order))) / len(wanted) if wanted else 0.0


def _shape(asked: Asked, piece: Piece, hits: Sequence[Hit]) -> dict[str, float]:
    known = {word.stem for word in asked.words}
    return {
        "new_words": math.log1p(len(piece.stems - known)),
        "length": math.log1p(len(piece.text) / 100),
        "place": piece.place / max(1, len(hits[piece.hit].sentences) - 1),
        "pronoun": float(_OPENS_WITH_PRONOUN.match(piece.text) is not None),
    }


def _fit(asked: Asked, piece: Piece) -> dict[str, float]:
    """For the question's kind, 1 where the sentence holds a new expression that fits it, -1 where none."""
    row = dict.fromkeys((*FIT, "fit"), 0.0)
    if f"fit_{asked.kind}" in row:
        row[f"fit_{asked.kind}"] = row["fit"] = 1.0 if fresh(asked, piece.text) else -1.0
    return row


def fresh(asked: Asked, text: str) -> list[tuple[int, int]]:
    """Fitting expressions in the sentence that say something that the question does not."""
    known = {word.stem for word in asked.words}
    return [
        (a, b) for a, b in fitting(asked.kind, text) if stems(text[a:b]) - known or (asked.kind == "number")
    ]


def _said(asked: Asked, piece: Piece, rarity: Mapping[str, float]) -> dict[str, float]:
    row = dict.fromkeys(SAID, 0.0)
    if asked.speaker:
        speaks = speaks_as_asked(asked, piece)
        row["speaks"] = float(speaks)
        row["other_speaks"] = float(not speaks and piece.speaker is not None)
        row["nobody_speaks"] = float(piece.speaker is None and not asked.speaker & piece.stems)
        row["said_topic"] = share(asked.topic, piece.beside, rarity) if asked.topic else 1.0
    return row


def speaks_as_asked(asked: Asked, piece: Piece) -> bool:
    """Whether the sentence's speaker is the one whose words the question asks for."""
    return bool(asked.speaker and asked.speaker & stems(piece.speaker or ""))


def _question(asked: Asked) -> dict[str, float]:
    kinds = {f"is_{kind}": float(asked.kind == kind) for kind in KINDS}
    named = sum(word.name for word in asked.words)
    return {"asked_words": math.log1p(len(asked.words)), "asked_names": math.log1p(named), **kinds}


def _leads(rows: list[dict[str, float]]) -> None:
    """How far each row lies below the best, and what the best reach."""
    for name in ("cosine", "near_cosine", "hit_cosine", "shared", "shared_near"):
        best = max((row[name] for row in rows), default=0.0)
        for row in rows:
            row[f"{name}_lead"] = row[name] - best
            if f"{name}_best" in LEADS:
                row[f"{name}_best"] = best


def _products(row: dict[str, float]) -> None:
    for name in PRODUCTS:
        one, other = name.split("*")
        row[name] = row[one] * row[other]
