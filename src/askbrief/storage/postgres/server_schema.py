"""The tables of an archive in PostgreSQL, as numbered migrations.

Each table of documents holds the document's shard in its key, so that Citus can distribute it by that
column as it is (``DISTRIBUTED``); the others are small, and may be copied to every node (``COPIED``). What a
batch of documents brings is a segment, whose number gives the shard (``shard_of``): numbers grow, so that ids
are never used again.
"""

from __future__ import annotations

from collections.abc import Iterable

from askbrief.errors import IndexMismatch, IndexMissing, StorageError
from askbrief.storage.postgres.server_connection import EXTENSION, SCHEMA, ServerConnection

SHARDS = 32
"""Shards, among which segments take turns."""

PGVECTOR = (0, 8)
"""The first version that searches on until enough vectors pass a filter."""

PLACES = 20
"""Bits of an id that count within its segment; those above are the segment's number."""

MIGRATIONS = (
    """
    CREATE SEQUENCE askbrief.segment_numbers;
    CREATE TABLE askbrief.meta (name text PRIMARY KEY, value text NOT NULL);
    INSERT INTO askbrief.meta VALUES ('revision', '0'), ('stamp', '');
    CREATE TABLE askbrief.collections (
        location text COLLATE "C" PRIMARY KEY,
        source text NOT NULL,
        size bigint,
        modified bigint,
        fields text NOT NULL,
        skipped text NOT NULL
    );
    CREATE TABLE askbrief.model_files (
        model text NOT NULL,
        name text NOT NULL,
        part integer NOT NULL,
        data bytea NOT NULL,
        PRIMARY KEY (model, name, part)
    );
    CREATE TABLE askbrief.segments (
        shard smallint NOT NULL,
        segment bigint NOT NULL,
        passages integer NOT NULL,
        words bigint NOT NULL,
        title_words bigint NOT NULL,
        exact_words bigint NOT NULL,
        PRIMARY KEY (shard, segment)
    );
    CREATE TABLE askbrief.documents (
        shard smallint NOT NULL,
        row bigint NOT NULL,
        id text COLLATE "C" NOT NULL,
        source text COLLATE "C" NOT NULL,
        location text COLLATE "C" NOT NULL,
        title text NOT NULL,
        date text COLLATE "C",
        first_day text COLLATE "C",
        last_day text COLLATE "C",
        sha256 text COLLATE "C" NOT NULL,
        paragraphs text NOT NULL,
        text text NOT NULL,
        size bigint,
        modified bigint,
        quoted integer NOT NULL,
        url text,
        author text,
        site text,
        language text,
        pages text,
        dated text,
        details text,
        times text,
        PRIMARY KEY (shard, row)
    );
    CREATE INDEX documents_by_id ON askbrief.documents (id);
    CREATE INDEX documents_by_source ON askbrief.documents (source);
    CREATE INDEX documents_by_location ON askbrief.documents (location);
    CREATE INDEX documents_by_sha256 ON askbrief.documents (sha256);
    CREATE INDEX documents_by_day ON askbrief.documents (first_day, last_day);
    CREATE INDEX documents_by_rules ON askbrief.documents (quoted);
    CREATE INDEX documents_by_guid ON askbrief.documents ((details::jsonb ->> 'guid'))
        WHERE details IS NOT NULL;
    CREATE TABLE askbrief.passages (
        shard smallint NOT NULL,
        id bigint NOT NULL,
        document bigint NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        first integer NOT NULL,
        last integer NOT NULL,
        digest bytea NOT NULL,
        seal bytea NOT NULL,
        sentences bytea NOT NULL,
        vector halfvec NOT NULL,
        PRIMARY KEY (shard, id),
        FOREIGN KEY (shard, document) REFERENCES askbrief.documents ON DELETE CASCADE
    );
    CREATE INDEX passages_by_document ON askbrief.passages (shard, document);
    CREATE INDEX passages_by_digest ON askbrief.passages (digest);
    CREATE TABLE askbrief.exact_words (
        shard smallint NOT NULL,
        passage bigint NOT NULL,
        length integer NOT NULL,
        words tsvector NOT NULL,
        PRIMARY KEY (shard, passage),
        FOREIGN KEY (shard, passage) REFERENCES askbrief.passages ON DELETE CASCADE
    );
    CREATE INDEX exact_words_by_word ON askbrief.exact_words USING gin (words);
    CREATE TABLE askbrief.postings (
        word text COLLATE "C" NOT NULL,
        shard smallint NOT NULL,
        segment bigint NOT NULL,
        texts integer NOT NULL,
        titles integer NOT NULL,
        packed bytea NOT NULL,
        PRIMARY KEY (word, shard, segment)
    );
    CREATE TABLE askbrief.quotations (
        shard smallint NOT NULL,
        document bigint NOT NULL,
        ordinal integer NOT NULL,
        start integer NOT NULL,
        length integer NOT NULL,
        kind smallint NOT NULL,
        cue integer NOT NULL,
        cue_length integer NOT NULL,
        mention integer,
        mention_length integer,
        name text COLLATE "C" NOT NULL,
        role text COLLATE "C" NOT NULL,
        PRIMARY KEY (shard, document, ordinal),
        FOREIGN KEY (shard, document) REFERENCES askbrief.documents ON DELETE CASCADE
    );
    CREATE INDEX quotations_by_name ON askbrief.quotations (name) WHERE name <> '';
    CREATE TABLE askbrief.sketches (
        shard smallint NOT NULL,
        document bigint NOT NULL,
        family bigint NOT NULL,
        sketch bytea NOT NULL,
        PRIMARY KEY (shard, document),
        FOREIGN KEY (shard, document) REFERENCES askbrief.documents ON DELETE CASCADE
    );
    CREATE INDEX sketches_by_family ON askbrief.sketches (family);
    CREATE TABLE askbrief.marks (
        shard smallint NOT NULL,
        mark bigint NOT NULL,
        family bigint NOT NULL,
        PRIMARY KEY (shard, mark, family)
    );
    CREATE INDEX marks_by_mark ON askbrief.marks (mark);
    """,
)
"""Numbered by place: ``format`` in ``meta`` is how many of them the database has been through.

``documents`` has the metadata that SQLite keeps in ``told``, and the days that a date may be. A segment of
``postings`` has, for each stem, the passages that have it (``postings.py``); what was deleted stays in it.
``exact_words`` are the folded words of passages with their places. Other columns are SQLite's
(``storage/db/migrations.py``).
"""

