"""askbrief quotes: who said what, and where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import (
    AsJson,
    Format,
    IndexFolder,
    Since,
    SourceGlob,
    SpeakerName,
    StoreUrl,
    Until,
    archive_at,
    opened,
    option,
)
from askbrief.cli.terminal import note_other_languages
from askbrief.options import AskOptions
from askbrief.types import Quoted, Source
from askbrief.visible_text import on_one_line, visible


def quotes(
    speaker: SpeakerName = None,
    about: Annotated[
        str | None, option("--about", "Only quotations with all these words, in any inflection.", "TEXT")
    ] = None,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    document: Annotated[
        str | None,
        option(
            "--document",
            "Only this document: its id, its source name, or a unique end of either.",
            "DOCUMENT",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("-n", "--limit", help="Number of quotations (default: all).", metavar="N", min=1),
    ] = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
    format: Format = None,  # noqa: A002 — the option's name
) -> int:
    """List quotations with their speakers and places.

    Exit 0 if there are any, 1 if there are none.
    """
    present.require_format(format)
    options = AskOptions(since=since, until=until, source=source, speaker=speaker)
    with opened(archive_at(index, store)) as archive:
        every = archive.each_quotation(options, about=about, document=document)
        found = list(islice(every, limit))
        left = sum(1 for _ in every) if about else None  # else they are counted without reading them
        total = archive.quotation_count(options, document=document) if left is None else len(found) + left
        named = [Source.of(archive.show(document)[0])] if document else []
        notes = archive.filter_notes(options)
    if format:
        terminal.put(present.exported(present.of_quotations(found), format))
    elif json:
        terminal.as_json([present.quotation(each) for each in found])
    else:
        _print(found)
    if len(found) < total:
        terminal.note(f"{len(found)} of {present.number(total, 'quotation')}")
    for each in notes:
        terminal.note(f"note: {visible(each)}")
    note_other_languages(named or [each.document for each in found])
    return 0 if found else 1


def _print(found: Sequence[Quoted]) -> None:
    """Print speaker, words and place of each quotation."""
    from rich.text import Text

    out = terminal.console()
    for quoted in found:
        q = quoted.quotation
        who = ", ".join(part for part in (q.name or quoted.speaker, q.role) if part) or "unknown"
        cue = " ".join(quoted.cue.split()) if q.polarity == "attitude" else q.polarity
        polarity = "" if q.polarity == "said" else f" [{cue}]"
        words = " ".join(quoted.text.split())
        place = " · ".join(filter(None, (quoted.document.day, *present.parts(quoted), q.kind)))
        out.print(Text(visible(f"{who}{polarity}:"), style="bold"))
        out.print(Text(visible(f"    “{words}”" if q.kind == "direct" else f"    {words}")))
        out.print(Text(f"    {on_one_line(place)}", style="dim"))
    if not found:
        terminal.note("no matching quotations")
