"""Paragraphs within a paragraph, as office files have them in text boxes and notes: moved out of the sentence
in whose middle they are anchored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element


def move_boxes(root: _Element, boxes: tuple[str, ...], paragraphs: tuple[str, ...]) -> None:
    """Move each element named in ``boxes`` behind the outermost paragraph that it is anchored in."""
    last: dict[_Element, _Element] = {}
    for box in list(root.iter(*boxes)):
        anchored = list(box.iterancestors(*paragraphs))
        if anchored:
            cut(box)
            last.get(anchored[-1], anchored[-1]).addnext(box)
            last[anchored[-1]] = box


def cut(element: _Element) -> None:
    """Take an element out of its tree; the text that follows it stays where it is."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)
