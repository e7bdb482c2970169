"""The options of `askbrief ask`."""

from __future__ import annotations

from typing import Annotated

import typer

from askbrief.cli.shared_options import option

Question = Annotated[
    list[str] | None,
    typer.Argument(
        help="The question. `-` reads one question a line from standard input. Without one, a terminal "
        "gets a prompt.",
        metavar="QUESTION",
    ),
]
Threshold = Annotated[
    float | None,
    option("--threshold", "Minimum probability of an answer, from 0 to 1 (default: the reader's own).", "P"),
]
Table = Annotated[
    str | None,
    option("--csv", "Ask each question of this file (the column `question`, else the first).", "FILE"),
]
Save = Annotated[bool, option("--save", "Keep the answer in the log; see `askbrief log`.")]
Open = Annotated[bool, option("--open", "Open the first cited place in the browser or viewer.")]
