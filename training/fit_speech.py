"""Fits what tells whether a quoted sentence bears on a question's matter: ``src/askbrief/data/speech.json``.

    python -m training.fit_speech

The training sets' questions about who said what are put to sentences as retrieval would give them. One that
names its speaker is read against one context, as if all of it were that speaker's: its own, or the nearest
other one, where the speaker said nothing on the matter. One that asks who it was is read against ten
contexts, with its own or without. Questions without an answer keep their own context. Weights come from
three contexts in four, calibration and thresholds from the fourth; the dev sets are only measured, by
``benchmarks/voices.py``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from askbrief.read import passage_reader, spoken
from askbrief.read.passages import PassageReader
from askbrief.read.pieces import pieces
from askbrief.read.sentences import shipped_weights
from askbrief.read.speech import FEATURES, described
from askbrief.types import Hit
from training.fit_sentences import NONE, Context, Question, Remembering, Rows, cut, tops

SETS = (
    "adversarial_qa", "bioasq", "covidqa", "duorc_p3", "narrativeqa", "nq_oracle", "nq_swap", "qamr",
    "qed_nq", "quac_first", "quoref_contrast", "quoref_p3", "shifts_new_wiki", "squad2_p3",
    "squad2_unanswerable", "squad_extra", "squad_wiki", "tweetqa",
)  # fmt: skip
"""All but reviews, posts and tales, whose "I" and "the fox" speak as nobody in the news does."""

POOL = 4_000
"""Contexts among which the nearest are looked for."""

TOGETHER = 10
"""Contexts read for a question that asks who it was."""

ATTRIBUTED = 0.9
"""How often a quotation's speaker is right: speaker overlap on PolNeAR's dev part, in ``benchmarks/results/``
(``quotations-*.json``); the confidence in what is cited because it is said to be theirs alone."""

PRECISION = 0.75
"""The share of answers that should be right at the threshold, of questions with and without an answer in
equal parts."""

SEED = 11


def gather(data: Path) -> tuple[list[Context], list[Question]]:
    """Contexts of the sets, those with a question about who said what first, and these questions."""
    contexts: list[Context] = []
    others: list[Context] = []
    questions: list[Question] = []
    for name in SETS:
        for article in json.loads((data / f"{name}.json").read_text())["data"]:
            for paragraph in article["paragraphs"]:
                text, title = paragraph["context"], article.get("title", "")
                asked = [q for q in paragraph["qas"] if (s := spoken(q["question"])) and s.topic]
                into = contexts if asked else others
                if not asked and random.Random(len(text)).random() > 0.5:  # noqa: S311
                    continue
                if not (found := cut(text) if asked else ()) and asked:
                    continue
                for q in asked:
                    extents = tuple(
                        (a["answer_start"], a["answer_start"] + len(a["text"])) for a in q.get("answers", ())
                    )
                    questions.append(Question(q["question"], len(into), extents, name))
                into.append(Context(f"{name}-{len(contexts) + len(others)}", title, text, found))
    random.Random(SEED).shuffle(others)  # noqa: S311
    kept = others[: max(0, POOL - len(contexts))]
    return contexts + [Context(c.id, c.title, c.text, cut(c.text)) for c in kept], questions


def posed(
    questions: Sequence[Question], contexts: Sequence[Context], encoder: Remembering
) -> list[tuple[Question, list[Hit], bool]]:
    """Each question with what it is read against, and whether that holds its answer."""
    vectors = encoder.encode([c.text for c in contexts])
    asked = encoder.encode([q.text for q in questions])
    found = []
    for question, vector in zip(questions, asked, strict=True):
        similar = vectors @ vector
        near = [int(n) for n in np.argsort(-similar)[: TOGETHER + 1] if n != question.context]
        count = 1 if (known := spoken(question.text)) and known.who else TOGETHER
        own = [question.context, *near[: count - 1]]
        sides = [(own, bool(question.answers)), *([(near[:count], False)] if question.answers else [])]
        for numbers, holds in sides:
            order = sorted(numbers, key=lambda n: -similar[n])
            found.append((question, [contexts[n].hit(float(similar[n])) for n in order], holds))
    return found


def _topic(question: Question) -> str:
    known = spoken(question.text)
    return known.topic if known else ""


def rows_of(
    asked: Sequence[tuple[Question, list[Hit], bool]], contexts: Sequence[Context], encoder: Remembering
) -> Rows:
    """Features and rightness of all sentences that are read."""
    reader: PassageReader = passage_reader(None)
    rarity = shipped_weights().rarity
    x: list[list[float]] = []
    right: list[bool] = []
    number: list[int] = []
    for place, (question, hits, holds) in enumerate(asked):
        topic = _topic(question)
        said = pieces(hits)
        own = contexts[question.context].id
        for piece, row in zip(said, described(topic, said, hits, reader, encoder, rarity), strict=True):
            x.append([row[name] for name in FEATURES])
            inside = any(a < piece.end and piece.start < b for a, b in question.answers)
            right.append(holds and inside and hits[piece.hit].document.id == own)
            number.append(place)
    return Rows(np.array(x), np.array(right, dtype=bool), np.array(number, dtype=np.int64))


def fitted(rows: Rows, held: np.ndarray) -> dict[str, object]:
    """Weights, bias and threshold, and how good they are on what was held out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    from askbrief.read.sentences import Weights

    on = held[rows.question]
    mean, scale = rows.x[~on].mean(axis=0), rows.x[~on].std(axis=0)
    model = LogisticRegression(C=1.0, max_iter=2000).fit((rows.x[~on] - mean) / scale, rows.right[~on])
    weights = Weights(
        tuple(mean), tuple(scale), tuple(model.coef_[0]), float(model.intercept_[0]), (1.0, 0.0), 0.5, {}
    )
    logits, right, rank = tops(weights, Rows(rows.x[on], rows.right[on], rows.question[on]))
    answerable = rank < NONE
    calibrated = LogisticRegression(C=1e6).fit(logits[:, None], right)
    slope, offset = float(calibrated.coef_[0, 0]), float(calibrated.intercept_[0])
    chances = 1 / (1 + np.exp(-(slope * logits + offset)))
    grid = np.arange(0.05, 0.95, 0.01)
    enough = [t for t in grid if right[chances >= t].mean() >= PRECISION]
    coefficients = slope * model.coef_[0] / scale
    bias = slope * (float(model.intercept_[0]) - float((model.coef_[0] * mean / scale).sum())) + offset
    return {
        "weights": {name: round(float(w), 5) for name, w in zip(FEATURES, coefficients, strict=True)},
        "bias": round(bias, 5),
        "threshold": round(float(min(enough, default=0.5)), 2),
        "held_out": {
            "questions": len(logits),
            "first": round(float(right[answerable].mean()), 4),
            "auroc": round(float(roc_auc_score(answerable, chances)), 4),
            "answered": round(float((chances >= min(enough, default=0.5))[answerable].mean()), 4),
        },
    }


def main() -> None:
    """Gathers, fits, and writes the file that ships."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "reading" / "train")
    parser.add_argument("--cache", type=Path, default=root / "training" / "runs" / "speech" / "vectors.npz")
    given = parser.parse_args()
    contexts, questions = gather(given.data)
    encoder = Remembering(given.cache)
    asked = posed(questions, contexts, encoder)
    kept: dict[str, object] = {"attributed": ATTRIBUTED}
    for name in ("named", "asked"):
        part = [a for a in asked if (s := spoken(a[0].text)) and (s.who is None) == (name == "asked")]
        rows = rows_of(part, contexts, encoder)
        encoder.keep()
        held = np.array([question.context % 4 == 3 for question, _, _ in part])
        kept[name] = fitted(rows, held)
        print(name, len(part), json.dumps(kept[name], indent=1))
    file = root / "src" / "askbrief" / "data" / "speech.json"
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
