"""Whether all that the database holds is as it was written."""

from __future__ import annotations

import hashlib

from askbrief.errors import IndexDamaged
from askbrief.storage.db import passages
from askbrief.storage.db.database import Database


def fault(database: Database, *, thorough: bool = True) -> str | None:
    """What is wrong in the file, by SQLite; where ``thorough``, also by the texts' digests, by the passages'
    seals and by the vectors' norms; None where it is whole."""
    finding = database.one("PRAGMA integrity_check(1)")
    if finding != "ok":
        return " ".join(str(finding).split())
    if not thorough:
        return None
    for source, text, sha256 in database.each("SELECT source, text, sha256 FROM documents"):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            return f"the text of {source} was altered"
    try:
        for ids, _ in passages.vectors(database):
            passages.hits(database, ids.tolist())
    except IndexDamaged as error:
        return str(error)
    return None
