"""The query language of exact search, and where a query matches in a document."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from askbrief.errors import QueryError
from askbrief.query import (
    All,
    AnyOf,
    Dated,
    Not,
    Phrase,
    Query,
    SourceName,
    SpokenBy,
    Word,
    is_matched,
    parsed,
    places,
)
from askbrief.query.query_words import WORD, folded
from askbrief.query.syntax import finds
from askbrief.types import Sentence, Source

SOURCE = Source("id", "Title", "wires/one.txt", "2024-03-05", "0" * 64)
FLOOD, DAM, SNOW = Word("flood"), Word("dam"), Word("snow")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("flood", FLOOD),
        ("FLOOD", FLOOD),
        ("Łódź", Word("lodz")),
        ("flood*", Word("flood", prefix=True)),
        ("flood dam", All((FLOOD, DAM))),
        ("flood AND dam", All((FLOOD, DAM))),
        ("flood and dam", All((FLOOD, Word("and"), DAM))),
        ("flood OR dam snow", AnyOf((FLOOD, All((DAM, SNOW))))),
        ("(flood OR dam) snow", All((AnyOf((FLOOD, DAM)), SNOW))),
        ("flood NOT dam", All((FLOOD, Not(DAM)))),
        ("flood -dam", All((FLOOD, Not(DAM)))),
        ("flood NOT NOT dam", All((FLOOD, DAM))),
        ("re-elected", Phrase((Word("re"), Word("elected")))),
        ('"Bank, rates"', Phrase((Word("bank"), Word("rates")))),
        ("“bank rates”", Phrase((Word("bank"), Word("rates")))),
        ('"bank rates"~5', Phrase((Word("bank"), Word("rates")), 5)),
        ('"bank rate*"', Phrase((Word("bank"), Word("rate", prefix=True)))),
        ("it's", Phrase((Word("it"), Word("s")))),
        ("speaker:Kirby", SpokenBy("Kirby")),
        ('speaker:"John Kirby" flood', All((SpokenBy("John Kirby"), FLOOD))),
        ("source:wires/*", SourceName("wires/*")),
        ("date:2024", Dated("2024-01-01", "2024-12-31")),
        ("date:2024-02", Dated("2024-02-01", "2024-02-29")),
        ("date:2024-01..2024-03", Dated("2024-01-01", "2024-03-31")),
        ("date:2024-01-05..", Dated("2024-01-05", None)),
        ("date:..2024-01-05", Dated(None, "2024-01-05")),
    ],
)
def test_a_query_is_understood(text: str, query: Query) -> None:
    assert parsed(text) == query


@pytest.mark.parametrize(
    ("text", "marked", "told"),
    [
        ("", " ", "empty"),
        ("flood AND", "AND", "nothing behind it"),
        ("flood AND OR dam", "OR", "nothing before it"),
        ("OR flood", "OR", "nothing before it"),
        ("(flood OR dam", "(", "never closed"),
        ("flood) dam", ")", "closes nothing"),
        ("flood ()", ")", "empty"),
        ('flood "bank rates', '"', "no partner"),
        ('"bank rates"~x', "~x", "'x'"),
        ('"bank rates"~', "~", "no number"),
        ("flood ??", "??", "no word"),
        ("flood *", "*", "no word"),
        ("fl*ood", "*", "isn't behind a word"),
        ("NOT flood", "NOT", "leave out"),
        ("flood OR -dam", "-", "leave out"),
        ("titel:flood", "titel:", "no field"),
        ("speaker: flood", "speaker:", "no value"),
        ("date:2024-13", "2024-13", "isn't a date"),
        ("date:yesterday", "yesterday", "isn't a date"),
        ("date:..", "..", "no date"),
        ("date:2024-03..2024-01", "2024-03..2024-01", "after"),
    ],
)
def test_what_is_wrong_is_marked(text: str, marked: str, told: str) -> None:
    with pytest.raises(QueryError, match=re.escape(told)) as raised:
        parsed(text)
    error = raised.value
    assert f"{text} "[error.start : error.end] == marked
    assert error.hint
    assert "\n" not in error.message


def test_a_query_is_bounded() -> None:
    for text in ("flood " * 100, "x" * 3_000, "(" * 100 + "flood" + ")" * 100, f'"{"a " * 100}"'):
        with pytest.raises(QueryError):
            parsed(text)


PIECES = [*'ab *"“”()-~:.5é', "AND ", "OR ", "NOT ", "date:", "speaker:", "2024"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("a:b")
def test_any_text_is_a_query_or_says_what_is_wrong(text: str) -> None:
    query = error = None
    try:
        query = parsed(text)
    except QueryError as raised:
        error = raised
    if query is None:
        assert error
        assert 0 <= error.start < error.end
        return
    assert finds(query)
    is_matched(query, SOURCE, "a b", [Sentence(0, 3, 1, 1)])


WORDS = st.builds(Word, st.sampled_from(["a", "b", "ab", "c"]), st.booleans())
LEAVES = WORDS | st.builds(
    Phrase, st.lists(WORDS, min_size=2, max_size=3).map(tuple), st.none() | st.integers(0, 3)
)
QUERIES: st.SearchStrategy[Any] = st.recursive(
    LEAVES | st.sampled_from([SpokenBy("Ann"), SourceName("wires/*"), Dated("2024-03-05", None)]),
    lambda inner: (
        st.builds(All, st.lists(inner | inner.map(Not), min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def written(query: Query) -> str:
    """A query as text."""
    match query:
        case Word(word, prefix):
            return word + "*" * prefix
        case Phrase(words, within):
            return f'"{" ".join(map(written, words))}"' + ("" if within is None else f"~{within}")
        case SpokenBy(name):
            return f'speaker:"{name}"'
        case SourceName(pattern):
            return f"source:{pattern}"
        case Dated(since, until):
            return f"date:{since or ''}..{until or ''}"
        case Not(of):
            return f"NOT ({written(of)})"
        case All(several):
            return " AND ".join(f"({written(part)})" for part in several)
        case AnyOf(several):
            return " OR ".join(f"({written(part)})" for part in several)


@settings(max_examples=100)
@given(QUERIES)
def test_a_query_that_is_written_down_is_understood_again(query: Query) -> None:
    assume(finds(query))
    assert parsed(written(query)) == query


# -- matching, against a definition that tries everything


def sentences(text: str, speakers: str = "") -> list[Sentence]:
    """Each run up to a period is a sentence; the letters of ``speakers`` say who speaks."""
    found = [m.span() for m in re.finditer(r"[^.]+\.?", text)]
    names = {"A": "Ann", "B": "Bob", " ": None}
    return [
        Sentence(start, end, 1, number, names[speakers[number - 1 : number] or " "])
        for number, (start, end) in enumerate(found, 1)
    ]


def is_word(word: Word, token: str) -> bool:
    return token.startswith(word.word) if word.prefix else token == word.word


def matches_by_trying(leaf: Word | Phrase, tokens: list[str]) -> bool:
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    if isinstance(leaf, Phrase) and leaf.within is not None:
        reach = len(words) + leaf.within
        return any(
            max(chosen) - min(chosen) < reach
            and all(is_word(w, tokens[n]) for w, n in zip(words, chosen, strict=True))
            for chosen in permutations(range(len(tokens)), len(words))
        )
    return any(
        all(is_word(word, token) for word, token in zip(words, tokens[n:], strict=False))
        for n in range(len(tokens) - len(words) + 1)
    )


@settings(max_examples=200)
@given(LEAVES, st.lists(st.sampled_from(["a", "b", "ab", "abc", "c", "d"]), min_size=1, max_size=6))
def test_words_match_as_if_everything_were_tried(leaf: Word | Phrase, tokens: list[str]) -> None:
    text = ", ".join(tokens)
    found = places(leaf, SOURCE, text, [Sentence(0, len(text), 1, 1)])
    assert bool(found) == matches_by_trying(leaf, tokens)
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    for place in found:
        for start, end in place.marks:
            assert all(any(is_word(w, token) for w in words) for token in WORD.findall(text[start:end]))


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example("e\u0301te\u0301 İstanbul ﬁn Straße")
def test_marks_are_where_the_words_are(text: str) -> None:
    seen = folded(text)
    assert folded(seen.text).text == seen.text or "ß" in text or not seen.text.isascii()
    for found in WORD.finditer(seen.text):
        start, end = seen.at(found.start()), seen.at(found.end())
        assert 0 <= start < end <= len(text)
        assert found[0][:1] in folded(text[start:end]).text


@pytest.mark.parametrize(
    ("query", "text", "speakers", "marked"),
    [
        ("cafe", "A café.", "", ["café"]),
        ("cafe", "A cafe\u0301 there.", "", ["cafe\u0301"]),
        ("lodz", "In Łódź.", "", ["Łódź"]),
        ('"bank rates"', "The bank-rates. A bank. Rates fell.", "", ["bank-rates", "bank", "Rates"]),
        ('"bank rates"', "The banks rates.", "", []),
        ("flood*", "Floods and flooding, no inflood.", "", ["Floods", "flooding"]),
        ("flood NOT dam", "A flood. A dam.", "", []),
        ("flood dam", "A flood. No more. A dam.", "", ["flood", "dam"]),
        ("speaker:Ann flood", "A flood. Another flood.", " A", ["flood"]),
        ("speaker:Ann flood dam", "A flood. A dam.", "AB", []),
        ("(speaker:Ann OR speaker:Bob) flood dam", "A flood. A dam.", "AB", ["flood", "dam"]),
        ("flood NOT speaker:Ann", "A flood. One flood.", "AB", ["flood"]),
        ('speaker:Ann "flood. flood"', "A flood. Flood. Flood.", "ABA", []),
        ("date:2024-03 flood", "A flood.", "", ["flood"]),
        ("date:2024-04.. flood", "A flood.", "", []),
        ("source:wires/* flood", "A flood.", "", ["flood"]),
        ("source:other/* flood", "A flood.", "", []),
    ],
)
def test_places_have_the_words(query: str, text: str, speakers: str, marked: list[str]) -> None:
    tree = named(parsed(query))
    own = sentences(text, speakers)
    found = places(tree, SOURCE, text, own)
    assert [text[start:end] for place in found for start, end in place.marks] == marked
    assert is_matched(tree, SOURCE, text, own) == bool(marked)


def named(query: Query) -> Query:
    """A query with everybody called by the name that it has."""
    match query:
        case SpokenBy(name):
            return SpokenBy(name, (name,))
        case Not(of):
            return Not(named(of))
        case All(several):
            return All(tuple(map(named, several)))
        case AnyOf(several):
            return AnyOf(tuple(map(named, several)))
    return query


def test_a_speaker_alone_is_found_with_all_that_they_say() -> None:
    text = "One. Two. Three."
    own = sentences(text, "A A")
    found = places(named(parsed("speaker:Ann")), SOURCE, text, own)
    assert [place.sentence.number for place in found] == [1, 3]
    assert not any(place.marks for place in found)


def test_a_phrase_does_not_go_over_words_that_are_in_no_sentence() -> None:
    text = "The bank. HEADING Rates fell."
    own = [Sentence(0, 9, 1, 1), Sentence(18, 29, 2, 1)]
    assert not is_matched(parsed('"bank rates"'), SOURCE, text, own)
    assert not is_matched(parsed("heading"), SOURCE, text, own)
