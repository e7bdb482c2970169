"""Fits what tells whether a quoted sentence bears on a question's matter: ``src/askbrief/data/speech.json``.

    python -m training.fit_speech

NewsQA's questions are about whole articles of news, and many ask for what stands in somebody's words. Of each
such question the matter is kept, and put to everybody whom its article quotes: to the one who gives the
answer, and to all others, who said nothing on it. To fit who said something, it is put to all of them
together, with and without the one who did. Weights come from three articles in four, calibration and
thresholds from the fourth. The reading model never saw NewsQA, and is not changed here; how good the fits are
for askbrief's users ``benchmarks/voices.py`` measures, on other articles and questions.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from askbrief.question import spoken
from askbrief.read import PassageReader, passage_reader
from askbrief.read.lexical.pieces import pieces
from askbrief.read.lexical.sentence_reader import Weights, shipped_weights
from askbrief.read.speaker_reader import ASKED, NAMED, described
from askbrief.types import Extent
from training.fit_sentences import NONE, Context, Remembering, Rows, cut, f1, tops

MOST = 1500
"""Questions that are read."""

ATTRIBUTED = 0.9
"""How often a quotation's speaker is right: speaker overlap on PolNeAR's dev part, in ``benchmarks/results/``
(``quotations-*.json``); the confidence in what is cited because it is said to be theirs alone."""

THRESHOLD = 0.14
"""Where the speaker is named, the least probability at which a sentence is cited: chosen, for each reader
that ships, for the greatest mean of questions answered and traps refused in ``eval/voices.jsonl``. What is
cited is that speaker's own in any case."""

SEED = 11

