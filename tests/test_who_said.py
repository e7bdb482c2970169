"""Who said something, by name or not, or refused if nothing tells; what somebody said, in their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from askbrief import Answer, Index
from askbrief.answering.who_said import words_in_marks
from conftest import write

DAM = """Orlec dam reopened after a week

The dam at Orlec was closed for a week after heavy rain. A police spokeswoman said the dam was safe to cross.

Engineers had worked day and night. “The wall never moved by more than a finger's breadth,” Tomas Crane said.

Crane did not say that the road over the dam was free of mud. “I never said the valley was warned,” he added.

“Nobody asked us before the gates were opened.” The farms below lost their hay.

“The water took my barn within an hour,” a farmer from Bela told the radio.
"""


@pytest.fixture(scope="module")
def dam(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("dam")
    write(folder / "news", {"dam.txt": DAM})
    return Index.build([folder / "news"], folder / "index")


def teller(answer: Answer) -> str | None:
    return (answer.citations[0].speaker or answer.answer) if answer.answered else None


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("who said the wall never moved?", "Tomas Crane"),
        ("who said the dam was safe to cross?", "A police spokeswoman"),
        ("who said “the water took my barn”?", "a farmer from Bela"),
        ("Who said 'never moved by more than a finger'?", "Tomas Crane"),
    ],
)
def test_who_speaks_is_told_by_name_or_in_the_words_for_them(dam: Index, question: str, who: str) -> None:
    assert teller(dam.ask(question)) == who


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("who said nobody asked them before the gates were opened?", "Nobody asked us"),  # not told who
        ("who said “nobody asked us before the gates were opened”?", "Nobody asked us"),
        ("who said that the valley was warned?", "never said"),  # denied
        ("who said that the road over the dam was free of mud?", "did not say"),
    ],
)
def test_what_nobody_is_known_to_have_said_is_refused(dam: Index, question: str, nearest: str) -> None:
    answer = dam.ask(question)
    assert not answer.answered
    assert any(nearest in citation.text for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what did Crane say about the wall?", "The wall never moved by more than a finger's breadth"),
        ("what did the police say about the dam?", "the dam was safe to cross"),
    ],
)
def test_what_somebody_said_is_answered_with_their_words(dam: Index, question: str, words: str) -> None:
    assert dam.ask(question).answer == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who said “the water took my barn”?", "the water took my barn"),
        ("who said 'it's over, all of it'", "it's over, all of it"),
        ('who called it a "mess"?', None),
        ("who said it's over", None),
    ],
)
def test_marks_hold_words_and_not_a_term(question: str, words: str | None) -> None:
    assert words_in_marks(question) == words