DISTRIBUTED = (
    "documents", "passages", "exact_words", "quotations", "sketches", "marks", "segments", "postings",
)  # fmt: skip
"""Tables with the shard in every key: those that Citus distributes."""

COPIED = ("meta", "collections", "model_files")
"""Small tables, which Citus copies to every node."""


def shard_of(id_: int) -> int:
    """The shard of a document, a passage or a duplicate group, by its number."""
    return (id_ >> PLACES) % SHARDS


def shards_of(ids: Iterable[int]) -> list[int]:
    """The shards of several, each once."""
    return sorted({shard_of(id_) for id_ in ids})


def require_known(connection: ServerConnection) -> None:
    """Raise IndexMissing if the database has no archive, IndexMismatch for one of a newer format."""
    location = connection.location
    if connection.one("SELECT to_regclass(%s)", (f"{SCHEMA}.meta",)) is None:
        raise IndexMissing(f"no archive in {location}", hint="run `askbrief index PATH` first")
    if (version := format_of(connection)) > len(MIGRATIONS):
        raise IndexMismatch(
            f"{location} was made by a newer askbrief (format {version}, this one knows {len(MIGRATIONS)})",
            hint="upgrade askbrief, or name another database with `--store`",
        )


def _require_pgvector(connection: ServerConnection) -> None:
    """Raise StorageError for a pgvector that gives up on a filter before enough pass it."""
    version = str(connection.one("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
    if tuple(int(number) for number in version.split(".")[:2]) < PGVECTOR:
        raise StorageError(f"{connection.location} has pgvector {version}, which is too old", hint=EXTENSION)


def format_of(connection: ServerConnection) -> int:
    """How many migrations the database has been through."""
    return int(connection.one("SELECT value FROM askbrief.meta WHERE name = 'format'") or 0)


def migrate(connection: ServerConnection) -> None:
    """Bring the tables to today's format: all of it or nothing, by one process at a time."""
    encoding = connection.one("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        hint = "make one with `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`"
        raise StorageError(f"{connection.location} stores text in {encoding}, not in UTF-8", hint=hint)
    there = connection.one("SELECT to_regclass(%s)", (f"{SCHEMA}.meta",)) is not None
    if there:
        require_known(connection)
        if format_of(connection) == len(MIGRATIONS):
            return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('askbrief.migrations'))")
        if connection.one("SELECT to_regclass(%s)", (f"{SCHEMA}.meta",)) is None:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            _require_pgvector(connection)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            version = 0
        else:
            version = format_of(connection)
        for script in MIGRATIONS[version:]:
            connection.execute(script)
        connection.execute(
            "INSERT INTO askbrief.meta VALUES ('format', %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (str(len(MIGRATIONS)),),
        )
