"""Metadata of documents beside title and date, as the database stores it.

Most documents of an archive of text have none, and take no space here: they have no row.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from askbrief.types import Document

COLUMNS = "document INTEGER PRIMARY KEY, url TEXT, author TEXT, site TEXT, language TEXT, pages TEXT"

JOINED = "documents d LEFT JOIN told t ON t.document = d.row"
CITED = "d.id, d.title, d.source, d.date, d.sha256, t.url, t.language, t.dated"
"""The columns of ``JOINED`` that make a ``Source``, in its order."""
CITED_COUNT = 8

PUT = "INSERT INTO told (document, url, author, site, language, pages, dated) VALUES (?, ?, ?, ?, ?, ?, ?)"
READ = "t.url, t.author, t.site, t.language, t.pages, t.dated"


def standin(present: Collection[str]) -> str:
    """The statement that lets readers of an older database, with only these columns ``present``, find all of
    them; empty if nothing is missing."""
    if not present:
        return f"CREATE TEMP TABLE told ({COLUMNS}, dated TEXT)"
    return "" if "dated" in present else "CREATE TEMP VIEW told AS SELECT *, NULL dated FROM main.told"


def values(document: Document) -> tuple[str | None, ...]:
    """The row of a document, in the order of ``READ``."""
    return (document.url, document.author, document.site, document.language, pages(document), document.dated)


def pages(document: Document) -> str | None:
    """Where its pages begin, as JSON; None for a document without pages."""
    return json.dumps(document.pages, separators=(",", ":")) if document.pages else None
