"""The options of `askbrief index`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from askbrief.cli.shared_options import option

FIELD = "Field of JSON or CSV records with the {}."

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        help="Files, folders, and http(s) addresses of pages, feeds and sitemaps; `-` reads standard input, "
        "one text or JSON lines (default: seeds/).",
        metavar="PATH|URL...",
    ),
]
Rebuild = Annotated[bool, option("--rebuild", "Rebuild from PATHs, or from the documents already indexed.")]
Model = Annotated[
    str | None, option("--model", "SentenceTransformer for embedding, by name or folder.", "NAME")
]
Device = Annotated[
    str | None,
    option(
        "--device",
        "PyTorch device for embedding, e.g. cuda:1. Without it, the default model runs in int8 on the CPU, "
        "others on the best device.",
        "NAME",
    ),
]
Workers = Annotated[int, option("--workers", "Number of embedding processes, with PyTorch.", "N")]
AllowPrivate = Annotated[bool, option("--allow-private", "Also fetch from private and local addresses.")]
TextField = Annotated[str | None, option("--text-field", FIELD.format("text"), "NAME")]
TitleField = Annotated[str | None, option("--title-field", FIELD.format("title"), "NAME")]
DateField = Annotated[str | None, option("--date-field", FIELD.format("date"), "NAME")]
UrlField = Annotated[str | None, option("--url-field", FIELD.format("url"), "NAME")]
IdField = Annotated[str | None, option("--id-field", FIELD.format("id"), "NAME")]
Exclude = Annotated[
    list[str] | None,
    option("--exclude", "Exclude paths matching this .gitignore-style pattern (repeatable).", "GLOB"),
]
DryRun = Annotated[bool, option("--dry-run", "List the changes and skipped files without writing anything.")]
Report = Annotated[Path | None, option("--report", "Write what was done to this file, as JSON.", "FILE")]
Watch = Annotated[bool, option("--watch", "Keep running and index changes until Ctrl-C.")]
