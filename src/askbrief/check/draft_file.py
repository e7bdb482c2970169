"""A draft in a file to text: plain text and Markdown as written, other formats a paragraph at a time."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from askbrief.formats.document import Block

_BETWEEN = "\n\n"


class DraftText(NamedTuple):
    """The text of a draft as Markdown; ``numbers`` is what its quotations are numbered by: lines or, in a
    file without lines, paragraphs."""

    text: str
    numbers: str = "line"

    def number(self, line: int) -> int:
        """The number of what begins on a line, from 1."""
        return line if self.numbers == "line" else (line + len(_BETWEEN) - 1) // len(_BETWEEN)


def read_draft(data: bytes, name: str) -> DraftText:
    """The text of the draft called ``name``: DOCX, ODT or HTML by its suffix or its content, else text.

    Raises:
        SourceError: the bytes are not text, or not of the format that the suffix states.
    """
    from askbrief.formats import docx, html, odt
    from askbrief.formats.decoding import decode

    suffix = PurePath(name).suffix.lower()
    for format_, blocks in ((docx, docx.draft_blocks), (odt, odt.draft_blocks), (html, _page_blocks)):
        if suffix in format_.FORMAT.suffixes or (not suffix and format_.FORMAT.recognise(data)):
            return DraftText(_BETWEEN.join(map(_line, blocks(data, name))), "paragraph")
    return DraftText(decode(data, name))


def _line(block: Block) -> str:
    """A block as a line of Markdown."""
    return ("> " if block.quoted else "") + " ".join(block.text.split())


def _page_blocks(data: bytes, name: str) -> list[Block]:
    """The blocks of all that an HTML page shows, with marks around what its elements quote."""
    from askbrief.formats.html import decoded
    from askbrief.formats.markup import blocks, parsed
    from askbrief.formats.shown_words import show_words

    tree = parsed(decoded(data, name), name)
    show_words(tree)
    body = tree.find("body")
    return blocks(tree if body is None else body)
