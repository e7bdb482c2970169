"""Documents as PostgreSQL stores them, read whole or by what identifies them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from askbrief.errors import IndexDamaged, NotFound
from askbrief.index_records import CollectionState, ModelCard, Stats, StoredDocument
from askbrief.storage.db import codec, collection_state, document_metadata
from askbrief.storage.db.documents import digest
from askbrief.storage.postgres.server_connection import Row
from askbrief.storage.postgres.server_schema import shards_of
from askbrief.types import Document, Extent, Sentence, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors

RESTORE = "restore the database from a backup"

BLOCK = 1000
"""Documents that are read at a time where all of many are wanted one by one."""

CITED = "d.id, d.title, d.source, d.date, d.sha256, d.url, d.language, d.dated"
"""The columns of ``documents`` that make a ``Source``, in its order."""

CITED_COUNT = document_metadata.CITED_COUNT

READ = ", ".join(f"d.{name}" for name in document_metadata.NAMES)

STORED = f"d.id, d.source, d.location, d.title, d.date, d.sha256, d.size, d.modified, {READ}"
"""The columns that make a ``StoredDocument``."""

COLLECTIONS = "SELECT location, source, size, modified, fields, skipped FROM askbrief.collections"

STATS = """
    SELECT (SELECT count(*) FROM askbrief.documents), count(*), coalesce(sum(last - first), 0)::bigint,
        (SELECT value FROM askbrief.meta WHERE name = 'revision')
    FROM askbrief.passages
"""


class Rows(Protocol):
    """What gives the rows of queries: a connection, or a snapshot of several."""

    @property
    def location(self) -> str:
        """The database, as messages name it."""

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of a query's first row; None if it has no row."""