_AUXILIARY = r"(?:did|does|do|is|was|are|were|has|have|had|will|would|can|could)\b"
_ASKING = re.compile(
    rf"^\W*(?:(?:what|which|who|whom|whose|where|when|why|how(?: (?:many|much|long|old|often))?)\b"
    rf"(?: {_AUXILIARY})?|{_AUXILIARY})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Put:
    """A matter, the number of the article that it is put to, and where the answer lies there."""

    topic: str
    article: int
    answers: tuple[Extent, ...]


def gather(file: Path) -> tuple[list[Context], list[Put]]:
    """The articles, and the matters of the questions whose answers somebody says."""
    contexts: list[Context] = []
    found: list[Put] = []
    for number, article in enumerate(json.loads(file.read_text())["data"]):
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            contexts.append(Context(f"{number}-{len(contexts)}", "", text, cut(text)))
            said = [(s.start, s.end) for s in contexts[-1].sentences if s.speaker]
            for question in paragraph["qas"]:
                answers = tuple(
                    (a["answer_start"], a["answer_start"] + len(a["text"])) for a in question["answers"]
                )
                if (topic := _topic(question["question"])) and any(_touch(s, answers) for s in said):
                    found.append(Put(topic, len(contexts) - 1, answers))
    random.Random(SEED).shuffle(found)  # noqa: S311
    return contexts, found[:MOST]


def _topic(question: str) -> str:
    """The matter of a question: as it is read where it asks who said what, else all but its asking words."""
    asked = spoken(question)
    return asked.topic if asked else _ASKING.sub("", question).strip(" ?.")


def _touch(extent: Extent, answers: Sequence[Extent]) -> bool:
    return any(start < extent[1] and extent[0] < end for start, end in answers)


def rows_of(
    asked: Sequence[Put], contexts: Sequence[Context], encoder: Remembering
) -> tuple[Rows, Rows, np.ndarray, np.ndarray]:
    """Features and rightness of sentences: of each speaker by themselves, and of all together; and for each
    of these groups, the number of its article."""
    reader: PassageReader = passage_reader(None)
    rarity = shipped_weights().rarity
    named, whose = _Groups(), _Groups()
    for put in asked:
        hit = contexts[put.article].hit(1.0)
        said = [piece for piece in pieces([hit]) if piece.speaker]
        rows = described(put.topic, said, [], [hit], reader, encoder, rarity)
        right = [_touch((piece.start, piece.end), put.answers) for piece in said]
        speakers: dict[str | None, list[int]] = defaultdict(list)
        for place, piece in enumerate(said):
            speakers[piece.speaker].append(place)
        for places in speakers.values():
            best = max((row["cosine"] for n, row in enumerate(rows) if n not in places), default=0.0)
            led = [rows[n] | {"lead": rows[n]["cosine"] - best} for n in places]
            named.add(_values(led, NAMED), [right[n] for n in places], put.article)
        whose.add(_values(rows, ASKED), right, put.article)
        silent = [n for places in speakers.values() if not any(right[n] for n in places) for n in places]
        if silent:
            whose.add(_values([rows[n] for n in silent], ASKED), [False] * len(silent), put.article)
    return named.rows(), whose.rows(), np.array(named.articles), np.array(whose.articles)


def _values(rows: Sequence[dict[str, float]], names: Sequence[str]) -> list[list[float]]:
    return [[row[name] for name in names] for row in rows]


class _Groups:
    """Groups of sentences that are read for one question, as they come."""

    def __init__(self) -> None:
        self._x: list[list[float]] = []
        self._right: list[bool] = []
        self._number: list[int] = []
        self.articles: list[int] = []

    def add(self, rows: Sequence[list[float]], right: Sequence[bool], article: int) -> None:
        self._x += rows
        self._right += right
        self._number += [len(self.articles)] * len(rows)
        self.articles.append(article)

    def rows(self) -> Rows:
        return Rows(np.array(self._x), np.array(self._right, dtype=bool), np.array(self._number))


def fitted(
    rows: Rows, names: Sequence[str], held: np.ndarray, threshold: float | None = None
) -> dict[str, Any]:
    """Weights of the features ``names``, bias and threshold, and how good they are on what was held out.

    The threshold, where none is given, is the one with the greatest F1 of "the best sentence is on the
    matter", where as many are silent on a matter as speak on it.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    on = held[rows.question]
    mean, scale = rows.x[~on].mean(axis=0), rows.x[~on].std(axis=0)
    model = LogisticRegression(max_iter=2000).fit((rows.x[~on] - mean) / scale, rows.right[~on])
    weights = Weights(
        tuple(mean), tuple(scale), tuple(model.coef_[0]), float(model.intercept_[0]), (1.0, 0.0), 0.5, {}
    )
    logits, right, rank = tops(weights, Rows(rows.x[on], rows.right[on], rows.question[on]))
    can = rank < NONE
    balance = np.where(can, 0.5 / can.mean(), 0.5 / (~can).mean())
    calibrated = LogisticRegression(C=1e6).fit(logits[:, None], right, sample_weight=balance)
    slope, offset = float(calibrated.coef_[0, 0]), float(calibrated.intercept_[0])
    chances = 1 / (1 + np.exp(-(slope * logits + offset)))
    scores = {
        t: f1((balance * right)[chances >= t].sum(), balance[chances >= t].sum(), balance[can].sum())
        for t in np.arange(0.05, 0.95, 0.01)
    }
    threshold = max(scores, key=lambda t: scores[t]) if threshold is None else threshold
    coefficients = slope * model.coef_[0] / scale
    bias = slope * (float(model.intercept_[0]) - float((model.coef_[0] * mean / scale).sum())) + offset
    return {
        "weights": {name: round(float(w), 5) for name, w in zip(names, coefficients, strict=True)},
        "bias": round(bias, 5),
        "threshold": round(float(threshold), 2),
        "held_out": {
            "groups": len(logits),
            "who_speak_on_it": int(can.sum()),
            "first": round(float(right[can].mean()), 4),
            "auroc": round(float(roc_auc_score(can, chances)), 4),
            "answered": round(float((chances >= threshold)[can].mean()), 4),
            "refused": round(float((chances < threshold)[~can].mean()), 4),
        },
    }


def fits(data: Path, cache: Path) -> Iterator[tuple[str, Any]]:
    """What the file holds, by name."""
    yield "attributed", ATTRIBUTED
    contexts, asked = gather(data / "newsqa.json")
    encoder = Remembering(cache)
    encoder.embed([c.text[s.start : s.end] for c in contexts for s in c.sentences if s.speaker])
    encoder.embed([put.topic for put in asked])
    named, whose, named_in, whose_in = rows_of(asked, contexts, encoder)
    encoder.keep()
    yield "named", fitted(named, NAMED, named_in % 4 == 3, THRESHOLD)
    yield "asked", fitted(whose, ASKED, whose_in % 4 == 3)


def main() -> None:
    """Gathers, fits, and writes the file that ships."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "reading" / "dev")
    parser.add_argument("--cache", type=Path, default=root / "training" / "runs" / "speech" / "vectors.npz")
    given = parser.parse_args()
    kept = json.dumps(dict(fits(given.data, given.cache)), indent=1) + "\n"
    (root / "src" / "askbrief" / "data" / "speech.json").write_text(kept, encoding="utf-8")
    print(kept)


if __name__ == "__main__":
    main()
