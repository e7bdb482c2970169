"""WARC, WET and ARC: the pages and feeds that a crawl has kept, in any format that is read over HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from askbrief.errors import SourceError
from askbrief.formats.collections import objects, xml_items
from askbrief.formats.collections.captures import Capture, Payloads, captured_text
from askbrief.formats.collections.collection_limits import Budget
from askbrief.formats.collections.http_body import body
from askbrief.formats.collections.inside import Reader, documents_in
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    LeftOut,
    OpenCollection,
    names,
    unreadable,
)
from askbrief.formats.document import completed, renamed
from askbrief.formats.record_fields import Fields
from askbrief.formats.registry import FORMATS
from askbrief.formats.xml_kinds import FEED_TYPES, HEAD, holds_items, lists_addresses
from askbrief.media_type import MediaType
from askbrief.types import Document

WITH_CONTENT = frozenset({"response", "resource", "conversion"})
"""Records that hold what was fetched; others describe the crawl."""
EMBEDDED = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
            "application/x-javascript", "application/font", "application/x-font", "application/json",
            "application/wasm")  # fmt: skip
"""How the media types of what a page is drawn with begin."""
JSON_FEED = "application/feed+json"
LISTS = LeftOut("lists of addresses", "sitemap")
RULES = LeftOut("lists of addresses", "robots.txt")
UNCHANGED = LeftOut("captures of pages that had not changed")
ELSEWHERE = LeftOut("captures whose content is in another file, which has to be indexed too", "revisit")
TEXT_OF_READ = LeftOut("texts of pages that were read")
_TEXT_OF = re.compile(r"urn:text\w*:(?=https?:)")
"""How a crawler names the text that its browser showed of a page."""


def pages(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The pages that were answered with success, each named by its address."""
    crawl = Crawl(collection.budget, collection.fields)
    yield from crawl.pages(collection.stream)
    yield from crawl.texts()


