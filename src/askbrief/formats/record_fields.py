"""Records to documents: which field of a JSON object or a row has the text, the title, and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.document import About, composed, document
from askbrief.formats.markup import fragment_blocks
from askbrief.formats.text import paragraphs
from askbrief.text import is_web
from askbrief.types import Document

NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "articlebody", "article_body", "article_text", "full_text",
             "fulltext", "body_text", "bodytext", "maintext", "main_text", "story", "paragraphs", "html",
             "content_html", "content_text"),
    "title": ("title", "headline", "webtitle", "heading", "name"),
    "date": ("date", "published", "publishedat", "published_at", "publication_date", "date_published",
             "datepublished", "date_publish", "publish_date", "pub_date", "pubdate", "webpublicationdate",
             "created_at", "timestamp"),
    "url": ("url", "link", "weburl", "web_url", "canonical_url", "href", "uri"),
    "id": ("id", "_id", "uuid", "guid", "docid", "doc_id", "document_id", "article_id", "key"),
    "author": ("author", "authors", "byline", "creator"),
    "site": ("site", "site_name", "sitename", "publisher", "publication", "outlet", "source"),
}  # fmt: skip
"""The usual names of fields in news archives, the likelier first; in lower case."""

_MARKUP = re.compile(r"<(?:p|br|div|li|h[1-6]|section|article|table)\b[^<>]*>", re.IGNORECASE)
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], " ")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a record's text, title, date, address and name; None for the usual ones."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Fields:
        """The fields that ``given`` returned."""
        return cls(**{field.name: given.get(field.name) for field in fields(cls)})

    def given(self) -> dict[str, str]:
        """Those that are not the usual ones."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def names(self, role: str) -> tuple[str, ...]:
        """The names that a role's field may have, in order of precedence."""
        own = getattr(self, role, None)
        return NAMES[role] if own is None else (own,)


USUAL = Fields()
"""The usual names of fields."""


def value(record: Mapping[str, Any], fields: Fields, role: str) -> Any:
    """The value of a record for a role, or None. ``a.b`` is ``b`` of the object ``a``."""
    lower = {str(name).lower().strip(): each for name, each in record.items()}
    for name in fields.names(role):
        found = record.get(name, lower.get(name.lower()))
        if found is None and "." in name:
            found = _within(record, name.split("."))
        if found not in (None, "", [], {}):
            return found
    return None


def _within(record: Any, path: Sequence[str]) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def read(record: Mapping[str, Any], fields: Fields, source: str) -> Document:
    """The document in a record; its text is that of the field, or of the HTML in it.

    Raises:
        SourceError: it has no text, or no prose.
    """
    text = _text(value(record, fields, "text"))
    if not text.strip():
        own = f"field {fields.text!r}" if fields.text else "field for its text (text, body, content, …)"
        hint = "name the field with `--text-field`, or leave the record out"
        raise SourceError(f"{source} has no {own}", hint=hint)
    roles = "title", "author", "site", "url"
    title, author, site, url = (_line(value(record, fields, role)) for role in roles)
    day = _line(value(record, fields, "date"), "$date")  # as MongoDB exports it
    about = About(title, day, author, site, url if url and is_web(url) else None)
    if _MARKUP.search(text):
        return composed(source, fragment_blocks(text), about, dated="field")
    return document(source, text, paragraphs(text), about, dated="field")


def _text(found: Any) -> str:
    """The text of a field; a list of paragraphs is joined by blank lines."""
    parts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return "\n\n".join(part for part in parts if isinstance(part, str)).translate(_UNSTORABLE)


def _line(found: Any, key: str = "name") -> str | None:
    """A field as text: all items of a list, the value of ``key`` of an object."""
    if isinstance(found, list):
        return ", ".join(filter(None, map(_line, found))) or None
    if isinstance(found, dict):
        return _line(found.get(key))
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found).strip() or None
