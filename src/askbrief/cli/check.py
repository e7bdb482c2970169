"""askbrief check: the quotations of a draft against the archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.options import AsJson, IndexFolder, opened, option
from askbrief.cli.terminal import STDIN

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from askbrief.check import Checked

STYLES = {"exact": "green", "altered": "bold yellow", "misattributed": "bold magenta", "absent": "bold red"}


def check(
    draft: Annotated[
        str, typer.Argument(help="Text or Markdown file; `-` reads standard input.", metavar="DRAFT")
    ],
    index: IndexFolder = None,
    json: AsJson = False,
    report: Annotated[Path | None, option("--report", "Also write a report in Markdown.", "FILE.md")] = None,
) -> int:
    """Check the quotations of a draft against the archive.

    Each quotation is labelled exact, altered, misattributed or absent. Exit 0 if all are exact, or there are
    none; 1 otherwise.
    """
    from askbrief.formats.decoding import decode

    name = "standard input" if draft == STDIN else draft
    text = decode(terminal.read_input(draft, "give a text or Markdown file"), name)
    with opened(index) as archive:
        checked = archive.check(text)
    if report:
        terminal.write_file(report, present.check_report(checked, name))
    if json:
        terminal.as_json(present.check(checked))
    else:
        _print(checked)
    return 0 if all(each.label == "exact" for each in checked) else 1


def _print(checked: Sequence[Checked]) -> None:
    """Print a table on a terminal; in a pipe, a line a quotation with tabs between its fields."""
    out = terminal.console()
    if not checked:
        out.print(present.check_summary(checked))
        return
    if out.is_terminal:
        out.print(_table(checked))
    else:
        for each in checked:
            place = _one_line(present.place(each.match)) if each.match else ""
            print("\t".join([str(each.line), each.label, each.speaker or "", _marked(each).plain, place]))
    terminal.note(present.check_summary(checked))


def _table(checked: Sequence[Checked]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, padding=(0, 1), show_edge=False)
    table.add_column("line", justify="right", style="dim")
    table.add_column("label", no_wrap=True)
    table.add_column("quotation", ratio=3)
    table.add_column("in the draft")
    table.add_column("in the archive", ratio=2)
    for each in checked:
        match = each.match
        where = f"{match.speaker or 'no named speaker'}: {present.place(match)}" if match else "–"
        label = Text(each.label, style=STYLES[each.label])
        speaker = Text(_one_line(each.speaker or "–"))
        table.add_row(str(each.line), label, _marked(each), speaker, Text(_one_line(where), style="dim"))
    return table


def _marked(checked: Checked) -> Text:
    """The quotation, with its differences from the archive marked as wdiff does."""
    from rich.text import Text

    if not checked.difference:
        return Text(f"“{_one_line(checked.text)}”")
    marked = Text("“")
    for number, each in enumerate(checked.difference):
        marked.append(" " if number else "")
        if each.change in ("kept", "allowed"):
            marked.append(_one_line(each.draft or each.archive))
            continue
        if each.archive:
            marked.append(f"[-{_one_line(each.archive)}-]", style="red")
        if each.draft:
            marked.append(f"{{+{_one_line(each.draft)}+}}", style="yellow")
    return marked.append("”")


def _one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return terminal.on_one_line(" ".join(text.split()))
