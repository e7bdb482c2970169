"""DOCX: the paragraphs, lists and tables of a Word document, and what it tells of itself.

The document's XML is brought to the names of HTML, so that paragraphs are made as everywhere else. What was
deleted with changes tracked, and comments, are no text of the document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.document import About, composed
from askbrief.formats.format import Format
from askbrief.formats.markup import blocks
from askbrief.formats.ooxml import Parts, attribute, opened, words
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMES = {
    "tbl": "table", "tr": "tr", "tc": "td", "br": "br", "cr": "br", "body": "div", "txbxContent": "div",
    "instrText": "script", "delText": "script", "del": "script", "moveFrom": "script", "Fallback": "script",
    "pPr": "script", "rPr": "script", "tblPr": "script", "sectPr": "script", "sdtPr": "script",
}  # fmt: skip
"""Elements of a Word document to those of HTML; “script” is what is not shown, and the rest is inline."""

HEADING = re.compile(r"(?:heading \d|title|subtitle|toc \d|toc heading)", re.IGNORECASE)
"""Names of styles, the same in every language of Word."""
CORE = "docProps/core.xml"
TEMPLATE = "2013-12-23T23:15:00Z"
"""When the template of python-docx was made, which every file that it writes carries for its own time."""


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a DOCX file.

    Raises:
        SourceError: another kind of file, a damaged or an encrypted one, or one without prose.
    """
    with opened(data, source, "a Word document") as parts:
        main = _main(parts)
        about = _about(parts)
        headings = _headings(parts, main.rpartition("/")[0] + "/styles.xml")
        body = next(parts.tree(main).iter("body"), None)
        if body is None:
            raise SourceError(f"{source} holds no text of a Word document: save it as DOCX")
        _rename(body, headings)
        return composed(source, blocks(body), about)


def _main(parts: Parts) -> str:
    """The name of the part with the text; it is not the same in files of every program."""
    if "_rels/.rels" in parts:
        for relation in parts.tree("_rels/.rels").iter("Relationship"):
            if attribute(relation, "Type").endswith("/officeDocument"):
                return attribute(relation, "Target").lstrip("/")
    return "word/document.xml"


def _about(parts: Parts) -> About:
    if CORE not in parts:
        return About()
    core = parts.tree(CORE)
    # A release is often last week's, saved under a new name: it was created when that was.
    made = words(core, "modified") or words(core, "created")
    made = None if made == TEMPLATE else made
    return About(words(core, "title"), None, words(core, "creator"), made=made)


def _headings(parts: Parts, name: str) -> set[str]:
    """The ids of the styles of headings, and of those that are based on one."""
    if name not in parts:
        return set()
    based: dict[str, str] = {}
    headings: set[str] = set()
    for style in parts.tree(name).iter("style"):
        told = style.iterdescendants("name", "basedOn", "outlineLvl")
        values = {str(each.tag): attribute(each, "val") for each in told}
        based[attribute(style, "styleId")] = values.get("basedOn", "")
        if HEADING.match(values.get("name", "")) or _outlined(values.get("outlineLvl", "")):
            headings.add(attribute(style, "styleId"))
    for _ in range(10):  # no style is based on another over more steps
        headings |= {style for style, base in based.items() if base in headings}
    return headings


def _outlined(level: str) -> bool:
    return level.isdecimal() and int(level) < 9


def _rename(body: _Element, headings: set[str]) -> None:
    """Give the elements under the body the names that they would have in HTML."""
    for element in body.iter("*"):
        name = str(element.tag)
        if name == "p":
            element.tag = "h1" if _is_heading(element, headings) else "p"
        elif name == "t":
            element.tag = "span"
        elif name in {"tab", "ptab", "noBreakHyphen", "sym"}:
            _stand_for(element, "-" if name == "noBreakHyphen" else " ")
        else:
            element.tag = NAMES.get(name, "span")
            element.text = None
        element.tail = None


def _stand_for(element: _Element, sign: str) -> None:
    element.tag, element.text = "span", sign


def _is_heading(paragraph: _Element, headings: set[str]) -> bool:
    properties = paragraph.find("pPr")
    if properties is None:
        return False
    style, level = properties.find("pStyle"), properties.find("outlineLvl")
    return (style is not None and attribute(style, "val") in headings) or (
        level is not None and _outlined(attribute(level, "val"))
    )


def _recognise(data: bytes) -> bool:
    return data.startswith(b"PK") and b"word/document" in data


FORMAT = Format(
    read,
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    _recognise,
)
