"""An archive in PostgreSQL opened for writing: each call is a commit, and several may write at once.

Writers of one document are put in order by advisory locks on its location and its source name. Duplicate
groups and the revision follow at the end of a transaction, by one writer at a time, so that revisions are
committed in their order and a snapshot holds all of each.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.index_records import CollectionState, FileState, ModelCard, PreparedDocument
from askbrief.options import no_progress
from askbrief.storage.db import codec, document_metadata, quotations
from askbrief.storage.db.documents import digest
from askbrief.storage.db.passages import passage_words
from askbrief.storage.db.writes import LONGER
from askbrief.storage.postgres import model_files
from askbrief.storage.postgres.postings import Segment
from askbrief.storage.postgres.server_archive import ServerArchive
from askbrief.storage.postgres.server_connection import ServerConnection
from askbrief.storage.postgres.server_duplicates import ServerDuplicateGroups
from askbrief.storage.postgres.server_schema import PLACES, shard_of, shards_of
from askbrief.storage.postgres.server_snapshot import ServerSnapshot
from askbrief.storage.postgres.server_words import stored_words
from askbrief.storage.search.keywords import READ_BEYOND, exact_words, stems, stems_digest
from askbrief.storage.search.vectors import EXACT
from askbrief.text import sketch
from askbrief.types import Document, Progress, Quotation, Sentence, Source, days_of

if TYPE_CHECKING:
    from askbrief.storage.writer import WriterModel

ARCHIVE, GROUPS = 7_163_540_001, 7_163_540_002
"""Numbers of advisory locks: of the whole archive, which writers share unless they begin it anew or bring
very many documents, and of duplicate groups and revision."""

MANY = 256
"""Documents of a batch from which on the archive is locked, not each of them: the server's table of locks has
room for some thousands."""

ANALYZED = 1000
"""Passages added by a run from which on the server's statistics are renewed."""

