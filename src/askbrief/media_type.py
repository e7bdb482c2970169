"""The media type of a page, as a ``Content-Type`` header states it, and text in the charset that it names."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

UNSPECIFIC = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
"""Types that say nothing about the content."""

WESTERN = frozenset({"iso8859-1", "cp1252", "ascii"})
"""Encodings that servers often name by default, whatever the page is in."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """``name`` in lower case (``text/html``), empty if it is missing or malformed; ``charset`` if stated."""

    name: str = ""
    charset: str | None = None

    def __str__(self) -> str:
        return self.name or "of no known type"

    @property
    def unspecific(self) -> bool:
        """Whether the content must be inspected to learn its format."""
        return self.name in UNSPECIFIC

    def as_utf8(self, data: bytes) -> bytes:
        """Text recoded to UTF-8, if it is in another encoding that the charset names.

        A Western charset is ignored: it fits any bytes, and readers detect it better.
        """
        with suppress(UnicodeError, LookupError):
            encoding = codecs.lookup(self.charset or "ascii").name
            if encoding not in WESTERN and not is_utf8(data):
                return data.decode(encoding).encode()
        return data


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def parse_media_type(header: str) -> MediaType:
    """The media type that a ``Content-Type`` header states."""
    name = re.match(r"\s*([\w.+-]{1,100}/[\w.+-]{1,100})\s*(?:;|,|$)", header, re.ASCII)
    charset = header.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return MediaType(name[1].lower() if name else "", charset or None)
