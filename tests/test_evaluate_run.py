"""Runs over a small invented archive, every figure worked by hand."""

from typing import Any

import pytest

from askbrief.errors import GoldError
from askbrief.evaluate.gold import Context, GoldPlace, Question
from askbrief.evaluate.rows import Ranked
from askbrief.evaluate.run import Outcome, run_ask, run_read
from askbrief.types import Answer, Citation, Source

NEWS = "seeds/news.txt"
SOURCE = Source("1", "News", NEWS, None, "0")
EXTENTS = ((0, 10), (11, 20), (21, 30))
FIRST, SECOND, THIRD = (GoldPlace(NEWS, *extent) for extent in EXTENTS)


def citation(first: int, last: int) -> Citation:
    """Cites sentences ``first`` to ``last`` of the three."""
    start, end = EXTENTS[first - 1][0], EXTENTS[last - 1][1]
    return Citation("…", start, end, 1, (first, last), None, None, 0.5, SOURCE)


def ranked(
    confidence: float,
    answer: str | None,
    citations: tuple[Citation, ...],
    passages: tuple[GoldPlace, ...],
    sentences: tuple[GoldPlace, ...],
    **elapsed_ms: float,
) -> Ranked:
    said = Answer("…", answer is not None, confidence, answer, citations, elapsed_ms)
    return Ranked(said, passages, sentences)


QUESTIONS = (
    Question("1", "both", ("Kirby spoke",), (FIRST, SECOND), True, "who", NEWS),
    Question("2", "refused wrongly", ("Kharkiv",), (THIRD,), True, "where", NEWS),
    Question("3", "refused rightly", (), (), False, "near", NEWS),
    Question("4", "answered wrongly", (), (), False, "near", NEWS),
)
ANSWERS = {
    "both": ranked(
        *(
            0.8,
            "Kirby",
            (citation(2, 3),),
            (THIRD, GoldPlace(NEWS, 0, 20)),
            (THIRD, THIRD, THIRD, FIRST, SECOND),
        ),
        total=10,
    ),
    "refused wrongly": ranked(0.5, None, (citation(3, 3),), (THIRD,), (THIRD, FIRST), total=20),
    "refused rightly": ranked(0.1, None, (citation(1, 1),), (FIRST,), (FIRST,), total=30),
    "answered wrongly": ranked(0.6, "Paris", (citation(1, 1),), (FIRST,), (FIRST,), total=40),
}


def values(outcome: Outcome) -> dict[str, float]:
    return {name: interval["value"] for name, interval in outcome.metrics.items()}


def test_ask_worked_by_hand() -> None:
    outcome = run_ask(iter(QUESTIONS), ANSWERS.__getitem__)
    assert values(outcome) == pytest.approx(
        {
            "recall@1": (0 + 1) / 2,
            "recall@5": 1,
            "recall@10": 1,
            "mrr@10": (0.5 + 1) / 2,
            "sentence@1": 1,  # what is cited comes before what was only ranked
            "sentence@3": 1,
            "right_first": (1 + 0) / 2,
            "precision_when_answered": (1 + 0) / 2,
            "exact": 1 / 4,
            "f1": (2 / 3 + 0 + 1 + 0) / 4,
            "citation_precision": (0.5 + 0) / 2,  # sentences 2 and 3 for 1 and 2; 1 for nothing
            "citation_recall": (0.5 + 0) / 2,
            "answered_when_answerable": 1 / 2,
            "refused_when_unanswerable": 1 / 2,
            "auroc_no_answer": 3 / 4,
            "ece": (0.2 + 0.5 + 0.1 + 0.6) / 4,  # four bins, right in those of .8 and .5
            "latency_ms_p50": 25,
            "latency_ms_p95": 38.5,
        }
    )
    for interval in outcome.metrics.values():
        assert interval["low"] <= interval["value"] <= interval["high"]


