"""The dates that a page states: of its publication, and of a change after it.

A page has many dates: of the events that it tells, of the stories that it links to, of its digitisation. Only
its metadata, and a ``<time>`` above its text, are about the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from askbrief.formats.dates import written_date
from askbrief.formats.known_record_fields import DATES, LATER_DATES
from askbrief.formats.rich_text import normal
from askbrief.formats.webpage import json_ld

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
    above = (value for value in _above_text(tree) if written_date(value))
    return _first_stated(tree, DATES) or next(above, None)


def changed(tree: HtmlElement) -> str | None:
    """When a page was last changed, by its metadata, as it is written."""
    return _first_stated(tree, LATER_DATES)


def _first_stated(tree: HtmlElement, forms: Sequence[re.Pattern[str]]) -> str | None:
    """The date in the metadata whose field's name has the first of the forms that any has."""
    stated = [*_stated(tree)]
    dates = (
        value for form in forms for name, value in stated if form.fullmatch(name) and written_date(value)
    )
    return next(dates, None)


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