class Crawl:
    """The pages of one crawl, whose records may be in several files."""

    def __init__(self, budget: Budget, fields: Fields) -> None:
        self._budget = budget
        self._fields = fields
        self._number = 0
        self._captures: set[int] = set()
        self._contents: set[int] = set()
        self._payloads = Payloads()
        self._read: set[str] = set()
        self._texts: list[tuple[Capture, int, bytes]] = []

    def pages(self, stream: Any) -> Iterator[CollectionItem]:
        """The pages in the records of a stream."""
        from warcio.archiveiterator import ArchiveIterator

        for record in ArchiveIterator(stream, arc2warc=True):
            self._number += 1
            self._budget.require()
            if record.rec_type in WITH_CONTENT or record.rec_type == "revisit":
                try:
                    yield from self._page(Capture.of(record), record)
                except SourceError as error:
                    self._budget.require()
                    yield unreadable(Capture.of(record).url, self._number, error)
            elif record.rec_type == "continuation":
                yield LeftOut("records that continue others", record.rec_type)

    def texts(self) -> Iterator[CollectionItem]:
        """The texts that the crawler took from pages which could not be read."""
        for capture, number, data in self._texts:
            if capture.url in self._read:
                yield TEXT_OF_READ
            else:
                part, other, named = names(f"urn:text:{capture.url}", number)
                yield DocumentRef(part, other, named, partial(captured_text, data, capture))

    def _page(self, capture: Capture, record: Any) -> Iterator[CollectionItem]:
        media_type = capture.media_type
        if text_of := _TEXT_OF.match(capture.url):
            yield from self._text(capture.at(capture.url[text_of.end() :]), record)
        elif capture.url.startswith("urn:"):
            yield LeftOut("records of the crawler's own", ":".join(capture.url.split(":")[:2]))
        elif media_type.name.startswith(EMBEDDED) or media_type.name == "text/dns":
            yield LeftOut("images, styles, scripts and the like", media_type.name)
        elif capture.kind == "revisit":
            yield from self._again(capture)
        elif capture.status != "200":
            yield LeftOut("redirects and errors", f"status {capture.status}")
        elif urlsplit(capture.url).path == "/robots.txt":
            yield RULES
        else:
            self._budget.entry()
            data = body(record, self._budget) if _accepts(media_type) else None
            yield from self._document(capture, data)
            if capture.truncated and data is not None:
                yield LeftOut("the rest of pages that the crawler has cut", capture.truncated)

    def _text(self, capture: Capture, record: Any) -> Iterator[CollectionItem]:
        """The text of a page is put by until it is known whether the page itself can be read."""
        if capture.url in self._read:
            yield TEXT_OF_READ
        else:
            self._texts.append((capture, self._number, self._budget.read(record.raw_stream)))

    def _document(self, capture: Capture, data: bytes | None) -> Iterator[CollectionItem]:
        """The document of a page with this content, or those of a feed; None for content of a type that isn't
        read."""
        feed = capture.media_type.name in FEED_TYPES
        if data is not None and (feed or capture.media_type.name == JSON_FEED or holds_items(data[:HEAD])):
            yield from self._feed(capture, data)
            return
        if data is not None and lists_addresses(data[:HEAD]):
            yield LISTS
            return
        found = None if data is None else FORMATS.identify(capture.media_type, capture.url, data)
        if found is None:
            yield unreadable(capture.url, self._number, f"it is {capture.media_type}, which can't be indexed")
            return
        suffix, content = found
        if _new(self._contents, (capture.url, content)):
            self._payloads.keep(capture.digest, capture.media_type, content)
            if capture.kind == "conversion" and suffix == ".txt":
                yield DocumentRef(*self._names(capture), partial(captured_text, content, capture))
            else:
                page = partial(self._completed, capture)
                yield from documents_in(content, suffix, self._names(capture), completed=page)
        else:
            yield UNCHANGED

    def _feed(self, capture: Capture, data: bytes) -> Iterator[CollectionItem]:
        """The items of a feed, or of another collection in XML."""
        if not _new(self._contents, (capture.url, data)):
            yield UNCHANGED
            return
        self._payloads.keep(capture.digest, capture.media_type, data)
        read = objects.in_array if capture.media_type.name == JSON_FEED else xml_items.items
        if read is xml_items.items and not holds_items(data[:HEAD]):
            raise SourceError("it isn't the feed that its media type says", hint="leave it out")
        self._read.add(capture.url)
        part, other, _ = self._names(capture)
        stream: io.BufferedReader[Any] = io.BufferedReader(io.BytesIO(data))
        for each in read(OpenCollection(stream, "the feed", self._fields, self._budget)):
            if isinstance(each, DocumentRef):
                yield replace(each, part=f"{part}#{each.part}", other=f"{other}#{each.other}")
            else:
                yield each

    def _again(self, capture: Capture) -> Iterator[CollectionItem]:
        """The page of a record that says that an earlier one has its content."""
        payload = self._payloads.get(capture.digest)
        if payload is None:
            yield ELSEWHERE if _new(self._captures, capture.url) else UNCHANGED
            return
        media_type, content = payload
        self._budget.entry()
        self._budget.draw(len(content))
        yield from self._document(capture.of_type(media_type), content)

    def _names(self, capture: Capture) -> tuple[str, str, bool]:
        """The address; for a later capture with the time at which it was made."""
        part, other, named = names(capture.url, self._number)
        _new(self._captures, capture.url)
        told_apart = bool(capture.time) and _new(self._captures, (capture.url, capture.time))
        return part, f"{part}~{capture.time}" if told_apart else other, named

    def _completed(self, capture: Capture, read: Reader, source: str) -> Document:
        """The page; its address is the one that it was requested at, unless it states another."""
        name = source.removesuffix(f"~{capture.time}")  # else that were taken for the date of a file
        page = completed(read(name), capture.url, capture.time)
        self._read.add(capture.url)
        return renamed(page, source)


def _accepts(media_type: MediaType) -> bool:
    return FORMATS.accepts(media_type) or media_type.name in FEED_TYPES or media_type.name == JSON_FEED


def _new(seen: set[int], value: Any) -> bool:
    """Whether a value was not seen before; from now on it was."""
    before = len(seen)
    seen.add(hash(value))
    return len(seen) > before
