"""Documents in and out of the database, with everything that belongs to them. Callers open the
transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, replace

from askbrief.index_records import FileState, PreparedDocument
from askbrief.storage.db import codec, document_metadata, documents, quotations
from askbrief.storage.db.database import Database
from askbrief.storage.db.duplicates import DuplicateGroups
from askbrief.text import sketch
from askbrief.types import Document, Quotation, Sentence, Source

LONGER = 24
"""Hexadecimal digits of the id of a document whose usual one is taken."""

BATCH = 512
"""Documents whose duplicates are found in one transaction."""


def put(database: Database, new: PreparedDocument) -> None:
    """Store a document in place of what was at its location or under its source name."""
    _delete(database, "location = ? OR source = ?", (new.location, new.document.source))
    document = _with_free_id(database, new.document)
    row = database.execute(
        "INSERT INTO documents (id, source, location, title, date, sha256, paragraphs, text, size, modified) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (document.id, document.source, new.location, document.title, document.date, document.sha256,
         json.dumps(document.paragraphs), document.text, *(new.state or (None, None))),
    )  # fmt: skip
    if any(values := document_metadata.values(document)):
        database.execute(document_metadata.PUT, (row, *values))
    _put_passages(database, row, document, new)
    _put_quotations(database, row, new.quotations, new.rules)
    DuplicateGroups(database).join(row, sketch(document.text))


def _with_free_id(database: Database, document: Document) -> Document:
    """The document, with a longer id if another has the same: of a million, two may share 48 bits."""
    taken = database.one("SELECT 1 FROM documents WHERE id = ?", (document.id,))
    return replace(document, id=documents.digest(document.source)[:LONGER]) if taken else document


def _put_passages(database: Database, row: int, document: Document, new: PreparedDocument) -> None:
    columns = astuple(Source.of(document))
    pages = document_metadata.pages(document) or document_metadata.times(document)
    rows = []
    for p, digest, vector in zip(new.passages, new.digests, new.vectors, strict=True):
        own = new.sentences[p.first : p.last]
        check = codec.checksum(columns, pages, (p.start, p.end, document.text[p.start : p.end]), own)
        packed = codec.packed_vector(vector), codec.packed_sentences(own)
        rows.append((row, p.start, p.end, p.first, p.last, digest, check, *packed))
    database.execute_many(
        'INSERT INTO passages (document, start, "end", first, last, digest, seal, vector, sentences) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _put_quotations(database: Database, row: int, found: Sequence[Quotation], rules: int) -> None:
    speakers = {(q.name or "", q.role or "") for q in found if q.name or q.role}
    database.execute_many(quotations.PUT_SPEAKER, speakers)
    database.execute_many(quotations.PUT, quotations.rows(row, found))
    database.execute("UPDATE documents SET quoted = ? WHERE row = ?", (rules, row))


def requote(
    database: Database, id_: str, sentences: Sequence[Sentence], found: Sequence[Quotation], rules: int
) -> None:
    """Replace a document's quotations, and the speakers of its sentences, by what other ``rules`` found; its
    passages keep their ids."""
    ((row, pages, *columns),) = database.rows(
        f"SELECT d.row, coalesce(t.pages, t.times), {document_metadata.CITED} "  # noqa: S608
        f"FROM {document_metadata.JOINED} WHERE d.id = ?",
        (id_,),
    )
    passages = database.rows(
        'SELECT p.id, p.start, p."end", substr(d.text, p.start + 1, p."end" - p.start), p.first, p.last '
        "FROM passages p JOIN documents d ON d.row = p.document WHERE p.document = ?",
        (row,),
    )
    database.execute_many(
        "UPDATE passages SET seal = ?, sentences = ? WHERE id = ?",
        (
            (codec.checksum(columns, pages, place, own), codec.packed_sentences(own), passage)
            for passage, *place, first, last in passages
            for own in [sentences[first:last]]
        ),
    )
    database.execute("DELETE FROM quotations WHERE document = ?", (row,))
    _put_quotations(database, row, found, rules)


def note_state(database: Database, id_: str, state: FileState) -> None:
    """Keep a file's state with the document that it still holds."""
    database.execute(
        "UPDATE documents SET size = ?, modified = ? WHERE id = ?", (*(state or (None, None)), id_)
    )


def delete(database: Database, ids: Iterable[str]) -> None:
    """Delete the documents with these ids."""
    _delete(database, "id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))


def _delete(database: Database, condition: str, parameters: Sequence[object]) -> None:
    rows = [row for (row,) in database.rows(f"SELECT row FROM documents WHERE {condition}", parameters)]  # noqa: S608
    DuplicateGroups(database).leave(rows)
    database.execute_many("DELETE FROM documents WHERE row = ?", ((row,) for row in rows))


def clear(database: Database) -> None:
    """Delete every document and the model."""
    for table in ("marks", "documents", "containers"):
        database.execute(f"DELETE FROM {table}")  # noqa: S608
    database.execute("DELETE FROM meta WHERE name = 'model'")


def find_duplicates(database: Database, progress: Callable[[int, int], None]) -> None:
    """Find the duplicates of documents that an older askbrief stored without, some at a time: an interrupted
    run continues there. ``progress`` gets the number of documents done and in all."""
    if database.one("SELECT 1 FROM meta WHERE name = 'sketched'"):
        return  # to look at all documents takes longer, the more there are
    missing = "FROM documents WHERE row > ? AND row NOT IN (SELECT document FROM sketches)"
    total, last = int(database.one(f"SELECT count(*) {missing}", (0,))), 0
    groups = DuplicateGroups(database)
    for done in range(0, total, BATCH):
        database.execute("BEGIN IMMEDIATE")
        some = database.rows(f"SELECT row, text {missing} ORDER BY row LIMIT ?", (last, BATCH))
        for number, (row, text) in enumerate(some, done):
            progress(number, total)
            groups.join(row, sketch(text))
            last = row
        database.execute("COMMIT")
    if total:
        progress(total, total)
    database.execute("INSERT INTO meta VALUES ('sketched', '1')")
