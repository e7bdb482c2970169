"""Compressed pages and sitemaps, decompressed up to a limit."""

from __future__ import annotations

from askbrief.content_encoding import UNPACK, encodings, unpacked
from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.fetch_limits import FetchLimits


def decompress(data: bytes, encoding: str, address: Address, limits: FetchLimits) -> bytes:
    """The decompressed bytes; ``encoding`` is the value of HTTP's Content-Encoding.

    Raises:
        FetchError: an encoding that isn't known, damaged data, or more than ``limits.unpacked`` bytes.
    """
    for name in encodings(encoding) if data else ():
        found = unpacked(data, name, limits.unpacked + 1)
        if found is None and name not in UNPACK:
            hint = "save the page and index the file"
            raise FetchError(f"{address} is compressed with {name!r}, which isn't read", hint=hint)
        if found is None:
            raise FetchError(f"{address} is compressed and damaged, or cut short", hint="try again later")
        if len(found) > limits.unpacked:
            raise FetchError(
                f"{address} decompresses to more than {limits.unpacked:,} bytes", hint="leave it out"
            )
        data = found
    return data
