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
    """The text of the draft called ``name``: DOCX, ODT or HTML by its suffix or its content, read in a
    process of its own with limits, else text.

    Raises:
        SourceError: the bytes are not text, or not of the format that the suffix states, or its reader
            failed, took too long or too much memory.
    """
    from askbrief.formats import draft_blocks
    from askbrief.formats.decoding import decode

    blocks = draft_blocks(data, PurePath(name).suffix.lower(), name)
    if blocks is None:
        return DraftText(decode(data, name))
    return DraftText(_BETWEEN.join(map(_line, blocks)), "paragraph")


def _line(block: Block) -> str:
    """A block as a line of Markdown."""
    return ("> " if block.quoted else "") + " ".join(block.text.split())
