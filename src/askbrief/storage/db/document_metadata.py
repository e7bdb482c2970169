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

ADDED = ("dated", "details", "times")
"""Columns that later formats added."""

NAMES = ("url", "author", "site", "language", "pages", *ADDED)
PUT = f"INSERT INTO told (document, {', '.join(NAMES)}) VALUES (?{', ?' * len(NAMES)})"  # noqa: S608
READ = ", ".join(f"t.{name}" for name in NAMES)


def standin(present: Collection[str]) -> str:
    """The statement that lets readers of an older database, with only these columns ``present``, find all of
    them; empty if nothing is missing."""
    missing = [name for name in ADDED if name not in present]
    if not present:
        return f"CREATE TEMP TABLE told ({COLUMNS}, {', '.join(f'{name} TEXT' for name in ADDED)})"
    nulls = "".join(f", NULL {name}" for name in missing)
    return f"CREATE TEMP VIEW told AS SELECT *{nulls} FROM main.told" if missing else ""  # noqa: S608


def values(document: Document) -> tuple[str | None, ...]:
    """The row of a document, in the order of ``READ``."""
    details = json.dumps(dict(document.details), ensure_ascii=False) if document.details else None
    told = (document.url, document.author, document.site, document.language, pages(document))
    return (*told, document.dated, details, times(document))


def pages(document: Document) -> str | None:
    """Where its pages begin, as JSON; None for a document without pages."""
    return json.dumps(document.pages, separators=(",", ":")) if document.pages else None


def times(document: Document) -> str | None:
    """Where its cues begin, and when, as JSON; None for a document that is no recording."""
    return json.dumps(document.times, separators=(",", ":")) if document.times else None
