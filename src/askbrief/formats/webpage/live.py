"""Live blogs: the times of posts, as headings above what was posted then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.webpage import json_ld
from askbrief.formats.webpage.boilerplate import names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEWEST = 2
"""Times in a live blog."""
_NAMED = re.compile(
    r"live-?(?:blog\w*|posts?|feed|updates?|reporting|stream|entr(?:y|ies)|ticker|event)|liveticker"
)
_TIME = re.compile(
    r"(?:(?:posted|updated|published)? ?(?:at )?)?(?:[\w.,]+ ){0,4}\d{1,2}[:.h]\d{2}(?: ?[ap]\.?m\.?)?(?: "
    r"\(?[A-Z]{1,5}\)?)?"
    r"(?:,? (?:on )?\w+\.? \w+,? ?\d{0,4})?",
    re.IGNORECASE,
)


def put_times_above_posts(tree: HtmlElement) -> None:
    """Make the times of a live blog's posts headings, in place; they would be lost, or cited as sentences."""
    if not _is_live(tree):
        return
    found = [
        element
        for element in tree.iter("time", "span", "div", "p")
        if not len(element) and _TIME.fullmatch((element.text or "").strip()) and _is_alone(element)
    ]
    if len(found) >= FEWEST:
        for element in found:
            element.tag = "h6"


def _is_live(tree: HtmlElement) -> bool:
    if any(kind == "LiveBlogPosting" for kind in json_ld.types(tree)):
        return True
    return any(any(map(_NAMED.fullmatch, names(element))) for element in tree.iterfind(".//body//*[@class]"))


def _is_alone(element: HtmlElement) -> bool:
    """Whether no words of a sentence are beside an element."""
    parent, before = element.getparent(), element.getprevious()
    written = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return not written.strip(" ·|–—-\n\t") and not (element.tail or "").strip(" ·|–—-\n\t")
