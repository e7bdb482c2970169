"""PDF: the text of its pages in reading order, in paragraphs, with where each page begins.

pypdf reads the file; ``lines`` joins the runs of a page, ``headers_footers`` removes what repeats on every
page, and ``paragraphs`` makes blocks. A scan without text, a file that needs a password, and one whose fonts
don't say which letters they draw are refused.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from askbrief.errors import SourceError
from askbrief.formats.document import About, composed
from askbrief.formats.format import Format
from askbrief.formats.pdf.headers_footers import without_headers_footers
from askbrief.formats.pdf.line_numbers import without_line_numbers
from askbrief.formats.pdf.lines import Line, lines
from askbrief.formats.pdf.paragraphs import blocks
from askbrief.formats.unreadable import encrypted, not_in_format, require_size
from askbrief.types import Document

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST = 500_000_000
"""Bytes."""
MOST_PAGES = 20_000
MOST_TEXT = 50_000_000
"""Characters, of all pages; a thousand pages have three million."""
BIT = 256
"""Reads and operators between two checks of the clock."""
LEAST_TIME, TIME = 20.0, 20.0 / 1_000_000
"""Seconds of processor time that a file may take, and the seconds added for each byte: ten times what text
takes. Only malicious files take more: a page that is drawn thousands of times."""
ODD = 0.1
"""More characters without a meaning than this share come from fonts that don't map to letters."""
TITLE_OF_FILE = re.compile(
    r"(?i)microsoft \w+ - |untitled|.*\.(?:docx?|pdf|indd|rtf|odt|qxp|tmp|tex|pptx?)\s*$"
)
"""Titles that programs write if the author gave none."""
NO_DATE = "D:20000101000000"
"""The creation date that ReportLab writes if a program asks for files that are alike."""

_ODD = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/[A-Za-z]{1,6}\d{1,5}(?=/|\s|$)")

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it can't read is a SourceError


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a PDF; its ``pages`` are where each page begins.

    Raises:
        SourceError: not a PDF, damaged, encrypted, without text, or too large or slow to read.
    """
    require_size(data, LARGEST, source)
    if not is_pdf(data):
        raise not_in_format(source, "a PDF")
    try:
        file = _Timed(data)
        reader = _opened(file, source)
        about = _about(reader)
        pages = list(_pages(reader, file, source))
        file.tick(BIT)  # pypdf may have swallowed the exception
    except SourceError:
        raise
    except TimeoutError as error:
        raise SourceError(
            f"{source} takes too long to read for its {len(data):,} bytes",
            hint="print it to a new PDF, or leave it out",
        ) from error
    except Exception as error:  # pypdf raises anything on damaged files
        raise SourceError(
            f"{source} is a damaged PDF ({_reason(error)})", hint="repair it, or print it to a new PDF"
        ) from error
    _require_text(pages, source)
    found, begins = blocks(without_headers_footers(without_line_numbers(pages)))
    title = about.title or next((b.text for b in found[:3] if not b.prose), None)
    return composed(source, found, About(title, None, about.author, made=about.made), begins)


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does, perhaps after a few that don't belong to it."""
    return b"%PDF-" in data[:1024]


class _Timed(BytesIO):
    """The bytes of a file, with a clock that is checked as they are read and drawn.

    pypdf limits each stream, but not how often a file has it read: there is no other place to stop.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._end = time.process_time() + LEAST_TIME + TIME * len(data)
        self._ticks = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.tick(BIT if size is None or size < 0 else 1)
        return super().read(size)

    def tick(self, ticks: int = 1) -> None:
        """Raise TimeoutError if the time is up."""
        self._ticks -= ticks
        if self._ticks <= 0:
            if time.process_time() > self._end:  # keeps raising: pypdf may continue after an error in a form
                raise TimeoutError
            self._ticks = BIT


def _opened(file: _Timed, source: str) -> PdfReader:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("") != PasswordType.NOT_DECRYPTED
        except NotImplementedError:  # encrypted by a certificate, or in a proprietary way
            opened = False
        if not opened:
            raise encrypted(source)
    require_size(reader.pages, MOST_PAGES, source, unit="pages")
    return reader


def _pages(reader: PdfReader, file: _Timed, source: str) -> Iterator[list[Line]]:
    """The lines of each page."""
    text = 0
    for number, page in enumerate(reader.pages):
        found = lines(page, number, file.tick)
        text += sum(len(line.text) for line in found)
        if text > MOST_TEXT:
            raise SourceError(
                f"{source} has more than {MOST_TEXT:,} characters", hint="split it, or leave it out"
            )
        yield found


def _about(reader: PdfReader) -> About:
    """Title, author and creation date from the file's metadata."""
    metadata: Mapping[str, Any] = reader.metadata or {}
    title, author, made = (
        str(metadata.get(name) or "").strip() for name in ("/Title", "/Author", "/CreationDate")
    )
    made = "" if made.startswith(NO_DATE) else made
    return About(None if TITLE_OF_FILE.match(title) else title, None, author, made=made)


def _require_text(pages: list[list[Line]], source: str) -> None:
    text = "".join(line.text for lines in pages for line in lines)
    if not any(map(str.isalnum, text)):
        raise SourceError(
            f"{source} has no text, only pictures of its {len(pages):,} pages",
            hint="run OCR on it and index the result",
        )
    if sum(map(len, _ODD.findall(text))) > ODD * len(text):
        raise SourceError(
            f"{source} does not say which letters its fonts draw",
            hint="run OCR on it, or print it to a new PDF",
        )


def _reason(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120].rstrip(": ")


FORMAT = Format(read, (".pdf",), ("application/pdf", "application/x-pdf"), is_pdf)
