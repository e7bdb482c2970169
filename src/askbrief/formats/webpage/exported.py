"""HTML that a word processor wrote: Google Docs, LibreOffice, Word and others. All of it is the text, but
comments, page headers and tables of contents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.shown_words import drop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PROGRAMS = re.compile(
    r"libreoffice|openoffice|staroffice|collabora|microsoft word|word\.document|google docs|cocoa html "
    r"writer|pandoc"
    r"|abiword|wordperfect|pages|scrivener|textmaker|onlyoffice|calligra|aspose\.words",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:mso)?title", re.IGNORECASE)
_CONTENTS = re.compile(r"msotoc\d*|toc\d?", re.IGNORECASE)


def is_exported(tree: HtmlElement) -> bool:
    """Whether a page says that a word processor wrote it, or has the form of Google Docs' exports."""
    for meta in tree.iter("meta"):
        if meta.get("name", "").lower() in {"generator", "progid"} and _PROGRAMS.match(
            meta.get("content", "")
        ):
            return True
    body = tree.find("body")
    return body is not None and "doc-content" in body.get("class", "").split()


def drop_apparatus(tree: HtmlElement) -> None:
    """Remove, in place, what isn't the text of such a page; make its title a heading."""
    for element in list(tree.iterfind(".//body//*")):
        if _is_apparatus(element):
            drop(element)
        elif element.tag == "p" and any(map(_TITLE.fullmatch, element.get("class", "").split())):
            element.tag = "h1"
    for link in list(tree.iter("a")):
        if re.match(r"cmnt\d", link.get("id", "") + link.get("name", "")):
            comment = next(link.iterancestors("div"), link)
            drop(comment if comment.find(".//h1") is None else link)


def title(tree: HtmlElement) -> str | None:
    """The words of the title or the first heading of such a page."""
    heading = next(tree.iter("h1"), None)
    return None if heading is None else " ".join(heading.text_content().split()) or None


def _is_apparatus(element: HtmlElement) -> bool:
    style, classes = element.get("style", "").replace(" ", "").lower(), element.get("class", "").split()
    of_word = re.search(r"mso-element:(?:comment|header|footer|field-begin)|mso-comment-", style)
    of_office = element.tag == "div" and element.get("title") in {"header", "footer"}
    contents = any(map(_CONTENTS.fullmatch, classes)) or re.match(
        r"Table of Contents\d", element.get("id", "")
    )
    comment = any(name.startswith("MsoComment") for name in classes)
    return bool(of_word or of_office or contents or comment)
