"""What XML a file is, by its root element: a document, a collection of documents, or nothing that is read."""

from __future__ import annotations

import re
from typing import NamedTuple

HEAD = 8192
"""Bytes in which a root element begins."""

DOCUMENTS = frozenset({"nitf", "newsItem", "article", "TEI", "TEI.2", "html"})
COLLECTIONS = frozenset({"rss", "RDF", "feed", "newsMessage", "NewsML", "mediawiki", "teiCorpus"})
LISTS = frozenset({"urlset", "sitemapindex", "opml"})
"""Local names of root elements."""

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
"""Media types of feeds."""

SUFFIXES = (".xml", ".nitf", ".newsml", ".nxml", ".tei", ".rss", ".atom", ".rdf")

_BEFORE = r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
_ROOT = re.compile(
    _BEFORE + r"<(?:(?P<prefix>[\w.-]{1,40}):)?(?P<name>[\w.-]{1,80})(?=[\s/>])(?P<rest>[^>]*)", re.DOTALL
)
_NAMESPACE = re.compile(r"""\bxmlns(?::(?P<prefix>[\w.-]+))?\s*=\s*["'](?P<uri>[^"']*)["']""")


class Root(NamedTuple):
    """The local name of a root element, and its namespace, empty if it has none."""

    name: str
    namespace: str


def root_of(head: bytes) -> Root | None:
    """The root element of XML that begins so; None if it is no XML."""
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = (
        head[: len(head) // 2 * 2].decode("utf-16", "replace")
        if utf16
        else head.decode("utf-8-sig", "replace")
    )
    found = _ROOT.match(text[:HEAD])
    if found is None:
        return None
    spaces = {each["prefix"]: each["uri"] for each in _NAMESPACE.finditer(found["rest"])}
    return Root(found["name"], spaces.get(found["prefix"], ""))


def is_xml(head: bytes) -> bool:
    """Whether a file is XML by its declaration, or by a root element that is known."""
    start = head[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = root_of(head)
    return found is not None and (
        start.startswith(b"<?xml")
        or head[:2] in {b"\xff\xfe", b"\xfe\xff"}
        or found.name in COLLECTIONS | {"nitf", "newsItem"}
    )


def holds_items(head: bytes) -> bool:
    """Whether XML that begins so is a collection of documents."""
    found = root_of(head)
    return found is not None and found.name in COLLECTIONS


def lists_addresses(head: bytes) -> bool:
    """Whether XML that begins so is a sitemap or a list of feeds."""
    found = root_of(head)
    return found is not None and found.name in LISTS
