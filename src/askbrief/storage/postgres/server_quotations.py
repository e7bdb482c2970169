"""Quotations as PostgreSQL stores them: as SQLite does, with the speaker in each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from askbrief.storage.db import quotations as stored
from askbrief.storage.postgres.server_documents import CITED, CITED_COUNT, Rows, ServerDocuments
from askbrief.storage.postgres.server_filters import Condition
from askbrief.types import EVERYTHING, Filter, ListPlace, Quoted, Source, Speaker

JOINED = "askbrief.quotations q JOIN askbrief.documents d ON d.shard = q.shard AND d.row = q.document"

NAMES = "SELECT DISTINCT name FROM askbrief.quotations WHERE name <> '' ORDER BY name"

COUNTED = f"""
    SELECT q.name, max(q.role), count(*), count(DISTINCT q.document), min(d.date), max(d.date)
    FROM {JOINED} WHERE q.name <> '' AND {{condition}} GROUP BY q.name
"""  # noqa: S608

BLOCK = 100
"""Documents whose quotations are read at a time."""

DOCUMENTS = f"""
    SELECT DISTINCT d.date IS NULL, d.date, d.source, d.id FROM {JOINED} WHERE {{condition}}
    AND (d.date IS NULL, coalesce(d.date, ''), d.source) {{from_on}} (%s, %s, %s)
    ORDER BY 1, 2, 3 LIMIT %s
"""  # noqa: S608

LISTED = f"""
    SELECT {CITED}, q.start, q.length, q.kind, q.cue, q.cue_length, q.mention, q.mention_length,
        q.name, q.role
    FROM {JOINED} WHERE {{condition}} AND d.id = ANY(%s)
    ORDER BY d.date IS NULL, d.date, d.source, q.ordinal
"""  # noqa: S608


def _condition(wanted: Filter, document: str | None = None) -> Condition:
    """A condition on a quotation ``q`` and its document ``d``."""
    more: list[tuple[str, object]] = []
    if wanted.names is not None:
        more.append(("q.name = ANY(%s)", list(wanted.names)))
    if document is not None:
        more.append(("d.id = %s", document))
    return Condition.of(replace(wanted, names=None), *more)


def quotations(
    documents: ServerDocuments, wanted: Filter, document: str | None, start: ListPlace | None = None
) -> Iterator[Quoted]:
    """The quotations of documents that pass ``wanted``, by those whom its ``names`` name, or of one document
    by its id; by date, then in order, from the document at ``start`` on. What isn't taken isn't read."""
    condition = _condition(wanted, document)
    place = (False, "", "") if start is None else (start.date is None, start.date or "", start.source)
    from_on = ">="
    while True:
        query = DOCUMENTS.format(condition=condition.text, from_on=from_on)
        some = documents.database.rows(query, (*condition.parameters, *place, BLOCK))
        if not some:
            return
        rows = documents.database.rows(
            LISTED.format(condition=condition.text), (*condition.parameters, [row[3] for row in some])
        )
        for id_, group in groupby(rows, key=itemgetter(0)):
            text, sentences = documents.document(id_).text, documents.sentences(id_)
            for row in group:
                with documents.intact("a quotation was altered"):
                    found = stored.quoted(row, Source(*row[:CITED_COUNT]), text, sentences)
                yield found
        undated, date, source, _ = some[-1]
        place, from_on = (undated, date or "", source), ">"


def count(database: Rows, wanted: Filter, document: str | None) -> int:
    """How many quotations ``quotations`` gives."""
    condition = _condition(wanted, document)
    query = f"SELECT count(*) FROM {JOINED} WHERE {condition.text}"  # noqa: S608 — bound
    return int(database.one(query, condition.parameters))


def speakers(database: Rows, wanted: Filter) -> list[Speaker]:
    """Who speaks in documents that pass ``wanted``, by the names that these give."""
    condition = _condition(replace(wanted, names=None))
    rows = database.rows(COUNTED.format(condition=condition.text), condition.parameters)
    return [Speaker(name, (name,), *rest) for name, *rest in rows]


def speaker_names(database: Rows) -> list[str]:
    """The names of speakers, sorted."""
    return [name for (name,) in database.rows(NAMES)]


def quoting(database: Rows, names: Sequence[str], wanted: Filter = EVERYTHING) -> set[int]:
    """The numbers of the documents that pass ``wanted`` and quote somebody by one of these names."""
    condition = _condition(replace(wanted, names=tuple(names)))
    query = f"SELECT DISTINCT q.document FROM {JOINED} WHERE {condition.text}"  # noqa: S608 — bound
    return {row for (row,) in database.rows(query, condition.parameters)}
