"""askbrief check: the quotations of a draft, labelled against the archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief.cli import output
from askbrief.cli.options import AsJson, IndexFolder, folder
from askbrief.errors import SourceError, StorageError

if TYPE_CHECKING:
    from rich.text import Text

    from askbrief.check import Checked

FROM_INPUT = "-"
STYLES = {"exact": "green", "altered": "bold yellow", "misattributed": "bold magenta", "absent": "bold red"}


def check(
    draft: Annotated[
        str, typer.Argument(help="A draft, text or Markdown; - reads standard input.", metavar="DRAFT")
    ],
    index: IndexFolder = None,
    json: AsJson = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a report in Markdown too.", metavar="FILE.md")
    ] = None,
) -> int:
    """Label each quotation of a draft: exact, altered, misattributed or absent in the archive.

    Exit 0 where all are exact, or there is none; 1 where one is not.
    """
    text = _read(draft)
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # numpy would start threads that checking has no use for
    from askbrief.api import Index
    from askbrief.check import report as reports

    with Index.open(folder(index)) as archive:
        checked = archive.check(text)
    if report:
        _write(report, reports.markdown(checked, "standard input" if draft == FROM_INPUT else draft))
    if json:
        output.as_json(reports.records(checked))
    else:
        _print(checked)
    return 0 if all(one.label == "exact" for one in checked) else 1


def _read(draft: str) -> str:
    """The draft's text. Raises SourceError."""
    from askbrief.formats.decoding import decode

    if draft == FROM_INPUT:
        return decode(sys.stdin.buffer.read(), "standard input")
    try:
        return decode(Path(draft).read_bytes(), draft)
    except FileNotFoundError as error:
        raise SourceError(f"no such file: {draft}; check the path and the folder you are in") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{draft} can't be read: {why}; give a file of text or Markdown") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path} can't be written: {error.strerror}; choose another place") from error


def _print(checked: Sequence[Checked]) -> None:
    """A table on a terminal; in a pipe, a line a quotation with tabs between its fields."""
    from askbrief.check.report import place, summary

    out = output.console()
    if not checked:
        out.print(summary(checked))
        return
    if out.is_terminal:
        out.print(_table(checked))
    else:
        for one in checked:
            fields = (str(one.line), one.label, one.speaker or "", _told(one).plain)
            print("\t".join([*fields, _shown(place(one.match)) if one.match else ""]))
    output.note(summary(checked))


def _table(checked: Sequence[Checked]) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from askbrief.check.report import place

    table = Table(box=box.SIMPLE, padding=(0, 1), show_edge=False)
    table.add_column("line", justify="right", style="dim")
    table.add_column("label", no_wrap=True)
    table.add_column("quotation", ratio=3)
    table.add_column("in the draft")
    table.add_column("in the archive", ratio=2)
    for one in checked:
        where = f"{one.match.speaker or 'no named speaker'}: {place(one.match)}" if one.match else "–"
        label = Text(one.label, style=STYLES[one.label])
        speaker = Text(_shown(one.speaker or "–"))
        table.add_row(str(one.line), label, _told(one), speaker, Text(_shown(where), style="dim"))
    return table


def _told(one: Checked) -> Text:
    """The quotation, with what is not as in the archive marked as wdiff does."""
    from rich.text import Text

    if not one.difference:
        return Text(f"“{_shown(one.text)}”")
    told = Text("“")
    for number, piece in enumerate(one.difference):
        told.append(" " if number else "")
        if piece.change in ("kept", "allowed"):
            told.append(_shown(piece.draft or piece.archive))
            continue
        if piece.archive:
            told.append(f"[-{_shown(piece.archive)}-]", style="red")
        if piece.draft:
            told.append(f"{{+{_shown(piece.draft)}+}}", style="yellow")
    return told.append("”")


def _shown(text: str) -> str:
    """The text on one line, control characters, which could steer a terminal, as their symbols."""
    return " ".join(text.split()).translate(output.SYMBOLS)
