"""The content of a page of a crawl, unpacked as HTTP says: chunks, gzip, deflate, Brotli, Zstandard.

Many crawlers unpack a page and keep the header that says it is packed; then the content is taken as it is.
"""

from __future__ import annotations

from typing import Any

from askbrief.content_encoding import UNPACK, encodings, unpacked
from askbrief.errors import SourceError
from askbrief.formats.collections.collection_limits import Budget
from askbrief.formats.registry import FORMATS
from askbrief.media_type import is_utf8


def body(record: Any, budget: Budget) -> bytes:
    """The bytes of a page as its reader wants them; ``record`` is warcio's.

    Raises:
        SourceError: they are packed in a way that isn't read, damaged, or too many.
    """
    headers = record.http_headers
    header = (headers.get_header("Content-Encoding") if headers else "") or ""
    data = _sent(record, budget)
    for encoding in encodings(header) if data else ():
        data = _unpacked(data, encoding, budget)
    return data


def _sent(record: Any, budget: Budget) -> bytes:
    """The bytes of a record's content without chunks."""
    headers, stream = record.http_headers, record.raw_stream
    if headers and "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        from warcio.bufferedreaders import ChunkedDataReader

        stream = ChunkedDataReader(stream)  # takes what has no chunks as it is
        data = budget.read(stream)
        budget.read(record.raw_stream)  # what follows the last chunk
    else:
        data = budget.read(stream)
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise SourceError("the file breaks off within it", hint="save the file again")
    return data


def _unpacked(data: bytes, encoding: str, budget: Budget) -> bytes:
    found = unpacked(data, encoding, budget.limits.document + 1)
    if found is None:
        if is_utf8(data) or FORMATS.recognised(data):
            return data
        why = "and damaged" if encoding in UNPACK else "which isn't read"
        raise SourceError(f"it is compressed with {encoding!r}, {why}", hint="crawl the page again")
    budget.draw(len(found))
    if len(found) > budget.limits.document:
        raise budget.too_large()
    return found
