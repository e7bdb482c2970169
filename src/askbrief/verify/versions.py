"""The two current versions of a cited document: the one in the index, and the one in its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.index_records import StoredSource
from askbrief.protocols import IndexReader
from askbrief.text import split_sentences
from askbrief.text.text_fragment import is_web
from askbrief.types import Document, Source
from askbrief.verify.compare import Version


@dataclass(frozen=True, slots=True)
class Absent:
    """A source without text, and why: *missing*, there is no such file; *unread*, it can't be read, or is a
    web page; *gone*, the file was read and no longer has any text."""

    state: Literal["gone", "missing", "unread"]
    why: str


@dataclass(frozen=True, slots=True)
class Versions:
    """A document as in the index (None if it isn't there), and as in its source."""

    index: Version | None
    source: Version | Absent


NOT_READ = Absent("unread", "was not read")
UNKNOWN = Absent("unread", "was not opened, as the index doesn't know it")
"""A saved answer may name any file; only those that the index knows are opened, and their text shown."""


def versions(index: IndexReader, cited: Source, *, sources: bool = True) -> Versions:
    """Both versions of a document; no source is opened without ``sources``. Raises IndexDamaged if its text
    was altered in the index."""
    stored = index.stored_source(cited)
    indexed = Version(index.document(stored.id), index.sentences(stored.id)) if stored else None
    return Versions(indexed, _source(cited, stored, indexed) if sources else NOT_READ)


def _source(cited: Source, stored: StoredSource | None, indexed: Version | None) -> Version | Absent:
    """The source's text as it is now, or why there is none; the same text has the sentences of the index."""
    if is_web(stored.source if stored else cited.source):
        return Absent("unread", "was not fetched")
    if stored is None:
        return UNKNOWN
    try:
        path = _path(stored)
        if path is None:
            return Absent("missing", "is missing")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        return Absent("unread", f"can't be read: {getattr(error, 'strerror', None) or error}")
    try:
        document = replace(_read(path, cited.source, stored), id=cited.id)
    except SourceError as error:
        return Absent("gone", f"no longer has any text: {error}")
    if indexed is not None and indexed.document.sha256 == document.sha256:
        return Version(document, indexed.sentences)
    return Version(document, split_sentences(document.text, document.paragraphs))


def _read(path: Path, source: str, stored: StoredSource) -> Document:
    """The document as its file has it now, by itself or in a collection."""
    if stored.part is None:
        return formats.read(path, source)
    fields = formats.USUAL if stored.fields is None else formats.Fields.parse(dict(stored.fields))
    return formats.read_one(path, stored.part, source, fields)


def _path(stored: StoredSource) -> Path | None:
    """The file where the index has it, else by the index's name for it from the current folder: an index may
    have been copied with its files. None if there is none; a pipe or a device could be read for ever."""
    part = stored.part
    name = Path(stored.source.removesuffix(f"#{part}") if part else stored.source)
    paths = (Path(stored.file), *([] if name.is_absolute() else [name]))
    return next((path for path in paths if path.is_file()), None)
