"""What servers and sitemaps pack: gzip and deflate, unpacked up to a limit."""

from __future__ import annotations

import zlib

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.records import Limits

GZIP = b"\x1f\x8b"

_EITHER, _RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
"""zlib's words for a header of gzip or its own, and for none: servers say “deflate” of both."""


def unpacked(data: bytes, encoding: str, address: Address, limits: Limits) -> bytes:
    """What the bytes hold, given the name that HTTP has for how they are packed.

    Raises:
        FetchError: another packing than was asked for, damaged, or more than ``limits.unpacked`` bytes.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"} or not data:
        return data
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"{address} is packed by {name!r}, not gzip; save the page and index the file")
    try:
        return _inflated(data, _EITHER, address, limits)
    except zlib.error as error:
        if name != "deflate":
            raise _damaged(address) from error
    try:
        return _inflated(data, _RAW, address, limits)
    except zlib.error as error:
        raise _damaged(address) from error


def _inflated(data: bytes, window: int, address: Address, limits: Limits) -> bytes:
    found = bytearray()
    while data:  # a file may be several, one after the other
        inflate = zlib.decompressobj(window)
        found += inflate.decompress(data, limits.unpacked + 1 - len(found))
        if len(found) > limits.unpacked:
            raise FetchError(
                f"{address} unpacks to more than {limits.unpacked:,} bytes: it is no page; leave it out"
            )
        if not inflate.eof:
            raise _damaged(address)
        rest = inflate.unused_data
        data = rest if rest.startswith(GZIP) else b""  # what else follows is padding
    return bytes(found)


def _damaged(address: Address) -> FetchError:
    return FetchError(f"{address} is packed and damaged, or cut short; try again later")
