"""HTML: the article of a web page, without what stands around it, and what the page tells of itself.

trafilatura finds the article and its metadata. Headings are kept in the text and are no paragraphs: a
heading cited as a sentence says nothing. List items and table rows are paragraphs, each by itself.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from askbrief.errors import SourceError
from askbrief.formats import article as page
from askbrief.formats import json_ld as embedded
from askbrief.formats.dates import placed_date
from askbrief.formats.decoding import decode
from askbrief.formats.document import About, Block, composed
from askbrief.formats.format import Format
from askbrief.formats.markup import blocks, parsed
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 20_000_000
"""Bytes; trafilatura's own limit. A page of words has a few hundred thousand."""

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE
)

for _name in ("trafilatura", "htmldate", "justext", "courlan"):  # what they can't read is told by SourceError
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a web page; its text is the article.

    Raises:
        SourceError: the bytes are not text, no article is in them, or they are larger than ``LARGEST``.
    """
    if len(data) > LARGEST:
        raise SourceError(
            f"{source} has {len(data):,} bytes, at most {LARGEST:,} are taken: save it without pictures"
        )
    tree = parsed(decoded(data, source).encode("utf-8", "replace"), source)
    about = _about(tree)
    return composed(source, _article(tree), about)


def decoded(data: bytes, name: str) -> str:
    """The text of a page: UTF-8, else what it declares to be, else what ``decode`` makes of it.

    Raises:
        SourceError: binary data, or an encoding that can't be told.
    """
    declared = _DECLARED.search(data, 0, 4096)
    try:
        data.decode()
    except UnicodeDecodeError:
        try:
            encoding = declared[1].decode().lower() if declared else "utf-8"
            encoding = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030"}.get(
                encoding, encoding
            )
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


def _about(tree: HtmlElement) -> About:
    """Title, day of publication, author, site and canonical address, as the page's metadata has them."""
    from trafilatura.metadata import extract_metadata

    # The day on which it was published, from metadata only: a day anywhere in the text may be any day.
    told = extract_metadata(tree, date_config={"original_date": True, "extensive_search": False})
    url = told.url if told.url and urlsplit(told.url).scheme in {"http", "https"} else None
    return About(told.title, _published(tree, told.date, url), told.author, told.sitename, url)


def _published(tree: HtmlElement, day: str | None, url: str | None) -> str | None:
    """The date of publication: no day that only the address tells, which is read apart, and none that is
    today's in a month that the page tells alone, as trafilatura fills it in."""
    told = [str(each).strip() for each in tree.xpath("//meta/@content | //time/@datetime")]
    if day and day[:7] in told and not any(day in each for each in told):
        return day[:7]
    return None if day == placed_date(url or "") else day


def _article(tree: HtmlElement) -> list[Block]:
    """The blocks of the article: from the page, or from the data of which its script would make it."""
    from trafilatura import bare_extraction

    within, shown = embedded.article(tree), page.shown(tree)
    if _size(within) > shown:
        return within
    found: Any = bare_extraction(page.prepared(tree), include_comments=False)
    article = [] if found is None else page.in_order(tree, blocks(found.body))
    return page.standfirst(tree, article) + article


def _size(article: list[Block]) -> int:
    return sum(len(block.text) for block in article)


def _recognise(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


FORMAT = Format(
    read, (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _recognise, text=True
)
