"""The command reference: every command's own help, as Markdown, whatever terminal it is written on.

``python -m askbrief.cli.reference > docs/commands.md`` writes it; a test holds the page to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from askbrief.cli import app

WIDTH = 100
HEAD = """\
# Commands

Every command's help, as `python -m askbrief.cli.reference` writes it from the code; a test holds this
page to it.

Exit status: 0 answered, or done; 1 not found in the archive; 2 an error, told in one line on standard error.
Results go to standard output, progress and notes to standard error.
"""


def reference() -> str:
    """The page, ready to be written."""
    return "\n".join([HEAD, *_sections(typer.main.get_command(app))])


def _sections(group: Any) -> Iterator[str]:
    context = group.make_context("askbrief", [], resilient_parsing=True, **_SETTINGS)
    yield _section("askbrief", group.get_help(context))
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True, **_SETTINGS)
        yield _section(f"askbrief {name}", command.get_help(inner))


_SETTINGS = {"terminal_width": WIDTH, "max_content_width": WIDTH}


def _section(title: str, told: str) -> str:
    lines = "\n".join(line.rstrip() for line in told.strip().splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"


if __name__ == "__main__":
    print(reference(), end="")
