"""askbrief show, status and remove: what is in the archive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief.cli import output
from askbrief.cli.index import told
from askbrief.cli.options import AsJson, IndexFolder, folder
from askbrief.errors import NotFound

if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.types import Document, Sentence

_PLACE = re.compile(r"(.+?):(\d{1,9})(?::(\d{1,9}))?")


def show(
    document: Annotated[
        str,
        typer.Argument(
            help="Its id, its source, or a unique end of either; a place in it behind a colon.",
            metavar="DOCUMENT[:PARAGRAPH[:SENTENCE]]",
        ),
    ],
    index: IndexFolder = None,
    json: AsJson = False,
) -> None:
    """Print a document with its paragraphs and sentences numbered, as citations count them.

    A place that is named, as 9 or 9:1, is marked.
    """
    from askbrief.api import Index
    from askbrief.formats import garbled

    with Index.open(folder(index)) as archive:
        (shown, sentences), place = _placed(archive, document)
    marked = tuple(s for s in sentences if place and (s.paragraph, s.number)[: len(place)] == place)
    if place and not marked:
        last = sentences[-1]
        raise NotFound(
            f"{shown.source} has no {':'.join(map(str, place))}: its last sentence is "
            f"{last.paragraph}:{last.number}"
        )
    signs = garbled(shown.text)
    if json:
        output.as_json(output.paragraphs(shown, sentences, len(signs)))
        return
    output.document(shown, sentences, marked)
    if signs:
        output.note(
            f"note: {output.on_one_line(shown.source)} was decoded wrongly before it was indexed: it has "
            f"{output.visible(repr(signs[0]))}, and {len(signs)} such signs in all"
        )


def _placed(archive: Index, name: str) -> tuple[tuple[Document, tuple[Sentence, ...]], tuple[int, ...]]:
    """The document, and the paragraph and sentence named behind it; a name that itself ends so is a name."""
    place = _PLACE.fullmatch(name)
    try:
        return archive.show(name), ()
    except NotFound:
        if place is None:
            raise
    return archive.show(place[1]), tuple(int(number) for number in place.groups()[1:] if number)


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
