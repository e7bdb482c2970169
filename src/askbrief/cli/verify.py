"""askbrief verify: the citations of a saved answer against the index and their sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from askbrief.cli import output
from askbrief.cli.options import AsJson, IndexFolder, folder
from askbrief.errors import AnswerError

FROM_INPUT = "-"


def verify(
    answer: Annotated[
        str, typer.Argument(help="What ask --json printed; - reads standard input.", metavar="ANSWER.json")
    ],
    index: IndexFolder = None,
    json: AsJson = False,
) -> int:
    """Check that the citations of a saved answer still hold, in the index and in their source files.

    A citation is intact; moved, its words stand elsewhere or in a text that has changed; changed, other words
    stand for them; or gone. Exit 1 where one is not intact. Where a source is missing, the index decides.
    """
    from askbrief.verify import load

    answers = load(_content(answer), "standard input" if answer == FROM_INPUT else answer)
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        report = archive.verify(answers)
    if json:
        output.as_json(report)
    else:
        output.report(report)
    return 0 if report.intact else 1


def _content(name: str) -> bytes:
    """The bytes of a file, or of standard input."""
    if name == FROM_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise AnswerError(f"{name} can't be read: {why}; save what ask --json prints") from error
