"""What an archive in PostgreSQL holds, and whether everything in it is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from askbrief.errors import IndexDamaged
from askbrief.index_records import Status
from askbrief.storage.db.documents import digest
from askbrief.storage.postgres import server_passages
from askbrief.storage.postgres.server_connection import Row
from askbrief.storage.postgres.server_documents import BLOCK, Rows, ServerDocuments
from askbrief.storage.postgres.server_schema import SHARDS
from askbrief.storage.search.manifest import LIGHT

SIZE = """
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'askbrief' AND c.relkind = 'r'
"""


TEXTS = """
    SELECT row, source, text, sha256 FROM askbrief.documents
    WHERE shard = %s AND row > %s ORDER BY row LIMIT %s
"""
PASSAGES = "SELECT id FROM askbrief.passages WHERE shard = %s AND id > %s ORDER BY id LIMIT %s"


def server_status(documents: ServerDocuments, *, verify: bool) -> Status:
    """The state of an archive. Every text and passage is read if ``verify`` asks for it, or if there are
    few."""
    size = int(documents.database.one(SIZE))
    verified = verify or size <= LIGHT
    fault = _fault(documents) if verified else None
    return Status(
        index=documents.location,
        **asdict(documents.stats()),
        model=documents.model(),
        bytes=size,
        whole=fault is None,
        fault=fault,
        verified=verified,
    )


def _fault(documents: ServerDocuments) -> str | None:
    """The first damage found, as one line; None if there is none."""
    for rows in _blocks(documents.database, TEXTS):
        for _, source, text, sha256 in rows:
            if digest(text) != sha256:
                return f"the text of {source} was altered"
    for rows in _blocks(documents.database, PASSAGES):
        try:
            server_passages.hits(documents, [id_ for (id_,) in rows])
        except IndexDamaged as error:
            return error.message
    return None


def _blocks(database: Rows, query: str) -> Iterator[list[Row]]:
    """The rows of a table in the order of its key, some at a time."""
    for shard in range(SHARDS):
        last = -1
        while rows := database.rows(query, (shard, last, BLOCK)):
            yield rows
            last = rows[-1][0]
