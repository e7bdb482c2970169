"""Completion of commands and options in bash, zsh and fish, as ``--show-completion`` sets it up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from askbrief.cli.app import COMMANDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="bash, zsh and fish")

SCRIPT = """
import sys
from askbrief.cli import run
run()
"""
BASH = """
source "$1"
COMP_WORDS=({words}) COMP_CWORD={place}
_askbrief_completion askbrief
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
compdef() {{ : }}
_arguments() {{ print -r -- "$@" }}
source "$1"
words=({words}) CURRENT={last}
_askbrief_completion
"""
FISH = 'source $argv[1]; complete --do-complete "{line}"'
SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}

CASES = [
    ("askbrief sp", {"speakers"}, {"search", "--since"}),
    ("askbrief s", {"search", "speakers", "show", "serve", "status"}, {"ask"}),
    ("askbrief speakers --s", {"--since", "--source"}, {"--until", "speakers"}),
    ("askbrief ask --form", {"--format"}, {"--since"}),
    ("askbrief eval --sa", {"--save"}, {"--json"}),
]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a command called askbrief."""
    path = tmp_path_factory.mktemp("bin") / "askbrief"
    path.write_text(f"#!{sys.executable}{SCRIPT}", encoding="utf-8")
    path.chmod(0o700)
    return path.parent


def environment(command: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{command}{os.pathsep}{os.environ['PATH']}", **more}


def asked(command: Path, shell: str, line: str) -> str:
    """What the command answers to its own script of a shell."""
    words = line.split(" ")
    protocol = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    ran = subprocess.run(
        ["askbrief"],
        env=environment(command, _ASKBRIEF_COMPLETE=f"complete_{shell}", **protocol),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    return ran.stdout


def offered(shown: str) -> set[str]:
    """The words that are offered, without what they mean."""
    known = {*COMMANDS, "--since", "--source", "--until", "--format", "--save", "--json"}
    words = shown.replace('"', " ").replace(":", " ").split()
    return known.intersection(words)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("line", "right", "wrong"), CASES)
def test_commands_and_their_options_are_offered(
    command: Path, shell: str, line: str, right: set[str], wrong: set[str]
) -> None:
    found = offered(asked(command, shell, line))
    assert right <= found
    assert not wrong & found


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_offers_them(command: Path, shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"needs {shell}")
    script = tmp_path / "completion"
    with script.open("w", encoding="utf-8") as file:
        source = environment(command, _ASKBRIEF_COMPLETE=f"source_{shell}")
        subprocess.run(["askbrief"], env=source, stdout=file, check=True)
    for line, right, wrong in CASES[:3]:
        words = line.split(" ")
        quick = SHELLS[shell].format(words=line, line=line, place=len(words) - 1, last=len(words))
        ran = subprocess.run(
            [program, "-c", quick, *([] if shell == "fish" else [shell]), str(script)],
            env=environment(command),
            capture_output=True,
            text=True,
            check=False,
        )
        found = offered(ran.stdout)
        assert right <= found, ran
        assert not wrong & found
