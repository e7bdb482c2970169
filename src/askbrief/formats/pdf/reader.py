"""PDF: the text of its pages in the order of reading, in paragraphs, with where each page begins.

pypdf reads the file; ``lines`` puts a page's pieces together, ``furniture`` takes out what repeats on every
page, and ``paged`` makes paragraphs. A scan without text, a file that needs a password and one whose fonts do
not tell their letters are refused by name: a citation of what is not there would be worth nothing.
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
from askbrief.formats.pdf.headers_footers import without_furniture
from askbrief.formats.pdf.lines import Line, lines
from askbrief.formats.pdf.paragraphs import blocks
from askbrief.types import Document

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST = 500_000_000
"""Bytes."""
MOST_PAGES = 20_000
MOST_TEXT = 50_000_000
"""Characters, of all pages; a thousand pages have three million."""
BIT = 256
"""Reads and operators between two looks at the clock."""
LEAST_TIME, TIME = 20.0, 20.0 / 1_000_000
"""Seconds of processor time that a file may take, and how many more for each of its bytes: ten times what
text takes. More is taken only by files that were made to: a page that is drawn thousands of times."""
ODD = 0.1
"""A larger share of signs without a meaning is no text, but fonts that do not tell their letters."""
TITLE_OF_FILE = re.compile(
    r"(?i)microsoft \w+ - |untitled|.*\.(?:docx?|pdf|indd|rtf|odt|qxp|tmp|tex|pptx?)\s*$"
)
"""What programs write for a title where its author gave none."""

_ODD = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/[A-Za-z]{1,6}\d{1,5}(?=/|\s|$)")

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it can't read is told by SourceError


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a PDF; ``pages`` tells where each of its pages begins.

    Raises:
        SourceError: no PDF or a damaged one, encrypted, without text, or out of all proportion.
    """
    if len(data) > LARGEST:
        raise SourceError(f"{source} has {len(data):,} bytes, at most {LARGEST:,} are taken: split it")
    if not is_pdf(data):
        raise SourceError(f"{source} is no PDF, whatever its name says: name it as what it is")
    try:
        file = _Timed(data)
        reader = _opened(file, source)
        about = _about(reader)
        pages = list(_pages(reader, file, source))
        file.tick(BIT)  # whatever pypdf made of the exception where it was raised
    except SourceError:
        raise
    except TimeoutError as error:
        raise SourceError(
            f"{source} takes more time than its {len(data):,} bytes are worth: print it anew, or leave it out"
        ) from error
    except Exception as error:  # pypdf raises whatever a damaged file makes go wrong
        raise SourceError(f"{source} is a damaged PDF ({_told(error)}): mend it or print it anew") from error
    _require_text(pages, source)
    found, begins = blocks(without_furniture(pages))
    title = about.title or next((b.text for b in found[:3] if not b.prose), None)
    return composed(source, found, About(title, None, about.author, made=about.made), begins)


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does, perhaps after a few that don't belong to it."""
    return b"%PDF-" in data[:1024]


class _Timed(BytesIO):
    """The bytes of a file with a clock that is looked at as they are read and drawn.

    pypdf bounds each stream, but not how often a file has it read: there is no other place to stop at.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._end = time.process_time() + LEAST_TIME + TIME * len(data)
        self._ticks = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.tick(BIT if size is None or size < 0 else 1)
        return super().read(size)

    def tick(self, ticks: int = 1) -> None:
        """Raise TimeoutError where the time is up."""
        self._ticks -= ticks
        if self._ticks <= 0:
            if time.process_time() > self._end:  # for good: pypdf may go on after what a form raises
                raise TimeoutError
            self._ticks = BIT


def _opened(file: _Timed, source: str) -> PdfReader:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("") != PasswordType.NOT_DECRYPTED
        except NotImplementedError:  # by a certificate, or in a program's own way
            opened = False
        if not opened:
            raise SourceError(f"{source} is encrypted: save it without a password and index that")
    if len(reader.pages) > MOST_PAGES:
        raise SourceError(
            f"{source} has {len(reader.pages):,} pages, at most {MOST_PAGES:,} are taken: split it"
        )
    return reader


def _pages(reader: PdfReader, file: _Timed, source: str) -> Iterator[list[Line]]:
    """The lines of each page."""
    text = 0
    for page in reader.pages:
        found = lines(page, file.tick)
        text += sum(len(line.text) for line in found)
        if text > MOST_TEXT:
            raise SourceError(f"{source} holds more than {MOST_TEXT:,} characters: split it, or leave it out")
        yield found


def _about(reader: PdfReader) -> About:
    """Title, author and day of making, as the file's own record has them."""
    told: Mapping[str, Any] = reader.metadata or {}
    title, author, made = (
        str(told.get(name) or "").strip() for name in ("/Title", "/Author", "/CreationDate")
    )
    return About(None if TITLE_OF_FILE.match(title) else title, None, author, made=made)


def _require_text(pages: list[list[Line]], source: str) -> None:
    text = "".join(line.text for lines in pages for line in lines)
    if not any(map(str.isalnum, text)):
        raise SourceError(
            f"{source} holds no text, only pictures of its {len(pages):,} pages: "
            "run OCR over it and index what that gives"
        )
    if sum(map(len, _ODD.findall(text))) > ODD * len(text):
        raise SourceError(
            f"{source} does not tell which letters its fonts draw: run OCR over it, or print it anew"
        )


def _told(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120].rstrip(": ")


FORMAT = Format(read, (".pdf",), ("application/pdf", "application/x-pdf"), is_pdf)
