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
from askbrief.formats.collections.collection_limits import MEGABYTE, Budget

LONGEST_HEADER = MEGABYTE
"""Bytes of a name, or of other metadata, before a file in a tar."""

ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in an archive. ``open`` returns its bytes and must be called before the next file is taken; it
    is None for a link or a device. ``size`` is what the archive claims."""

    name: str
    size: int
    open: Callable[[], IO[bytes]] | None


def zip_files(stream: IO[bytes], budget: Budget) -> Iterator[ArchivedFile]:
    """The files in a ZIP; one that isn't a file by itself is held in memory, since its directory is at its
    end."""
    on_disk = isinstance(getattr(stream, "raw", None), io.FileIO)
    with zipfile.ZipFile(stream if on_disk else io.BytesIO(budget.read(stream))) as archive:
        for info in archive.infolist():
            budget.entry()
            if not info.is_dir():
                yield ArchivedFile(info.filename, info.file_size, partial(_unzip, archive, info, budget))


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> IO[bytes]:
    if info.flag_bits & ENCRYPTED:
        raise SourceError("it is encrypted", hint="unpack it, and index the files")
    return budget.stream(archive.open(info))


def tar_files(stream: IO[bytes], budget: Budget) -> Iterator[ArchivedFile]:
    """The files in a tar, in order."""
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive:
        for info in archive:
            budget.entry()
            if not info.isdir():
                found = partial(archive.extractfile, info) if info.isreg() else None
                yield ArchivedFile(info.name, info.size, found)  # type: ignore[arg-type]
            archive.members = []  # type: ignore[attr-defined]  # it would keep every header that it has read


class _Header(tarfile.TarInfo):
    """A header; refused if it claims that a name of many megabytes follows, which tarfile would read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _Header:
        """As ``TarInfo``."""
        found = super().frombuf(buf, encoding or "utf-8", errors)
        if found.type not in (*tarfile.REGULAR_TYPES, tarfile.DIRTYPE) and found.size > LONGEST_HEADER:
            raise SourceError(
                f"the archive has a header of {found.size:,} bytes: it is damaged",
                hint="make the archive again",
            )
        return found
