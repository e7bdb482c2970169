"""The command reference is what the commands say of themselves."""

from __future__ import annotations

import runpy

import pytest

from askbrief.cli.app import COMMANDS, load
from conftest import ROOT, Cli

PAGE = ROOT / "docs" / "commands.md"
_SCRIPT = runpy.run_path(str(ROOT / "docs" / "reference.py"))
WIDTH, reference = _SCRIPT["WIDTH"], _SCRIPT["reference"]


def test_the_page_is_what_the_commands_say() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == reference(), "python docs/reference.py > docs/commands.md"


@pytest.mark.parametrize(
    ("name", "value"), [("COLUMNS", "31"), ("TERM", "dumb"), ("FORCE_COLOR", "1"), ("LANG", "C")]
)
def test_the_page_depends_on_no_terminal(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    expected = reference()
    monkeypatch.setenv(name, value)
    assert reference() == expected
    assert "\x1b" not in expected
    assert max(map(len, expected.split("```")[1].splitlines())) <= WIDTH


def test_every_command_and_option_is_on_the_page(cli: Cli) -> None:
    page = reference()
    assert {"index", "ask", "eval", "show", "status", "remove"} <= set(COMMANDS)
    for name in COMMANDS:
        command = load(name)
        section = page.split(f"## askbrief {name}\n")[1].split("## ")[0]
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("-") or option in section, (name, option)
        helped = cli(name, "--help")
        assert helped.code == 0
        assert helped.out.startswith(f"Usage: askbrief {name}")


@pytest.mark.parametrize(("name", "line"), COMMANDS.items())
def test_a_command_is_listed_with_the_first_line_of_its_help(name: str, line: str) -> None:
    assert load(name).help.splitlines()[0] == line
