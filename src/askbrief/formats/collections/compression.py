"""Compressed files as streams: gzip, bzip2 and Zstandard, by the ends of their names."""

from __future__ import annotations

import bz2
import gzip
import struct
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, Any

from askbrief.content_encoding import ZSTANDARD
from askbrief.errors import SourceError
from askbrief.formats.collections.collection_limits import MEGABYTE

LARGEST_DICTIONARY = 8 * MEGABYTE
"""Bytes; those of crawls have a hundred thousand."""

_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
_SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".tzst": ".tar.zst"}


def uncompressed(name: str) -> str:
    """The name of a file without compression; unchanged if it isn't compressed."""
    full, ending = _ending(name)
    return full[: -len(ending)] if ending in _OPENERS else name


def decompressed(stream: IO[bytes], name: str) -> IO[bytes]:
    """The bytes of a compressed file of this name, as they are read. Raises SourceError."""
    opened: IO[bytes] = _OPENERS[_ending(name)[1]](stream)
    return opened


def _ending(name: str) -> tuple[str, str]:
    """The name in full, and its last suffix in lower case."""
    path = PurePosixPath(name)
    full = name[: len(name) - len(path.suffix)] + _SHORT.get(path.suffix.lower(), path.suffix)
    return full, PurePosixPath(full).suffix.lower()


def _zstd(stream: IO[bytes]) -> Any:
    """Zstandard, also with the dictionary that a WARC has in its first frame (IIPC, zstd WARC 1.0)."""
    from askbrief.zstandard import zstd

    rest: Any = _Rest  # it has of a file what is needed
    head = stream.read(len(_DICTIONARY_FRAME))
    if head != _DICTIONARY_FRAME:
        return zstd.ZstdFile(rest(head, stream))
    (size,) = struct.unpack("<I", stream.read(4))
    if size > LARGEST_DICTIONARY:
        raise SourceError(f"its dictionary has {size:,} bytes", hint="decompress it, and index the result")
    words = stream.read(size)
    if words.startswith(ZSTANDARD):
        words = zstd.ZstdDecompressor().decompress(words, LARGEST_DICTIONARY)
    return zstd.ZstdFile(rest(b"", stream), zstd_dict=zstd.ZstdDict(words))


class _Rest:
    """A stream with the bytes that were already read of it."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """As ``io.RawIOBase``: fewer bytes than asked for come only at the end or from the head."""
        head, self._head = self._head, b""
        return head or self._stream.read(size)


_OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".bz2": lambda stream: bz2.BZ2File(stream),
    ".zst": _zstd,
}
