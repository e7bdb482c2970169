"""askbrief remove: documents out of the index."""

from __future__ import annotations

from typing import Annotated

import typer

from askbrief import present
from askbrief.cli.shared_options import IndexFolder, StoreUrl, archive_at, location, opened
from askbrief.visible_text import on_one_line


def remove(
    documents: Annotated[
        list[str],
        typer.Argument(help="Ids, source names, or unique ends of either.", metavar="DOCUMENT..."),
    ],
    index: IndexFolder = None,
    store: StoreUrl = None,
) -> None:
    """Remove documents from the index; their files are kept."""
    with opened(where := archive_at(index, store)) as archive:
        print(on_one_line(present.run_summary(archive.remove(*documents), location(where))))
