"""The two sides that are asked of a cited document: the index, and the source as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.protocols import IndexReader
from askbrief.text import split_sentences
from askbrief.text.text_fragment import is_web
from askbrief.types import Document, Source, StoredSource
from askbrief.verify.compare import Text


@dataclass(frozen=True, slots=True)
class Absent:
    """A source that gives no text, and why: *missing*, no such file; *unread*, it can't be looked at, or is a
    web page; *gone*, the file was read and holds no text any more."""

    state: Literal["gone", "missing", "unread"]
    why: str


@dataclass(frozen=True, slots=True)
class Sides:
    """A document as the index has it, None where it does not, and as its source does."""

    index: Text | None
    source: Text | Absent


def sides(index: IndexReader, cited: Source) -> Sides:
    """Both sides of a document. Raises IndexDamaged if its text was altered in the index."""
    stored = index.stored_source(cited)
    held = Text(index.document(stored.id), index.sentences(stored.id)) if stored else None
    return Sides(held, _source(cited, stored, held))


def _source(cited: Source, stored: StoredSource | None, held: Text | None) -> Text | Absent:
    """The source's text as it is now, cut as the index has cut the same, or why there is none."""
    if is_web(cited.source):
        return Absent("unread", "is not fetched")
    try:
        path = _path(cited, stored)
        if path is None:
            return Absent("missing", "is not there")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        return Absent("unread", f"can't be read: {getattr(error, 'strerror', None) or error}")
    try:
        document = replace(_read(path, cited.source, stored), id=cited.id)
    except SourceError as error:
        return Absent("gone", f"holds no text any more: {error}")
    if held is not None and held.document.sha256 == document.sha256:
        return Text(document, held.sentences)
    return Text(document, split_sentences(document.text, document.paragraphs))


def _read(path: Path, source: str, stored: StoredSource | None) -> Document:
    """The document as its file has it now, by itself or in a collection."""
    if stored is None or stored.part is None:
        return formats.read(path, source)
    fields = formats.USUAL if stored.fields is None else formats.Fields.parse(dict(stored.fields))
    return formats.read_one(path, stored.part, source, fields)


def _path(cited: Source, stored: StoredSource | None) -> Path | None:
    """The file where the index has it, else by its name from the current folder: an index may have been
    copied with its files. None if there is none; a pipe or a device could be read for ever."""
    part = stored.part if stored else None
    name = Path(cited.source.removesuffix(f"#{part}") if part else cited.source)
    ways = [Path(stored.file)] if stored else []
    if stored is None or not name.is_absolute():
        ways.append(name)
    return next((way for way in ways if way.is_file()), None)
