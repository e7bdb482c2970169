"""askbrief check: the quotations of a draft against the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, Format, IndexFolder, StoreUrl, archive_at, opened, option
from askbrief.cli.terminal import STDIN
from askbrief.visible_text import on_one_line

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from askbrief.check import Checked

STYLES = {
    "exact": "green", "unconfirmed": "bold cyan", "altered": "bold yellow", "misattributed": "bold magenta",
    "absent": "bold red",
}  # fmt: skip
LEGEND = "[-…-] is only in the archive, {+…+} only in the draft."


def check(
    draft: Annotated[
        str,
        typer.Argument(
            help="Text, Markdown, HTML, DOCX or ODT file; `-` reads standard input.", metavar="DRAFT"
        ),
    ],
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
    format: Format = None,  # noqa: A002 — the option's name
    report: Annotated[Path | None, option("--report", "Also write a report in Markdown.", "FILE.md")] = None,
) -> int:
    """Check the quotations of a draft against the archive.

    Each quotation is labelled exact (words and speaker), unconfirmed (the words are exact, but the archive
    doesn't have them as a quotation, or doesn't establish the speaker), altered, misattributed or absent.
    Block quotes are quotations too. Exit 0 if all are exact, or there are none; 1 otherwise, and if a
    quotation mark has no partner.
    """
    from askbrief.check import read_draft

    present.require_format(format)
    if report:
        terminal.require_report(report, present.REPORT_BEGINS)
    name = "standard input" if draft == STDIN else draft
    written = read_draft(terminal.read_input(draft, "give a text or Markdown file"), name)
    with opened(archive_at(index, store)) as archive:
        checked = archive.check(written.text)
    checked = tuple(replace(each, line=written.number(each.line)) for each in checked)
    if report:
        terminal.write_file(report, present.check_report(checked, name, written.numbers))
    if format == "markdown":
        terminal.put(present.check_report(checked, name, written.numbers))
    elif format:
        terminal.put(present.exported(present.of_check(checked, name, written.numbers), format))
    elif json:
        terminal.as_json(present.check(checked))
    else:
        _print(checked, written.numbers)
    _note_languages(written.text, checked)
    return 0 if all(each.label == "exact" and not each.unpaired for each in checked) else 1


def _note_languages(draft: str, checked: Sequence[Checked]) -> None:
    """Say so if the draft, or a document with a quotation of it, is not in English."""
    from askbrief.english.languages import language_name
    from askbrief.formats.language import foreign

    code = foreign(draft)
    if code:
        terminal.note(
            f"note: the draft seems to be in {language_name(code)}; quotations and speakers are found "
            "reliably in English only"
        )
    terminal.note_other_languages(each.match.document for each in checked if each.match)


def _print(checked: Sequence[Checked], numbers: str) -> None:
    """Print a block a quotation on a terminal; in a pipe, a line a quotation with tabs between its fields."""
    out = terminal.console()
    if not checked:
        out.print(present.check_summary(checked))
        return
    if out.is_terminal:
        out.print(blocks(checked, numbers))
    else:
        for each in checked:
            print("\t".join(_fields(each)))
    if any(each.difference for each in checked):
        terminal.note(LEGEND)
    terminal.note(present.check_summary(checked))


def _fields(each: Checked) -> list[str]:
    """The line, the label, the draft's speaker, the quotation with its differences, the place, the archive's
    speaker, the archive's words, and why it is unconfirmed."""
    place = _one_line(present.place(each.match)) if each.match else ""
    speakers = [_one_line(who or "") for who in (each.speaker, each.said_by)]
    words = _one_line(_archive_words(each))
    fields = [str(each.line), each.label, speakers[0], _marked(each).plain, place, speakers[1], words]
    return [*fields, each.reason or ""]


def blocks(checked: Sequence[Checked], numbers: str) -> Table:
    """For each quotation its label, the draft's words and the archive's, folded to the terminal's width."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for number, each in enumerate(checked):
        if number:
            table.add_row("", "")
        label = Text(each.label, style=STYLES[each.label])
        if each.unpaired:
            label.append(" (a quotation mark has no partner)", style="yellow")
        if each.reason:
            label.append(f": {present.REASONS[each.reason]}", style="dim")
        table.add_row(f"{numbers} {each.line}", label)
        table.add_row("draft", _marked(each).append(f" {_by(each.speaker)}", style="dim"))
        if each.match:
            words = Text(f"“{_one_line(_archive_words(each))}”")
            place = f"{_by(each.said_by)}, {_one_line(present.place(each.match))}"
            table.add_row("archive", words.append(f" {place}", style="dim"))
        else:
            table.add_row("archive", Text("nothing similar", style="dim"))
    return table


def _by(speaker: str | None) -> str:
    return f"– {_one_line(speaker)}" if speaker else "– no named speaker"


def _archive_words(each: Checked) -> str:
    return each.match.answer.text if each.match and each.match.answer else ""


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
    return on_one_line(" ".join(text.split()))
