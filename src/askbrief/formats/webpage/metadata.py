"""What a page states of itself: title, date, author, site and address."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from askbrief.formats.document import About
from askbrief.formats.webpage import json_ld, page_dates
from askbrief.formats.webpage.boilerplate import drop_biographies
from askbrief.text import is_web

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_NAME = 6
"""Words of an author's name."""
_PARTICLES = re.compile(
    r"(?:a[lf]?|an?d|bin|da|das|de[lnr]?|di|dos|du|e[l]?|for|i?bn|in|la|le|of|s|st|ter?|the|van|vo[nm]|y|zu[rm]?|’t|d['’].*"
    r"|al-.*|el-.*)",
)
_NO_NAME = re.compile(r"[@\d/|:?!…]|\.$(?<!\b[A-Z]\.)(?<!\b[JS]r\.)(?<!\bInc\.)|https?")


def about(tree: HtmlElement) -> About:
    """The metadata of a page. Changes its tree: what it says of its author beside the article is removed."""
    from trafilatura.metadata import extract_metadata

    day, changed = page_dates.published(tree), page_dates.changed(tree)
    drop_biographies(tree)
    for br in tree.xpath(".//h1//br | .//h2//br"):
        br.tail = f" {br.tail or ''}"
    # its dates are not taken: they may be those of a story that the page links to
    found = extract_metadata(tree, date_config={"original_date": True, "extensive_search": False})
    url = found.url if found.url and is_web(found.url) else None
    title = dict(json_ld.metadata(tree)).get("headline") or found.title
    return About(html.unescape(title or ""), day, _names(found.author), found.sitename, url, changed)


def _names(author: str | None) -> str | None:
    """The authors whose names read as such: a sentence about one is none."""
    parts = [part.strip() for part in (author or "").split(";")]
    return "; ".join(part for part in parts if _is_name(part)) or None


def _is_name(written: str) -> bool:
    words = written.replace(",", " ").split()
    if not words or len(words) > LONGEST_NAME or _NO_NAME.search(written):
        return False
    return not any(word[:1].islower() and not _PARTICLES.fullmatch(word) for word in words)
