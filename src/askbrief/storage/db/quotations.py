"""Quotations as the database stores them: small numbers, with each speaker once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias, get_args

from askbrief.errors import IndexMismatch
from askbrief.storage.db import documents
from askbrief.storage.db.database import Database
from askbrief.storage.db.document_metadata import CITED, CITED_COUNT
from askbrief.storage.db.filters import clauses
from askbrief.text.extents import touched_in_paragraph
from askbrief.types import (
    EVERYTHING,
    Extent,
    Filter,
    Kind,
    Polarity,
    Quotation,
    Quoted,
    Sentence,
    Source,
    Speaker,
)

SINCE = 3
"""Format of the database from which on it has quotations."""

Row: TypeAlias = tuple[Any, ...]

KINDS: tuple[Kind, ...] = get_args(Kind)
POLARITIES: tuple[Polarity, ...] = get_args(Polarity)
CODES: tuple[tuple[Kind, Polarity], ...] = (
    *((kind, polarity) for kind in KINDS for polarity in POLARITIES[:3]),
    *((kind, POLARITIES[3]) for kind in KINDS),
)
"""What the column ``kind`` counts; attitudes, which older indexes didn't have, come last."""

PUT_SPEAKER = "INSERT OR IGNORE INTO speakers (name, role) VALUES (?, ?)"
PUT = """
    INSERT INTO quotations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
        (SELECT id FROM speakers WHERE name = ? AND role = ?))
"""

LISTED = """
    SELECT {cited}, q.start, q.length, q.kind, q.cue, q.cue_length,
        q.mention, q.mention_length, s.name, s.role
    FROM quotations q JOIN documents d ON d.row = q.document LEFT JOIN told t ON t.document = d.row
        LEFT JOIN speakers s ON s.id = q.speaker
    WHERE {conditions} ORDER BY d.date IS NULL, d.date, d.source, q.ordinal
"""

NAMES = "SELECT DISTINCT name FROM speakers WHERE name <> '' ORDER BY name"

FORGET_SPEAKERS = """
    DELETE FROM speakers WHERE id NOT IN (SELECT speaker FROM quotations WHERE speaker IS NOT NULL)
"""

COUNTED = """
    SELECT s.name, max(s.role), count(*), count(DISTINCT q.document), min(d.date), max(d.date)
    FROM quotations q JOIN documents d ON d.row = q.document JOIN speakers s ON s.id = q.speaker
    WHERE s.name <> '' GROUP BY s.name
"""

QUOTING = """
    SELECT DISTINCT q.document FROM quotations q JOIN speakers s ON s.id = q.speaker
    WHERE s.name IN (SELECT value FROM json_each(?))
"""

SPOKEN_IN = """
    SELECT count(DISTINCT q.document) FROM quotations q JOIN speakers s ON s.id = q.speaker
    WHERE s.name IN (SELECT value FROM json_each(?))
"""


def rows(document: int, quotations: Sequence[Quotation]) -> Iterator[Row]:
    """What ``PUT`` stores of a document's quotations."""
    for ordinal, q in enumerate(quotations):
        kind = CODES.index((q.kind, q.polarity))
        mention = (None, None) if q.speaker is None else _relative(q.start, q.speaker)
        yield (
            *(document, ordinal, q.start, q.end - q.start, kind),
            *_relative(q.start, q.cue),
            *mention,
            *(q.name or "", q.role or ""),
        )


def _relative(start: int, extent: Extent) -> Extent:
    return extent[0] - start, extent[1] - extent[0]


def quotations(
    database: Database, wanted: Filter = EVERYTHING, document: str | None = None
) -> Iterator[Quoted]:
    """The quotations of documents that pass ``wanted``, by those whom its ``names`` name, or of one
    document by its id; by date, then in order. Raises IndexMismatch for an index without any."""
    require(database)
    conditions, parameters = clauses(Filter(wanted.since, wanted.until, wanted.source))
    if wanted.names is not None:
        conditions.append("s.name IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(wanted.names))
    if document is not None:
        conditions.append("d.id = ?")
        parameters.append(document)
    query = LISTED.format(cited=CITED, conditions=" AND ".join(conditions))
    for id_, group in groupby(database.rows(query, parameters), key=itemgetter(0)):
        text, sentences = documents.read(database, id_).text, documents.sentences(database, id_)
        yield from (_quoted(row, text, sentences) for row in group)


def speakers(database: Database) -> list[Speaker]:
    """Who speaks, by the names that the documents give. Raises IndexMismatch for an index without any."""
    require(database)
    return [Speaker(name, (name,), *rest) for name, *rest in database.rows(COUNTED)]


def documents_quoting(database: Database, names: Sequence[str]) -> int:
    """How many documents quote somebody by one of these names or more."""
    return int(database.rows(SPOKEN_IN, (json.dumps(names),))[0][0])


def quoting(database: Database, names: Sequence[str]) -> set[int]:
    """The rows of the documents that quote somebody by one of these names. Raises IndexMismatch for an index
    without any quotations."""
    require(database)
    return {row for (row,) in database.rows(QUOTING, (json.dumps(names),))}


def speaker_names(database: Database) -> list[str]:
    """The names of speakers, sorted; none for an index that keeps no quotations."""
    return [name for (name,) in database.rows(NAMES)] if database.version >= SINCE else []


def forget_speakers(database: Database) -> None:
    """Delete the speakers of whom no quotation is left."""
    database.execute(FORGET_SPEAKERS)


def outdated(database: Database, rules: int) -> list[str]:
    """Ids of the documents whose quotations were found by older rules than these, or never looked for."""
    query = "SELECT id FROM documents WHERE quoted < ? ORDER BY row"
    return [id_ for (id_,) in database.rows(query, (rules,))]


def require(database: Database) -> None:
    """Raise IndexMismatch for an index that keeps no quotations."""
    if database.version < SINCE:
        raise IndexMismatch(
            f"{database.path} was made by an askbrief that stored no quotations",
            hint="run `askbrief compact`, which adds them",
        )


def _quoted(row: Row, text: str, sentences: Sequence[Sentence]) -> Quoted:
    """A row of ``LISTED``, with the text and the sentences of its document."""
    start, length, kind, cue, cue_length, mention, mention_length, name, role = row[CITED_COUNT:]
    end = start + length
    own = touched_in_paragraph(sentences, start, end)
    quotation = Quotation(
        start,
        end,
        *CODES[kind],
        (start + cue, start + cue + cue_length),
        None if mention is None else (start + mention, start + mention + mention_length),
        name or None,
        role or None,
        own[0].paragraph,
        (own[0].number, own[-1].number),
    )
    return Quoted.of(quotation, Source(*row[:CITED_COUNT]), text, (own[0].start, own[-1].end))
