"""askbrief verify: the citations of a saved answer against the index and their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import (
    AsJson,
    IndexFolder,
    StoreUrl,
    Where,
    archive_at,
    folder,
    opened,
    option,
)
from askbrief.cli.terminal import STDIN
from askbrief.errors import AnswerError, OptionError
from askbrief.types import Answer
from askbrief.visible_text import on_one_line, visible

if TYPE_CHECKING:
    from rich.text import Text

    from askbrief.verify import Verification, VerifiedCitation

STYLES = {"intact": "green", "moved": "yellow", "changed": "red", "gone": "bold red"}


def verify(
    answer: Annotated[
        str | None,
        typer.Argument(help="Output of `ask --json`; `-` reads standard input.", metavar="ANSWER.json"),
    ] = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    log: Annotated[bool, option("--log", "Check all answers that `ask --save` kept.")] = False,
    json: AsJson = False,
) -> int:
    """Check that the citations of a saved answer still hold.

    Each citation is looked up in the index and in its source file. It is intact; moved, if its words are in
    another place, or the text around them was edited; changed, if other words have replaced it or it names
    another speaker than the index; or gone. If a source file is missing, the index decides. Exit 0 if all
    citations are intact, 1 otherwise.
    """
    answers = _kept(archive_at(index, store)) if log and answer is None else _saved(answer, log)
    with opened(archive_at(index, store)) as archive:
        report = archive.verify(answers)
    if json:
        terminal.as_json(present.verification(report))
    else:
        _print(report)
    return 0 if report.intact else 1


def _saved(answer: str | None, log: bool) -> tuple[Answer, ...]:
    """The answers of a file. Raises OptionError if not just one of a file and the log is named."""
    from askbrief.verify import load

    if answer is None or log:
        raise OptionError("name either a file or `--log`", hint="`askbrief verify answer.json`")
    content = terminal.read_input(answer, "give the output of `ask --json`")
    return load(content, "standard input" if answer == STDIN else answer)


def _kept(where: Where) -> tuple[Answer, ...]:
    """The answers of the log. Raises AnswerError if there are none."""
    from askbrief.answer_log import AnswerLog

    log = AnswerLog(folder(where, "the log of answers"))
    kept = tuple(each.answer for each in log)
    if not kept:
        raise AnswerError(f"{log.path} holds no answer", hint="`askbrief ask --save` keeps one")
    return kept


def _print(report: Verification) -> None:
    """Print each citation with what has become of it, then the count of each state."""
    out = terminal.console()
    for citation in report.citations:
        for line in _lines(citation):
            out.print(line)
    for fault in report.faults:
        out.print(visible(fault), style="red")
    states = Counter[str](citation.state for citation in report.citations)
    counts = ", ".join(f"{states[state]} {state}" for state in STYLES if states[state])
    out.print(counts or "no citations", style="bold")


def _lines(citation: VerifiedCitation) -> Iterator[Text]:
    """State and place, the cited words, the reason, and what is there now if it differs."""
    from rich.text import Text

    place = f"{citation.document.source} · characters {citation.start}–{citation.end}"
    yield Text.assemble((f"{citation.state:<9}", STYLES[citation.state]), on_one_line(place))
    yield Text(f"         {visible(citation.text)}")
    yield Text(f"         {visible(citation.why)}", style="dim")
    if citation.found and citation.found.text != citation.text:
        yield Text.assemble("    now  ", visible(citation.found.text))
