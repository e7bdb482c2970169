"""Options that several commands share, declared once."""

from __future__ import annotations

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
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(given: Path | None) -> Path:
    """The index folder: as given, else as set in the environment, else ./index."""
    return given or Settings.from_environment().index
