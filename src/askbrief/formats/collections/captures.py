"""One capture of a page by a crawler: what its record says, and contents that later ones refer to."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

from askbrief.formats.collections.collection_limits import MEGABYTE
from askbrief.formats.decoding import decode
from askbrief.formats.document import (
    LONGEST_HEADLINE,
    About,
    Block,
    completed,
    composed,
    ends_sentence,
    renamed,
)
from askbrief.media_type import MediaType, parse_media_type
from askbrief.types import Document

REMEMBERED = 64 * MEGABYTE
"""Bytes of compressed contents that are kept for later captures to refer to."""
FEWEST_WORDS = 5
"""A line of fewer words that doesn't end as a sentence is a label: of a menu, say."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What a record says of a page: its address, when it was captured (ISO, as written), how the server
    answered, the digest of the content, and why that was cut short, if it was."""

    kind: str
    url: str
    time: str
    status: str
    media_type: MediaType
    digest: str
    truncated: str

    @classmethod
    def of(cls, record: Any) -> Capture:
        """That of a record of warcio's."""

        def header(name: str) -> str:
            return (record.rec_headers.get_header(name) or "").strip()

        kind, http = record.rec_type, record.http_headers
        stated = (
            http.get_header("Content-Type") if http else None if kind == "revisit" else record.content_type
        )
        return cls(
            kind,
            header("WARC-Target-URI").strip("<>"),
            header("WARC-Date"),
            http.get_statuscode() if http else "200",
            parse_media_type(stated or ""),
            header("WARC-Payload-Digest"),
            header("WARC-Truncated"),
        )

    def at(self, url: str) -> Capture:
        """The same of another address."""
        return replace(self, url=url)

    def of_type(self, media_type: MediaType) -> Capture:
        """The same of another media type."""
        return replace(self, media_type=media_type)


class Payloads:
    """The latest contents, by the digests that records state of them; compressed, in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[MediaType, bytes]] = OrderedDict()
        self._bytes = 0

    def keep(self, digest: str, media_type: MediaType, content: bytes) -> None:
        """Remember a content, if its digest is stated."""
        if not digest or digest in self._kept:
            return
        packed = zlib.compress(content, 1)
        self._kept[digest] = media_type, packed
        self._bytes += len(packed)
        while self._bytes > REMEMBERED:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= len(oldest)

    def get(self, digest: str) -> tuple[MediaType, bytes] | None:
        """The media type and the content of a digest, if they are remembered."""
        media_type, packed = self._kept.get(digest, (None, b""))
        return None if media_type is None else (media_type, zlib.decompress(packed))


def captured_text(data: bytes, capture: Capture, source: str) -> Document:
    """The document in the text that a crawler took from a page: a line for each block of the page, of which
    the first may be its title. Labels are shown and not cited.

    Raises:
        SourceError: the bytes are not text, or hold no prose.
    """
    lines = [line.strip() for line in decode(data, source).splitlines() if line.strip()]
    prose = [ends_sentence(line) or len(line.split()) >= FEWEST_WORDS for line in lines]
    title = None
    if len(lines) > 1 and len(lines[0]) <= LONGEST_HEADLINE and not ends_sentence(lines[0]):
        title, prose[0] = lines[0], False
    blocks = [Block(line, is_prose or not any(prose)) for line, is_prose in zip(lines, prose, strict=True)]
    name = source.removesuffix(f"~{capture.time}")  # else that were taken for the date of a file
    document = completed(composed(name, blocks, About(title)), capture.url, capture.time)
    return renamed(document, source)
