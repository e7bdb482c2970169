"""The tables of the database, as numbered migrations."""

from __future__ import annotations

from askbrief.storage.db import document_metadata

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
        {document_metadata.COLUMNS},
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
    """
    ALTER TABLE told ADD COLUMN details TEXT;
    ALTER TABLE told ADD COLUMN times TEXT;
    CREATE INDEX told_by_guid ON told (json_extract(details, '$.guid')) WHERE details IS NOT NULL;
    """,
    """
    CREATE INDEX documents_by_date ON documents (date, source);
    """,
)
"""Numbered by place: the database's ``user_version`` is how many of them it has been through.

``commits`` holds, for each commit that search files may have been made at, the highest passage id of its
time; ``removed`` the passages that such files may still hold although they were deleted. ``passages.seal`` is
a passage's checksum; its sentences are in its row as ``codec.py`` packs them, and its index counts them.
``documents.quoted`` is the number of the rules that found a document's quotations; in these, cue and mention
(the words for the speaker) are offsets from the start. ``sketches`` holds what finds the duplicates of a
document, and the duplicate group (``family``) that it is in, ``marks`` what groups are looked up by
(``duplicates.py``). ``told`` is the metadata of documents (``document_metadata.py``), and ``containers`` the
collections that hold many of them (``collection_state.py``).
"""

PACKED = 7
"""From this version on, sentences are in the rows of passages."""

STANDIN = f"CREATE TEMP VIEW passages AS SELECT p.*, {ROWS_PACKED} AS sentences FROM main.passages p"  # noqa: S608
"""What readers of an older database see instead."""
