"""DOCX: the paragraphs, lists and tables of a Word document, and its metadata.

The document's XML elements are renamed to those of HTML, so that blocks are made as everywhere else. The text
is what Word shows with all changes accepted. The paragraphs of a text box follow the paragraph that it is
anchored in; footnotes and endnotes follow the text. Comments, headers and footers are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.document import About, Block, composed, headed
from askbrief.formats.format import Contents, Format
from askbrief.formats.markup import blocks
from askbrief.formats.nested_blocks import move_boxes
from askbrief.formats.ooxml import Parts, attribute, opened, words
from askbrief.formats.press_exports.split import documents_of
from askbrief.formats.tables import put_headings_into_cells
from askbrief.formats.word_parts import append_notes, insert_chunks
from askbrief.formats.word_shown import remove_unshown
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMES = {
    "tbl": "table", "tr": "tr", "tc": "td", "td": "td", "th": "th", "br": "br", "cr": "br",
    "body": "div", "txbxContent": "div",
    "instrText": "script", "delText": "script",
    "pPr": "script", "rPr": "script", "tblPr": "script", "sectPr": "script", "sdtPr": "script",
    "rt": "script", "footnote": "div", "endnote": "div",
}  # fmt: skip
"""Elements of a Word document to those of HTML; “script” is hidden, and all others are inline."""

HEADING = re.compile(r"(?:heading \d|title|subtitle|toc \d|toc heading)", re.IGNORECASE)
"""Names of styles, the same in every language of Word."""
QUOTE = re.compile(r"(?:intense |block )?(?:quote|quotation|text block)s?$", re.IGNORECASE)
"""Names of styles for block quotes."""
DEEPEST = 3
"""Documents within documents."""
TEMPLATE = "2013-12-23T23:15:00Z"
"""The creation time of python-docx's template, which it writes into every file."""


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a DOCX file; the first article of an export of a press database.

    Raises:
        SourceError: not a Word document, damaged, encrypted, or without prose.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """The document, and the further articles of an export. Raises SourceError as ``read``."""
    parts = opened(data, source, "a Word document")
    found = _blocks(parts, source)
    if articles := documents_of(found, source):
        return Contents(articles[0], articles[1:])
    return Contents(composed(source, found, headed(found, _about(parts))))


def draft_blocks(data: bytes, source: str) -> list[Block]:
    """The blocks of a Word document, those of a style for quotations as quoted. Raises SourceError."""
    return _blocks(opened(data, source, "a Word document"), source)


def _blocks(parts: Parts, source: str, depth: int = 0) -> list[Block]:
    main = _main(parts)
    body = next(parts.tree(main).iter("body"), None)
    if body is None:
        raise SourceError(f"{source} has no text of a Word document", hint="save it as DOCX")
    styles = parts.optional_tree(main.rpartition("/")[0] + "/styles.xml")
    append_notes(body, parts, main)
    remove_unshown(body, styles)
    move_boxes(body, ("txbxContent",), ("p",))
    _rename_cells(body)
    _rename(body, _styles(styles, HEADING, outlined=True), _styles(styles, QUOTE))
    insert_chunks(body, parts, main, lambda data: _chunk(data, source, depth + 1))
    put_headings_into_cells(body)
    return blocks(body)


def _chunk(data: bytes, source: str, depth: int) -> list[Block]:
    """The blocks of a Word document within another."""
    if depth > DEEPEST:
        raise SourceError(f"{source} holds documents within documents without end", hint="leave it out")
    return _blocks(opened(data, source, "a Word document"), source, depth)


def _main(parts: Parts) -> str:
    """The name of the part with the text, which differs between programs."""
    for relation in parts.optional_tree("_rels/.rels").iter("Relationship"):
        if attribute(relation, "Type").endswith("/officeDocument"):
            return attribute(relation, "Target").lstrip("/")
    return "word/document.xml"


def _about(parts: Parts) -> About:
    core = parts.optional_tree("docProps/core.xml")
    # A release is often last week's, saved under a new name with the old creation date.
    made = words(core, "modified") or words(core, "created")
    made = None if made == TEMPLATE else made
    return About(words(core, "title"), None, words(core, "creator"), made=made)


def _styles(styles: _Element, named: re.Pattern[str], *, outlined: bool = False) -> set[str]:
    """The ids of the styles with such a name, or of a level in the outline, and of styles based on one."""
    based: dict[str, str] = {}
    found: set[str] = set()
    for style in styles.iter("style"):
        parts_of = style.iterdescendants("name", "basedOn", "outlineLvl")
        values = {str(each.tag): attribute(each, "val") for each in parts_of}
        based[attribute(style, "styleId")] = values.get("basedOn", "")
        level = outlined and _outlined(values.get("outlineLvl", ""))
        if level or named.match(values.get("name", "")):
            found.add(attribute(style, "styleId"))
    for _ in range(10):  # longer chains of styles don't occur
        found |= {style for style, base in based.items() if base in found}
    return found


def _outlined(level: str) -> bool:
    return level.isdecimal() and int(level) < 9


def _rename(body: _Element, headings: set[str], quotes: set[str]) -> None:
    """Rename the elements under the body to those of HTML."""
    for element in body.iter("*"):
        name = str(element.tag)
        if name == "p":
            element.tag = _paragraph(element, headings, quotes)
        elif name == "t":
            element.tag = "span"
        elif name in {"tab", "ptab", "noBreakHyphen", "sym"}:
            element.tag, element.text = "span", "-" if name == "noBreakHyphen" else " "
        elif name != "altChunk":
            element.tag = NAMES.get(name, "span")
            element.text = None
        element.tail = None


def _rename_cells(body: _Element) -> None:
    """Rename cells to those of HTML, with the columns that each spans. A row that is repeated on each page
    has the headings of the columns."""
    for row in body.iter("tr"):
        heads = row.find("trPr/tblHeader") is not None
        for cell in row.iterchildren("tc"):
            spans = cell.find("tcPr/gridSpan")
            if spans is not None:
                cell.set("colspan", attribute(spans, "val"))
            cell.tag = "th" if heads else "td"


def _paragraph(paragraph: _Element, headings: set[str], quotes: set[str]) -> str:
    """The element of HTML for a paragraph."""
    properties = paragraph.find("pPr")
    if properties is None:
        return "p"
    style, level = properties.find("pStyle"), properties.find("outlineLvl")
    name = attribute(style, "val") if style is not None else ""
    if name in headings or (level is not None and _outlined(attribute(level, "val"))):
        return "h1"
    return "blockquote" if name in quotes else "p"


def _recognise(data: bytes) -> bool:
    return data.startswith(b"PK") and b"word/document" in data


FORMAT = Format(
    read,
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    _recognise,
    read_all=read_all,
    draft=draft_blocks,
)
