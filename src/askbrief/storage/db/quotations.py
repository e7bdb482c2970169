"""Quotations as the database stores them: small numbers, with each speaker once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
    ListPlace,
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
    FROM documents d CROSS JOIN quotations q ON q.document = d.row LEFT JOIN told t ON t.document = d.row
        LEFT JOIN speakers s ON s.id = q.speaker
    WHERE {conditions} ORDER BY d.date, d.source, q.ordinal
"""
"""Joined in this order, rows come as the index of days has the documents: no more are read than are fetched.
"""

NAMES = "SELECT DISTINCT name FROM speakers WHERE name <> '' ORDER BY name"

FORGET_SPEAKERS = """
    DELETE FROM speakers WHERE id NOT IN (SELECT speaker FROM quotations WHERE speaker IS NOT NULL)
"""

COUNTED = """
    SELECT s.name, coalesce(max(s.role), '') role, count(*), count(DISTINCT q.document), min(d.date) date,
        max(d.date) date
    FROM documents d CROSS JOIN quotations q ON q.document = d.row CROSS JOIN speakers s ON s.id = q.speaker
    WHERE s.name <> '' AND {conditions} GROUP BY s.name
"""
"""Joined in this order, which SQLite would not choose, a quarter of the time for all documents (of 40,000),
and for some days little."""


QUOTING = """
    SELECT DISTINCT own.document FROM quotations own JOIN speakers who ON who.id = own.speaker
    WHERE who.name IN (SELECT value FROM json_each(?))
"""

COUNT = """
    SELECT count(*) FROM documents d JOIN quotations q ON q.document = d.row
        LEFT JOIN speakers s ON s.id = q.speaker
    WHERE {conditions}
"""

SPOKEN_IN = """
    SELECT count(DISTINCT q.document) FROM quotations q JOIN documents d ON d.row = q.document
        JOIN speakers s ON s.id = q.speaker
    WHERE {conditions}
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
    database: Database,
    wanted: Filter = EVERYTHING,
    document: str | None = None,
    start: ListPlace | None = None,
) -> Iterator[Quoted]:
    """The quotations of documents that pass ``wanted``, by those whom its ``names`` name, or of one
    document by its id; by date, then in order, from the document at ``start`` on. What isn't taken isn't
    read. Raises IndexMismatch for an index without any."""
    require(database)
    conditions, parameters = _conditions(wanted, document)
    for some, values in _dated_then_undated(start):
        query = LISTED.format(cited=CITED, conditions=" AND ".join([*conditions, some]))
        for id_, group in groupby(database.each(query, [*parameters, *values]), key=itemgetter(0)):
            text, sentences = documents.read(database, id_).text, documents.sentences(database, id_)
            for row in group:
                about = documents.source(database, row[:CITED_COUNT])
                with database.intact("a quotation was altered"):
                    found = quoted(row, about, text, sentences)
                yield found


def _dated_then_undated(start: ListPlace | None) -> Iterator[tuple[str, list[str]]]:
    """Conditions on the documents from a place on, in two steps, since undated ones come last."""
    if start is None:
        yield from (("d.date IS NOT NULL", []), ("d.date IS NULL", []))
    elif start.date is None:
        yield "d.date IS NULL AND d.source >= ?", [start.source]
    else:
        yield "(d.date, d.source) >= (?, ?)", [start.date, start.source]
        yield "d.date IS NULL", []


def count(database: Database, wanted: Filter = EVERYTHING, document: str | None = None) -> int:
    """How many quotations ``quotations`` gives. Raises IndexMismatch for an index without any."""
    require(database)
    conditions, parameters = _conditions(wanted, document)
    return int(database.one(COUNT.format(conditions=" AND ".join(conditions)), parameters))


def _conditions(wanted: Filter, document: str | None = None) -> tuple[list[str], list[str]]:
    """SQL conditions on a quotation ``q``, its document ``d`` and its speaker ``s``, and their parameters."""
    conditions, parameters = clauses(replace(wanted, names=None))
    if wanted.names is not None:
        names = json.dumps(wanted.names)
        conditions += ["s.name IN (SELECT value FROM json_each(?))", f"d.row IN ({QUOTING})"]
        parameters += [names, names]
    if document is not None:
        conditions.append("d.id = ?")
        parameters.append(document)
    return conditions, parameters


def speakers(database: Database, wanted: Filter = EVERYTHING) -> list[Speaker]:
    """Who speaks in documents that pass ``wanted``, by the names that these give. Raises IndexMismatch for an
    index without any."""
    require(database)
    conditions, parameters = _conditions(replace(wanted, names=None))
    query = COUNTED.format(conditions=" AND ".join(conditions))
    return [Speaker(name, (name,), *rest) for name, *rest in database.rows(query, parameters)]


def documents_quoting(database: Database, names: Sequence[str], wanted: Filter = EVERYTHING) -> int:
    """How many documents that pass ``wanted`` quote somebody by one of these names or more."""
    conditions, parameters = _conditions(replace(wanted, names=tuple(names)))
    return int(database.one(SPOKEN_IN.format(conditions=" AND ".join(conditions)), parameters))


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


def quoted(row: Row, about: Source, text: str, sentences: Sequence[Sentence]) -> Quoted:
    """A row of ``LISTED``, with the text and the sentences of its document. Raises ValueError or IndexError
    for one that isn't of this text."""
    start, length, kind, cue, cue_length, mention, mention_length, name, role = row[CITED_COUNT:]
    end = start + length
    own = touched_in_paragraph(sentences, start, end)
    places = [(start, length), (start + cue, cue_length), (start + (mention or 0), mention_length or 0)]
    for first, size in places:
        documents.require_extents([(first, first + size)], len(text))
    quotation = Quotation(
        start,
        end,
        *CODES[range(len(CODES))[kind]],
        (start + cue, start + cue + cue_length),
        None if mention is None else (start + mention, start + mention + mention_length),
        name or None,
        role or None,
        own[0].paragraph,
        (own[0].number, own[-1].number),
    )
    return Quoted.of(quotation, about, text, (own[0].start, own[-1].end))
