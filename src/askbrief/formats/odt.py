"""ODT: the paragraphs, lists and tables of an OpenDocument text, and its metadata.

Deleted, hidden and struck-out words are left out, and so are comments. The paragraphs of a text box follow
the paragraph that it is anchored in; notes follow the text.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.document import About, Block, composed, headed
from askbrief.formats.format import Format
from askbrief.formats.markup import blocks
from askbrief.formats.nested_blocks import cut, move_boxes
from askbrief.formats.ooxml import Parts, attribute, names_media_type, opened, words
from askbrief.formats.raised import exponent
from askbrief.formats.tables import put_headings_into_cells
from askbrief.formats.unreadable import encrypted
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

NAMES = {
    "p": "p", "h": "h1", "list": "ul", "list-item": "li", "list-header": "li", "section": "div",
    "text": "div", "text-box": "div", "line-break": "br",
    "table": "table", "table-header-rows": "thead", "table-row": "tr", "table-cell": "td",
    "covered-table-cell": "script",
    "note-body": "div", "annotation": "script", "tracked-changes": "script", "forms": "script",
    "title": "script", "desc": "script",
    "table-of-content": "script", "alphabetical-index": "script", "sequence-decls": "script",
}  # fmt: skip
"""Elements of an OpenDocument text to those of HTML; “script” is hidden, and all others are inline."""
SPANS = {"colspan": "number-columns-spanned", "rowspan": "number-rows-spanned"}
TITLES = frozenset({"Title", "Subtitle"})
QUOTES = frozenset({"Quotations"})
SHAPES = ("frame", "custom-shape", "rect", "circle", "ellipse", "polygon", "regular-polygon", "path", "line",
          "polyline", "connector", "caption", "measure", "g")  # fmt: skip
"""What may hold paragraphs of its own within a paragraph."""
UNSHOWN = frozenset({"tracked-changes", "annotation", "ruby-text", "placeholder"})
DEEPEST = 10
"""Styles that are based on one another."""
_RAISED = re.compile(r"super|[1-9]")
"""What the position of text above the line begins with: super 58%, 33% 58%."""
MOST_SPACES = 100
"""Spaces in a run that is written as a number."""


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of an ODT file.

    Raises:
        SourceError: not an OpenDocument text, damaged, encrypted, or without prose.
    """
    parts = opened(data, source, "an OpenDocument text")
    manifest = parts.optional_tree("META-INF/manifest.xml")
    if next(manifest.iter("encryption-data"), None) is not None:
        raise encrypted(source)
    found = _blocks(parts, source)
    return composed(source, found, headed(found, _about(parts)))


def draft_blocks(data: bytes, source: str) -> list[Block]:
    """The blocks of an OpenDocument text, those of a style for quotations as quoted. Raises SourceError."""
    return _blocks(opened(data, source, "an OpenDocument text"), source)


def _blocks(parts: Parts, source: str) -> list[Block]:
    content = parts.tree("content.xml")
    body = next((text for each in content.iter("body") for text in each.iterchildren("text")), None)
    if body is None:
        raise SourceError(f"{source} has no text of an OpenDocument text", hint="save it as ODT")
    looks = [*content.iter("style"), *parts.optional_tree("styles.xml").iter("style")]
    _remove_unshown(body, _unshown_styles(looks))
    notes = list(body.iter("note-body"))
    for note in body.iter("note"):
        note.tag = "span"
    for note in [*body.iter("note-citation"), *notes]:
        cut(note)
    body.extend(notes)
    move_boxes(body, SHAPES, ("p", "h"))
    raised = _raised_styles(looks)
    for paragraph in body.iter("p", "h") if raised else ():
        _raise_exponents(paragraph, raised)
    _rename(body, _styles(content, TITLES), _styles(content, QUOTES))
    put_headings_into_cells(body)
    return blocks(body)


def _remove_unshown(body: _Element, styles: frozenset[str]) -> None:
    """Remove what is deleted, hidden or struck out, and comments."""
    for each in list(body.iter("*")):
        unshown = attribute(each, "display") == "none" or attribute(each, "is-hidden") == "true"
        collapsed = attribute(each, "visibility") in {"collapse", "filter"}
        if each.tag in UNSHOWN or unshown or collapsed or attribute(each, "style-name") in styles:
            cut(each)


def _unshown_styles(looks: list[_Element]) -> frozenset[str]:
    """The names of the styles of hidden or struck-out text, and of styles based on one."""
    own = {attribute(each, "name"): _shows(each) for each in looks}
    based = {attribute(each, "name"): attribute(each, "parent-style-name") for each in looks}
    unshown = {name for name, shows in own.items() if shows is False}
    for _ in range(DEEPEST):
        unshown |= {name for name, base in based.items() if base in unshown and own[name] is None}
    return frozenset(unshown)


def _shows(style: _Element) -> bool | None:
    """Whether a style shows its text; None if it says nothing of it."""
    for properties in style.iterchildren("text-properties", "section-properties"):
        lines = {attribute(properties, f"text-line-through-{what}") for what in ("style", "type")} - {""}
        display = attribute(properties, "display")
        if display == "none" or lines - {"none"}:
            return False
        if display or lines:
            return True
    return None


def _raised_styles(looks: list[_Element]) -> frozenset[str]:
    """The names of the styles whose text stands above the line."""
    positions = (
        (attribute(each, "name"), attribute(properties, "text-position"))
        for each in looks
        for properties in each.iterchildren("text-properties")
    )
    return frozenset(name for name, position in positions if _RAISED.match(position))


def _raise_exponents(paragraph: _Element, raised: frozenset[str]) -> None:
    """Write exponents with raised figures: 10⁶, never 106."""
    from lxml.etree import iterwalk

    before = ""
    for event, each in iterwalk(paragraph, events=("start", "end")):
        words = (each.text if event == "start" else each.tail) or ""
        if event == "start" and attribute(each, "style-name") in raised:
            each.text = words = exponent(before, words.strip()) or words
        before = (before + words)[-40:]


def _about(parts: Parts) -> About:
    meta = parts.optional_tree("meta.xml")
    author = words(meta, "initial-creator") or words(meta, "creator")
    return About(words(meta, "title"), None, author, made=words(meta, "date") or words(meta, "creation-date"))


def _styles(content: _Element, named: frozenset[str]) -> frozenset[str]:
    """The names of these styles, and of the file's own styles based on one."""
    own = (each for each in content.iter("style") if attribute(each, "parent-style-name") in named)
    return named.union(attribute(each, "name") for each in own)


def _rename(body: _Element, titles: frozenset[str], quotes: frozenset[str]) -> None:
    """Rename the elements under the body to those of HTML."""
    for element in body.iter("*"):
        name = str(element.tag)
        if name in {"s", "tab"}:
            count = attribute(element, "c")
            element.text = " " * min(int(count) if count.isdecimal() else 1, MOST_SPACES)
        for spanned, written in SPANS.items():
            if span := attribute(element, written):
                element.set(spanned, span)
        style = attribute(element, "style-name") if name == "p" else ""
        if style in quotes:
            element.tag = "blockquote"
        else:
            element.tag = NAMES.get("h" if style in titles else name, "span")


FORMAT = Format(read, (".odt",), (MEDIA_TYPE,), partial(names_media_type, MEDIA_TYPE), draft=draft_blocks)
