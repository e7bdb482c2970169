"""PDF: numbers of lines, who speaks in transcripts, notes, raised figures, figures broken at line ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences
from askbrief.types import Document
from mutations import pieces
from test_formats_pdf import Shown, column, told

TRIAL = [
    "MS. ADLER: You were at the lock on Monday, and you",
    "saw the barge come in?",
    "THE WITNESS: I was in the hut. I heard the horn, and",
    "I went out at once.",
    "Q  Who was at the wheel?",
    "A  A man in a red coat. I did not know him.",
    "Q  Had you seen him before that day, at the lock or",
    "anywhere else on the canal?",
    "A  Never.",
]
SAID = [
    "MS. ADLER: You were at the lock on Monday, and you saw the barge come in?",
    "THE WITNESS: I was in the hut. I heard the horn, and I went out at once.",
    "Q Who was at the wheel?",
    "A A man in a red coat. I did not know him.",
    "Q Had you seen him before that day, at the lock or anywhere else on the canal?",
    "A Never.",
]


def height(row: int) -> float:
    return 760 - 24 * row


def numbered(lines: Sequence[str], drawn: str, first: int = 1, blank: int = 2) -> list[Shown]:
    """A page of a transcript; ``drawn`` is how its numbers are."""
    rows = [*lines, *[""] * blank]
    numbers = [(60.0, height(row), 10.0, str(first + row)) for row in range(len(rows))]
    words = [(90.0, height(row), 10.0, line) for row, line in enumerate(rows) if line]
    if drawn == "first":
        return [*numbers, *words]
    if drawn == "in one run":
        return [(60, height(row), 10, f"{first + row:>2}   {line}") for row, line in enumerate(rows)]
    order = sorted([*numbers, *words], key=lambda shown: (-shown[1], shown[0]))
    return order if drawn == "before" else sorted(order, key=lambda shown: (-shown[1], -shown[0]))


def said(document: Document) -> list[tuple[str | None, str]]:
    found = quotations(document.text, split_sentences(document.text, document.paragraphs))
    return [(each.name, document.text[each.start : each.end]) for each in found]


def named(document: Document) -> list[str | None]:
    return [name for name, _ in said(document)]


@pytest.mark.parametrize("drawn", ["before", "first", "after", "in one run"])
def test_numbers_of_lines_are_left_out_and_turns_are_paragraphs(drawn: str) -> None:
    end = ["THE COURT: Thank you. You may", "step down."]
    document = told(numbered(TRIAL, drawn), numbered(end, drawn, blank=0))
    assert pieces(document) == [*SAID, "THE COURT: Thank you. You may step down."]
    assert said(document)[0] == ("Adler", SAID[0].removeprefix("MS. ADLER: "))


def test_numbers_may_count_on_overleaf() -> None:
    assert pieces(told(numbered(TRIAL, "before"), numbered(TRIAL, "before", 12))) == [*SAID, *SAID]


@pytest.mark.parametrize("margin", [60, 500])
def test_every_fifth_line_of_a_bill_is_numbered(margin: float) -> None:
    lines = [f"and the part {word} of the quay that is shut by an order is" for word in "abcdefghijklmnopqr"]
    shown: list[Shown] = []
    for row, line in enumerate(lines):
        number = [(margin, height(row), 10.0, str(row + 1))] if row % 5 == 4 else []
        shown += sorted([*number, (90.0, height(row), 10.0, line)])
    assert pieces(told(shown)) == [" ".join(lines)]


@pytest.mark.parametrize("by_row", [True, False])
def test_ranks_are_no_numbers_of_lines(by_row: bool) -> None:
    teams = [f"{name} Rowers {40 - n} points" for n, name in enumerate(("Aland", "Brae", "Coll", "Dorn") * 3)]
    ranks = [(60.0, height(row), 10.0, str(row + 1)) for row in range(len(teams))]
    rows = [(90.0, height(row), 10.0, team) for row, team in enumerate(teams)]
    shown = [each for pair in zip(ranks, rows, strict=True) for each in pair] if by_row else [*ranks, *rows]
    text = told(shown).text
    assert "12" in text.split()
    assert not by_row or "7 Coll Rowers 34 points" in text


def test_page_numbers_of_a_short_transcript_are_left_out() -> None:
    pages = [[(500.0, 790.0, 10.0, str(77 + n)), *numbered(TRIAL, "before")] for n in range(2)]
    assert pieces(told(*pages)) == [*SAID, *SAID]


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (
            [
                "Chairman BROWN. The committee will come to order, and",
                "we begin with Mr. Kessler.",
                "Mr. KESSLER. Thank you, Mr. Chairman. We had no word.",
                "Chairman BROWN. Who had?",
                "Mr. KESSLER. The harbour master did.",
            ],
            ["Brown", "Kessler", "Brown", "Kessler"],
        ),
        (
            [
                "Mr Aske (Hollin) (Lab): I ask when the quay opens.",
                "The Minister for Transport (Ms Lind): In April, and",
                "the ferry sails then too.",
                "Mr Aske (Hollin) (Lab): That is late for a ferry.",
                "The Minister for Transport (Ms Lind): We say so too.",
            ],
            ["Aske", "Lind", "Aske", "Lind"],
        ),
        (
            [
                "Q1 Chair: Welcome. Who closed the quay on Monday?",
                "Jonas Kirk: The harbour master did, after the crane",
                "fell.",
                "Q2 Marta Linn: Were you told of it by the harbour?",
                "Jonas Kirk: Nobody rang.",
                "Q3 Chair: Thank you.",
            ],
            [None, "Jonas Kirk", "Marta Linn", "Jonas Kirk", None],
        ),
    ],
)
def test_who_speaks_in_hearings_and_parliaments(lines: list[str], speakers: list[str | None]) -> None:
    assert named(told(numbered(lines, "before"))) == speakers


def test_an_office_in_a_label_is_no_name() -> None:
    lines = ["The Minister for Transport: In April, I hope.", "Mr Aske: That is late."] * 2
    document = told([(60.0, height(row), 10.0, line) for row, line in enumerate(lines)])
    assert named(document) == [None, "Aske", None, "Aske"]


def test_an_article_is_no_label_if_nobody_asks() -> None:
    lines = ["A Dutch barge came in.", "A Danish one left.", "A German one was late."]
    assert said(told(column([[line] for line in lines]))) == []


LEVEL: Sequence[tuple[str, list[Shown], str]] = [
    ("note", [(60, 700, 11, "The ministry"), (122, 704, 7, "1"), (127, 700, 11, "said it froze.")],
     "The ministry¹ said it froze."),
    ("power", [(60, 700, 11, "It lost 10"), (112, 704, 7, "6"), (116, 700, 11, " litres of oil.")],
     "It lost 10⁶ litres of oil."),
    ("formula", [(60, 700, 11, "It emits CO"), (124, 698, 7, "2"), (128, 700, 11, " all day.")],
     "It emits CO₂ all day."),
    ("small capitals", [(60, 700, 11, "At the lock in "), (140, 700, 9, "1911"), (162, 700, 11, " it froze")],
     "At the lock in 1911 it froze"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "text"), [each[1:] for each in LEVEL], ids=[each[0] for each in LEVEL])
def test_raised_and_lowered_figures_do_not_run_into_words(shown: list[Shown], text: str) -> None:
    assert pieces(told(shown)) == [text]


def test_notes_are_apart_and_what_refers_to_them_is_left_out() -> None:
    shown: list[Shown] = [
        (60, 740, 11, "The crane had passed its test in 2023"), (262, 744, 7, "1"),
        (268, 740, 11, "and nobody knew"),
        (60, 726, 11, "of a fault, said Ilka Brandt."), (206, 730, 7, "2"),
        (60, 700, 11, "It weighs 10"), (124, 704, 7, "2"), (128, 700, 11, " tonnes, as do all others here."),
        (60, 96, 8, "1 Interview with the author, who kept the notes of"), (60, 86, 8, "it in a safe."),
        (60, 76, 8, "2 Port of Velmora, Annual Accounts."),
    ]  # fmt: skip
    assert pieces(told(shown)) == [
        "The crane had passed its test in 2023 and nobody knew of a fault, said Ilka Brandt.",
        "It weighs 10² tonnes, as do all others here.",
        "1 Interview with the author, who kept the notes of it in a safe.",
        "2 Port of Velmora, Annual Accounts.",
    ]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["It cost 1,", "250 crowns."], "It cost 1,250 crowns."),
        (["It cost 3.", "5 million crowns."], "It cost 3.5 million crowns."),
        (["It cost $", "5 a day."], "It cost $5 a day."),
        (["It rose by 4.", "5% in May."], "It rose by 4.5% in May."),
        (["On May 3,", "200 ships came."], "On May 3, 200 ships came."),
        (["It froze in 1,", "12 ships sank."], "It froze in 1, 12 ships sank."),
        (["In 2019,", "200 ships came."], "In 2019, 200 ships came."),
        (["It froze from 2023–", "24 on."], "It froze from 2023–24 on."),
        (["The and/", "or is gone."], "The and/or is gone."),
        (["Her mother-in-", "law came."], "Her mother-in-law came."),
        (["The 12-year-", "old ship."], "The 12-year-old ship."),
        (["No ice is free. An ice-", "free quay."], "No ice is free. An ice-free quay."),
        (["It is under some thing. Some-", "thing froze."], "It is under some thing. Something froze."),
    ],
)
def test_figures_and_compounds_at_line_ends(lines: list[str], whole: str) -> None:
    shown = [
        (60.0, 700.0 - 12 * number, 10.0, line.replace("–", "\x96")) for number, line in enumerate(lines)
    ]
    shown = [(x, y, size, line.replace("\x96", "–")) for x, y, size, line in shown]
    assert pieces(told(shown)) == [whole]
