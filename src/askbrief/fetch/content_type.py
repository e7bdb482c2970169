"""What a server says that a page is: as whose file it is read, or why it is not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from askbrief.errors import FetchError
from askbrief.fetch.address import Address

HTML = ".html"

SUFFIXES = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
"""Content type to the suffix of such files."""

LISTINGS = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml",
        "application/feed+json", "application/json", "application/gzip", "application/x-gzip",
    }
)  # fmt: skip
"""Types that a feed or a sitemap may have, and a page does not; these may be called ``text/html`` too."""

UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
"""Types that say nothing."""

WESTERN = frozenset({"iso8859-1", "cp1252", "ascii"})
"""Encodings that servers name without having looked."""


def content_type(headers: Mapping[str, str]) -> str:
    """The type without its parameters, in lower case; empty where the server does not say clearly."""
    told = re.match(
        r"\s*([\w.+-]{1,100}/[\w.+-]{1,100})\s*(?:;|,|$)", headers.get("content-type", ""), re.ASCII
    )
    return told[1].lower() if told else ""


def charset(headers: Mapping[str, str]) -> str | None:
    """What the server calls the encoding; None where it does not say."""
    told = headers.get("content-type", "").lower().partition("charset=")[2]
    return told.partition(";")[0].strip(" \"'") or None


def judged(address: Address, headers: Mapping[str, str], readers: Container[str]) -> None:
    """Look at what the server says before anything is read.

    Raises:
        FetchError: it is nothing that can be indexed: a picture, a film, or a format without a reader.
    """
    kind = content_type(headers)
    if kind not in LISTINGS | UNKNOWN and SUFFIXES.get(kind) not in readers:
        raise FetchError(f"{address} is {kind}, which can't be indexed; leave it out")


def suffix(address: Address, kind: str, data: bytes, readers: Container[str]) -> str:
    """The suffix of a file with this content: by the type, or where that says nothing by what it begins with.

    Raises:
        FetchError: it can't be told, or there is no reader for it.
    """
    found = SUFFIXES.get(kind)
    if found is None and kind in UNKNOWN:
        found = _sniffed(data) or PurePosixPath(unquote(address.target.partition("?")[0])).suffix.lower()
    if found is None or found not in readers:
        raise FetchError(f"{address} is {kind or 'of no known type'}, and no feed or sitemap; leave it out")
    return found


def _sniffed(data: bytes) -> str | None:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return ".pdf"
    return HTML if start.startswith((b"<!doctype html", b"<html")) else None


def in_utf8(data: bytes, headers: Mapping[str, str], kind: str) -> bytes:
    """A text's bytes as UTF-8, where they are in another encoding that the server names.

    A page seldom repeats it. Western encodings are left to whoever reads the page, since they fit any bytes.
    """
    if not kind.startswith("text/") and SUFFIXES.get(kind) != HTML:
        return data
    named = charset(headers)
    try:
        encoding = codecs.lookup(named).name if named else "ascii"
        data.decode()
    except LookupError:
        return data
    except UnicodeDecodeError:
        return data if encoding in WESTERN else _recoded(data, encoding)
    return data


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except (UnicodeError, LookupError):
        return data
