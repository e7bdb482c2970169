"""EPUB: the chapters of an e-book in reading order, and its metadata."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from askbrief.errors import SourceError
from askbrief.formats.document import About, Block, composed
from askbrief.formats.format import Format
from askbrief.formats.html import decoded
from askbrief.formats.markup import blocks
from askbrief.formats.markup import parsed as parsed_html
from askbrief.formats.ooxml import ENTITY, Parts, attribute, names_media_type, opened, parsed, words
from askbrief.formats.shown_words import show_words
from askbrief.formats.unreadable import encrypted, require_size
from askbrief.text import is_web
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/epub+zip"
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MOST_CHAPTERS = 10_000
PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of an EPUB.

    Raises:
        SourceError: not an EPUB, damaged, encrypted, or without prose.
    """
    parts = opened(data, source, "an EPUB")
    place = next((attribute(each, "full-path") for each in parts.tree(CONTAINER).iter("rootfile")), "")
    package = parts.tree(place)
    chapters = _chapters(package, posixpath.dirname(place))
    _require_unencrypted(parts, chapters)
    require_size(chapters, MOST_CHAPTERS, source, unit="chapters")
    return composed(source, [block for name in chapters for block in _blocks(parts, name)], _about(package))


def _chapters(package: _Element, folder: str) -> list[str]:
    """The names of the parts to read, in reading order, without the table of contents."""
    items = {attribute(item, "id"): item for item in package.iter("item")}
    spine = [items[id_] for each in package.iter("itemref") if (id_ := attribute(each, "idref")) in items]
    pages = [
        posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href").partition("#")[0])))
        for item in spine
        if attribute(item, "media-type") in PAGES and "nav" not in attribute(item, "properties").split()
    ]
    return list(dict.fromkeys(pages))


def _require_unencrypted(parts: Parts, chapters: list[str]) -> None:
    """Refuse an encrypted book; encrypted fonts don't matter."""
    references = parts.optional_tree(ENCRYPTION).iter("CipherReference")
    locked = {unquote(attribute(each, "URI")) for each in references}
    if locked & set(chapters):
        raise encrypted(parts.source, "get it without copy protection and index that")


def _blocks(parts: Parts, name: str) -> Iterator[Block]:
    """The blocks of a chapter, with the words that a reader of the book sees."""
    from lxml import etree

    data = parts.read(name)
    try:
        text = etree.tostring(parsed(data, parts.source), encoding="unicode", method="html")
    except SourceError:  # some books are HTML despite their declaration
        if ENTITY in data:
            raise
        text = decoded(data, parts.source)
    tree = parsed_html(str(text), parts.source)
    show_words(tree)
    for body in tree.iter("body"):
        yield from blocks(body)
        return


def _about(package: _Element) -> About:
    addresses = ((each.text or "").strip() for each in package.iter("source", "identifier"))
    url = next(filter(is_web, addresses), None)
    day, site = words(package, "date"), words(package, "publisher")
    return About(words(package, "title"), day, words(package, "creator"), site, url)


FORMAT = Format(read, (".epub",), (MEDIA_TYPE,), partial(names_media_type, MEDIA_TYPE))
