"""What documents tell of themselves beside title and date, as the database keeps it.

Most documents of an archive of text tell nothing more, and take no room here: they have no row.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass

from askbrief.types import Document, Origin

COLUMNS = "document INTEGER PRIMARY KEY, url TEXT, author TEXT, site TEXT, language TEXT, pages TEXT"

JOINED = "documents d LEFT JOIN told t ON t.document = d.row"
CITED = "d.id, d.title, d.source, d.date, d.sha256, t.url, t.language"
"""The columns of ``JOINED`` that make a ``Source``, in its order."""

PUT = "INSERT INTO told (document, url, author, site, language, pages, dated) VALUES (?, ?, ?, ?, ?, ?, ?)"
READ = "t.url, t.author, t.site, t.language, t.pages, t.dated"


HELD = "SELECT name FROM pragma_table_info('told')"


def standin(held: Collection[str]) -> str:
    """What puts something in place of the table, for readers of an older database, so that every query finds
    all of its columns; nothing where they are ``held``."""
    if not held:
        return f"CREATE TEMP TABLE told ({COLUMNS}, dated TEXT)"
    return "" if "dated" in held else "CREATE TEMP VIEW told AS SELECT *, NULL dated FROM main.told"


@dataclass(frozen=True, slots=True)
class Told:
    """The row of one document, in the order of ``READ``; ``pages`` as JSON."""

    url: str | None = None
    author: str | None = None
    site: str | None = None
    language: str | None = None
    pages: str | None = None
    dated: Origin | None = None

    @classmethod
    def of(cls, document: Document) -> Told:
        """What is kept of a document."""
        pages = json.dumps(document.pages, separators=(",", ":")) if document.pages else None
        return cls(document.url, document.author, document.site, document.language, pages, document.dated)

    def row(self, document: int) -> tuple[object, ...] | None:
        """What ``PUT`` takes; None where there is nothing to keep."""
        values = astuple(self)
        return (document, *values) if any(values) else None


def starts(pages: str | None) -> tuple[int, ...]:
    """Where pages begin, as they were stored. Raises ValueError for what is no such list."""
    return tuple(map(int, json.loads(pages))) if pages else ()


def sealed(cited: Sequence[object], pages: str | None) -> tuple[object, ...]:
    """What of a document goes into the seals of its passages: all that a citation tells of it, given the
    columns ``CITED``. One that has no more than older formats kept is sealed as they did."""
    *before, url, language = cited
    return (*before, url, language, pages) if url or language or pages else tuple(before)
