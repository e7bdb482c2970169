"""HTML: the article of a web page, without what surrounds it, and the page's metadata.

trafilatura finds the article and its metadata. Headings are in the text, but no paragraphs: a heading cited
as a sentence says nothing. Each list item and table row is a paragraph.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from askbrief.errors import SourceError
from askbrief.formats.decoding import decode
from askbrief.formats.document import Block, composed
from askbrief.formats.format import Contents, Format
from askbrief.formats.markup import blocks, parsed
from askbrief.formats.shown_words import show_words
from askbrief.formats.unreadable import require_size
from askbrief.formats.webpage import exported, json_ld, layout, live, metadata, telegram
from askbrief.formats.webpage.boilerplate import NEEDS_SCRIPT, drop_boilerplate, without_author
from askbrief.formats.webpage.selection import select
from askbrief.media_type import is_utf8
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 20_000_000
"""Bytes; trafilatura's own limit. Pages of text have a few hundred thousand."""

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE
)

for _name in ("trafilatura", "htmldate", "justext", "courlan"):  # what they can't read is a SourceError
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a web page: its text is the article, or the first message of an exported
    chat.

    Raises:
        SourceError: the bytes are not text, have no article, or are more than ``LARGEST``.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """The document; of an exported chat its first message, the others, and what those without text hold.

    Raises:
        SourceError: as ``read``.
    """
    require_size(data, LARGEST, source, "save it without pictures, or export fewer messages in a file")
    tree = parsed(decoded(data, source), source)
    return _chat(tree, source) if telegram.is_export(data) else Contents(_page(tree, source))


def _page(tree: HtmlElement, source: str) -> Document:
    about = metadata.about(tree)
    if exported.is_exported(tree):
        exported.drop_apparatus(tree)
        show_words(tree)
        about = replace(about, title=about.title or exported.title(tree))
        return composed(source, blocks(tree.find("body")), about)
    article = without_author(_article(tree), about.author)
    if not any(any(map(str.isalnum, block.text)) for block in article) and _is_made_by_script(tree):
        raise SourceError(
            f"{source} has no article without its script",
            hint="open it in a browser, save what it shows, and index that",
        )
    return composed(source, article, about)


def _chat(tree: HtmlElement, source: str) -> Contents:
    show_words(tree)
    found, left_out = telegram.messages(tree)
    if not found:
        raise SourceError(f"{source} has no message with text", hint="leave it out")
    first, *others = (
        composed(f"{source}#{number}" if number else source, held, about)
        for number, (held, about) in enumerate(found)
    )
    return Contents(first, others, left_out)


def decoded(data: bytes, name: str) -> str:
    """The text of a page: in UTF-8, or else the declared encoding, or else the one that ``decode`` detects.

    Raises:
        SourceError: binary data, or an encoding that can't be detected.
    """
    declared = _DECLARED.search(data, 0, 4096)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    encoding = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030"}.get(encoding, encoding)
    with suppress(UnicodeDecodeError, LookupError):
        if not is_utf8(data):
            return data.decode(encoding)
    return decode(data, name)


def _article(tree: HtmlElement) -> list[Block]:
    """The blocks of the article: from the page, or from the data that its script would render."""
    from trafilatura import bare_extraction

    data, shown = json_ld.article(tree), layout.shown(tree)
    if sum(len(block.text) for block in data) > shown:
        return data
    live.put_times_above_posts(tree)
    show_words(tree)
    drop_boilerplate(tree)
    layout.simplify(tree)
    found: Any = bare_extraction(tree, include_comments=False)
    body = select(tree, [] if found is None else blocks(found.body))
    return layout.standfirst(tree, body) + body


def _is_made_by_script(tree: HtmlElement) -> bool:
    """Whether a page without text leaves it to a script to show some."""
    if any(NEEDS_SCRIPT.match(" ".join(each.text_content().split())) for each in tree.iter("noscript")):
        return True
    return any(each.get("src") or each.get("type") == "module" for each in tree.iter("script"))


def _recognise(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def draft_blocks(data: bytes, source: str) -> list[Block]:
    """The blocks of all that a page shows, with marks around what its elements quote. Raises SourceError."""
    tree = parsed(decoded(data, source), source)
    show_words(tree)
    body = tree.find("body")
    return blocks(tree if body is None else body)


FORMAT = Format(
    read,
    (".html", ".htm", ".xhtml"),
    ("text/html", "application/xhtml+xml"),
    _recognise,
    text=True,
    read_all=read_all,
    draft=draft_blocks,
)
