"""All formats of documents, and the one table of suffixes and media types that they make up.

To add a format, write a module with a ``FORMAT`` and list it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import PurePosixPath
from urllib.parse import unquote

from askbrief.formats import (
    docx,
    epub,
    html,
    mail,
    markdown,
    mhtml,
    odt,
    other_formats,
    outlook,
    rtf,
    sandbox,
    subtitles,
    text,
    wikitext,
    xml,
)
from askbrief.formats.document import Block
from askbrief.formats.format import Contents, Format
from askbrief.formats.pdf import pdf_pages as pdf
from askbrief.media_type import MediaType
from askbrief.types import Document

MARKUP = (html.FORMAT, mhtml.FORMAT, xml.FORMAT)
"""What files of text are read as if they show it."""


DRAFT_SECONDS = 30.0
"""Seconds for the file of a draft, for which somebody waits."""


class FormatTable:
    """Formats by suffix and by media type."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats = tuple(formats)
        self.by_suffix = {suffix: each for each in self._formats for suffix in each.suffixes}
        self.by_media_type = {name: each for each in self._formats for name in each.media_types}

    def recognised(self, data: bytes) -> Format | None:
        """The format that content shows by itself, if any."""
        return next((each for each in self._formats if each.recognise(data)), None)

    def accepts(self, media_type: MediaType) -> bool:
        """Whether content of this type may be readable."""
        return media_type.unspecific or media_type.name in self.by_media_type

    def of_file(self, data: bytes, suffix: str, source: str) -> Format:
        """The format of a file: that of its suffix; of text, or of an unknown suffix, what the content shows.

        Raises:
            SourceError: it holds markup or records in a format that isn't read.
        """
        found = self.by_suffix.get(suffix)
        if found not in (None, text.FORMAT):
            return found
        shown = self.recognised(data)
        if found is not None and shown not in MARKUP:  # text may begin as anything else
            shown = None
        if shown is None:
            other_formats.require_text(data, source, suffix, known=found is not None)
        return shown or text.FORMAT

    def identify(self, media_type: MediaType, address: str, data: bytes) -> tuple[str, bytes] | None:
        """The suffix of a page's format and its content, text in UTF-8; None if no format reads it.

        A type that says nothing is replaced by what the content shows, else by the suffix in the address.
        """
        found = self.by_media_type.get(media_type.name)
        if found is None and media_type.unspecific:
            found = self.recognised(data)
            path = unquote(address.partition("?")[0].partition("#")[0])
            found = found or self.by_suffix.get(PurePosixPath(path).suffix.lower())
        if found is None:
            return None
        return found.suffixes[0], media_type.as_utf8(data) if found.text else data


FORMATS = FormatTable(
    [text.FORMAT, markdown.FORMAT, html.FORMAT, pdf.FORMAT, docx.FORMAT, odt.FORMAT, epub.FORMAT, rtf.FORMAT,
     mail.FORMAT, mhtml.FORMAT, outlook.FORMAT, subtitles.FORMAT, xml.FORMAT, wikitext.FORMAT]
)  # fmt: skip


def parse(data: bytes, suffix: str, source: str) -> Document:
    """The document in some bytes, read as ``FORMATS.of_file`` says.

    Raises:
        SourceError: the bytes are of no format that is read, hold no prose, or their reader failed on them.
    """
    return parse_all(data, suffix, source).document


def parse_all(data: bytes, suffix: str, source: str) -> Contents:
    """The document in some bytes and those inside it, in one reading.

    Formats that aren't trusted are read in the sandbox.

    Raises:
        SourceError: as ``parse``.
    """
    found = FORMATS.of_file(data, suffix, source)
    if found.trusted:
        return found.contents(data, source)
    return sandbox.PROCESS.read(data, found.suffixes[0], source)


def draft_blocks(data: bytes, suffix: str, source: str) -> list[Block] | None:
    """All that a draft shows, by the suffix of its file or, without one, by its content; None for plain text
    and Markdown. It is read in a sandbox of its own: drafts of several clients share no process.

    Raises:
        SourceError: as ``parse``.
    """
    found = FORMATS.by_suffix.get(suffix) if suffix else FORMATS.recognised(data)
    if found is None or found.draft is None:
        return None
    with closing(sandbox.Sandbox(seconds=DRAFT_SECONDS)) as alone:
        return alone.blocks(data, found.suffixes[0], source)
