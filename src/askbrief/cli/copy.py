"""askbrief copy: an archive from one store to another."""

from __future__ import annotations

from typing import Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.visible_text import on_one_line


def copy(
    source: Annotated[str, typer.Argument(help="Index folder or URL of a database.", metavar="FROM")],
    target: Annotated[
        str, typer.Argument(help="Index folder or URL of a database; made if it is empty.", metavar="TO")
    ],
) -> None:
    """Copy an archive between folders and PostgreSQL databases.

    Nothing is embedded again. Documents that are there already are left out, so a copy that was interrupted
    goes on where it was; what else is there stays. Each batch is read again and compared.
    """
    from askbrief.indexing.copying import copy
    from askbrief.storage.stores import store_at

    here, there = store_at(source), store_at(target)
    with terminal.progress() as progress:
        copied = copy(here, there, progress)
    what = f"{present.number(copied.documents, 'document')} copied, {copied.unchanged} unchanged"
    compared = f"{present.number(copied.passages, 'passage')} compared"
    print(on_one_line(f"{there.location}: {what}; {compared}"))
