"""The documents of a collection, however it is packed: compressed, in archives, in archives of archives."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from askbrief.errors import SourceError
from askbrief.formats.collections import (
    archives,
    csv_rows,
    mbox,
    objects,
    spreadsheets,
    wacz,
    warc,
    xml_items,
)
from askbrief.formats.collections.archives import ArchivedFile
from askbrief.formats.collections.collection_limits import Budget
from askbrief.formats.collections.compression import decompressed, uncompressed
from askbrief.formats.collections.inside import documents_in
from askbrief.formats.collections.items import (
    OTHER_FORMATS,
    CollectionItem,
    LeftOut,
    OpenCollection,
    names,
    unreadable,
)
from askbrief.formats.other_formats import describes_folder
from askbrief.formats.record_fields import Fields
from askbrief.formats.registry import FORMATS
from askbrief.formats.xml_kinds import HEAD, SUFFIXES, holds_items

COLLECTIONS: dict[str, Callable[[OpenCollection], Iterator[CollectionItem]]] = {
    ".jsonl": objects.by_line,
    ".ndjson": objects.by_line,
    ".json": objects.in_array,
    ".csv": csv_rows.rows,
    ".tsv": csv_rows.rows,
    ".xlsx": spreadsheets.rows,
    ".xlsm": spreadsheets.rows,
    ".mbox": mbox.messages,
    ".warc": warc.pages,
    ".wet": warc.pages,
    ".arc": warc.pages,
    ".wacz": wacz.pages,
}
ARCHIVES: dict[str, Callable[[IO[bytes], Budget], Iterator[ArchivedFile]]] = {
    ".zip": archives.zip_files,
    ".tar": archives.tar_files,
}
SYSTEM_FOLDER = "__MACOSX"
"""A folder of metadata that macOS puts into archives."""


def _suffix(name: str) -> str:
    """The suffix of a file's format, in lower case, without that of compression."""
    return PurePosixPath(uncompressed(name)).suffix.lower()


def is_collection(name: str) -> bool:
    """Whether a file of this name holds documents; a compressed document counts as a collection of one."""
    suffix = _suffix(name)
    packed = uncompressed(name) != name and suffix in FORMATS.by_suffix
    return packed or suffix in COLLECTIONS or suffix in ARCHIVES


def _may_hold_items(suffix: str) -> bool:
    """Whether the content decides if a file is a collection: of XML, and of an unknown suffix."""
    return suffix in SUFFIXES or not (
        suffix in FORMATS.by_suffix or suffix in COLLECTIONS or suffix in ARCHIVES
    )


def is_collection_file(path: Path) -> bool:
    """Whether the file at a path holds documents, by its name or, of XML, by its content."""
    if is_collection(path.name) or not _may_hold_items(_suffix(path.name)):
        return is_collection(path.name)
    try:
        with path.open("rb") as stream:
            return holds_items(stream.read(HEAD))
    except OSError:  # reported when it is read
        return False


def unpack(
    stream: IO[bytes], name: str, fields: Fields, budget: Budget, depth: int = 1
) -> Iterator[CollectionItem]:
    """The documents in a stream, of which the name says that it ``is_collection``, in order; ``fields`` are
    those of its records.

    Raises:
        SourceError: it is damaged, or exceeds a limit; what was yielded before is valid.
    """
    try:
        suffix, inner = _suffix(name), uncompressed(name)
        if inner != name:
            stream = budget.stream(decompressed(stream, name))
        if _may_hold_items(suffix):
            stream = stream if type(stream) is io.BufferedReader else budget.stream(stream)
            if holds_items(stream.peek(HEAD)):
                yield from xml_items.items(OpenCollection(stream, inner, fields, budget))
                return
        if suffix in COLLECTIONS:
            # A file in a tar is a BufferedReader that can't say whether it can be sought.
            buffered = stream if type(stream) is io.BufferedReader else budget.stream(stream)
            yield from COLLECTIONS[suffix](OpenCollection(buffered, inner, fields, budget))
        elif suffix in ARCHIVES:
            for number, file in enumerate(ARCHIVES[suffix](stream, budget), 1):
                yield from _archived(file, number, fields, budget, depth)
        else:
            file = ArchivedFile(PurePosixPath(inner).name, 0, lambda: stream)
            yield from _archived(file, 1, fields, budget, depth)
    except SourceError:
        raise
    except Exception as error:  # libraries raise anything on files that are cut short or made to harm
        why = " ".join(str(error).split()) or type(error).__name__
        raise SourceError(
            f"{name} is damaged ({why})", hint="save it again; what was read before is kept"
        ) from error


def _opened(file: ArchivedFile, budget: Budget) -> tuple[ArchivedFile, bool]:
    """A file of XML, opened, and whether it is a collection."""
    try:
        stream = budget.stream(file.open()) if file.open else io.BufferedReader(io.BytesIO())
        return replace(file, open=lambda: stream), holds_items(stream.peek(HEAD))
    except SourceError:  # reported when it is read
        return file, False


def _archived(
    file: ArchivedFile, number: int, fields: Fields, budget: Budget, depth: int
) -> Iterator[CollectionItem]:
    """The documents of a file in an archive; the same are left out as when a folder is walked."""
    hidden = any((p.startswith(".") and p.strip(".")) or p == SYSTEM_FOLDER for p in file.name.split("/"))
    nested, suffix = is_collection(file.name), _suffix(file.name)
    if suffix in SUFFIXES and file.open is not None and not hidden and not nested:
        file, nested = _opened(file, budget)
    if hidden:
        yield LeftOut("hidden files")
    elif file.open is None:
        yield LeftOut("links and devices")
    elif not nested and suffix not in FORMATS.by_suffix:
        if not describes_folder(PurePosixPath(file.name).name):
            yield LeftOut(OTHER_FORMATS, suffix)
    else:
        try:
            if nested and depth >= budget.limits.depth:
                hint = "unpack them, and index the files"
                raise SourceError(f"it is nested in {depth} other archives", hint=hint)  # noqa: TRY301
            if not nested and file.size > budget.limits.document:
                raise budget.too_large()
            if nested:
                part, other, _ = names(file.name, number)
                for each in unpack(file.open(), file.name, fields, budget, depth + 1):
                    if not isinstance(each, LeftOut):
                        each = replace(each, part=f"{part}#{each.part}", other=f"{other}#{each.other}")
                    yield each
            else:
                data = budget.read(file.open())
                yield from documents_in(data, suffix, names(file.name, number))
        except SourceError as error:
            yield unreadable(file.name, number, error)
    budget.require()
