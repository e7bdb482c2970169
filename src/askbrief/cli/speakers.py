"""askbrief speakers: who is quoted, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import (
    AsJson,
    IndexFolder,
    Since,
    SourceGlob,
    StoreUrl,
    Until,
    archive_at,
    opened,
    option,
)
from askbrief.options import AskOptions
from askbrief.types import Speaker
from askbrief.visible_text import on_one_line, visible


def speakers(
    name: Annotated[
        str | None, option("--name", "Only speakers with these letters in a form of their name.", "TEXT")
    ] = None,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
) -> int:
    """List who is quoted, most often first.

    Exit 0 if anybody is, 1 if nobody is.
    """
    with opened(archive_at(index, store)) as archive:
        found = archive.speakers(name=name, since=since, until=until, source=source)
        notes = archive.filter_notes(AskOptions(since=since, until=until, source=source))
    if json:
        terminal.as_json([present.speaker(each) for each in found])
    else:
        _print(found)
    for each in notes:
        terminal.note(f"note: {visible(each)}")
    return 0 if found else 1


def _print(found: Sequence[Speaker]) -> None:
    """Print a table of speakers."""
    if not found:
        terminal.note("no matching speakers")
        return
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
