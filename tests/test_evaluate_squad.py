"""The SQuAD measures agree with what the official script gives."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief.evaluate.squad import best_f1, exact, f1, normalise


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Cat", "cat"),
        ("an  apple\na day", "apple day"),
        ("Theatre and another anthem", "theatre and another anthem"),
        ("U.S.-led", "usled"),  # punctuation goes before articles do, and leaves no space
        ("a-b", "ab"),
        ("a.", ""),
        ("“stalled out” – mostly…", "“stalled out” – mostly…"),  # only ASCII punctuation is removed
        ("“The Russians”", "“ russians”"),  # the article is a word of its own beside a Unicode quote
        ("France’s", "france’s"),
        ("France's", "frances"),
        ("$1,000.50", "100050"),
        ("ÉCOLE", "école"),
        ("", ""),
        ("The", ""),
    ],
)
def test_normalises_as_the_official_script(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("prediction", "answers", "em", "score"),
    [
        ("the Denver Broncos!", ["Denver Broncos"], 1, 1),
        ("Denver", ["Denver Broncos", "Broncos"], 0, 2 / 3),
        ("Broncos", ["Denver Broncos", "Broncos"], 1, 1),
        ("in the year 1990 in", ["in 1990"], 0, 2 * 2 / (4 + 2)),  # words are counted as a bag
        ("Paris", ["London"], 0, 0),
        ("", ["London"], 0, 0),
        ("", [], 1, 1),  # abstaining on the unanswerable
        ("London", [], 0, 0),
        ("the", [], 1, 1),
        ("", ["the", "London"], 0, 0),  # an answer of an article alone is no answer
        ("", ["the"], 1, 1),
    ],
)
def test_exact_and_f1(prediction: str, answers: list[str], em: float, score: float) -> None:
    assert exact(prediction, answers) == em
    assert f1(prediction, answers) == pytest.approx(score)


@given(
    st.text(alphabet="the ab.", max_size=12), st.lists(st.text(alphabet="the ab.", max_size=12), max_size=3)
)
def test_bounds(prediction: str, answers: list[str]) -> None:
    assert 0 <= exact(prediction, answers) <= f1(prediction, answers) <= 1
    assert f1(prediction, answers) == f1(prediction, answers[::-1])
    assert f1(prediction, [*answers, prediction]) == 1 or not normalise(prediction)


def best(*questions: tuple[float, bool, bool, float]) -> tuple[float, float]:
    scores, predicted, answerable, no_answer = (np.array(column) for column in zip(*questions, strict=True))
    return best_f1(scores, predicted, answerable, no_answer)


def test_best_f1_worked_by_hand() -> None:
    # Two unanswerable: refusing all scores 2. Answering in order of probability gives 3, 2, 2.5, 3.5, 2.5.
    found = best(
        (0.0, True, False, 0.9),
        (1.0, True, True, 0.4),
        (0.5, True, True, 0.3),
        (0.0, True, False, 0.2),
        (1.0, True, True, 0.1),
    )
    assert found == (3.5 / 5, 0.4)


def test_best_f1_at_the_ends() -> None:
    assert best((0.0, True, False, 0.1), (0.2, True, True, 0.9)) == (0.5, 0.0)  # refuse all
    assert best((0.0, False, False, 0.1), (0.5, True, True, 0.9)) == (0.75, 0.9)  # silence costs nothing


def test_best_f1_takes_equal_probabilities_together() -> None:
    # One at a time, the answerable first, would give 1; no threshold does.
    assert best((1.0, True, True, 0.1), (0.0, True, False, 0.1)) == (0.5, 0.0)


QUESTIONS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.booleans(), st.sampled_from([0.1, 0.25, 0.5, 0.75, 1.0])),
    min_size=1,
    max_size=12,
)


@given(QUESTIONS, st.randoms(use_true_random=False))
def test_best_f1_is_the_best_of_all_thresholds(
    questions: list[tuple[float, bool, bool, float]],
    shuffler: random.Random,
) -> None:
    def at(threshold: float) -> float:
        shown = [
            (score if gold else float(not said)) for score, said, gold, no in questions if no <= threshold
        ]
        hidden = [float(not gold) for _, _, gold, no in questions if no > threshold]
        return sum(shown + hidden) / len(questions)

    value, threshold = best(*questions)
    assert value == pytest.approx(max(at(t) for t in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)))
    assert value == pytest.approx(at(threshold))
    shuffled = questions[:]
    shuffler.shuffle(shuffled)
    assert best(*shuffled)[0] == pytest.approx(value)
