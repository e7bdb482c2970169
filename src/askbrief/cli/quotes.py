"""askbrief quotes and speakers: who is quoted with what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from askbrief.cli import output
from askbrief.cli.options import AsJson, IndexFolder, Since, SourceGlob, SpeakerName, Until, folder


def quotes(
    speaker: SpeakerName = None,
    about: Annotated[
        str | None, typer.Option(help="Only what has all these words, in some form, in it.", metavar="TEXT")
    ] = None,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    document: Annotated[
        str | None,
        typer.Option(
            help="Only of this document: its id, its source, or a unique end of either.", metavar="DOCUMENT"
        ),
    ] = None,
    index: IndexFolder = None,
    json: AsJson = False,
) -> int:
    """List quotations: who said what, where; exit 1 where there is none."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        found = archive.quotations(
            speaker=speaker, about=about, since=since, until=until, source=source, document=document
        )
    if json:
        output.as_json([output.quotation(each) for each in found])
    else:
        output.quotations(found)
    return 0 if found else 1


def speakers(index: IndexFolder = None, json: AsJson = False) -> int:
    """Count who is quoted, most often first; exit 1 where nobody is."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        found = archive.speakers()
    if json:
        output.as_json([asdict(each) for each in found])
    else:
        output.speakers(found)
    return 0 if found else 1
