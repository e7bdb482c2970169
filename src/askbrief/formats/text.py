"""Plain text: the decoded file; of an export of a press database, the articles in it."""

from __future__ import annotations

from askbrief.formats.decoding import decode
from askbrief.formats.document import document
from askbrief.formats.format import Format
from askbrief.formats.press_exports import split
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.types import Document

__all__ = ["FORMAT", "inside", "paragraphs", "read"]


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a plain text file; the first article of an export.

    Raises:
        SourceError: the bytes are not text, or hold no prose.
    """
    text = decode(data, source)
    articles = split.documents(text, source) if split.may_be_export(data) else []
    return articles[0] if articles else document(source, text, paragraphs(text))


def inside(data: bytes, source: str) -> tuple[list[Document], list[str]]:
    """The further articles of an export.

    Raises:
        SourceError: as ``read``.
    """
    return (split.documents(decode(data, source), source)[1:] if split.may_be_export(data) else []), []


FORMAT = Format(read, (".txt", ".text"), ("text/plain",), text=True, trusted=True, inside=inside)
