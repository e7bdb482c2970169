"""The command reference and the manual page are what the commands say of themselves."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import tomllib

import pytest

from askbrief.cli.app import COMMANDS, load
from conftest import ROOT, Cli

PAGE = ROOT / "docs" / "commands.md"
_SCRIPT = runpy.run_path(str(ROOT / "docs" / "reference.py"))
MANUAL = ROOT / "docs" / "askbrief.1"
_MAN = runpy.run_path(str(ROOT / "docs" / "manual.py"))
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


def test_the_manual_is_what_the_commands_say() -> None:
    page = MANUAL.read_text(encoding="utf-8")
    assert page == _MAN["manual"](), "python docs/manual.py > docs/askbrief.1"
    for name in COMMANDS:
        section = page.split(f".SS askbrief {name}\n")[1].split(".SS ")[0]
        for parameter in load(name).params:
            for option in parameter.opts:
                assert not option.startswith("-") or option.replace("-", "\\-") in section, (name, option)


def test_the_manual_is_installed_where_man_looks() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    files = declared["tool"]["setuptools"]["data-files"]
    assert [ROOT / each for each in files["share/man/man1"]] == [MANUAL]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("`--json` prints", "\\fB\\-\\-json\\fR prints"),
        (".askbriefignore", "\\&.askbriefignore"),
        ("'tis \\ “so”", "\\&'tis \\e \\[u201C]so\\[u201D]"),
    ],
)
def test_text_is_no_request_of_roff(text: str, written: str) -> None:
    assert _MAN["roff"](text) == written


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_man_can_show_the_manual_without_a_complaint() -> None:
    ran = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", MANUAL], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "--install-completion" in ran.stdout


@pytest.mark.parametrize(("name", "line"), COMMANDS.items())
def test_a_command_is_listed_with_the_first_line_of_its_help(name: str, line: str) -> None:
    assert load(name).help.splitlines()[0] == line
