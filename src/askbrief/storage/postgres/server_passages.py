"""Passages of an archive in PostgreSQL as they are searched and cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from askbrief.storage.db import codec
from askbrief.storage.postgres import postings
from askbrief.storage.postgres.postings import Found, Totals
from askbrief.storage.postgres.server_documents import (
    CITED,
    CITED_COUNT,
    Rows,
    ServerDocuments,
    numbers,
    pairs,
)
from askbrief.storage.postgres.server_filters import Condition
from askbrief.storage.postgres.server_schema import shards_of
from askbrief.storage.search.keywords import FUZZY_FROM, MOST_WORDS, stems
from askbrief.storage.search.snapshot import FEW, RERANKED
from askbrief.types import Filter, Hit, Ranking, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors

COSINE = "-(p.vector::vector <#> %s::vector)"
"""The cosine of a stored vector, in single precision, with a unit vector."""

JOINED = "askbrief.passages p JOIN askbrief.documents d ON d.shard = p.shard AND d.row = p.document"

OPERATOR = "(p.vector::halfvec({0})) <#> %s::halfvec({0})"
"""What the approximate index of vectors with so many dimensions is ordered by."""

HIT = f"""
    SELECT p.id, {CITED}, p.start, p."end", substr(d.text, p.start + 1, p."end" - p.start), p.seal,
        d.pages, d.times, p.sentences
    FROM {JOINED} WHERE p.shard = ANY(%s) AND p.id = ANY(%s)
"""  # noqa: S608

TOTALS = """
    SELECT sum(passages)::bigint, sum(words)::bigint, sum(title_words)::bigint FROM askbrief.segments
"""

EXISTING = f"SELECT p.id FROM {JOINED} WHERE p.shard = ANY(%s) AND p.id = ANY(%s) AND "  # noqa: S608


def nearest(database: Rows, vector: Vectors, k: int, wanted: Filter, *, approximate: bool) -> Ranking:
    """The ``k`` passages nearest to ``vector`` with their cosines, among those that pass a filter.

    ``approximate`` says that there is an index: then its best are compared exactly, unless a filter leaves so
    few passages that each of them can be.
    """
    from askbrief.storage.postgres.server_vectors import asked

    condition, value = Condition.of(wanted), asked(vector)
    every = JOINED if wanted else "askbrief.passages p"
    if approximate and wanted:
        few = f"SELECT p.id FROM {JOINED} WHERE {condition.text} LIMIT %s"  # noqa: S608 — bound
        ids = [id_ for (id_,) in database.rows(few, (*condition.parameters, FEW + 1))]
        if len(ids) <= FEW:
            return _best(cosines(database, vector, ids), k)
    if approximate:
        order = OPERATOR.format(len(vector))
        query = (
            f"SELECT p.id, {COSINE} FROM {every} WHERE {condition.text} "  # noqa: S608 — bound
            f"ORDER BY {order} LIMIT %s"
        )
        parameters = (value, *condition.parameters, value, max(k, RERANKED))
        return _best(dict(database.rows(query, parameters)), k)
    query = (
        f"SELECT p.id, {COSINE} AS cosine FROM {every} WHERE {condition.text} "  # noqa: S608 — bound
        "ORDER BY cosine DESC, p.id LIMIT %s"
    )
    return [(id_, cosine) for id_, cosine in database.rows(query, (value, *condition.parameters, k))]


def _best(cosines: dict[int, float], k: int) -> Ranking:
    return sorted(cosines.items(), key=lambda item: (-item[1], item[0]))[:k]


def cosines(database: Rows, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
    """Cosine of ``vector`` with each of the passages ``ids`` that exist."""
    from askbrief.storage.postgres.server_vectors import asked

    if not ids:
        return {}
    query = f"SELECT p.id, {COSINE} FROM askbrief.passages p WHERE p.shard = ANY(%s) AND p.id = ANY(%s)"  # noqa: S608
    return dict(database.rows(query, (asked(vector), shards_of(ids), list(ids))))


def worded(database: Rows, question: str, k: int, wanted: Filter) -> Ranking:
    """The ``k`` best passages for the words of ``question`` with their BM25, among those that pass a
    filter."""
    words = list(dict.fromkeys(stems(question)))[:MOST_WORDS]
    found = _postings(database, words)
    having = {each.word for each in found}
    alike = {
        word: postings.one_apart(word) for word in words if len(word) >= FUZZY_FROM and word not in having
    }
    if alike:
        found += _postings(database, {other for others in alike.values() for other in others})
    if not found or k < 1:
        return []
    totals = Totals(*database.rows(TOTALS)[0])
    ids, scores = postings.ranked(words, found, totals, {word: sorted(each) for word, each in alike.items()})
    ranking: Ranking = []
    at, some = 0, k + k // 2
    while len(ranking) < k and at < len(ids):
        block = ids[at : at + some].tolist()
        passing = existing(database, block, wanted)
        ranking += (
            (id_, score)
            for id_, score in zip(block, scores[at : at + some].tolist(), strict=True)
            if id_ in passing
        )
        at, some = at + some, some * 4
    return ranking[:k]


def _postings(database: Rows, words: Iterable[str]) -> list[Found]:
    query = "SELECT word, segment, texts, titles, packed FROM askbrief.postings WHERE word = ANY(%s)"
    return [Found(*row) for row in database.rows(query, (list(words),))]


def existing(database: Rows, ids: Sequence[int], wanted: Filter) -> set[int]:
    """Those of the passages ``ids`` that exist and pass a filter."""
    condition = Condition.of(wanted)
    parameters = (shards_of(ids), list(ids), *condition.parameters)
    return {id_ for (id_,) in database.rows(EXISTING + condition.text, parameters)}


def hits(documents: ServerDocuments, ids: Sequence[int]) -> list[Hit]:
    """The passages with these ids, in that order, with their sentences; scores are 0. Raises IndexDamaged for
    one whose checksum differs."""
    if not ids:
        return []
    rows = documents.database.rows(HIT, (shards_of(ids), list(ids)))
    found = {row[0]: _hit(documents, row[1:]) for row in rows}
    if missing := next((id_ for id_ in ids if id_ not in found), None):
        raise documents.damaged(f"passage {missing} is gone")
    return [found[id_] for id_ in ids]


def _hit(documents: ServerDocuments, row: Sequence[object]) -> Hit:
    columns, place = row[:CITED_COUNT], row[CITED_COUNT : CITED_COUNT + 3]
    seal, pages, times, blob = row[CITED_COUNT + 3 :]
    with documents.intact("a passage was altered"):
        sentences = codec.sentences(bytes(blob))  # type: ignore[call-overload]
        if codec.checksum(columns, pages or times, place, sentences) != seal:  # type: ignore[arg-type]
            raise documents.damaged(f"a passage of {columns[2]} was altered")
        starts, cues = numbers(pages), pairs(times)  # type: ignore[arg-type]
    start, end, text = place
    return Hit(Source(*columns), start, end, text, sentences, 0.0, pages=starts, times=cues)  # type: ignore[arg-type]
