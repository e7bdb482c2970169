"""The two sides that are asked of a cited document: the index, and the source as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.storage.db import collection_state as containers
from askbrief.storage.db.database import Database
from askbrief.storage.db.schema import Known
from askbrief.text import split_sentences
from askbrief.text.text_fragment import is_web
from askbrief.types import Document, Source
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


def sides(database: Database, cited: Source) -> Sides:
    """Both sides of a document. Raises IndexDamaged where its text was altered in the database."""
    known = database.cited(cited)
    held = None
    if known is not None:
        held = Text(database.document(known.id), database.sentences(known.id))
    fields = _fields(database, known) if known else formats.USUAL
    return Sides(held, _source(cited, known, held, fields))


def _fields(database: Database, known: Known) -> formats.Fields:
    """The fields of records by which the file of a document was read."""
    container = containers.known(database, containers.file_of(known.location))
    return formats.Fields.parse(container.fields) if container else formats.USUAL


def _source(cited: Source, known: Known | None, held: Text | None, fields: formats.Fields) -> Text | Absent:
    """The source's text as it is now, cut as the index has cut the same, or why there is none."""
    if is_web(cited.source):
        return Absent("unread", "is not fetched")
    try:
        path = _path(cited, known)
        if path is None:
            return Absent("missing", "is not there")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        return Absent("unread", f"can't be read: {getattr(error, 'strerror', None) or error}")
    try:
        document = replace(_read(path, cited.source, known, fields), id=cited.id)
    except SourceError as error:
        return Absent("gone", f"holds no text any more: {error}")
    if held is not None and held.document.sha256 == document.sha256:
        return Text(document, held.sentences)
    return Text(document, split_sentences(document.text, document.paragraphs))


def _read(path: Path, source: str, known: Known | None, fields: formats.Fields) -> Document:
    """The document as its file has it now, by itself or among others."""
    part = containers.part_of(known.location) if known else None
    return formats.read(path, source) if part is None else formats.read_one(path, part, source, fields)


def _path(cited: Source, known: Known | None) -> Path | None:
    """The file, where the index knows it to lie, else by its name from the current folder: an index may have
    been copied with its files. None where there is none; a pipe or a device could be read for ever."""
    part = containers.part_of(known.location) if known else None
    name = Path(cited.source.removesuffix(f"#{part}") if part else cited.source)
    ways = [Path(containers.file_of(known.location))] if known else []
    if known is None or not name.is_absolute():
        ways.append(name)
    return next((way for way in ways if way.is_file()), None)
