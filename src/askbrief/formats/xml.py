"""XML: a document, recognised by its root element; one of a vocabulary that isn't read is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats import html, jats, newsml, nitf, tei
from askbrief.formats.format import Format
from askbrief.formats.ooxml import parsed
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.formats.xml_kinds import HEAD, SUFFIXES, holds_items, is_xml, root_of
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 64_000_000
"""Bytes."""

READERS: dict[str, Callable[[_Element, str], Document]] = {
    "nitf": nitf.read,
    "newsItem": newsml.read,
    "NewsItem": newsml.read_first,
    "article": jats.read,
    "TEI": tei.read,
    "TEI.2": tei.read,
}
"""The readers of documents, by the local names of root elements."""

LISTS = {
    "urlset": "a sitemap, which lists addresses of pages",
    "sitemapindex": "a sitemap, which lists addresses of pages",
    "opml": "a list of feeds",
    "packageItem": "a package, which lists items of an agency",
}


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of an XML file.

    Raises:
        SourceError: it isn't XML, is of a kind that isn't read, is damaged, or has no text.
    """
    require_size(data, LARGEST, source)
    root = root_of(data[:HEAD])
    if root is None:
        raise not_in_format(source, "XML")
    if root.name == "html":
        return html.read(data, source)
    if root.name not in READERS:
        raise _refused(data, root.name, source)
    return READERS[root.name](parsed(data, source), source)


def _refused(data: bytes, name: str, source: str) -> SourceError:
    if name in LISTS:
        return SourceError(
            f"{source} is {LISTS[name]}, and no text", hint="index the pages or items that it names"
        )
    if holds_items(data[:HEAD]):
        return SourceError(
            f"{source} is a collection of documents (<{name}>), which is read only as a file",
            hint="save it, and index the file",
        )
    what = f"{source} is XML of a kind that isn't read (its root element is <{name}>)"
    return SourceError(what, hint="convert it to text or HTML, or leave it out")


FORMAT = Format(
    read,
    SUFFIXES,
    ("application/xml", "text/xml", "application/jats+xml", "application/tei+xml", "application/nitf+xml",
     "application/vnd.iptc.g2.newsitem+xml"),
    is_xml,
    text=True,
)  # fmt: skip
