"""Documents as the database stores them, read whole or by what identifies them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from askbrief.errors import NotFound
from askbrief.index_records import StoredDocument
from askbrief.storage.db import codec, document_metadata
from askbrief.storage.db.database import Database
from askbrief.storage.db.filters import clauses
from askbrief.types import Document, Extent, Filter, Sentence, Source

LONGEST = 10**10
"""The time of a cue, at most, in milliseconds: four months."""

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)

WITH_DETAILS = 9
"""From this version on, the database has what agencies say of their items."""


def at(
    database: Database, *, location: str | None = None, source: str | None = None
) -> StoredDocument | None:
    """The document stored at a location, or under a source name; None if there is none."""
    return next(_stored(database, "location = ? OR source = ?", (location, source)), None)


def cited(database: Database, about: Source) -> StoredDocument | None:
    """The stored document that a citation names: by its id, else by its source name, else by the digest of
    its text."""
    ways = (("id = ?", about.id), ("source = ?", about.source), ("sha256 = ?", about.sha256))
    return next((found for way, value in ways for found in _stored(database, way, (value,))), None)


def below(database: Database, folder: str) -> Iterator[StoredDocument]:
    """Each stored document whose file is somewhere in ``folder``, by location; all for ""."""
    least = f"{folder.rstrip(os.sep)}{os.sep}" if folder else ""
    yield from _stored(database, "substr(location, 1, ?) = ? ORDER BY location", (len(least), least))


def between(database: Database, least: str, most: str) -> Iterator[StoredDocument]:
    """Each stored document between two locations, in their order."""
    yield from _stored(database, "location > ? AND location < ? ORDER BY location", (least, most))


def quoted_by(database: Database, id_: str) -> int:
    """The number of the rules that found a document's quotations."""
    return int(database.one("SELECT quoted FROM documents WHERE id = ?", (id_,)))


def count_between(database: Database, least: str, most: str) -> int:
    """How many stored documents there are between two locations."""
    query = "SELECT count(*) FROM documents WHERE location > ? AND location < ?"
    return int(database.one(query, (least, most)))


def _stored(database: Database, condition: str, parameters: Sequence[object]) -> Iterator[StoredDocument]:
    rows = database.each(
        f"SELECT id, source, location, title, date, sha256, size, modified, {document_metadata.READ} "  # noqa: S608
        f"FROM {document_metadata.JOINED} WHERE {condition}",
        parameters,
    )
    for id_, source, location, title, date, sha256, size, modified, *more in rows:
        state = None if size is None else (size, modified)
        yield StoredDocument(id_, source, location, title, date, sha256, state, tuple(more))


def source(database: Database, columns: Sequence[Any]) -> Source:
    """What a citation says of a document, out of the columns ``CITED``. Raises IndexDamaged for what isn't
    that."""
    found = Source(*columns)
    if not isinstance(found.id, str) or (found.date is not None and not _DATE.fullmatch(found.date)):
        raise database.damaged("the id or the date of a document was altered")
    return found


def listed(database: Database, start: str = "", limit: int | None = None) -> list[Source]:
    """The documents in the order of source names: all, or ``limit`` from the one called ``start`` on."""
    query = (
        f"SELECT {document_metadata.CITED} FROM {document_metadata.JOINED} "  # noqa: S608
        "WHERE d.source >= ? ORDER BY d.source LIMIT ?"
    )
    return [source(database, row) for row in database.rows(query, (start, -1 if limit is None else limit))]


def passing(database: Database, wanted: Filter) -> set[int]:
    """The rows of the documents that pass a filter; names of speakers don't count."""
    conditions, parameters = clauses(replace(wanted, names=None))
    query = f"SELECT d.row FROM documents d WHERE {' AND '.join(conditions)}"  # noqa: S608 — bound
    return {row for (row,) in database.rows(query, parameters)}


