"""Passages of the database as they are searched and cited: vectors, texts, filters, hits."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from askbrief.storage.db import codec, document_metadata, documents, quotations
from askbrief.storage.db.database import Database
from askbrief.storage.db.filters import clauses
from askbrief.types import Filter, Hit, Passage, Sentence

if TYPE_CHECKING:
    import numpy as np

    from askbrief.types import Vectors

UNIT = 0.01
"""A stored vector's norm is 1 to within this; rounding moves it by less than 1e-3."""

BLOCK = 4096
"""Vectors that are read at a time: unpacked, and looked at, they take some ten megabytes."""


def vectors(database: Database, after: int = 0) -> Iterator[tuple[np.ndarray, Vectors]]:
    """Ids (int64) and unit vectors (float32) of all passages above an id, in order, a block at a time."""
    rows = database.each("SELECT id, vector FROM passages WHERE id > ? ORDER BY id", (after,))
    while block := list(islice(rows, BLOCK)):
        yield _block(database, block)


def places(database: Database, document: str) -> tuple[list[int], list[Passage], list[bytes]]:
    """The ids, the places and the digests of the passages of the document with this id."""
    rows = database.rows(
        'SELECT p.id, p.start, p."end", p.first, p.last, p.digest FROM passages p '
        "JOIN documents d ON d.row = p.document WHERE d.id = ? ORDER BY p.id",
        (document,),
    )
    return [row[0] for row in rows], [Passage(*row[1:5]) for row in rows], [row[5] for row in rows]


def first_vectors(database: Database, last: int | None, count: int = 3) -> Vectors:
    """The unit vectors of the first passages up to the id ``last``."""
    query = "SELECT id, vector FROM passages WHERE id <= ? ORDER BY id LIMIT ?"
    return _block(database, database.rows(query, (last or 0, count)))[1]


def vectors_at(database: Database, ids: Sequence[int]) -> tuple[np.ndarray, Vectors]:
    """Ids (int64, ascending) and unit vectors (float32) of those of the passages ``ids`` that exist."""
    query = "SELECT id, vector FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return _block(database, database.rows(query, (json.dumps(list(ids)),)))


def vectors_of(database: Database, digests: Iterable[bytes]) -> dict[bytes, Vectors]:
    """The stored vectors of passages with these digests of their text, as far as there are any."""
    query = "SELECT vector FROM passages WHERE digest = ? LIMIT 1"
    found = {digest: database.one(query, (digest,)) for digest in set(digests)}
    return {digest: _unpacked(database, [blob])[0] for digest, blob in found.items() if blob is not None}


def _block(database: Database, rows: Sequence[tuple[int, bytes]]) -> tuple[np.ndarray, Vectors]:
    import numpy as np

    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    if not rows:
        return ids, np.empty((0, 0), dtype=np.float32)
    found = _unpacked(database, [row[1] for row in rows])
    if not np.all(np.abs(np.linalg.norm(found, axis=1) - 1) < UNIT):
        raise database.damaged("a vector was altered")
    return ids, found


def _unpacked(database: Database, blobs: Sequence[bytes]) -> Vectors:
    with database.intact("a vector was cut short"):
        return codec.vectors(blobs)


class PassageWords(NamedTuple):
    """What keywords are made of: a passage's id, the title of its document, its text, its sentences, and the
    sentences behind it, as far as a phrase that begins in it may go."""

    id: int
    title: str
    text: str
    sentences: str = ""
    beyond: str = ""


def texts(database: Database, after: int = 0) -> Iterator[tuple[int, str, str]]:
    """Id, document title and text of every passage above an id, in the order of their ids."""
    for each in worded(database, after, 0):
        yield each.id, each.title, each.text


def worded(
    database: Database, after: int, beyond: int, only: Collection[int] | None = None
) -> Iterator[PassageWords]:
    """What keywords are made of, of every passage above an id, or of ``only`` some, in the order of ids;
    ``beyond`` is how many characters behind a passage are wanted."""
    among = None if only is None else json.dumps(sorted(only))
    rows = database.each(
        'SELECT p.id, p.start, p."end", d.title, d.row FROM passages p '
        "JOIN documents d ON d.row = p.document WHERE p.id > ?1 "
        "AND (?2 IS NULL OR p.id IN (SELECT value FROM json_each(?2))) ORDER BY p.id",
        (after, among),
    )
    text, at = "", None
    sentences: list[Sentence] = []
    own_of: dict[int, tuple[int, int]] = {}
    for id_, start, end, title, document in rows:
        if document != at:  # one document's text at a time: they can be long
            text, at = database.one("SELECT text FROM documents WHERE row = ?", (document,)), document
            sentences, own_of = _sentences_of(database, document)
        yield passage_words(id_, title, text, sentences, Passage(start, end, *own_of[id_]), beyond)


