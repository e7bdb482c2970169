"""Elements to blocks: paragraphs, headings, list items and table rows of HTML and trafilatura's XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.document import Block

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head", "summary", "caption", "legend"})
INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "hi", "i", "ins", "kbd", "label", "mark", "q", "rb", "ref", "ruby", "s", "samp", "small", "span",
    "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr",
])  # fmt: skip
UNSHOWN = frozenset([
    "script", "style", "template", "noscript", "svg", "math", "canvas", "iframe", "object", "select",
    "option", "textarea", "button", "input", "title", "meta", "link", "base",
])  # fmt: skip
BREAKS = frozenset({"br", "lb"})
ROWS = frozenset({"tr", "row"})
CELLS = frozenset({"td", "th", "cell"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parsed(text: str, source: str) -> HtmlElement:
    """The tree of a page, without comments and control characters.

    Raises:
        SourceError: it has no element, or nests them deeper than 2,048.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise SourceError(f"{source} has no prose", hint="leave it out") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SourceError(f"{source} nests elements too deeply", hint="save the page again, or leave it out")
    if _CONTROL.search("".join(map(str, tree.itertext()))):  # lxml reads them, but can't be given them
        for element in tree.iter():
            element.text = _CONTROL.sub(" ", element.text or "") or None
            element.tail = _CONTROL.sub(" ", element.tail or "") or None
    return tree


def blocks(root: _Element) -> list[Block]:
    """The blocks under an element, in order; the cells of a table row are one block, joined by “ | ”.

    Rows are kept because they have the figures of an archive. The paragraphs of a cell that has several stay
    apart: the table was there for layout.
    """
    return [block for block, _ in placed_blocks(root)]


def placed_blocks(root: _Element) -> list[tuple[Block, _Element]]:
    """The blocks under an element, in order, each with the element that holds it."""
    walk = _Walk()
    walk.over(root)
    return [*zip(walk.blocks, walk.holders, strict=True)]


@dataclass
class _Row:
    """An open table row: the index of its first block, and how many cells and heading cells it has."""

    first: int
    cells: int = 0
    heads: int = 0


class _Walk:
    """One pass over a tree without recursion: pages nest deeper than Python's calls."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.holders: list[_Element] = []
        self._open: list[_Element] = []
        self._words: list[str] = []
        self._headings = 0
        self._quotes = 0
        self._rows: list[_Row] = []
        self._breaks = 0

    def over(self, root: _Element) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        self._open = [root]
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "end":
                self._leave(tag)
                self._say(element.tail if element is not root else None)
            elif not tag or tag in UNSHOWN:
                walk.skip_subtree()
            else:
                self._enter(element, tag, tag == "th" or element.get("role") == "head")
                self._say(element.text)
        self._flush()

    def _enter(self, element: _Element, tag: str, head: bool) -> None:
        if tag in BREAKS:
            self._breaks += 1
            self._flush() if self._breaks == 2 else self._words.append("\n")
        elif tag not in INLINE:
            self._flush()
            self._open.append(element)
            self._headings += tag in HEADINGS
            self._quotes += tag == "blockquote"
            if tag in ROWS:
                self._rows.append(_Row(len(self.blocks)))
            elif tag in CELLS and self._rows:
                self._rows[-1].cells += 1
                self._rows[-1].heads += head

    def _leave(self, tag: str) -> None:
        if tag and tag not in INLINE and tag not in BREAKS and tag not in UNSHOWN:
            self._flush()
            holder = self._open.pop()
            self._headings -= tag in HEADINGS
            self._quotes -= tag == "blockquote"
            if tag in ROWS and self._rows:
                self._join(self._rows.pop(), holder)

    def _say(self, text: str | None) -> None:
        if text:
            if not text.isspace():
                self._breaks = 0
            self._words.append(" ".join(f"x{text}x".split())[1:-1])

    def _flush(self) -> None:
        words = "".join(self._words).strip()
        self._words = []
        self._breaks = 0
        if words:
            self.blocks.append(Block(words, not self._headings, self._quotes > 0))
            self.holders.append(self._open[-1])

    def _join(self, row: _Row, holder: _Element) -> None:
        """Join the row's blocks if each cell has one at most; a row of headings only is no prose."""
        texts = [block.text for block in self.blocks[row.first :]]
        heads = 0 < len(texts) <= row.heads
        if heads or 1 < len(texts) <= row.cells:
            self.blocks[row.first :] = [Block(" | ".join(texts), not heads)]
            self.holders[row.first :] = [holder]
