"""What is raised above the line: exponents stay raised, figures of notes are no words, “21st” is a word.

“10<sup>6</sup> litres<sup>2</sup>” is 10⁶ litres and a note. Which is which follows from what it is raised
on, and from the figures of notes counting up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.markup import INLINE

if TYPE_CHECKING:
    from lxml.html import HtmlElement

UNITS = frozenset({
    "m", "km", "cm", "mm", "nm", "dm", "ft", "in", "yd", "mi", "mile", "miles", "metre", "metres", "meter",
    "meters",    "inch", "inches", "feet", "foot", "sq", "s", "sec", "kg", "g", "hm", "mc", "µm", "μm",
})  # fmt: skip
"""What is squared and cubed; single letters are, too."""
NOTE = re.compile(
    r"[\[(]?(?:(?P<figure>\d{1,3})(?:\s*[,–-]\s*\d{1,3})*|note \d{1,3}|[a-z]{1,2}|[ivxl]+"
    r"|[*†‡§¶#^↩↑⁎]+\ufe0e?)[\])]?"
)
"""What refers to a note, or from it back to the text."""
_SIGNS = re.compile(r"\[.{1,40}\]|\(\w{1,3}\)|[*†‡§¶#^↩↑⁎]+\ufe0e?")
"""What refers to a note wherever it is raised."""
_POWER = re.compile(r"[+−–-]?\d{1,3}|n")
_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_BASE = re.compile(r"(?P<figure>\d[\d.,]*)$|(?P<word>[^\W\d_]+)$")
_OF_NOTE = re.compile(
    r"foot-?note|endnote|note-?ref|fn-?ref|backlink|cite_(?:note|ref)|#_?(?:fn|ftn|en|edn|cmnt|note|ref)[\w:.-]*\d",
    re.I,
)
_FAR = 8
"""Elements that are looked at before one, to find what it is raised on."""


def put_raised(tree: HtmlElement) -> None:
    """Change a tree in place: raise exponents, and remove what refers to notes."""
    last = 0
    for element in list(tree.iter("sup", "a")):
        if element.getparent() is None:
            continue
        words = " ".join(element.text_content().split())
        if element.tag == "a":
            if _links_to_note(element, words):
                _remove(element)
            continue
        found = NOTE.fullmatch(words)
        figure = int(found["figure"]) if found and found["figure"] else 0
        before = _before(element)
        if _is_fraction(element):
            element.text = " " + (element.text or "") if before[-1:].isdigit() else element.text
        elif found and _is_linked(element, words):
            last = figure or last
            _remove(element)
        elif _POWER.fullmatch(words) and _is_power(before, figure, last):
            for part in element.iter():
                part.text = (part.text or "").strip().translate(_RAISED)
            element.tag = "span"
        elif (found and figure) or _SIGNS.fullmatch(words):
            last = figure or last
            _remove(element)


def exponent(before: str, words: str) -> str | None:
    """Words that are raised on what is ``before``, as raised figures; None if they are no exponent of it."""
    figure = int(words) if words.isdecimal() else 0
    return words.translate(_RAISED) if _POWER.fullmatch(words) and _is_power(before, figure, 0) else None


def _links_to_note(link: HtmlElement, words: str) -> bool:
    """Whether a link is only the figure or sign of a note."""
    if not NOTE.fullmatch(words):
        return False
    names = (
        f"{link.get('class', '')} {link.get('role', '')} {link.get('epub:type', '')} {link.get('href', '')}"
    )
    if _OF_NOTE.search(names):
        return "#" in link.get("href", "")
    return link.get("href", "").startswith("#") and bool(_SIGNS.fullmatch(words))


def _is_linked(element: HtmlElement, words: str) -> bool:
    """Whether a raised element holds a link, or is all that one holds."""
    links = [*element.iter("a"), *element.iterancestors("a")]
    return any(" ".join(link.text_content().split()) == words for link in links)


def _is_fraction(element: HtmlElement) -> bool:
    after = element.getnext()
    return (element.tail or "").strip() in {"/", "⁄"} and after is not None and after.tag == "sub"


def _is_power(before: str, figure: int, last: int) -> bool:
    """Whether a figure that is raised on what is ``before`` is its exponent; ``last`` is that of the last
    note."""
    base = _BASE.search(before)
    if base is None:
        return False
    if word := base["word"]:
        return word.lower() in UNITS or (len(word) == 1 and word not in "AI")
    digits = re.sub(r"\D", "", base["figure"])
    if base["figure"][-1] in ".,":
        return False
    return digits == "10" or (len(digits) <= 3 and not (last and figure == last + 1))


def _before(element: HtmlElement) -> str:
    """The end of the words before an element in its paragraph."""
    node = element
    for _ in range(_FAR):
        previous, parent = node.getprevious(), node.getparent()
        if previous is not None:
            words = previous.tail or ""
            if not words and previous.tag in INLINE:
                words = previous.text_content()
            if words or previous.tag not in INLINE:
                return words[-40:]
            node = previous
        elif parent is None or parent.text or parent.tag not in INLINE:
            return ("" if parent is None else parent.text or "")[-40:]
        else:
            node = parent
    return ""


def _remove(element: HtmlElement) -> None:
    """Remove what refers to a note; at the begin of a note, with the space after it."""
    if not _before(element).strip():
        element.tail = (element.tail or "").lstrip(" .\u00a0\t\r\n")
    element.drop_tree()