def sources(database: Database, rows: Iterable[int]) -> dict[int, Source]:
    """What a citation says of each of the documents in these rows."""
    query = (
        f"SELECT d.row, {document_metadata.CITED} FROM {document_metadata.JOINED} "  # noqa: S608
        "WHERE d.row IN (SELECT value FROM json_each(?))"
    )
    return {
        row: source(database, columns) for row, *columns in database.rows(query, (json.dumps(list(rows)),))
    }


def read(database: Database, id_: str) -> Document:
    """The document with this id. Raises NotFound, and IndexDamaged if its text was altered."""
    rows = database.rows(
        f"SELECT d.source, d.title, d.text, d.sha256, d.paragraphs, d.date, {document_metadata.READ} "  # noqa: S608
        f"FROM {document_metadata.JOINED} WHERE d.id = ?",
        (id_,),
    )
    if not rows:
        raise NotFound(f"no document {id_!r} in {database.path.parent}", hint="name one that was found there")
    name, title, text, sha256, extents, date, url, author, site, language, pages, dated, *more = rows[0]
    if digest(text) != sha256:
        raise database.damaged(f"the text of {name} was altered")
    with database.intact("the paragraphs of a document were altered"):
        paragraphs = tuple((int(start), int(end)) for start, end in json.loads(extents))
        require_extents(paragraphs, len(text))
    starts = page_starts(database, pages)
    details, times = details_of(database, more[0]), cue_times(database, more[1])
    return Document(
        id_,
        name,
        title,
        text,
        sha256,
        paragraphs,
        date,
        url,
        author,
        site,
        starts,
        language,
        dated,
        details,
        times,
    )


def sentences(database: Database, id_: str) -> tuple[Sentence, ...]:
    """The sentences of the document with this id, in order."""
    rows = database.rows(
        "SELECT p.sentences FROM passages p JOIN documents d ON d.row = p.document WHERE d.id = ? "
        "ORDER BY p.first",
        (id_,),
    )
    return tuple(sentence for (blob,) in rows for sentence in unpacked(database, blob))


def unpacked(database: Database, blob: bytes) -> tuple[Sentence, ...]:
    """The sentences of a passage. Raises IndexDamaged if the bytes hold none."""
    with database.intact("the sentences of a passage were altered"):
        found = codec.sentences(blob)
        require_extents([(each.start, each.end) for each in found])
        return found


def require_extents(extents: Iterable[Extent], most: int = sys.maxsize) -> None:
    """Raise ValueError unless these are places in order, apart, in a text of at most so many characters."""
    last = 0
    for start, end in extents:
        if not last <= start <= end <= most:
            raise ValueError("a place outside its text")
        last = end


def page_starts(database: Database, pages: str | None) -> tuple[int, ...]:
    """Where the pages of a document begin. Raises IndexDamaged for an altered list."""
    with database.intact("where pages begin was altered"):
        starts = tuple(map(int, json.loads(pages))) if pages else ()
        require_extents((start, start) for start in starts)
        return starts


def details_of(database: Database, details: str | None) -> dict[str, str]:
    """What an agency says of an item. Raises IndexDamaged for what is none."""
    with database.intact("the details of an item were altered"):
        return {str(name): str(value) for name, value in json.loads(details).items()} if details else {}


def cue_times(database: Database, times: str | None) -> tuple[tuple[int, int], ...]:
    """Where the cues of a recording begin, and when. Raises IndexDamaged for an altered list."""
    with database.intact("the times of a recording were altered"):
        cues = tuple((int(start), int(time)) for start, time in json.loads(times)) if times else ()
        require_extents((start, start) for start, _ in cues)
        require_extents(((time, time) for _, time in cues), LONGEST)
        return cues


def with_guid(database: Database, guid: str) -> list[tuple[StoredDocument, dict[str, str]]]:
    """The stored versions of an agency's item, with their details."""
    if database.version < WITH_DETAILS:
        return []
    condition = "t.details IS NOT NULL AND json_extract(t.details, '$.guid') = ?"
    place = document_metadata.NAMES.index("details")
    found = _stored(database, condition, (guid,))
    return [(each, details_of(database, each.metadata[place])) for each in found]


def digest(text: str) -> str:
    """The sha256 of a text as UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
