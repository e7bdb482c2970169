"""What the database keeps: its tables as numbered migrations, and the records that go in and out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbrief.types import Document, Passage, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

MIGRATIONS = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('revision', '0'), ('stamp', '');
    CREATE TABLE documents (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL UNIQUE,
        location TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        date TEXT,
        sha256 TEXT NOT NULL,
        paragraphs TEXT NOT NULL,
        text TEXT NOT NULL
    );
    CREATE TABLE sentences (
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        paragraph INTEGER NOT NULL,
        number INTEGER NOT NULL,
        speaker TEXT,
        PRIMARY KEY (document, ordinal)
    ) WITHOUT ROWID;
    CREATE INDEX sentences_by_speaker ON sentences (speaker) WHERE speaker IS NOT NULL;
    CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        digest BLOB NOT NULL,
        seal BLOB NOT NULL,
        vector BLOB NOT NULL
    );
    CREATE INDEX passages_by_document ON passages (document);
    CREATE INDEX passages_by_digest ON passages (digest);
    """,
)
"""Numbered by place: the database's ``user_version`` is how many of them it has been through."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document cut and encoded, ready to be stored; ``location`` tells one file from another."""

    document: Document
    location: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    digests: tuple[bytes, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether a file has changed since it was stored."""

    id: str
    source: str
    location: str
    title: str
    date: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages may be found; None leaves a side open. Dates are ISO days, both inclusive.

    ``source`` is a glob over source names; ``speaker`` a name, whole or in part, as it is attributed.
    A document without a date is in no range of dates.
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    speaker: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.source, self.speaker))


def clauses(wanted: Filter) -> tuple[list[str], list[str]]:
    """SQL conditions on a passage ``p`` of a document ``d`` that ``wanted`` sets, and their parameters."""
    conditions, parameters = ["1"], []
    for clause, value in (
        ("d.date >= ?", wanted.since),
        ("d.date <= ?", wanted.until),
        ("d.source GLOB ?", wanted.source),
        (
            "EXISTS (SELECT 1 FROM sentences s WHERE s.document = p.document AND s.ordinal >= p.first "
            "AND s.ordinal < p.last AND instr(casefold(s.speaker), casefold(?)))",
            wanted.speaker,
        ),
    ):
        if value:
            conditions.append(clause)
            parameters.append(value)
    return conditions, parameters


def seal(document: Sequence[object], passage: Sequence[object], sentences: Sequence[object]) -> bytes:
    """Digest of all that a citation can tell of a passage: what was altered on disk must never be cited."""
    told = json.dumps([document, passage, sentences])
    return hashlib.blake2b(told.encode(), digest_size=16).digest()


def packed(vector: Vectors) -> bytes:
    """A vector as it is stored: 768 bytes for MiniLM, and no cosine moves by more than 1e-3."""
    import numpy as np

    return np.asarray(vector, dtype="<f2").tobytes()


def unpacked(blob: bytes) -> Vectors:
    """Stored vectors, end to end, as float32."""
    import numpy as np

    return np.frombuffer(blob, dtype="<f2").astype(np.float32)
