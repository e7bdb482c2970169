"""Options that several commands share, declared once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief.settings import Settings

if TYPE_CHECKING:
    from askbrief.api import Index

IndexFolder = Annotated[
    Path | None,
    typer.Option("--index", help="Index folder (default: $ASKBRIEF_INDEX, else ./index).", metavar="DIR"),
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader",
        help="Reading model: a Hugging Face question-answering model, by name or folder, or `none` for the "
        "lexical baseline (default: $ASKBRIEF_READER, else the packaged reader).",
        metavar="NAME",
    ),
]
Passages = Annotated[int, typer.Option("-k", help="Number of passages to read.", metavar="N")]

Since = Annotated[
    str | None,
    typer.Option(help="Only documents from this day on, e.g. 2024-06-07.", metavar="DATE"),
]
Until = Annotated[
    str | None,
    typer.Option(help="Only documents up to this day, e.g. 2024-06-07.", metavar="DATE"),
]
SourceGlob = Annotated[
    str | None,
    typer.Option("--source", help="Only documents whose source name matches this pattern.", metavar="GLOB"),
]
SpeakerName = Annotated[
    str | None, typer.Option("--speaker", help="Only statements attributed to this speaker.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(given: Path | None) -> Path:
    """The index folder: as given, else as set in the environment, else ./index."""
    return given or Settings.from_environment().index


def reader_name(given: str | None) -> str | None:
    """The reader: as given, else as set in the environment, else None for the packaged one."""
    return given or Settings.from_environment().reader


def opened(index: Path | None, reader: str | None = None) -> Index:
    """The index, open to be asked."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads that nothing here uses
    from askbrief.api import Index

    return Index.open(folder(index), reader=reader_name(reader))
