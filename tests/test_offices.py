"""Words for offices and their spellings, and whom a question means by them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askbrief import Index
from askbrief.english.lexicon import load
from askbrief.english.names import NameMatcher
from askbrief.english.offices import holds_in, introduced, same_office
from askbrief.english.stemming import stem
from conftest import write


@pytest.mark.parametrize("pair", load("spelling")["british"].strip().splitlines())
def test_british_and_american_spellings_have_one_stem(pair: str) -> None:
    british, american = pair.split()
    assert stem(british) == stem(american)
    assert stem(f"{british}s") == stem(f"{american}s")
    assert NameMatcher().mentions(f"the {american} secretary", f"{british} secretary")


def test_surnames_that_differ_in_spelling_stay_apart() -> None:
    assert not NameMatcher().mentions("Ms Grey", "Ms Gray")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the mayor", "Mayor of Milden", True),
        ("the harbor master", "harbour master", True),
        ("the finance minister", "shadow finance minister", False),
        ("the mayor", "the mayor's aide", False),
        ("the minister", "a spokesman for the minister", False),
        ("the minister for trade", "Trade Minister", True),
        ("a Labour spokesman", "a spokesman", False),
        ("the minister", "Prime Minister of Milden", False),
        ("the president", "then president of the union", False),
        ("the mayor", "ex-mayor of Milden", False),
        ("the president", "president and chief executive", True),
        ("the trade minister", "trade and industry minister", True),
    ],
)
def test_offices_that_are_the_same(one: str, other: str, same: bool) -> None:
    assert same_office(one, other) is same


@pytest.mark.parametrize(
    ("role", "title", "held"),
    [
        ("Governor", "Central bank keeps its rate", True),
        ("Governor", "Storm closes the schools", False),
        ("Ohio Governor", "Central bank keeps its rate", False),
        ("Deputy Governor", "Central bank keeps its rate", False),
    ],
)
def test_an_office_that_the_title_completes(role: str, title: str, held: bool) -> None:
    assert holds_in("the governor of the central bank", role, title) is held


def test_who_is_introduced_by_a_post() -> None:
    assert introduced("Ida Voss, who has run the quarry since May, spoke.", "Ida Voss")
    assert not introduced("Ida Voss, who lives near the quarry, spoke.", "Ida Voss")


RATES = (
    "Central bank keeps its rate\n\nThe Bank of Tarn kept its rate on Monday.\n\n"
    "Governor Ida Voss said the bank would wait for the summer. “Patience costs nothing,” she said.\n"
)
QUARRY = (
    "Quarry shut after a slide\n\nNobody was hurt in the slide, the quarry warden said.\n\n"
    "Olle Brask, who has run the quarry since May, said the night crew had gone home early.\n"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("offices")
    files = write(root / "news", {"rates.txt": RATES, "quarry.txt": QUARRY})
    with Index.build([files], root / "index") as opened:
        yield opened


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did the governor of the central bank say?", "Ida Voss"),
        ("What did the quarry warden say about the night crew?", "Olle Brask"),
    ],
)
def test_whom_a_question_means(index: Index, question: str, speaker: str) -> None:
    answer = index.ask(question)
    assert answer.answered
    assert answer.citations[0].speaker == speaker
