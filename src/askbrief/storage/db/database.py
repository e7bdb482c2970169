"""The truth of an index: one SQLite file. Documents go in and out here, and are known and read whole;
``passages.py`` reads what is searched and cited, ``quoted.py`` quotations, ``families.py`` copies.

Every change of documents is one transaction that raises the revision, so
that whatever is derived from the database can say which revision it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from askbrief.errors import IndexDamaged, IndexMismatch, IndexMissing, NotFound
from askbrief.protocols import Stats
from askbrief.storage.db import codec as packed
from askbrief.storage.db import metadata as told
from askbrief.storage.db import quotations as quoted
from askbrief.storage.db.connection import WAIT, Connection, damaged, explained, readable, settled, writable
from askbrief.storage.db.duplicates import Families
from askbrief.storage.db.metadata import Told
from askbrief.storage.db.schema import MIGRATIONS, PACKED, STANDIN, Entry, Known, State, seal
from askbrief.text import near_copies as copies
from askbrief.types import Document, Extent, Quotation, Sentence, Source

FILE = "askbrief.db"

LONGER = 24
"""Hexadecimal digits of the id of a document whose usual one is taken."""

BATCH = 512
"""Documents whose copies are found in one transaction."""


class Database:
    """An open database: one that is written, or one revision of it that is read."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self._connection = connection
        self._families = Families(connection)

    @classmethod
    def create(cls, path: Path) -> Database:
        """Open ``path`` for writing, made new where it does not exist, migrated where it is older."""
        with explained(path):
            database = cls(path, writable(path))
            try:
                database._require_known_version()
                settled(database._connection)
                database._migrate()
            except BaseException:
                database.close()
                raise
        return database

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open ``path`` to read one revision of it, whoever writes meanwhile."""
        with explained(path):
            database = cls(path, readable(path))
            try:
                database._require_known_version(least=1)
                database._stand_in()
                database._connection.execute("BEGIN")
                database.revision()  # the first read fixes the snapshot
            except BaseException:
                database.close()
                raise
        return database

    def _stand_in(self) -> None:
        """Let the queries of today read an older database."""
        self._connection.execute(told.standin([name for (name,) in self.rows(told.HELD)]))
        if self.one("PRAGMA user_version") < PACKED:
            self._connection.execute(STANDIN)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _require_known_version(self, least: int = 0) -> None:
        version = self.one("PRAGMA user_version")
        if version < least:
            raise IndexMissing(f"{self.path} holds nothing yet: run `askbrief index PATH` first")
        if version > len(MIGRATIONS):
            raise IndexMismatch(
                f"{self.path} was made by a newer askbrief (format {version}, this one knows "
                f"{len(MIGRATIONS)}): upgrade askbrief, or index into another folder with --index"
            )

    def _migrate(self) -> None:
        for number in range(self.one("PRAGMA user_version"), len(MIGRATIONS)):
            script = f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT"
            self._connection.executescript(script)

    # -- for all that reads it

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value that a query gives; None where it gives none."""
        with explained(self.path):
            row = self._connection.execute(query, parameters).fetchone()
        return None if row is None else row[0]

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows that a query gives."""
        with explained(self.path):
            return self._connection.execute(query, parameters).fetchall()

    def each(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """The rows that a query gives, one after the other."""
        with explained(self.path):
            yield from self._connection.execute(query, parameters)

    def damaged(self, what: str) -> IndexDamaged:
        """The error for ``what`` in it that is not as it was written."""
        return damaged(self.path, what)

    def unpacked(self, blob: bytes) -> tuple[Sentence, ...]:
        """The sentences of a passage. Raises IndexDamaged for bytes that hold none."""
        try:
            return packed.sentences(blob)
        except (ValueError, TypeError) as error:
            raise self.damaged("the sentences of a passage were altered") from error

    def starts(self, pages: str | None) -> tuple[int, ...]:
        """Where the pages of a document begin. Raises IndexDamaged for what tells nothing."""
        try:
            return told.starts(pages)
        except (ValueError, TypeError) as error:
            raise self.damaged("where pages begin was altered") from error

    # -- meta

    def revision(self) -> int:
        """How many commits have changed the documents."""
        value = self._meta("revision") or ""
        if not value.isdecimal():
            raise self.damaged(f"its revision is {value!r}")
        return int(value)

    def stamp(self) -> str:
        """What names the last commit, and no commit of any other database, nor of a copy of this one."""
        return self._meta("stamp") or ""

    def _meta(self, name: str) -> str | None:
        value = self.one("SELECT value FROM meta WHERE name = ?", (name,))
        return None if value is None else str(value)

    def _last(self) -> int:
        """The highest id that any passage has ever had."""
        return int(self.one("SELECT seq FROM sqlite_sequence WHERE name = 'passages'") or 0)

    def last_at(self, stamp: str) -> int | None:
        """The highest passage id at the commit of that stamp; None where it is no commit of this database
        that search files may have been made at."""
        last = self.one("SELECT last FROM commits WHERE stamp = ?", (stamp,))
        return None if last is None else int(last)

    def removed(self, until: int | None = None) -> list[int]:
        """The passages, up to an id, that are gone since search files were last made of all."""
        query = "SELECT passage FROM removed WHERE ?1 IS NULL OR passage <= ?1"
        return [passage for (passage,) in self.rows(query, (until,))]

    def count_after(self, id_: int) -> int:
        """How many passages there are above an id."""
        return int(self.one("SELECT count(*) FROM passages WHERE id > ?", (id_,)))

    def settle(self) -> None:
        """Forget what came before now, once search files hold all of now."""
        with explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM removed")
            self._connection.execute("DELETE FROM commits WHERE stamp <> ?", (self.stamp(),))
            self._connection.execute("COMMIT")

    def model(self) -> dict[str, Any] | None:
        """What the manifest says of the model that made the vectors; None before the first document."""
        value = self._meta("model")
        try:
            return None if value is None else dict(json.loads(value))
        except (ValueError, TypeError) as error:
            raise self.damaged("its model card can't be read") from error

    def set_model(self, model: dict[str, Any]) -> None:
        """Keep ``model`` as what makes the vectors from now on."""
        with explained(self.path):
            self._connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('model', ?)", (json.dumps(model, sort_keys=True),)
            )

    def stats(self) -> Stats:
        """How many documents, sentences and passages there are, at which revision."""
        documents = int(self.one("SELECT count(*) FROM documents"))
        ((passages, sentences),) = self.rows("SELECT count(*), coalesce(sum(last - first), 0) FROM passages")
        return Stats(documents, sentences, passages, self.revision())

    # -- writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside; raises the revision by one."""
        with explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
                self._connection.execute("UPDATE meta SET value = hex(randomblob(8)) WHERE name = 'stamp'")
                self._connection.execute(
                    "INSERT INTO commits VALUES (?, ?, ?)", (self.stamp(), self.revision(), self._last())
                )
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def put(self, entry: Entry) -> None:
        """Store a document in place of what stood at its location or under its source name."""
        self._delete("location = ? OR source = ?", (entry.location, entry.document.source))
        document = self._called(entry.document)
        row = self._inserted(
            "INSERT INTO documents (id, source, location, title, date, sha256, paragraphs, text, size, "
            "modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document.id, document.source, entry.location, document.title, document.date, document.sha256,
             json.dumps(document.paragraphs), document.text, *(entry.state or (None, None))),
        )  # fmt: skip
        more = Told.of(document)
        if kept := more.row(row):
            self._connection.execute(told.PUT, kept)
        self._put_passages(row, document, entry)
        self._put_quotations(row, entry.quotations, entry.rules)
        self._families.join(row, copies.sketch(document.text))

    def _called(self, document: Document) -> Document:
        """The document, by a longer id where another has the same: of a million, two may share 48 bits."""
        taken = self.one("SELECT 1 FROM documents WHERE id = ?", (document.id,))
        return replace(document, id=_sha256(document.source)[:LONGER]) if taken else document

    def _put_passages(self, row: int, document: Document, entry: Entry) -> None:
        about = told.sealed(astuple(Source.of(document)), Told.of(document).pages)
        rows = []
        for p, digest, vector in zip(entry.passages, entry.digests, entry.vectors, strict=True):
            own = entry.sentences[p.first : p.last]
            sealed = seal(about, (p.start, p.end, document.text[p.start : p.end]), own)
            kept = packed.packed_vector(vector), packed.packed_sentences(own)
            rows.append((row, p.start, p.end, p.first, p.last, digest, sealed, *kept))
        self._connection.executemany(
            'INSERT INTO passages (document, start, "end", first, last, digest, seal, vector, sentences) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _put_quotations(self, row: int, quotations: Sequence[Quotation], rules: int) -> None:
        self._connection.executemany(quoted.SPEAKER, quoted.speakers(quotations))
        self._connection.executemany(quoted.QUOTATION, quoted.rows(row, quotations))
        self._connection.execute("UPDATE documents SET quoted = ? WHERE row = ?", (rules, row))

    def requote(
        self, id_: str, sentences: Sequence[Sentence], quotations: Sequence[Quotation], rules: int
    ) -> None:
        """Put other quotations, found by other ``rules``, into the place of a document's, and the speakers
        of its sentences; its passages keep their ids."""
        row, pages, *cited = self._connection.execute(
            f"SELECT d.row, t.pages, {told.CITED} FROM {told.JOINED} WHERE d.id = ?",  # noqa: S608
            (id_,),
        ).fetchone()
        about = told.sealed(cited, pages)
        passages = self._connection.execute(
            'SELECT p.id, p.start, p."end", substr(d.text, p.start + 1, p."end" - p.start), p.first, p.last '
            "FROM passages p JOIN documents d ON d.row = p.document WHERE p.document = ?",
            (row,),
        ).fetchall()
        self._connection.executemany(
            "UPDATE passages SET seal = ?, sentences = ? WHERE id = ?",
            (
                (seal(about, place, own), packed.packed_sentences(own), id_)
                for id_, *place, first, last in passages
                for own in [sentences[first:last]]
            ),
        )
        self._connection.execute("DELETE FROM quotations WHERE document = ?", (row,))
        self._put_quotations(row, quotations, rules)

    def _inserted(self, statement: str, parameters: Sequence[object]) -> int:
        """The number of the row that a statement puts in."""
        return int(self._connection.execute(statement, parameters).lastrowid or 0)

    def delete(self, ids: Iterable[str]) -> None:
        """Take the documents with these ids out."""
        self._delete("id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))

    def _delete(self, condition: str, parameters: Sequence[object]) -> None:
        found = self._connection.execute(f"SELECT row FROM documents WHERE {condition}", parameters)  # noqa: S608
        rows = [row for (row,) in found]
        self._families.leave(rows)
        self._connection.executemany("DELETE FROM documents WHERE row = ?", ((row,) for row in rows))

    def clear(self) -> None:
        """Take every document and the model out."""
        self._connection.execute("DELETE FROM marks")
        self._connection.execute("DELETE FROM documents")
        self._connection.execute("DELETE FROM containers")
        self._connection.execute("DELETE FROM meta WHERE name = 'model'")

    def find_copies(self, progress: Callable[[int, int], None]) -> None:
        """Find the copies of documents that were stored before there were families, some at a time: what is
        cut off goes on from there. ``progress`` is told how many are done, and of how many."""
        missing = "FROM documents WHERE row > ? AND row NOT IN (SELECT document FROM sketches)"
        with explained(self.path):
            if self._connection.execute("SELECT 1 FROM meta WHERE name = 'sketched'").fetchone():
                return  # to look at all documents takes longer, the more there are
            total, last = int(self.one(f"SELECT count(*) {missing}", (0,))), 0
            for done in range(0, total, BATCH):
                progress(done, total)
                self._connection.execute("BEGIN IMMEDIATE")
                query = f"SELECT row, text {missing} ORDER BY row LIMIT ?"
                for row, text in self._connection.execute(query, (last, BATCH)).fetchall():
                    self._families.join(row, copies.sketch(text))
                    last = row
                self._connection.execute("COMMIT")
            self._connection.execute("INSERT INTO meta VALUES ('sketched', '1')")

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, unless a reader still needs it: none is waited for."""
        with explained(self.path):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")

    def vacuum(self) -> None:
        """Give the room of what is gone back to the disk."""
        with explained(self.path):
            self._connection.execute(quoted.FORGOTTEN)
            self._connection.execute("VACUUM")

    # -- reading

    def known(self, *, location: str | None = None, source: str | None = None) -> Known | None:
        """What is stored of the document at a location, or under a source name; None where none is."""
        return next(self._known("location = ? OR source = ?", (location, source)), None)

    def cited(self, about: Source) -> Known | None:
        """What is stored of the document that a citation names: by its id, else by its source name, else by
        the digest of its text."""
        ways = (("id = ?", about.id), ("source = ?", about.source), ("sha256 = ?", about.sha256))
        return next((known for way, value in ways for known in self._known(way, (value,))), None)

    def known_below(self, folder: str) -> Iterator[Known]:
        """What is stored of each document whose file lies somewhere in ``folder``; of all for ""."""
        least = f"{folder.rstrip(os.sep)}{os.sep}" if folder else ""
        yield from self._known("substr(location, 1, ?) = ? ORDER BY location", (len(least), least))

    def known_between(self, least: str, most: str) -> Iterator[Known]:
        """What is stored of each document that lies between two locations, in their order."""
        yield from self._known("location > ? AND location < ? ORDER BY location", (least, most))

    def _known(self, condition: str, parameters: Sequence[object]) -> Iterator[Known]:
        rows = self.each(
            f"SELECT id, source, location, title, date, sha256, size, modified, {told.READ} "  # noqa: S608
            f"FROM {told.JOINED} WHERE {condition}",
            parameters,
        )
        for id_, source, location, title, date, sha256, size, modified, *more in rows:
            state = None if size is None else (size, modified)
            yield Known(id_, source, location, title, date, sha256, state, Told(*more))

    def note(self, id_: str, state: State) -> None:
        """Keep a file's state with the document that it still holds."""
        with explained(self.path):
            self._connection.execute(
                "UPDATE documents SET size = ?, modified = ? WHERE id = ?", (*(state or (None, None)), id_)
            )

    def sources(self) -> list[Source]:
        """Every document, in the order of their source names."""
        query = f"SELECT {told.CITED} FROM {told.JOINED} ORDER BY d.source"  # noqa: S608
        return [Source(*row) for row in self.rows(query)]

    def find(self, name: str) -> Source:
        """The one document whose id or source is ``name`` or, if one alone does, ends with it.

        Raises NotFound where none does, or more than one.
        """
        every = self.sources()
        whole = [source for source in every if name in (source.id, source.source)]
        ending = [s for s in every if name and (s.source.endswith(name) or s.id.endswith(name))]
        found = whole or ending
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(
                f"no document {name!r} in {self.path.parent}: `askbrief status --documents` lists them"
            )
        some = ", ".join(source.source for source in found[:3])
        raise NotFound(f"{name!r} names {len(found)} documents ({some}, …): give more of the name, or the id")

    def document(self, id_: str) -> Document:
        """The document with this id, whole."""
        with explained(self.path):
            row = self._connection.execute(
                f"SELECT d.source, d.title, d.text, d.sha256, d.paragraphs, d.date, {told.READ} "  # noqa: S608
                f"FROM {told.JOINED} WHERE d.id = ?",
                (id_,),
            ).fetchone()
        if row is None:
            raise NotFound(f"no document {id_!r} in {self.path.parent}")
        if _sha256(row[2]) != row[3]:
            raise self.damaged(f"the text of {row[0]} was altered")
        paragraphs: tuple[Extent, ...] = tuple((start, end) for start, end in json.loads(row[4]))
        source, title, text, sha256, _, date, *more = row
        about = told.Told(*more)
        return Document(
            id_, source, title, text, sha256, paragraphs, date, about.url, about.author, about.site,
            self.starts(about.pages), about.language, about.dated,
        )  # fmt: skip

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        """The sentences of the document with this id, in order."""
        rows = self.rows(
            "SELECT p.sentences FROM passages p JOIN documents d ON d.row = p.document WHERE d.id = ? "
            "ORDER BY p.first",
            (id_,),
        )
        return tuple(sentence for (blob,) in rows for sentence in self.unpacked(blob))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
