"""The command reference is what the commands say of themselves."""

from __future__ import annotations

import pytest
import typer

from askbrief.cli import app
from askbrief.cli.reference import WIDTH, reference
from conftest import ROOT, Cli

PAGE = ROOT / "docs" / "commands.md"


def test_the_page_is_what_the_commands_say() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == reference(), "python -m askbrief.cli.reference > docs/commands.md"


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
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    assert {"index", "ask", "eval", "show", "status", "remove"} <= set(commands)
    for name, command in commands.items():
        section = page.split(f"## askbrief {name}\n")[1].split("## ")[0]
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("-") or option in section, (name, option)
        helped = cli(name, "--help")
        assert helped.code == 0
        assert helped.out.startswith(f"Usage: askbrief {name}")
