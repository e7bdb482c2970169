"""The content of a page of a crawl, unpacked as HTTP says: chunks, gzip, deflate, Brotli, Zstandard.

Many crawlers unpack a page and keep the header that says it is packed; then the content is taken as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.collections.limits import Budget
from askbrief.formats.registry import FORMATS
from askbrief.media_type import is_utf8

Unpack = Callable[[bytes, int], bytes]
"""Unpacks bytes, up to about so many; raises whatever its library raises."""


def body(record: Any, budget: Budget) -> bytes:
    """The bytes of a page as its reader wants them; ``record`` is warcio's.

    Raises:
        SourceError: they are packed in a way that isn't read, damaged, or too many.
    """
    headers = record.http_headers
    encodings = ((headers.get_header("Content-Encoding") if headers else "") or "").lower().split(",")
    data = _sent(record, budget)
    for encoding in reversed([name.strip() for name in encodings]):
        if data and encoding not in {"", "identity", "none"}:
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
    most = budget.limits.document + 1
    found = None
    for unpack in UNPACK.get(encoding, ()):
        with suppress(Exception):  # each library has errors of its own
            found = unpack(data, most)
            break
    if found is None:
        if is_utf8(data) or FORMATS.recognised(data):
            return data
        why = "and damaged" if encoding in UNPACK else "which isn't read"
        raise SourceError(f"it is compressed with {encoding!r}, {why}", hint="crawl the page again")
    budget.draw(len(found))
    if len(found) >= most:
        raise budget.too_large()
    return found


def _members(new: Callable[[], Any], data: bytes, most: int) -> bytes:
    """What compressed streams in a row unpack to; padding after them is ignored."""
    found = bytearray()
    while data.strip(b"\0") and len(found) < most:
        each = new()
        found += each.decompress(data, most - len(found))
        if not each.eof and len(found) < most:
            raise EOFError
        data = each.unused_data
    return bytes(found)


def _zstd(data: bytes, most: int) -> bytes:
    from askbrief.formats.zstandard import zstd

    return _members(zstd.ZstdDecompressor, data, most)


def _brotli(data: bytes, most: int) -> bytes:
    import brotli

    unpack = brotli.Decompressor()
    found: bytes = unpack.process(data, output_buffer_limit=most)
    while len(found) < most and not unpack.is_finished():
        if unpack.can_accept_more_data():
            raise EOFError
        found += unpack.process(b"", output_buffer_limit=most - len(found))
    return found


_GZIP = partial(_members, partial(zlib.decompressobj, 16 + zlib.MAX_WBITS))
_ZLIB, _RAW = (
    partial(_members, partial(zlib.decompressobj, bits)) for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS)
)
UNPACK: dict[str, tuple[Unpack, ...]] = {
    "gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_ZLIB, _RAW), "br": (_brotli,), "zstd": (_zstd,),
}  # fmt: skip
"""What HTTP calls an encoding, and the ways to unpack it; servers call two “deflate”."""
