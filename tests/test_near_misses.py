"""Sentences that answer nearly what was asked."""

from __future__ import annotations

import pytest

from askbrief.read.near_misses import is_near_miss
from askbrief.types import Hit, Sentence, Source

STORY = "Mayor Tomas Reuel opened the fair. Union leader Sofia Branco spoke there. "


def missed(question: str, text: str, date: str | None = None) -> bool:
    whole = STORY + text
    last = Sentence(len(STORY), len(whole), 1, 3)
    first = Sentence(0, len(STORY) - 1, 1, 1)
    source = Source("1", "Fair opens", "fair.txt", date, "")
    return is_near_miss(question, Hit(source, 0, len(whole), whole, (first, last), 0.5), last)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who voted for the fare rise?", "Councillor Pia Holt voted against the rise."),
        ("When did the strike begin?", "Dockers ended a strike of nine days on Monday."),
        ("What is the highest bridge?", "The lowest bridge is at Varna."),
        ("How far did wages rise?", "Wages fell by 3 percent."),
        ("Who won the prize in 1998?", "Ann Lee won the prize in 1996."),
        ("Where was Tomas Reuel born?", "Branco was born in Corin before she moved."),
        ("Where was Reuel born?", "Sofia Branco, a crane operator, was born in Corin."),
    ],
)
def test_another_year_another_person_and_the_opposite(question: str, text: str) -> None:
    assert missed(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who voted against the fare rise?", "Councillor Pia Holt voted against the rise."),
        ("Who voted for the fare rise?", "Pia Holt voted for the rise and Emil Roth against it."),
        ("When did the strike begin?", "The strike, which ended on Monday, had begun in May."),
        ("Did prices rise or fall?", "Prices fell by 3 percent."),
        ("Who won the prize in 1998?", "Ann Lee won it in 1996, and in 1998 Bob Ray did."),
        ("Who won the prize in 1998?", "Ann Lee won the prize."),
        ("Where was Sofia Branco born?", "Branco was born in Corin before she moved."),
        ("Where was Tomas Reuel born?", "He was born in Corin."),
        ("Where was Tomas Reuel born?", "Originally planned for May, the birth was in Corin."),
        ("Where was Ann Lee born?", "Branco was born in Corin."),  # nothing around it is about Ann Lee
    ],
)
def test_other_sentences(question: str, text: str) -> None:
    assert not missed(question, text)


def test_the_documents_own_year_goes_without_saying() -> None:
    asked, text = "How far did the river rise in 2024?", "It was the greatest rise since 1954."
    assert missed(asked, text)
    assert not missed(asked, text, "2024-03-15")
