"""Plain text: the decoded file; of an export of a press database, the articles in it."""

from __future__ import annotations

from askbrief.formats.decoding import decode
from askbrief.formats.document import document
from askbrief.formats.format import Contents, Format
from askbrief.formats.press_exports import split
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.types import Document

__all__ = ["FORMAT", "paragraphs", "read", "read_all"]


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a plain text file; the first article of an export.

    Raises:
        SourceError: the bytes are not text, or hold no prose.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """The document, and the further articles of an export. Raises SourceError as ``read``."""
    text = decode(data, source)
    if split.may_be_export(data) and (articles := split.documents(text, source)):
        return Contents(articles[0], articles[1:])
    return Contents(document(source, text, paragraphs(text)))


FORMAT = Format(read, (".txt", ".text"), ("text/plain",), text=True, trusted=True, read_all=read_all)
