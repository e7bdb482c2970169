"""MHTML (RFC 2557): a web page that a browser has saved in one file; its text is the article.

The page is the part that the file names as its start, or the first that is HTML. Its pictures, styles and
frames are left out.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy

from askbrief.formats import html, text
from askbrief.formats.document import completed
from askbrief.formats.format import Format
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.media_type import MediaType
from askbrief.types import Document

LARGEST = 100_000_000
"""Bytes, pictures included."""

READERS = {"text/html": html.read, "application/xhtml+xml": html.read, "text/plain": text.read}
_HEAD = re.compile(rb"^[\w-]+:", re.MULTILINE)
_SAVED = re.compile(
    rb"^(?:snapshot-content-location:|from:\s*\W*saved by\b|content-type:\s*multipart/related\b)",
    re.IGNORECASE | re.MULTILINE,
)


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a saved page, with the address that it was saved from; the day on which
    it was saved is its date if the page states none.

    Raises:
        SourceError: not MHTML, one without a page, or a page that ``html.read`` refuses.
    """
    require_size(data, LARGEST, source, "save it without pictures")
    saved = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in saved.walk() if part.get_content_type() in READERS]
    if not parts or not _HEAD.match(data):
        raise not_in_format(source, "a saved web page")
    start = str(saved.get_param("start") or "")
    page = next((part for part in parts if start and part["Content-ID"] == start), None) or parts[0]
    kind = page.get_content_type()
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise not_in_format(source, "a saved web page")
    content = MediaType(kind, page.get_content_charset()).as_utf8(content)
    address = saved["Snapshot-Content-Location"] or page["Content-Location"] or ""
    return completed(READERS[kind](content, source), str(address).strip(), str(saved["Date"] or ""))


def _recognise(data: bytes) -> bool:
    head = data[:4096].lstrip()
    return bool(_HEAD.match(head) and _SAVED.search(head) and b"\nreceived:" not in head.lower())


FORMAT = Format(read, (".mhtml", ".mht"), ("multipart/related", "application/x-mimearchive"), _recognise)
