"""Options are checked alike in Python and on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askbrief import Index
from askbrief.errors import OptionError
from askbrief.options import AskOptions, IndexOptions
from conftest import Archive, Cli, assert_line


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "-k is 0"),
        ({"threshold": 80}, "from 0 to 1"),
        ({"threshold": -0.1}, "from 0 to 1"),
        ({"since": "yesterday"}, "'yesterday'"),
        ({"until": "2024-13-01"}, "'2024-13-01'"),
        ({"since": "20240607"}, "write it as 2024-06-07"),
        ({"since": "2024-06-08", "until": "2024-06-07"}, "after"),
    ],
)
def test_what_an_option_of_asking_cannot_be(made: Archive, options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        AskOptions(**options)
    with Index.open(made.index) as index, pytest.raises(OptionError, match=message):
        index.ask("who?", **options)


@pytest.mark.parametrize("name", ["since", "until"])
def test_every_method_with_a_filter_checks_it(made: Archive, name: str) -> None:
    with Index.open(made.index) as index:
        for ask in (lambda **days: index.hits("who?", **days), index.quotations):
            with pytest.raises(OptionError, match="'soon'"):
                ask(**{name: "soon"})


def test_the_command_line_refuses_what_python_does(made: Archive, cli: Cli) -> None:
    assert_line(cli("ask", "who?", "--since", "yesterday", "--index", made.index), "yesterday")
    assert_line(cli("quotes", "--until", "soon", "--index", made.index), "soon")
    assert_line(cli("ask", "who?", "--threshold", "80", "--index", made.index), "80")


def test_at_least_one_process_embeds() -> None:
    with pytest.raises(OptionError, match="workers is 0"):
        IndexOptions(workers=0)


@pytest.mark.parametrize(
    "given",
    [{"k": True}, {"k": 2.5}, {"k": "3"}, {"k": 10**12}, {"threshold": float("nan")}, {"threshold": "x"},
     {"source": ""}, {"source": "a\0b"}, {"source": 5}, {"speaker": " "}, {"speaker": 5}],
)  # fmt: skip
def test_the_library_refuses_what_no_option_can_be(given: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        AskOptions(**given)


def test_no_address_ends_the_sequence_that_makes_a_link() -> None:
    from askbrief.cli.terminal import link
    from askbrief.present import to_json
    from askbrief.visible_text import on_one_line, visible

    assert link("javascript:alert(1)") is None
    hostile = "https://x.example/\x1b\\\x1b]8;;https://y.example/\x07\x9c \u202eé"
    assert set(link(hostile) or "") <= set(map(chr, range(33, 127)))
    for shown in (visible(hostile), on_one_line(hostile), to_json(hostile)):
        assert not {"\x1b", "\x07", "\x9c", "\u202e"} & set(shown)
    assert json.loads(to_json(hostile)) == hostile
