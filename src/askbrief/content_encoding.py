"""What HTTP calls content encodings: gzip, deflate, Brotli and Zstandard, unpacked up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"

CHUNK = 16_384
"""Bytes that are unpacked at a time: what follows a stream is copied for it, so that all of a long content
would be, once for each of its streams."""

UNCHANGED = frozenset({"", "identity", "none"})
"""Names for content as it is."""

_Unpack = Callable[[bytes, int], bytes]
"""Unpacks bytes, up to so many; raises whatever its library raises."""


def encodings(header: str) -> list[str]:
    """The encodings that a ``Content-Encoding`` header names, in lower case, the one to undo first first."""
    names = [name.strip() for name in header.lower().split(",")]
    return [name for name in reversed(names) if name not in UNCHANGED]


def unpacked(data: bytes, encoding: str, most: int) -> bytes | None:
    """Up to ``most`` bytes of what ``data`` unpacks to; None if it is damaged or cut short, or the encoding
    isn't one of ``UNPACK``."""
    for unpack in UNPACK.get(encoding, ()):
        with suppress(Exception):  # each library has errors of its own
            return unpack(data, most)
    return None


def _members(new: Callable[[], Any], magic: bytes | None, data: bytes, most: int) -> bytes:
    """What compressed streams in a row unpack to, each begun by ``magic``; anything else after one is
    padding."""
    found, at = bytearray(), 0
    each = new()
    while at < len(data) and len(found) < most:
        if each.eof:
            if magic is None or not data.startswith(magic, at):
                return bytes(found)
            each = new()
        given = data[at : at + CHUNK]
        found += each.decompress(given, most - len(found))
        at += len(given) - len(each.unused_data) - len(getattr(each, "unconsumed_tail", b""))
    if not each.eof and len(found) < most:
        raise EOFError
    return bytes(found)


def _zstd(data: bytes, most: int) -> bytes:
    from askbrief.zstandard import zstd

    return _members(zstd.ZstdDecompressor, ZSTANDARD, data, most)


def _brotli(data: bytes, most: int) -> bytes:
    import brotli

    unpack = brotli.Decompressor()
    found: bytes = unpack.process(data, output_buffer_limit=most)
    while len(found) < most and not unpack.is_finished():
        if unpack.can_accept_more_data():
            raise EOFError
        found += unpack.process(b"", output_buffer_limit=most - len(found))
    return found[:most]


_GZIP = partial(_members, partial(zlib.decompressobj, 32 + zlib.MAX_WBITS), GZIP)
"""With the header of gzip or of zlib."""
_RAW = partial(_members, partial(zlib.decompressobj, -zlib.MAX_WBITS), None)
UNPACK: dict[str, tuple[_Unpack, ...]] = {
    "gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_GZIP, _RAW), "br": (_brotli,), "zstd": (_zstd,),
}  # fmt: skip
"""What HTTP calls an encoding, and the ways to unpack it; servers call two “deflate”."""
