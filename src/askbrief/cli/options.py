"""Options that several commands share, declared once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from askbrief.settings import Settings

IndexFolder = Annotated[
    Path | None,
    typer.Option(
        "--index", help="Folder of the index (default: $ASKBRIEF_INDEX, else ./index).", metavar="DIR"
    ),
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader",
        help="What reads: a Hugging Face question-answering model, by name or folder, or none for sentence "
        "scoring (default: $ASKBRIEF_READER, else the reader that ships).",
        metavar="NAME",
    ),
]


def _day(given: str | None) -> str | None:
    """An ISO day, or a plain usage error."""
    if given is None:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise typer.BadParameter(f"{given!r} is no day: write it as 2024-06-07") from error


Since = Annotated[
    str | None, typer.Option(help="Only documents of this day or later.", metavar="DATE", callback=_day)
]
Until = Annotated[
    str | None, typer.Option(help="Only documents of this day or earlier.", metavar="DATE", callback=_day)
]
SourceGlob = Annotated[
    str | None,
    typer.Option("--source", help="Only documents whose source matches this pattern.", metavar="GLOB"),
]
SpeakerName = Annotated[
    str | None, typer.Option("--speaker", help="Only what is attributed to this speaker.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(given: Path | None) -> Path:
    """The index folder: as given, else as set in the environment, else ./index."""
    return given or Settings.from_environment().index


def reader(given: str | None) -> str | None:
    """The reader: as given, else as set in the environment, else the one that ships."""
    return given or Settings.from_environment().reader
