"""The HTML that Telegram Desktop exports a chat to: each message is a document, with its author and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askbrief.formats.document import About, Block
from askbrief.formats.markup import blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Message = tuple[list[Block], About]

_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
_SIGNS = (b'class="message ', b"page_body chat_page")


def is_export(data: bytes) -> bool:
    """Whether a page looks like an exported chat; quick, since it is asked of every page."""
    return all(sign in data for sign in _SIGNS)


def messages(tree: HtmlElement) -> tuple[list[Message], list[str]]:
    """The messages of a chat, the oldest first as in the file; and what those without text hold."""
    chat = _words(_first(tree, "page_header", "text")) or None
    found: list[Message] = []
    left_out: list[str] = []
    author: str | None = None
    for element in _all(tree, "message"):
        if not _is(element, "default"):
            continue
        own = _children(element, "body")
        body = own[0] if own else element
        author = _name(body) if _children(body, "from_name") else author
        forwarded = next(iter(_children(body, "forwarded")), None)
        held = [*_children(body, "text"), *([] if forwarded is None else _children(forwarded, "text"))]
        told = [block for each in held for block in blocks(each)]
        if not told:
            left_out.append(_media(body))
            continue
        dates = [*([] if forwarded is None else _all(forwarded, "date")), *_children(body, "date")]
        wrote = author if forwarded is None else _name(forwarded)
        found.append((told, About(None, _date(dates), wrote, chat)))
    return found, left_out


def _date(dates: list[HtmlElement]) -> str | None:
    written = (_DATE.search(each.get("title", "")) for each in dates)
    return next((f"{each[3]}-{each[2]}-{each[1]}" for each in written if each), None)


def _name(element: HtmlElement) -> str | None:
    """Who sent a message: the name, without the date that may be beside it, and the bot that sent it."""
    named = next(iter(_children(element, "from_name")), None)
    return None if named is None else " ".join((named.text or "").split()).partition(" via @")[0] or None


def _media(body: HtmlElement) -> str:
    """The name of what a message without text holds."""
    classes = " ".join(each.get("class", "") for each in body.iter("a", "div"))
    kind = re.search(r"\bmedia_(?!wrap)(\w+)|\b(photo|video_file|sticker|animated)_wrap", classes)
    return next(filter(None, kind.groups())) if kind else "message without text"


def _is(element: HtmlElement, name: str) -> bool:
    return name in element.get("class", "").split()


def _all(element: HtmlElement, name: str) -> Iterator[HtmlElement]:
    return (each for each in element.iter("div", "span") if _is(each, name))


def _first(tree: HtmlElement, *names: str) -> HtmlElement | None:
    found: HtmlElement | None = tree
    for name in names:
        found = (
            None if found is None else next((each for each in _all(found, name) if each is not found), None)
        )
    return found


def _children(element: HtmlElement, name: str) -> list[HtmlElement]:
    return [each for each in element.iterchildren("div") if _is(each, name)]


def _words(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
