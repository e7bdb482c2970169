"""Whether everything in the database is as it was written."""

from __future__ import annotations

from askbrief.errors import IndexDamaged
from askbrief.storage.db import documents, passages
from askbrief.storage.db.database import Database


def fault(database: Database, *, thorough: bool = True) -> str | None:
    """What is damaged in the file according to SQLite and, if ``thorough``, to the texts' digests, the
    passages' checksums and the vectors' norms; None if nothing is."""
    finding = database.one("PRAGMA integrity_check(1)")
    if finding != "ok":
        return " ".join(str(finding).split())
    if not thorough:
        return None
    for source, text, sha256 in database.each("SELECT source, text, sha256 FROM documents"):
        if documents.digest(text) != sha256:
            return f"the text of {source} was altered"
    try:
        for ids, _ in passages.vectors(database):
            passages.hits(database, ids.tolist())
    except IndexDamaged as error:
        return str(error)
    return None
