"""WARC: the pages that a crawl has kept, in any format that is read over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.collections.inside import documents_inside
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    LeftOut,
    OpenCollection,
    names,
    unreadable,
)
from askbrief.formats.registry import FORMATS, parse
from askbrief.media_type import parse_media_type
from askbrief.text import is_web
from askbrief.types import Document

WITH_CONTENT = frozenset({"response", "resource", "conversion"})
"""Records that hold what was fetched; others describe the crawl."""
EMBEDDED = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
            "application/x-javascript", "application/font", "application/x-font")  # fmt: skip
"""How the media types of what a page is drawn with begin."""


def pages(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The pages that were answered with success, each named by its address."""
    from warcio.archiveiterator import ArchiveIterator

    for number, record in enumerate(ArchiveIterator(collection.stream), 1):
        collection.budget.require()
        if record.rec_type in WITH_CONTENT:
            yield from _page(collection, record, number)
        elif record.rec_type in {"revisit", "continuation"}:
            yield LeftOut("records that refer to others", record.rec_type)


def _page(collection: OpenCollection, record: Any, number: int) -> Iterator[CollectionItem]:
    header = record.content_type or ""
    if record.http_headers is not None:
        status = record.http_headers.get_statuscode()
        if status != "200":
            yield LeftOut("redirects and errors", f"status {status}")
            return
        header = record.http_headers.get_header("Content-Type") or ""
    media_type = parse_media_type(header)
    if media_type.name.startswith(EMBEDDED) or media_type.name == "text/dns":
        yield LeftOut("images, styles, scripts and the like", media_type.name)
        return
    collection.budget.entry()
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    found = None
    try:
        if FORMATS.accepts(media_type):
            data = collection.budget.read(record.content_stream())
            found = FORMATS.identify(media_type, url, data)
    except SourceError as error:
        yield unreadable(url, number, error)
        return
    if found is None:
        yield unreadable(url, number, f"it is {media_type}, which can't be indexed")
        return
    suffix, content = found
    part, other, named = names(url, number)
    yield DocumentRef(part, other, named, partial(_read, suffix, content, url))
    yield from documents_inside(content, suffix, f"{part}#", f"{other}#")


def _read(suffix: str, content: bytes, url: str, source: str) -> Document:
    """The page; its address is the one that it was requested at, unless it states another."""
    page = parse(content, suffix, source)
    return page if page.url or not is_web(url) else replace(page, url=url)
