"""Records to documents: which field of a JSON object, or of a row, holds the text, and which the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats import text as plain
from askbrief.formats.document import About, Block, cleaned, composed, document
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
"""The names that fields go by in archives of news, the likelier first; in lower case."""

_MARKUP = re.compile(r"<(?:p|br|div|li|h[1-6]|section|article|table)\b[^<>]*>", re.IGNORECASE)
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], " ")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that hold text, title, day, address and name of a record; the usual ones where None."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Fields:
        """The fields that ``given`` told."""
        return cls(**{field.name: told.get(field.name) for field in fields(cls)})

    def given(self) -> dict[str, str]:
        """Those that are not left to what is usual."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def names(self, role: str) -> tuple[str, ...]:
        """The names by which a role's field may go, in the order in which they are looked for."""
        own = getattr(self, role, None)
        return NAMES[role] if own is None else (own,)


USUAL = Fields()
"""The fields as archives of news name them."""


def value(record: Mapping[str, Any], fields: Fields, role: str) -> Any:
    """What a record holds for a role; None where it has nothing. ``a.b`` is ``b`` of the object ``a``."""
    lower = {str(name).lower().strip(): each for name, each in record.items()}
    for name in fields.names(role):
        held = record.get(name, lower.get(name.lower()))
        if held is None and "." in name:
            held = _within(record, name.split("."))
        if held not in (None, "", [], {}):
            return held
    return None


def _within(record: Any, way: Sequence[str]) -> Any:
    for name in way:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def read(record: Mapping[str, Any], fields: Fields, source: str) -> Document:
    """The document that a record holds; its text is the field's, or what HTML in it says.

    Raises:
        SourceError: it has no text, or one without prose.
    """
    text = _text(value(record, fields, "text"))
    if not text.strip():
        own = f"field {fields.text!r}" if fields.text else "field for its text (text, body, content, …)"
        raise SourceError(f"{source} has no {own}: name the field with --text-field, or leave the record out")
    url = _line(value(record, fields, "url"))
    about = About(
        _line(value(record, fields, "title")),
        written(value(record, fields, "date")),
        _line(value(record, fields, "author")),
        _line(value(record, fields, "site")),
        url if url and url.lower().startswith(("http://", "https://")) else None,
    )
    if _MARKUP.search(text):
        return composed(source, _blocks(text), about, dated="field")
    return document(
        source, text, plain.paragraphs(text), about.title, about.day, author=about.author, site=about.site,
        url=about.url, dated="field",
    )  # fmt: skip


def _text(held: Any) -> str:
    """The text of a field: as it is, or its paragraphs with a blank line between each two."""
    parts = [held] if isinstance(held, str) else held if isinstance(held, list) else []
    return "\n\n".join(part for part in parts if isinstance(part, str)).translate(_UNSTORABLE)


def _line(held: Any) -> str | None:
    """A field in one line: of several names all, of an object its name."""
    if isinstance(held, list):
        return ", ".join(filter(None, map(_line, held))) or None
    if isinstance(held, dict):
        return _line(held.get("name"))
    if isinstance(held, bool) or not isinstance(held, str | int | float):
        return None
    return cleaned(str(held), " ") or None


def _blocks(text: str) -> list[Block]:
    from lxml import etree, html

    from askbrief.formats.markup import blocks

    try:
        return blocks(html.fragment_fromstring(text, create_parent="div"))
    except (etree.LxmlError, ValueError, AssertionError):  # no markup after all
        return [Block(line) for line in text.splitlines()]


def written(held: Any) -> str | None:
    """What a field tells of a date, as it is written; of a number its digits. None where it tells nothing."""
    if isinstance(held, dict):  # as MongoDB exports it
        return written(held.get("$date"))
    if isinstance(held, bool) or not isinstance(held, str | int | float):
        return None
    return str(held)