class ServerDocuments:
    """The documents of a database, as ``protocols.StoredDocuments`` says; ``folder`` is where this machine
    keeps files for it."""

    def __init__(self, database: Rows, folder: Path) -> None:
        self.database = database
        self.folder = folder

    @property
    def location(self) -> str:
        return self.database.location

    def listed(self, start: str = "", limit: int | None = None) -> list[Source]:
        query = f"SELECT {CITED} FROM askbrief.documents d WHERE d.source >= %s ORDER BY d.source LIMIT %s"  # noqa: S608
        return [Source(*row) for row in self.database.rows(query, (start, limit))]

    def at(self, *, location: str | None = None, source: str | None = None) -> StoredDocument | None:
        return next(iter(self._stored("d.location = %s OR d.source = %s", (location, source))), None)

    def cited(self, about: Source) -> StoredDocument | None:
        """The stored document that a citation names: by its id, else by its source name, else by the digest
        of its text."""
        for column in ("id", "source", "sha256"):
            if found := self._stored(f"d.{column} = %s", (getattr(about, column),)):
                return found[0]
        return None

    def below(self, folder: str) -> Iterator[StoredDocument]:
        least = f"{folder.rstrip(os.sep)}{os.sep}" if folder else ""
        for each in self._from(least):
            if not each.location.startswith(least):
                return
            yield each

    def between(self, least: str, most: str) -> Iterator[StoredDocument]:
        for each in self._from(least):
            if each.location >= most:
                return
            if each.location > least:
                yield each

    def _from(self, least: str) -> Iterator[StoredDocument]:
        """Every document from a location on, in their order, some at a time."""
        condition = "d.location >= %s ORDER BY d.location LIMIT %s"
        some = self._stored(condition, (least, BLOCK))
        while some:
            yield from some
            some = self._stored(condition.replace(">=", ">"), (some[-1].location, BLOCK))

    def count_between(self, least: str, most: str) -> int:
        query = "SELECT count(*) FROM askbrief.documents WHERE location > %s AND location < %s"
        return int(self.database.one(query, (least, most)))

    def with_guid(self, guid: str) -> list[tuple[StoredDocument, dict[str, str]]]:
        place = document_metadata.NAMES.index("details")
        found = self._stored("d.details IS NOT NULL AND d.details::jsonb ->> 'guid' = %s", (guid,))
        return [(each, _details(each.metadata[place])) for each in found]

    def _stored(self, condition: str, parameters: Sequence[object]) -> list[StoredDocument]:
        query = f"SELECT {STORED} FROM askbrief.documents d WHERE {condition}"  # noqa: S608
        found = []
        for id_, source, location, title, date, sha256, size, modified, *more in self.database.rows(
            query, parameters
        ):
            state = None if size is None else (size, modified)
            found.append(StoredDocument(id_, source, location, title, date, sha256, state, tuple(more)))
        return found

    def document(self, id_: str) -> Document:
        query = (
            f"SELECT d.source, d.title, d.text, d.sha256, d.paragraphs, d.date, {READ} "  # noqa: S608
            "FROM askbrief.documents d WHERE d.id = %s"
        )
        rows = self.database.rows(query, (id_,))
        if not rows:
            raise NotFound(f"no document {id_!r} in {self.location}", hint="name one that was found there")
        (
            source,
            title,
            text,
            sha256,
            extents,
            date,
            url,
            author,
            site,
            language,
            pages,
            dated,
            details,
            times,
        ) = rows[0]
        if digest(text) != sha256:
            raise self.damaged(f"the text of {source} was altered")
        with self.intact(f"what is stored of {source} was altered"):
            paragraphs: tuple[Extent, ...] = tuple((start, end) for start, end in json.loads(extents))
            return Document(
                id_, source, title, text, sha256, paragraphs, date, url, author, site, numbers(pages),
                language, dated, _details(details), pairs(times),
            )  # fmt: skip

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        rows = self.database.rows(
            "SELECT p.sentences FROM askbrief.documents d JOIN askbrief.passages p "
            "ON p.shard = d.shard AND p.document = d.row WHERE d.id = %s ORDER BY p.first",
            (id_,),
        )
        with self.intact("the sentences of a passage were altered"):
            return tuple(sentence for (blob,) in rows for sentence in codec.sentences(blob))

    def collection(self, location: str) -> CollectionState | None:
        rows = self.database.rows(f"{COLLECTIONS} WHERE location = %s", (location,))
        return next((collection_state.parsed(*row) for row in rows), None)

    def collections(self) -> list[CollectionState]:
        rows = self.database.rows(f"{COLLECTIONS} ORDER BY location")
        return [collection_state.parsed(*row) for row in rows]

    def sentence_rules(self) -> str | None:
        return self.meta("sentences")

    def model(self) -> ModelCard | None:
        card = self.meta("model")
        with self.intact("its model card can't be read"):
            return None if card is None else ModelCard.parse(json.loads(card))

    def vectors_of(self, digests: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        from askbrief.storage.postgres.server_vectors import unpacked

        query = "SELECT DISTINCT ON (digest) digest, vector FROM askbrief.passages WHERE digest = ANY(%s)"
        rows = self.database.rows(query, (list(set(digests)),))
        return {bytes(key): unpacked(blob) for key, blob in rows}

    def stats(self) -> Stats:
        documents, passages, sentences, revision = self.database.rows(STATS)[0]
        return Stats(documents, sentences, passages, int(revision))

    def meta(self, name: str) -> str | None:
        """A value that is kept once for the archive."""
        value = self.database.one("SELECT value FROM askbrief.meta WHERE name = %s", (name,))
        return None if value is None else str(value)

    def sources(self, rows: Iterable[int]) -> dict[int, Source]:
        """What a citation says of each of the documents with these numbers."""
        every = list(rows)
        query = (
            f"SELECT d.row, {CITED} FROM askbrief.documents d "  # noqa: S608
            "WHERE d.shard = ANY(%s) AND d.row = ANY(%s)"
        )
        found = self.database.rows(query, (shards_of(every), every))
        return {row: Source(*columns) for row, *columns in found}

    def damaged(self, what: str) -> IndexDamaged:
        """The error for ``what`` is not as it was written."""
        return IndexDamaged(f"the archive in {self.location} is damaged ({what})", hint=RESTORE)

    @contextmanager
    def intact(self, what: str) -> Iterator[None]:
        """Raise IndexDamaged, saying ``what`` is damaged, if stored bytes can't be understood inside."""
        try:
            yield
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self.damaged(what) from error


def numbers(stored: str | None) -> tuple[int, ...]:
    """Where pages begin."""
    return tuple(map(int, json.loads(stored))) if stored else ()


def pairs(stored: str | None) -> tuple[tuple[int, int], ...]:
    """Where cues begin, and when."""
    return tuple((int(start), int(time)) for start, time in json.loads(stored)) if stored else ()


def _details(stored: str | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(stored).items()} if stored else {}
