"""askbrief show, status and remove: what is in the archive."""

from __future__ import annotations

from typing import Annotated

import typer

from askbrief.cli import output
from askbrief.cli.index import told
from askbrief.cli.options import AsJson, IndexFolder, folder


def show(
    document: Annotated[
        str, typer.Argument(help="Its id, its source, or a unique end of either.", metavar="DOCUMENT")
    ],
    index: IndexFolder = None,
    json: AsJson = False,
) -> None:
    """Print a document with its paragraphs and sentences numbered, as citations count them."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        shown, sentences = archive.show(document)
    if json:
        output.as_json(output.paragraphs(shown, sentences))
    else:
        output.document(shown, sentences)


def status(
    index: IndexFolder = None,
    json: AsJson = False,
    documents: Annotated[bool, typer.Option("--documents", help="List the documents too.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every digest, seal, offset and vector.")
    ] = False,
) -> int:
    """Tell what the index holds and whether it is whole; exit 2 where it is not."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        state = archive.status(verify=verify)
        listed = archive.documents() if documents else None
    if json:
        output.as_json(output.status(state, listed))
    else:
        output.print_status(state, listed)
    return 0 if state.whole else 2


def remove(
    documents: Annotated[
        list[str], typer.Argument(help="Ids, sources, or unique ends of either.", metavar="DOCUMENT...")
    ],
    index: IndexFolder = None,
) -> None:
    """Take documents out of the index; their files are left alone."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        print(told(archive.remove(*documents), folder(index)))