def passage_words(
    id_: int, title: str, text: str, sentences: Sequence[Sentence], passage: Passage, beyond: int
) -> PassageWords:
    """What keywords are made of, of one passage of a document with this text and these sentences."""
    own = sentences[passage.first : passage.last]
    behind = takewhile(lambda each: each.start < passage.end + beyond, sentences[passage.last :])
    return PassageWords(
        id_,
        title,
        text[passage.start : passage.end],
        " ".join(text[each.start : each.end] for each in own),
        " ".join(text[each.start : each.end][:beyond] for each in behind),
    )


def _sentences_of(database: Database, document: int) -> tuple[list[Sentence], dict[int, tuple[int, int]]]:
    """The sentences of a document, and which of them each of its passages has."""
    found: list[Sentence] = []
    places = {}
    query = "SELECT id, sentences FROM passages WHERE document = ? ORDER BY first"
    for id_, blob in database.rows(query, (document,)):
        own = documents.unpacked(database, blob)
        places[id_] = len(found), len(found) + len(own)
        found += own
    return found, places


def ids(database: Database) -> set[int]:
    """The ids of all passages."""
    return {id_ for (id_,) in database.rows("SELECT id FROM passages")}


def documents_of(database: Database, ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The row of the document of each of the passages ``ids`` that exists, with the id."""
    query = "SELECT id, document FROM passages WHERE id IN (SELECT value FROM json_each(?))"
    yield from database.each(query, (json.dumps(list(ids)),))


def samples(database: Database, count: int) -> list[str]:
    """The first sentences of up to ``count`` passages, spread over the archive."""
    total = database.one("SELECT count(*) FROM passages")
    rows = database.rows(
        'SELECT substr(d.text, p.start + 1, p."end" - p.start), p.start, p.sentences '
        "FROM passages p JOIN documents d ON d.row = p.document "
        "WHERE p.id % ? = 0 ORDER BY p.id LIMIT ?",
        (max(1, total // count), count),
    )
    return [text[: documents.unpacked(database, blob)[0].end - start] for text, start, blob in rows]


def allowed(database: Database, wanted: Filter) -> np.ndarray:
    """Ids (int64) of the passages that pass ``wanted``, ascending. Raises IndexMismatch if a speaker is
    wanted of an index without any."""
    import numpy as np

    if wanted.names is not None:
        quotations.require(database)
    conditions, parameters = clauses(wanted)
    rows = database.each(
        "SELECT p.id FROM passages p JOIN documents d ON d.row = p.document "  # noqa: S608  (bound)
        f"WHERE {' AND '.join(conditions)} ORDER BY p.id",
        parameters,
    )
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


def hits(database: Database, ids: Iterable[int]) -> list[Hit]:
    """The passages with these ids, in that order, with their sentences; scores are 0. Raises IndexDamaged for
    one whose checksum differs."""
    return [_hit(database, id_) for id_ in ids]


def _hit(database: Database, id_: int) -> Hit:
    rows = database.rows(
        f'SELECT {document_metadata.CITED}, p.start, p."end", '  # noqa: S608
        'substr(d.text, p.start + 1, p."end" - p.start), p.seal, t.pages, t.times, p.sentences '
        "FROM passages p JOIN documents d ON d.row = p.document "
        "LEFT JOIN told t ON t.document = d.row WHERE p.id = ?",
        (id_,),
    )
    if not rows:
        raise database.damaged(f"passage {id_} is gone")
    (row,) = rows
    cited = document_metadata.CITED_COUNT
    columns, place, (check, pages, times, blob) = row[:cited], row[cited : cited + 3], row[cited + 3 :]
    sentences = documents.unpacked(database, blob)
    with database.intact("a passage was altered"):
        own = codec.checksum(columns, pages or times, place, sentences)
    if own != check:
        raise database.damaged(f"a passage of {row[2]} was altered")
    starts, cues = documents.page_starts(database, pages), documents.cue_times(database, times)
    start, end, text = place
    with database.intact("a passage was altered"):
        if not isinstance(text, str) or start < 0 or end != start + len(text):
            raise ValueError("another text than the passage has")
        documents.require_extents([(each.start - start, each.end - start) for each in sentences], len(text))
    about = documents.source(database, columns)
    return Hit(about, start, end, text, sentences, 0.0, pages=starts, times=cues)
