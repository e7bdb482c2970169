"""Compressed pages and sitemaps: gzip and deflate, decompressed up to a limit."""

from __future__ import annotations

import zlib
from contextlib import suppress

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.pages import FetchLimits

GZIP = b"\x1f\x8b"

_EITHER, _RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
"""zlib's window sizes for a gzip or zlib header, and for none: servers call both “deflate”."""


def decompress(data: bytes, encoding: str, address: Address, limits: FetchLimits) -> bytes:
    """The decompressed bytes; ``encoding`` is the value of HTTP's Content-Encoding.

    Raises:
        FetchError: an encoding that wasn't requested, damaged data, or more than ``limits.unpacked`` bytes.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"} or not data:
        return data
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(
            f"{address} is compressed with {name!r} instead of gzip", hint="save the page and index the file"
        )
    for window in (_EITHER, _RAW) if name == "deflate" else (_EITHER,):
        with suppress(zlib.error):
            return _inflated(data, window, address, limits)
    raise FetchError(f"{address} is compressed and damaged, or cut short", hint="try again later")


def _inflated(data: bytes, window: int, address: Address, limits: FetchLimits) -> bytes:
    found = bytearray()
    while data:  # a file may be several in a row
        inflate = zlib.decompressobj(window)
        found += inflate.decompress(data, limits.unpacked + 1 - len(found))
        if len(found) > limits.unpacked:
            raise FetchError(
                f"{address} decompresses to more than {limits.unpacked:,} bytes", hint="leave it out"
            )
        if not inflate.eof:
            raise zlib.error
        rest = inflate.unused_data
        data = rest if rest.startswith(GZIP) else b""  # anything else is padding
    return bytes(found)
