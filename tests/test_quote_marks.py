"""The quotation mark finder: marks of every form, wrong and missing ones, and what `check` takes besides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief.english.quote_marks import Marked, find_marked, marked_extents
from askbrief.formats import text as plain
from growth import assert_linear


def found(text: str, every: bool = False) -> list[Marked]:
    return [one for marked in find_marked(text, plain.paragraphs(text), every=every) for one in marked]


def inside(text: str) -> list[str]:
    return [text[one.first : one.last] for one in found(text)]


def everything(text: str) -> list[str]:
    return [text[start:end] for start, end in marked_extents(text)]


@pytest.mark.parametrize(
    "text",
    [
        "“We sail,” said Ann. “We stay,” said Bob.",
        '"We sail," said Ann. "We stay," said Bob.',
        "„We sail,“ said Ann. „We stay,“ said Bob.",
        "„We sail,” said Ann. „We stay,” said Bob.",
        "«We sail,» said Ann. «We stay,» said Bob.",
        "»We sail,« said Ann. »We stay,« said Bob.",
        "‹We sail,› said Ann. 「We stay,」 said Bob.",
        "``We sail,'' said Ann. ''We stay,'' said Bob.",
        "‘‘We sail,’’ said Ann. ’’We stay,’’ said Bob.",
        "‘We sail,’ said Ann. 'We stay,' said Bob.",
        '*“We sail,”* said Ann. (_"We stay,"_ said Bob.)',
    ],
)
def test_marks_of_every_form(text: str) -> None:
    assert inside(text) == everything(text) == ["We sail,", "We stay,"]


@pytest.mark.parametrize(
    "text",
    [
        "“We sail,“ said Ann.\n\n“We stay,” said Bob.",
        "”We sail,” said Ann.\n\n“We stay,” said Bob.",
        '“We sail," said Ann.\n\n"We stay,” said Bob.',
        '"We sail,“ said Ann.\n\n”We stay,” said Bob.',
        ",,We sail,'' said Ann.\n\n,,We stay,“ said Bob.",
        '„We sail,„ said Ann.\n\n„We stay," said Bob.',
        '"We sail,"said Ann.\n\nBob said:"We stay,"',
        '"We sail, "said Ann. "We stay," said Bob.',
        "“We sail, ”said Ann. “We stay,” said Bob.",
        "“We sail, said Ann.\n\n“We stay,” said Bob.",
        '"We sail, said Captain Ann Lee. "We stay," said Bob.',
        "“We sail, Ann Lee said on Monday. The wind is good.\n\n“We stay,” said Bob.",
    ],
)
def test_one_wrong_mark_hides_no_quotation_and_joins_no_paragraphs(text: str) -> None:
    assert inside(text) == everything(text) == ["We sail,", "We stay,"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“We sail. “We stay.”", ["We sail.", "We stay."]),
        ('"We sail. "We stay. "We wait." He left.', ["We sail.", "We stay.", "We wait."]),
        ('It was "late by now. Ann called it "a long day" later.', ["late by now.", "a long day"]),
        ('He has "many boats and "many men" with him.', ["many boats and", "many men"]),
    ],
)
def test_a_quotation_that_begins_anew_before_it_is_closed_is_two(text: str, parts: list[str]) -> None:
    assert inside(text) == everything(text) == parts
    assert [one.closed for one in found(text)] == [False] * (len(parts) - 1) + [True]


@pytest.mark.parametrize("inner", ["“never again”", '"never again"', "''never again''", "‘never again’"])
@pytest.mark.parametrize("outer", ["“{}”", '"{}"', "''{}''"])
def test_a_quotation_within_another_is_part_of_it(outer: str, inner: str) -> None:
    text = outer.format(f"He told me {inner} and left,") + " she said."
    assert inside(text) == everything(text) == [f"He told me {inner} and left,"]


def test_what_an_open_quotation_goes_on_with() -> None:
    text = "“We sail.\n\n“We stay,” said Ann. “We wait.\n\nWe sing,” she said."
    assert [(text[one.first : one.last], one.joined) for one in found(text)] == [
        ("We sail.", False), ("We stay,", True), ("We wait.", False), ("We sing,", True),
    ]  # fmt: skip
    assert everything(text) == ["We sail.\n\n“We stay,", "We wait.\n\nWe sing,"]
    assert everything("“We sail.\n“We stay,” said Ann.") == ["We sail.\n“We stay,"]
    assert everything("“We sail.\n\nThen Ann said: “We stay.”") == ["We sail.", "We stay."]


@pytest.mark.parametrize(
    ("text", "careful", "every"),
    [
        ("The “elite” and the ‘rest’ met.", [], ["elite", "rest"]),
        ('"Never," said Ann of the "new" boat.', ["Never,"], ["Never,", "new"]),
        ("The ''new'' boat of the 'old' port", [], ["new"]),
        ("The plan was 'dead in the water'.", ["dead in the water"], ["dead in the water"]),
        ("Port 'will close in June'", ["will close in June"], ["will close in June"]),
        ("the boys' boats of the '90s, the dogs' bones, rock 'n' roll and all of 'em'", [], []),
        ("the ’90s, the boys’ boats and rock ’n’ roll", [], []),
        ('a 12" pipe, 6\'2" tall, and date="May 3"', [], []),
    ],
)
def test_single_words_and_single_marks(text: str, careful: list[str], every: list[str]) -> None:
    assert inside(text) == careful
    assert [text[one.first : one.last] for one in found(text, every=True)] == everything(text) == every


PIECES = [*"“”„«»‘’\"'`,.?! \n()[]*—", ",,", "''", "\n\n", "said Ann. ", "Ann said, ", "We ", "sail", '12"']


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=100))
def test_extents_of_any_text_are_in_order_and_apart(text: str) -> None:
    careful, every = found(text), found(text, every=True)
    for extents in ([(one.start, one.end) for one in every], list(marked_extents(text))):
        edges = [edge for extent in extents for edge in extent]
        assert edges == sorted(edges)
    assert set(careful) <= set(every)
    assert all(one.start <= one.first < one.last <= one.end for one in every)
    assert all(text[one.first : one.last].strip() == text[one.first : one.last] for one in every)


@pytest.mark.parametrize("unit", ["“We go. ", '"We go. ', "“We ", "‘We ", "'We go ", "We go, said ", '"We, '])
def test_unclosed_marks_take_linear_time(unit: str) -> None:
    def work(times: int) -> Callable[[], object]:
        text = unit * times
        return lambda: list(find_marked(text, [(0, len(text))]))

    assert_linear(work, 800, 8_000)
