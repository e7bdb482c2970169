"""The dates that a page states: of its publication, and of a change after it.

A page has many dates: of the events that it tells, of the stories that it links to, of its digitisation. Only
its metadata, and a ``<time>`` above its text, are about the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askbrief.formats import json_ld
from askbrief.formats.dates import written_date
from askbrief.formats.record_shapes import DATES, LATER_DATES
from askbrief.formats.rich_text import normal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LEAST = 60
"""Characters of a paragraph of the text."""

_VOCABULARY = re.compile(
    r"^(?:(?:og|article|dc|dcterms?|parsely|sailthru|citation|cxenseparse|cxense|rnews|news|story|page|bt|cms)"
    r"(?:[:._-]|(?=[A-Z])))+",
    re.IGNORECASE,
)
_OTHER_THAN_HEAD = ("p", "li", "td", "blockquote", "figure", "aside", "nav", "footer", "section")


def published(tree: HtmlElement) -> str | None:
    """When a page was published, by its metadata or a ``<time>`` above its text, as it is written."""
    stated = [*_stated(tree)]
    for form in DATES:
        for name, value in stated:
            if form.fullmatch(name) and written_date(value):
                return value
    return next((value for value in _above_text(tree) if written_date(value)), None)


def changed(tree: HtmlElement) -> str | None:
    """When a page was last changed, by its metadata, as it is written."""
    return next(
        (
            value
            for form in LATER_DATES
            for name, value in _stated(tree)
            if form.fullmatch(name) and written_date(value)
        ),
        None,
    )


def _stated(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The fields of a page's metadata, by their names without the vocabulary: JSON-LD first."""
    for path, value in json_ld.metadata(tree):
        yield normal(path), value
    for element in tree.iterfind(".//*[@content]"):
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(key):
                yield normal(_VOCABULARY.sub("", name)), element.get("content", "")
    for element in tree.iterfind(".//*[@itemprop]"):
        value = element.get("datetime") or element.get("content") or element.text_content()
        yield normal(element.get("itemprop", "")), value


def _above_text(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("time", "p"):
        if element.tag == "p":
            if len(element.text_content()) >= LEAST:
                return
        elif next(element.iterancestors(*_OTHER_THAN_HEAD), None) is None:
            yield element.get("datetime") or element.text_content()