DOCUMENT = (
    "shard", "row", "id", "source", "location", "title", "date", "first_day", "last_day", "sha256",
    "paragraphs", "text", "size", "modified", "quoted", *document_metadata.NAMES,
)  # fmt: skip
PASSAGE = (
    "shard", "id", "document", "start", '"end"', "first", "last", "digest", "seal", "sentences", "vector",
)  # fmt: skip
QUOTATION = (
    "shard", "document", "ordinal", "start", "length", "kind", "cue", "cue_length", "mention",
    "mention_length", "name", "role",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A document to be stored, with its number and that of its first passage."""

    new: PreparedDocument
    document: Document
    row: int
    first: int


class PostgresWriter(ServerArchive):
    """Fills ``protocols.RunWriter`` with a database in PostgreSQL."""

    def __init__(self, connection: ServerConnection, folder: Path, model: WriterModel) -> None:
        super().__init__(connection, folder)
        self._connection = connection
        self._embedder = model
        self._added = 0

    # -- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        with self._committed():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (ARCHIVE,))
            yield

    @contextmanager
    def _committed(self) -> Iterator[None]:
        """All or nothing of what is written inside, as one revision; within a transaction, part of it."""
        if self._connection.in_transaction:
            yield
            return
        with self._connection.transaction():
            yield
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (GROUPS,))
            self._connection.execute(
                "UPDATE askbrief.meta SET value = CASE name WHEN 'revision' THEN (value::bigint + 1)::text "
                "ELSE %s END WHERE name IN ('revision', 'stamp')",
                (secrets.token_hex(8),),
            )

    def _lock(self, names: Collection[str]) -> None:
        """Keep other writers from documents with these locations and source names until the transaction
        ends."""
        if len(names) > 2 * MANY:
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (ARCHIVE,))
            return
        self._connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (ARCHIVE,))
        keys = sorted({_key(name) for name in names})
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) keys",
            (keys,),
        )

    # -- documents

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        documents = _last_of_each(documents)
        with self._committed():
            self._lock([*(new.location for new in documents), *(new.document.source for new in documents)])
            self._keep_model(self._embedder.card)
            gone = self._replaced(documents)
            numbered = self._numbered(documents, gone)
            self._put(numbered)
            self._delete([row for _, row in gone], joined=numbered)
        self._added += sum(len(new.passages) for new in documents)

    def _replaced(self, documents: Sequence[PreparedDocument]) -> list[tuple[str, int]]:
        """The ids and numbers of what is stored at the locations or under the source names of some."""
        query = "SELECT id, row FROM askbrief.documents WHERE location = ANY(%s) OR source = ANY(%s)"
        names = [new.location for new in documents], [new.document.source for new in documents]
        return [(id_, row) for id_, row in self._connection.rows(query, names)]

    def _numbered(
        self, documents: Sequence[PreparedDocument], gone: Sequence[tuple[str, int]]
    ) -> list[_Numbered]:
        """The documents with numbers of a new segment, and with longer ids if others have theirs."""
        number = self._connection.one("SELECT nextval('askbrief.segment_numbers')")
        ids = [new.document.id for new in documents]
        query = "SELECT id FROM askbrief.documents WHERE id = ANY(%s) AND row <> ALL(%s)"
        taken = {id_ for (id_,) in self._connection.rows(query, (ids, [row for _, row in gone]))}
        numbered, first = [], number << PLACES
        for place, new in enumerate(documents):
            document = new.document
            if document.id in taken:
                document = replace(document, id=digest(document.source)[:LONGER])
            taken.add(document.id)
            numbered.append(_Numbered(new, document, (number << PLACES) + place, first))
            first += len(new.passages)
        return numbered

    def _put(self, numbered: Sequence[_Numbered]) -> None:
        connection, segment = self._connection, Segment()
        connection.copy("documents", DOCUMENT, (_document_row(each) for each in numbered))
        connection.copy("passages", PASSAGE, (row for each in numbered for row in _passage_rows(each)))
        connection.copy(
            "quotations",
            QUOTATION,
            (row for each in numbered for row in _quotation_rows(each.row, each.new.quotations)),
        )
        shard, number = shard_of(numbered[0].row), numbered[0].row >> PLACES
        words = [row for each in numbered for row in _word_rows(each, segment)]
        connection.copy("exact_words", ("shard", "passage", "length", "words"), words)
        connection.copy(
            "postings",
            ("shard", "segment", "word", "texts", "titles", "packed"),
            ((shard, number, *row) for row in segment.rows()),
        )
        connection.execute(
            "INSERT INTO askbrief.segments VALUES (%s, %s, %s, %s, %s, %s)",
            (shard, number, len(words), segment.words, segment.title_words, sum(row[2] for row in words)),
        )

    def delete(self, ids: Collection[str]) -> None:
        with self._committed():
            query = "SELECT row, location, source FROM askbrief.documents WHERE id = ANY(%s)"
            found = self._connection.rows(query, (list(ids),))
            self._lock([name for _, *names in found for name in names])
            self._delete([row for row, *_ in found])

    def _delete(self, rows: Sequence[int], joined: Sequence[_Numbered] = ()) -> None:
        """Delete documents, and bring the groups to what is left and to those that are ``joined``."""
        groups = ServerDuplicateGroups(self._connection)
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (GROUPS,))
        if rows:
            groups.leave(rows)
            self._connection.execute(
                "DELETE FROM askbrief.documents WHERE shard = ANY(%s) AND row = ANY(%s)",
                (shards_of(rows), list(rows)),
            )
        for each in joined:
            groups.join(each.row, sketch(each.document.text))

    def clear(self) -> None:
        for table in ("marks", "documents", "postings", "segments", "collections", "model_files"):
            self._connection.execute(f"DELETE FROM askbrief.{table}")  # noqa: S608
        self._connection.execute("DELETE FROM askbrief.meta WHERE name IN ('model', 'stems')")

    @contextmanager
    def as_committed(self) -> Iterator[ServerArchive]:
        with closing(ServerSnapshot(self._connection.address, lambda connection: None)) as before:
            yield ServerArchive(before, self.folder)

    # -- what a run notes

    def note_state(self, id_: str, state: FileState) -> None:
        self._connection.execute(
            "UPDATE askbrief.documents SET size = %s, modified = %s WHERE id = %s",
            (*(state or (None, None)), id_),
        )

    def note_collection(self, state: CollectionState) -> None:
        values = (state.location, state.source, *(state.state or (None, None)), json.dumps(state.fields))
        self._connection.execute(
            "INSERT INTO askbrief.collections VALUES (%s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (location) DO UPDATE SET source = excluded.source, size = excluded.size, "
            "modified = excluded.modified, fields = excluded.fields, skipped = excluded.skipped",
            (*values, json.dumps(state.skipped)),
        )

    def forget_collections(self) -> None:
        self._connection.execute(
            "DELETE FROM askbrief.collections c WHERE NOT EXISTS (SELECT 1 FROM askbrief.documents d "
            "WHERE d.location > c.location || '//' AND d.location < c.location || '/0')"
        )

    def quoted_by_older(self, rules: int) -> list[str]:
        query = "SELECT id FROM askbrief.documents WHERE quoted < %s ORDER BY row"
        return [id_ for (id_,) in self._connection.rows(query, (rules,))]

    def requote(
        self, id_: str, sentences: Sequence[Sentence], found: Sequence[Quotation], rules: int
    ) -> None:
        document = self.document(id_)
        columns, pages = astuple(Source.of(document)), _starts(document)
        row = self._connection.one("SELECT row FROM askbrief.documents WHERE id = %s", (id_,))
        key = (shard_of(row), row)
        query = (
            'SELECT id, start, "end", first, last FROM askbrief.passages WHERE shard = %s AND document = %s'
        )
        for passage, start, end, first, last in self._connection.rows(query, key):
            own = sentences[first:last]
            seal = codec.checksum(columns, pages, (start, end, document.text[start:end]), own)
            self._connection.execute(
                "UPDATE askbrief.passages SET seal = %s, sentences = %s WHERE shard = %s AND id = %s",
                (seal, codec.packed_sentences(own), shard_of(passage), passage),
            )
        self._connection.execute("DELETE FROM askbrief.quotations WHERE shard = %s AND document = %s", key)
        self._connection.copy("quotations", QUOTATION, _quotation_rows(row, found))
        self._connection.execute(
            "UPDATE askbrief.documents SET quoted = %s WHERE shard = %s AND row = %s", (rules, *key)
        )

    def set_sentence_rules(self, fingerprint: str) -> None:
        self._keep("sentences", fingerprint)

    def finish(self, progress: Progress = no_progress) -> str | None:
        if self.model() is not None:
            self._keep_model(self._embedder.card)
            if self._added > ANALYZED:
                self._connection.execute("ANALYZE askbrief.documents, askbrief.passages, askbrief.postings")
            self._index_vectors(progress)
        return None

    def _index_vectors(self, progress: Progress) -> None:
        """Make the approximate index of vectors once there are too many to compare each."""
        there = self._connection.one("SELECT to_regclass('askbrief.passages_by_vector')")
        if there is not None or self.stats().passages <= EXACT:
            return
        progress("indexing vectors", 0, 1)
        size = int(self._embedder.card.dimension)
        self._connection.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS passages_by_vector ON askbrief.passages "
            f"USING hnsw ((vector::halfvec({size})) halfvec_ip_ops)"
        )

    def _keep_model(self, card: ModelCard) -> None:
        """Keep what makes the vectors from now on, with the files that embed questions."""
        if self.model() == card:
            return
        if self.model() is None:
            self._keep("stems", stems_digest())
        self._keep("model", json.dumps(asdict(card), sort_keys=True))
        model_files.put(self._connection, self.folder, card)

    def _keep(self, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO askbrief.meta VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def _key(name: str) -> int:
    """The number of the advisory lock of a location or a source name."""
    return int.from_bytes(hashlib.sha256(f"askbrief:{name}".encode()).digest()[:8], signed=True)


def _last_of_each(documents: Sequence[PreparedDocument]) -> list[PreparedDocument]:
    """Without those whose location or source name a later one has."""
    kept: list[PreparedDocument] = []
    names: set[str] = set()
    for new in reversed(documents):
        own = {f"at {new.location}", f"called {new.document.source}"}
        if not own & names:
            kept.append(new)
        names |= own
    return kept[::-1]


def _starts(document: Document) -> str | None:
    return document_metadata.pages(document) or document_metadata.times(document)


def _document_row(each: _Numbered) -> tuple[object, ...]:
    document, new = each.document, each.new
    days = days_of(document.date) if document.date else (None, None)
    return (
        shard_of(each.row), each.row, document.id, document.source, new.location, document.title,
        document.date, *days, document.sha256, json.dumps(document.paragraphs), document.text,
        *(new.state or (None, None)), new.rules, *document_metadata.values(document),
    )  # fmt: skip


def _passage_rows(each: _Numbered) -> Iterator[tuple[object, ...]]:
    from askbrief.storage.postgres.server_vectors import packed

    document, new = each.document, each.new
    columns, pages = astuple(Source.of(document)), _starts(document)
    found = zip(new.passages, new.digests, new.vectors, strict=True)
    for id_, (p, text_digest, vector) in enumerate(found, each.first):
        own = new.sentences[p.first : p.last]
        seal = codec.checksum(columns, pages, (p.start, p.end, document.text[p.start : p.end]), own)
        place = p.start, p.end, p.first, p.last
        yield (
            shard_of(id_), id_, each.row, *place, text_digest, seal,
            codec.packed_sentences(own), packed(vector),
        )  # fmt: skip


def _word_rows(each: _Numbered, segment: Segment) -> Iterator[tuple[int, int, int, str]]:
    """The rows of exact search; stems are collected in ``segment``."""
    document = each.document
    title = stems(document.title)
    for id_, passage in enumerate(each.new.passages, each.first):
        words = passage_words(id_, document.title, document.text, each.new.sentences, passage, READ_BEYOND)
        segment.add(id_ & ((1 << PLACES) - 1), stems(words.text), title)
        exact = exact_words(words.sentences, words.beyond).split()
        yield shard_of(id_), id_, len(exact), stored_words(exact)


def _quotation_rows(row: int, found: Sequence[Quotation]) -> Iterator[tuple[object, ...]]:
    return ((shard_of(row), *values) for values in quotations.rows(row, found))
