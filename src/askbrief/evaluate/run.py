"""Gold questions put to a callable that asks or reads, and the measures of its answers.

Questions may be any iterable; wrap it to show progress.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from askbrief.errors import GoldError
from askbrief.evaluate import bootstrap, measures, squad
from askbrief.evaluate.bootstrap import Interval
from askbrief.evaluate.gold import Context, Question
from askbrief.evaluate.rows import Ranked, Row, ask_row, read_row


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run: its task, a row for each question in order, and the measures of all with intervals."""

    task: str
    rows: tuple[Row, ...]
    metrics: dict[str, Interval]
    thresholds: dict[str, float] = field(default_factory=dict)


Ask: TypeAlias = Callable[[str], Ranked]
Read: TypeAlias = Callable[[str, str], tuple[str, float]]


def run_ask(questions: Iterable[Question], ask: Ask) -> Outcome:
    """Ask the archive each question.

    Each measure is the mean over the questions to which it applies: ``recall@1/5/10``, ``mrr@10``,
    ``sentence@1/3``, ``citation_recall`` (0 if it abstains) and ``answered_when_answerable`` over the
    answerable; ``refused_when_unanswerable`` over the unanswerable; ``exact`` and ``f1`` over all, with an
    abstention right for the unanswerable; ``right_first`` over the answerable, 1 if answered with evidence
    cited first; ``precision_when_answered`` over the answered, likewise; ``citation_precision`` over the
    answered, with all citations for the unanswerable wrong. ``auroc_no_answer`` compares the confidence in
    answerable questions with that in unanswerable ones. ``ece`` takes the confidence as the probability that
    the sentence ranked first is right. ``latency_ms_p50`` and ``_p95`` are milliseconds, as the answer states
    them, else measured. A measure that applies to no question is left out.
    """
    asked = [(question, *_timed(ask, question.text)) for question in questions]
    rows = tuple(ask_row(question, ranked) for question, ranked, _ in asked)
    metrics = _means(rows) | _refusal(rows)
    if rows:
        right = np.array([row.values.get("sentence@1", 0.0) == 1 for row in rows])
        metrics["ece"] = _calibration(rows, right)
        times = np.array([milliseconds for _, _, milliseconds in asked])
        metrics |= {
            "latency_ms_p50": bootstrap.statistic(lambda i: float(np.percentile(times[i], 50)), len(rows)),
            "latency_ms_p95": bootstrap.statistic(lambda i: float(np.percentile(times[i], 95)), len(rows)),
        }
    return Outcome("ask", rows, metrics)


def run_read(
    questions: Iterable[Question], contexts: Sequence[Context], read: Read, *, threshold: float = 0.0
) -> Outcome:
    """Read each question against its own context, as SQuAD does.

    ``read`` returns the best words and the probability that the context answers. Words with a lower
    probability than ``threshold`` count as an abstention in ``exact``, ``f1``, ``HasAns_f1`` and
    ``NoAns_f1``, but not if all questions are answerable (SQuAD 1.1). Sets with unanswerable questions also
    get ``best_f1``, with its minimum probability in ``thresholds``, ``auroc_no_answer``, and ``ece`` of the
    probability against answerability. Raises GoldError for a question without a context.
    """
    texts = {context.id: context.text for context in contexts}
    known = tuple(questions)
    if lost := next((question.id for question in known if question.document not in texts), None):
        raise GoldError(f"{lost} has no paragraph of its own to read", hint="use `--task ask`")
    predictions = [read(question.text, texts[question.document]) for question in known]
    mixed = not all(question.answerable for question in known)
    least = threshold if mixed else 0.0
    rows = tuple(read_row(q, *each, least, mixed) for q, each in zip(known, predictions, strict=True))
    metrics, thresholds = _means(rows), {}
    if mixed:
        metrics["best_f1"], thresholds["best_f1"] = _best_f1(known, predictions)
        metrics |= _refusal(rows)
        metrics["ece"] = _calibration(rows, np.array([row.answerable for row in rows]))
    return Outcome("read", rows, metrics, thresholds)


def _timed(ask: Ask, question: str) -> tuple[Ranked, float]:
    """The answer, and its milliseconds."""
    begin = time.perf_counter()
    ranked = ask(question)
    wall = 1000 * (time.perf_counter() - begin)
    return ranked, ranked.answer.elapsed_ms.get("total", wall)


def _means(rows: Sequence[Row]) -> dict[str, Interval]:
    """The mean of each measure over the rows to which it applies."""
    names = dict.fromkeys(name for row in rows for name in row.values)
    columns = {name: [row.values[name] for row in rows if name in row.values] for name in names}
    return {name: bootstrap.mean(np.array(column)) for name, column in columns.items()}


def _refusal(rows: Sequence[Row]) -> dict[str, Interval]:
    """AUROC of the confidence, answerable against unanswerable, if there are both."""
    answerable = np.array([row.answerable for row in rows], dtype=np.bool_)
    confidence = np.array([row.confidence for row in rows])
    if answerable.all() or not answerable.any():
        return {}
    area = bootstrap.statistic(lambda i: measures.auroc(confidence[i], answerable[i]), len(rows))
    return {"auroc_no_answer": area}


def _calibration(rows: Sequence[Row], right: NDArray[np.bool_]) -> Interval:
    """Expected calibration error of the confidence against what was right."""
    confidence = np.array([row.confidence for row in rows])
    return bootstrap.statistic(lambda i: measures.calibration_error(confidence[i], right[i]), len(rows))


def _best_f1(
    questions: Sequence[Question], predictions: Sequence[tuple[str, float]]
) -> tuple[Interval, float]:
    """The best F1 of any threshold, and that threshold on the probability of an answer."""
    pairs = zip(questions, predictions, strict=True)
    scores = np.array([squad.f1(text, question.answers) for question, (text, _) in pairs])
    predicted = np.array([bool(text.strip()) for text, _ in predictions])
    answerable = np.array([question.answerable for question in questions])
    no_answer = np.array([1 - probability for _, probability in predictions])

    def best(i: NDArray[np.intp]) -> tuple[float, float]:
        return squad.best_f1(scores[i], predicted[i], answerable[i], no_answer[i])

    _, threshold = best(np.arange(len(questions)))
    return bootstrap.statistic(lambda i: best(i)[0], len(questions)), 1 - threshold
