"""Archives: the files in a ZIP or a tar, as streams, never on disk; their paths are names, nothing else."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO

from askbrief.errors import SourceError
from askbrief.formats.collections.limits import MEGABYTE, Budget

LONGEST_HEADER = MEGABYTE
"""Bytes of a name, or of other facts, that stand before a file in a tar."""

ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive; ``open`` gives its bytes, before the next entry is asked for. ``size`` is what
    the archive says that it has."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


def zipped(stream: IO[bytes], budget: Budget) -> Iterator[Entry]:
    """The files in a ZIP; one that is not a file by itself is held in memory, since its list stands at its
    end."""
    whole = (
        stream if isinstance(getattr(stream, "raw", None), io.FileIO) else io.BytesIO(budget.whole(stream))
    )
    with zipfile.ZipFile(whole) as archive:
        for info in archive.infolist():
            budget.entry()
            if not info.is_dir():
                yield Entry(info.filename, info.file_size, partial(_unzipped, archive, info, budget))


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> IO[bytes]:
    if info.flag_bits & ENCRYPTED:
        raise SourceError("it is encrypted: unpack it, and index what comes out")
    return budget.stream(archive.open(info))


def tarred(stream: IO[bytes], budget: Budget) -> Iterator[Entry]:
    """The files in a tar, as they come; links and devices are none."""
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive:
        for info in archive:
            budget.entry()
            if info.isreg():
                yield Entry(info.name, info.size, partial(_untarred, archive, info))
            archive.members = []  # type: ignore[attr-defined]  # it would keep every header that it has read


def _untarred(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(info)
    if found is None:
        raise SourceError("it is no file")
    return found


class _Header(tarfile.TarInfo):
    """A header that is refused where it says that a name of many megabytes follows: tarfile would read it."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _Header:
        """As ``TarInfo``."""
        found = super().frombuf(buf, encoding or "utf-8", errors)
        if found.type not in (*tarfile.REGULAR_TYPES, tarfile.DIRTYPE) and found.size > LONGEST_HEADER:
            raise SourceError(f"the archive has a header of {found.size:,} bytes: it is damaged")
        return found
