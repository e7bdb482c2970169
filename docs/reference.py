"""The command reference: every command's help as Markdown, independent of the terminal.

``python docs/reference.py > docs/commands.md`` writes the page; a test fails if it is out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from askbrief.cli.app import COMMANDS, app, load

WIDTH = 100
HEAD = """\
# Commands

The help of every command, written from the code by `python docs/reference.py`.

Exit status: 0, answered or done; 1, not found in the archive; 2, an error, printed as `error: …`, mostly with
a `hint: …` below it; 130, interrupted by Ctrl-C, with one line; 141, silently, if what reads the output has
gone, as in `askbrief quotes | head -1`. Results go to standard output, progress and notes to standard error.

Ctrl-C loses nothing: what was committed stays, and the next `askbrief index` goes on from there. A second
Ctrl-C ends the process at once.

`askbrief --install-completion` installs completion of commands and options for the shell that it is run from:
bash, zsh, fish or PowerShell. `askbrief --show-completion` prints it instead, to be kept where a shell looks
for it: bash in `/usr/share/bash-completion/completions/askbrief`, zsh in a folder of `$fpath` as `_askbrief`,
fish in `~/.config/fish/completions/askbrief.fish`. New commands and options need no new installation.

`man askbrief` shows the manual, which is installed to `share/man/man1` of the environment; from a clone,
`man docs/askbrief.1` does. `python -m askbrief` is the same as `askbrief`.
"""


def reference() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    context = group.make_context("askbrief", [], resilient_parsing=True, **_SETTINGS)
    yield _section("askbrief", group.get_help(context))
    for name in COMMANDS:
        command = load(name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True, **_SETTINGS)
        yield _section(f"askbrief {name}", command.get_help(inner))


_SETTINGS = {"terminal_width": WIDTH, "max_content_width": WIDTH}


def _section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"


if __name__ == "__main__":
    print(reference(), end="")
