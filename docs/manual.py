"""The manual page: every command's help as roff, which ``man`` shows.

``python docs/manual.py > docs/askbrief.1`` writes the page; a test fails if it is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from askbrief._version import __version__
from askbrief.cli.app import COMMANDS, app, load

ENVIRONMENT = {
    "ASKBRIEF_INDEX": "The index folder, if `--index` names none.",
    "ASKBRIEF_READER": "The reading model, if `--reader` names none.",
    "ASKBRIEF_TOKEN": "What clients of `askbrief serve` and `askbrief mcp --http` must send.",
    "ASKBRIEF_DEBUG": "Show the traceback of an error, as `--debug` does.",
    "NO_COLOR": "Print without colours.",
}
STATUS = {
    "0": "Answered, or done.",
    "1": "Not found in the archive.",
    "2": "An error, printed as `error: ...`, mostly with a `hint: ...` below it.",
    "130": "Interrupted by Ctrl-C. What was committed stays; the next `askbrief index` goes on from there.",
    "141": "What reads the output has gone.",
}
MARKED = re.compile(r"`([^`]+)`")
"""What is to be typed as it is."""


def manual() -> str:
    """The page as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    context = group.make_context("askbrief", [], resilient_parsing=True)
    yield f'.TH ASKBRIEF 1 "" "askbrief {__version__}" "User Commands"'
    yield from (".SH NAME", f"askbrief \\- {roff(_first(group.help))}")
    yield from (".SH SYNOPSIS", roff("`askbrief` [OPTIONS] COMMAND [ARGS]..."))
    yield from (".SH DESCRIPTION", *_paragraphs(group.help))
    yield from (".SH OPTIONS", *_options(group, context))
    yield ".SH COMMANDS"
    for name in COMMANDS:
        command = load(name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        usage = " ".join(command.collect_usage_pieces(inner))
        yield from (f".SS askbrief {name}", roff(f"`askbrief {name}` {usage}"), ".PP")
        yield from _paragraphs(command.help)
        yield from _options(command, inner)
    yield from (".SH EXIT STATUS", *_items(STATUS.items()))
    yield from (".SH ENVIRONMENT", *_items(ENVIRONMENT.items()))


def _first(text: str) -> str:
    return text.splitlines()[0].rstrip(".")


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield roff(" ".join(paragraph.split()))


def _options(command: Any, context: Any) -> Iterator[str]:
    records = (each.get_help_record(context) for each in command.get_params(context))
    yield from _items(record for record in records if record)


def _items(items: Any) -> Iterator[str]:
    """A list of terms, each with what it means."""
    for term, meaning in items:
        yield from (".TP", f"\\fB{roff(term)}\\fR", roff(" ".join(meaning.split())))


def roff(text: str) -> str:
    """A line of text, with what is to be typed in bold, and with nothing that roff takes for a request."""
    parts = MARKED.split(text)
    shown = "".join(
        f"\\fB{_plain(part)}\\fR" if place % 2 else _plain(part) for place, part in enumerate(parts)
    )
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


def _plain(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in escaped)


if __name__ == "__main__":
    print(manual(), end="")
