"""askbrief speakers: who is quoted, and how often."""

from __future__ import annotations

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, IndexFolder, opened
from askbrief.cli.terminal import on_one_line


def speakers(index: IndexFolder = None, json: AsJson = False) -> int:
    """List who is quoted, most often first.

    Exit 0 if anybody is, 1 if nobody is.
    """
    with opened(index) as archive:
        found = archive.speakers()
    if json:
        terminal.as_json([present.speaker(each) for each in found])
        return 0 if found else 1
    from rich.table import Table

    table = Table("speaker", "role", box=None, pad_edge=False, header_style="dim")
    for name in ("quotations", "documents"):
        table.add_column(name, justify="right")
    table.add_column("days")
    for each in found:
        days = " – ".join(dict.fromkeys(day for day in (each.since, each.until) if day))
        row = (each.name, each.role, str(each.quotations), str(each.documents), days)
        table.add_row(*map(on_one_line, row))
    terminal.console().print(table)
    return 0 if found else 1
