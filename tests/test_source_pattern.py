"""Patterns over source names mean one thing: to the database, to exact search, and as they are described."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askbrief.errors import OptionError
from askbrief.options import LONGEST_FILTER, AskOptions
from askbrief.text.source_pattern import for_sqlite, matches
from conftest import Archive, Cli

CHARACTERS = st.sampled_from("[]^!-*?\\ab_zé/.")
PATTERNS, NAMES = st.text(CHARACTERS, max_size=10), st.text(CHARACTERS, max_size=4)


def in_sqlite(pattern: str, name: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as database:
        (found,) = database.execute("SELECT ? GLOB ?", (name, for_sqlite(pattern))).fetchone()
    return bool(found)


@given(PATTERNS, NAMES)
@example("[!a]", "b")
@example("[^a]", "a")
@example("[]^-]", "^")
@example("[^]^-]", "]")
@example("[z-a]*", "z")
@example("[!z-a]", "q")
@example("[^^]", "^")
@example("[]?\\-é.]", ".")
@example("[a", "[a")
def test_the_database_matches_what_a_name_matches_alone(pattern: str, name: str) -> None:
    assert in_sqlite(pattern, name) == matches(pattern, name)


@given(st.text(st.sampled_from("[]!-*?ab_z"), max_size=8), NAMES)
def test_it_is_what_fnmatch_takes_it_for_but_for_a_caret(pattern: str, name: str) -> None:
    assert matches(pattern, name) == fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [
        ("*.txt", "wires/one.txt", True),
        ("wires/?ne.txt", "wires/one.txt", True),
        ("wires/[a-o]*", "wires/one.txt", True),
        ("wires/[!a-o]*", "wires/one.txt", False),
        ("wires/[^p-z]*", "wires/one.txt", True),
        ("WIRES/*", "wires/one.txt", False),
        ("one.txt", "wires/one.txt", False),
        ("[draft] *", "[draft] one", False),
        ("[[]draft] *", "[draft] one", True),
        ("[draft", "[draft", True),
    ],
)
def test_what_patterns_mean(pattern: str, name: str, matched: bool) -> None:
    assert (matches(pattern, name), in_sqlite(pattern, name)) == (matched, matched)


@pytest.mark.parametrize("pattern", ["*[!r].txt", "*[^r].txt", "*[!a-q]*.t[x]t", "*[*", "*[!*]"])
def test_a_filter_and_a_field_of_a_query_find_the_same(made: Archive, cli: Cli, pattern: str) -> None:
    by_field = cli("search", f'source:"{pattern}"', "--index", made.index, "-n", 99, "--json").json
    by_filter = cli(
        "search", "the OR a OR in", "--source", pattern, "-n", 99, "--index", made.index, "--json"
    )
    both = cli("search", f'(the OR a OR in) source:"{pattern}"', "-n", 99, "--index", made.index, "--json")
    named = {each["document"]["source"] for each in by_field["hits"]}
    assert all(matches(pattern, each) for each in named)
    found = [each["document"]["source"] for each in by_filter.json["hits"]]
    assert found == [each["document"]["source"] for each in both.json["hits"]]
    assert set(found) <= named


def test_a_pattern_is_no_longer_than_the_database_takes() -> None:
    widest = "[\U0001f5de]" * (LONGEST_FILTER // 3)
    assert AskOptions(source=widest).source == widest
    assert not in_sqlite(widest, "x")
    with pytest.raises(OptionError, match=r"source has 2,001 characters"):
        AskOptions(source="x" * (LONGEST_FILTER + 1))