def test_rows_tell_what_was_said() -> None:
    both, refused, *_ = run_ask(QUESTIONS, ANSWERS.__getitem__).rows
    assert (both.question, both.kind, both.answer, both.gold) == ("both", "who", "Kirby", ("Kirby spoke",))
    assert (both.answered, both.answerable, both.confidence) == (True, True, 0.8)
    assert both.values["citation_precision"] == 0.5
    assert (refused.answered, refused.answer) == (False, "")
    assert "citation_precision" not in refused.values
    assert "refused_when_unanswerable" not in refused.values


def test_nearest_passages_of_a_refusal_are_no_answer() -> None:
    near = Answer("…", False, 0.2, "Kharkiv", (citation(3, 3),))
    (row,) = run_ask(QUESTIONS[1:2], lambda _: Ranked(near, (), ())).rows
    assert (row.answer, row.values["f1"], row.values["citation_recall"]) == ("", 0, 0)


def test_cited_sentences_that_were_not_ranked_count_as_wrong() -> None:
    said = ranked(0.9, "x", (citation(1, 3),), (), (FIRST,))
    (row,) = run_ask(QUESTIONS[:1], lambda _: said).rows
    assert row.values["citation_precision"] == pytest.approx(1 / 3)


def test_figures_that_do_not_apply_are_left_out() -> None:
    outcome = run_ask(QUESTIONS[1:2], ANSWERS.__getitem__)
    assert not {"auroc_no_answer", "refused_when_unanswerable", "citation_precision"} & set(outcome.metrics)
    assert run_ask((), ANSWERS.__getitem__) == Outcome("ask", (), {})


def test_latency_is_the_walls_where_the_answer_has_no_clock() -> None:
    outcome = run_ask(QUESTIONS[:1], lambda _: ranked(0.5, None, (), (), ()))
    assert 0 < outcome.metrics["latency_ms_p50"]["value"] < 1000


CONTEXTS = (Context("context-000001", "t", "Kirby spoke of Kharkiv."),)
READ: dict[str, tuple[str, float]] = {
    "who": ("Kirby", 0.9),
    "what": ("spoke of", 0.6),
    "sang": ("Kirby", 0.7),
}


def asked(text: str, *answers: str, document: str = "context-000001") -> Question:
    return Question(text, text, answers, (), bool(answers), "", document, any_of=True)


def read(question: str, context: str) -> tuple[str, float]:
    assert context == CONTEXTS[0].text
    return READ[question]


def test_read_on_answerable_questions_never_abstains() -> None:
    outcome = run_read([asked("who", "Kirby"), asked("what", "spoke")], CONTEXTS, read, threshold=0.8)
    assert values(outcome) == pytest.approx({"exact": 0.5, "f1": (1 + 2 / 3) / 2})
    assert outcome.thresholds == {}


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0.0, {"exact": 1 / 3, "f1": (1 + 2 / 3) / 3, "HasAns_f1": (1 + 2 / 3) / 2, "NoAns_f1": 0}),
        (0.7, {"exact": 1 / 3, "f1": 1 / 3, "HasAns_f1": 1 / 2, "NoAns_f1": 0}),
        (0.8, {"exact": 2 / 3, "f1": 2 / 3, "HasAns_f1": 1 / 2, "NoAns_f1": 1}),
    ],
)
def test_read_with_unanswerable_questions(threshold: float, expected: dict[str, float]) -> None:
    questions = [asked("who", "Kirby"), asked("what", "spoke"), asked("sang")]
    outcome = run_read(questions, CONTEXTS, read, threshold=threshold)
    whole: dict[str, Any] = {
        "best_f1": 2 / 3,  # answering from .9 on: one right, one refused rightly, one missed
        "auroc_no_answer": 0.5,
        "ece": (0.1 + 0.4 + 0.7) / 3,
    }
    assert values(outcome) == pytest.approx(expected | whole)
    assert outcome.thresholds == pytest.approx({"best_f1": 0.9})
    assert outcome.rows[2].answered == (threshold <= 0.7)


def test_questions_without_a_paragraph_can_not_be_read() -> None:
    with pytest.raises(GoldError, match="who has no paragraph of its own"):
        run_read([asked("who", "Kirby", document=NEWS)], CONTEXTS, read)
