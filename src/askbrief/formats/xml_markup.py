"""The text of XML vocabularies, by the elements of HTML that theirs are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askbrief.formats.document import Block
from askbrief.formats.markup import blocks

if TYPE_CHECKING:
    from lxml.etree import _Element

SAME = frozenset(
    [
        "p",
        "br",
        "q",
        "sub",
        "sup",
        "table",
        "tr",
        "th",
        "td",
        "caption",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "blockquote",
        "a",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "div",
        "span",
    ]
)
PROSE = frozenset({"p", "h2", "li", "td", "th", "dt", "dd", "pre", "caption"})
"""Elements in which unknown ones are parts of a sentence."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What elements of a vocabulary are in HTML, which of them are not read, with all that is in them, and
    ``attributes``: elements of a name count as one of another if an attribute has a value.

    Those of which neither says anything are parts of a sentence within one, and sections elsewhere.
    """

    html: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


def text_blocks(root: _Element, vocabulary: Vocabulary) -> list[Block]:
    """The blocks of text under an element, whose elements have local names; the tree is changed."""
    _prepare(root, vocabulary)
    return blocks(root)


def _prepare(root: _Element, vocabulary: Vocabulary) -> None:
    """Rename the elements, without recursion: trees nest deeper than Python's calls."""
    stack: list[tuple[_Element, bool]] = [(child, False) for child in reversed(root)]
    root.tag = "div"
    while stack:
        element, within = stack.pop()
        name = str(element.tag)
        if name in vocabulary.left_out:
            remove(element)
            continue
        if name == "sup" and _before(element)[-1:].isdigit():
            element.text = f"^{element.text or ''}"
        plain = "span" if within else "div"
        element.tag = vocabulary.html.get(name) or (name if name in SAME else plain)
        stack += ((child, within or element.tag in PROSE) for child in reversed(element))


def _before(element: _Element) -> str:
    """The text right before an element."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        return before.tail or ""
    return "" if parent is None else parent.text or ""


def remove(element: _Element) -> None:
    """Remove an element and all that is in it, but not the text after it."""
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)


def line(element: _Element | None) -> str | None:
    """The text of an element on one line; None if there is none."""
    return None if element is None else " ".join("".join(element.itertext()).split()) or None
