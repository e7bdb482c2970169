"""What the database keeps: its tables as numbered migrations, and the records that go in and out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, TypeAlias

from askbrief.storage.db import metadata as told
from askbrief.storage.db.metadata import Told
from askbrief.types import Document, Passage, Quotation, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

ROWS_PACKED = """
    (SELECT coalesce(packed_sentences(s.start, s."end", s.paragraph, s.number, s.speaker), x'')
    FROM (SELECT * FROM sentences WHERE document = p.document AND ordinal >= p.first AND ordinal < p.last
        ORDER BY ordinal) s)
"""
"""The sentences of a passage ``p``, from the row for each that older formats kept."""

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
    """
    ALTER TABLE documents ADD COLUMN size INTEGER;
    ALTER TABLE documents ADD COLUMN modified INTEGER;
    CREATE TABLE commits (
        stamp TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        last INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO commits
        SELECT stamp.value, revision.value, coalesce((SELECT max(id) FROM passages), 0)
        FROM meta stamp, meta revision WHERE stamp.name = 'stamp' AND revision.name = 'revision';
    CREATE TABLE removed (passage INTEGER PRIMARY KEY);
    CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
        INSERT INTO removed VALUES (old.id);
    END;
    UPDATE passages SET vector = in_eight_bits(vector);
    """,
    """
    ALTER TABLE documents ADD COLUMN quoted INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE speakers (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        UNIQUE (name, role)
    );
    CREATE TABLE quotations (
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        start INTEGER NOT NULL,
        length INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        cue INTEGER NOT NULL,
        cue_length INTEGER NOT NULL,
        mention INTEGER,
        mention_length INTEGER,
        speaker INTEGER REFERENCES speakers,
        PRIMARY KEY (document, ordinal)
    ) WITHOUT ROWID;
    CREATE INDEX quotations_by_speaker ON quotations (speaker) WHERE speaker IS NOT NULL;
    """,
    """
    CREATE TABLE sketches (
        document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        family INTEGER NOT NULL,
        sketch BLOB NOT NULL
    );
    CREATE INDEX sketches_by_family ON sketches (family);
    CREATE TABLE marks (
        mark INTEGER NOT NULL,
        family INTEGER NOT NULL,
        PRIMARY KEY (mark, family)
    ) WITHOUT ROWID;
    """,
    f"""
    CREATE TABLE told (
        {told.COLUMNS},
        FOREIGN KEY (document) REFERENCES documents ON DELETE CASCADE
    );
    CREATE TABLE containers (
        location TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        size INTEGER,
        modified INTEGER,
        fields TEXT NOT NULL,
        skipped TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE INDEX documents_by_rules ON documents (quoted);
    """,
    f"""
    ALTER TABLE passages ADD COLUMN sentences BLOB NOT NULL DEFAULT x'';
    UPDATE passages AS p SET sentences = {ROWS_PACKED};
    DROP TABLE sentences;
    DROP INDEX passages_by_document;
    CREATE INDEX passages_by_document ON passages (document, first, last);
    """,  # noqa: S608  (no value of anybody's)
    """
    ALTER TABLE told ADD COLUMN dated TEXT;
    """,
)
"""Numbered by place: the database's ``user_version`` is how many of them it has been through.

``commits`` holds, for each commit that search files may have been made at, the highest passage id of its
time; ``removed`` the passages that such files may still hold though they are gone. A passage's sentences
stand in its row as ``packed.py`` packs them, and its index counts them. ``documents.quoted`` is
the number of the rules that a document's quotations were found by; of these, cue and mention (the words for
the speaker) are places relative to the start. ``sketches`` holds what tells the copies of a document, and its
family, ``marks`` what families are looked up by (``families.py``); ``told`` what documents tell of themselves
(``told.py``), and ``containers`` the files that hold many of them (``containers.py``).
"""

PACKED = 7
"""From this version on sentences stand in the rows of passages."""

STANDIN = f"CREATE TEMP VIEW passages AS SELECT p.*, {ROWS_PACKED} AS sentences FROM main.passages p"  # noqa: S608
"""For readers of an older database."""


State: TypeAlias = tuple[int, int] | None
"""A file's size in bytes and when it was last modified, in nanoseconds; None where that tells nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document cut and encoded, ready to be stored; ``location`` tells one file from another,
    ``state`` one time of it, and ``rules`` by which rules the quotations were found."""

    document: Document
    location: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    digests: tuple[bytes, ...]
    vectors: Vectors
    state: State = None
    quotations: tuple[Quotation, ...] = ()
    rules: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether a file has changed since it was stored."""

    id: str
    source: str
    location: str
    title: str
    date: str | None
    sha256: str
    state: State
    told: Told


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages may be found; None leaves a side open. Dates are ISO days, both inclusive;
    a document of which the month or the year alone is known is within them if all its days are.

    ``source`` is a glob over source names; ``names`` are full names, one of whose bearers must speak; nobody
    does if it is empty. A document without a date is in no range of dates.
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    names: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.source) or self.names is not None


EVERYTHING = Filter()

FIRST_DAY = "substr(d.date || '-01-01', 1, 10)"
LAST_DAY = (
    "CASE length(d.date) WHEN 4 THEN d.date || '-12-31' "
    "WHEN 7 THEN date(d.date || '-01', '+1 month', '-1 day') ELSE d.date END"
)
"""The days that a date may be, as SQL: “2024-05” is from the first to the last of May."""


SPOKEN = """p.id IN (
    SELECT own.id FROM speakers v JOIN quotations q ON q.speaker = v.id JOIN passages own
        ON own.document = q.document AND own.start < max(q.start + q.length, q.start + q.cue + q.cue_length)
        AND own."end" > min(q.start, q.start + q.cue)
    WHERE {})"""
"""A passage ``p`` holds something of what one of the speakers ``v`` says, or that they do."""


def clauses(wanted: Filter) -> tuple[list[str], list[str]]:
    """SQL conditions on a passage ``p`` of a document ``d`` that ``wanted`` sets, and their parameters."""
    conditions, parameters = ["1"], []
    for clause, value in (
        (f"{FIRST_DAY} >= ?", wanted.since),
        (f"{LAST_DAY} <= ?", wanted.until),
        ("d.source GLOB ?", wanted.source),
        (
            SPOKEN.format("v.name IN (SELECT value FROM json_each(?))"),
            None if wanted.names is None else json.dumps(wanted.names),
        ),
    ):
        if value:
            conditions.append(clause)
            parameters.append(value)
    return conditions, parameters


def seal(document: Sequence[object], passage: Sequence[object], sentences: Iterable[Sentence]) -> bytes:
    """Digest of all that a citation can tell of a passage: what was altered on disk must never be cited."""
    cited = json.dumps([document, passage, [astuple(sentence) for sentence in sentences]])
    return hashlib.blake2b(cited.encode(), digest_size=16).digest()
