"""The number that a question asks for, beside others in its sentence."""

from __future__ import annotations

import pytest

from askbrief.read.counted import counted

TREATED = "Eleven people were treated for hypothermia, among them four children."


@pytest.mark.parametrize(
    ("question", "text", "chosen", "answer"),
    [
        ("How many children were treated?", TREATED, "Eleven people", "four children"),
        ("How many children were treated?", TREATED, "four children", "four children"),
        ("How many people were treated?", TREATED, "Eleven", "Eleven"),
        (
            "How many women were hurt?",
            "Nine people were hurt, six of them women.",
            "Nine people",
            "six of them women",
        ),
        (
            "How many young men did it hire?",
            "It hired 60 people, 12 young men among them.",
            "60 people",
            "12 young men",
        ),
        # a number that counts nothing by itself may be of what is asked for
        ("How many votes did Lee get?", "Ray got 286 votes to Lee's 252.", "252", "252"),
        ("How many seats did it win?", "It won 14 of the 60 seats.", "14", "14"),
        # two numbers of what is asked for, or none: the choice stands
        (
            "How many homes were lost?",
            "Of 90 people 4 lost homes, 5 homes burned, 6 homes fell.",
            "90 people",
            "90 people",
        ),
        ("How many boats did sink?", TREATED, "Eleven people", "Eleven people"),
        # no noun that is told by a verb after it, or no number chosen
        ("How many left?", TREATED, "Eleven people", "Eleven people"),
        ("Who were treated with how many children?", TREATED, "hypothermia", "hypothermia"),
    ],
)
def test_the_number_of_what_is_asked_for(question: str, text: str, chosen: str, answer: str) -> None:
    start = text.index(chosen)
    assert text[slice(*counted(question, text, (start, start + len(chosen))))] == answer
