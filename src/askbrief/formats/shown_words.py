"""A page's tree changed so that its text is what a reader sees: no hidden or struck-out words, quotation
marks around what ``<q>`` quotes, figures of notes apart from words, exponents raised, drop caps joined to
their word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.markup import INLINE, UNSHOWN, blocks
from askbrief.formats.raised import put_raised
from askbrief.formats.styles import Styles, is_struck, is_unseen
from askbrief.formats.tables import put_headings_into_cells
from askbrief.formats.text import paragraphs

if TYPE_CHECKING:
    from lxml.html import HtmlElement

WRAPPER = 0.7
"""An element with more than this share of a page's words is not hidden for good: a script shows it. Nor is
it struck out: its end was forgotten."""
MARKS = {"de": "„“‚‘", "fr": "«»‹›", "es": "«»“”", "it": "«»“”", "pt": "«»“”", "ru": "«»„“", "uk": "«»„“"}
"""The marks that browsers put around ``<q>``, and around one within another, by language; “”‘’ elsewhere."""
_QUOTE_BEFORE = re.compile(r"[\"“„«‘‚'‹]\s*$")
_QUOTE_FIRST = re.compile(r"\s*[\"“„«‘‚‹]")
_DROP_CAP = re.compile(
    r"drop-?cap|dropped-?cap|first-?(?:letter|char)|initial-?(?:letter|cap)?|lettrine|big-?letter", re.I
)
_LETTER = re.compile(r"[“\"‘'«„]?\s*[^\W\d_]")
_ALONE = frozenset("AIOÀaioà")
"""Letters that are words: what follows them after a space is another one."""
_NOT_BEFORE = re.compile(r"[,.;:!?)\]’”»]")
_SENTENCE_PARTS = frozenset({"button", "output", "time", "label", "data", "meter", "math"})
"""Inline elements that are a part of a sentence, if one is around them."""
_FLOWING = frozenset({"p", "li", "td", "th", "dd", "dt", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLANKS = " \t\r\n\f"


def show_words(tree: HtmlElement) -> None:
    """Change a tree in place, so that its text is what a reader sees."""
    _drop_unseen(tree)
    lang = tree.get("lang", "").partition("-")[0].lower()
    for element in list(tree.iter("q")):
        _put_marks(element, MARKS.get(lang, "“”‘’"))
    put_raised(tree)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and _is_drop_cap(element):
            _join_drop_cap(element)
    for element in list(tree.iter("pre")):
        _part_lines(element)
    _keep_in_sentences(tree)
    put_headings_into_cells(tree)


def fragment_blocks(text: str) -> list[Block]:
    """The blocks of what a string of HTML shows; its lines, if it is no HTML after all."""
    from lxml import etree, html

    try:
        tree = html.fragment_fromstring(text, create_parent="div")
        show_words(tree)
        return blocks(tree)
    except (etree.LxmlError, ValueError, AssertionError):
        return [Block(line) for line in text.splitlines()]


def drop(element: HtmlElement) -> None:
    """Remove an element; what follows it keeps no space before a comma or at a paragraph's begin."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and _NOT_BEFORE.match(element.tail):
        if before is not None and before.tail:
            before.tail = before.tail.rstrip(_BLANKS)
        elif before is None and parent.text:
            parent.text = parent.text.rstrip(_BLANKS)
    element.drop_tree()


def _drop_unseen(tree: HtmlElement) -> None:
    styles = Styles(tree)
    size = _size(tree)
    body = tree.find("body")
    for element in list((tree if body is None else body).iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in UNSHOWN:
            continue
        style = styles.of(element)
        if element.tag in {"rt", "rp"}:
            drop(element)
        elif is_struck(element, style) or is_unseen(element, style):
            if _size(element) <= WRAPPER * size:
                drop(element)
        elif element.tag == "span" and style.get("display") in {"block", "flex", "grid", "list-item"}:
            element.tag = "div"
        elif style.get("vertical-align") == "super" and element.tag in INLINE:
            element.tag = "sup"


def _size(element: HtmlElement) -> int:
    """The characters in an element, without programs and styles."""
    unseen = (len(each.text_content()) for each in element.iter("script", "style", "noscript", "template"))
    return len(element.text_content()) - sum(unseen)


def _put_marks(element: HtmlElement, marks: str) -> None:
    """Put quotation marks into an element, if it has none; those of another one within it are inner ones."""
    depth = sum(1 for _ in element.iterancestors("q"))
    before = element.getprevious()
    written = (before.tail if before is not None else element.getparent().text) or ""
    if _QUOTE_BEFORE.search(written) or _QUOTE_FIRST.match(element.text_content()):
        return
    level = 2 * (depth % 2)
    opening, closing = marks[level], marks[level + 1]
    element.text = opening + (element.text or "").lstrip(_BLANKS)
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip(_BLANKS) + closing
    else:
        element.text = element.text.rstrip(_BLANKS) + closing


def _is_drop_cap(element: HtmlElement) -> bool:
    if element.tag == "img":
        letter = element.get("alt", "").strip()
        return len(letter) == 1 and letter.isupper() and (element.tail or "").lstrip()[:1].islower()
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_DROP_CAP.search(names)) and bool(_LETTER.fullmatch(element.text_content().strip()))


def _join_drop_cap(element: HtmlElement) -> None:
    """Put the first letter of a word before the rest of it, in the element or the paragraph after it."""
    letter = (element.get("alt", "") if element.tag == "img" else element.text_content()).strip()
    parent, tail, after = element.getparent(), element.tail or "", element.getnext()
    if parent is None:
        return
    if not tail.strip() and after is not None and isinstance(after.tag, str):
        rest, element.tail = after.text or "", None
        after.text = _joined(letter, rest if after.tag in INLINE else rest.lstrip())
    else:
        element.tail = _joined(letter, tail)
    element.drop_tree()


def _joined(letter: str, rest: str) -> str:
    words = rest.lstrip(_BLANKS)
    return letter + (" " if len(words) < len(rest) and letter[-1] in _ALONE else "") + words


def _part_lines(element: HtmlElement) -> None:
    """Make the paragraphs of a preformatted text elements; those of programs stay as they are."""
    from lxml.html import Element

    if next(element.iterchildren("code"), None) is not None or element.getparent() is None:
        return
    for br in element.iter("br"):
        br.tail = "\n" + (br.tail or "")
    text = element.text_content().replace("\r\n", "\n")
    parts = []
    for start, end in paragraphs(text):
        part = Element("p")
        part.text = text[start:end]
        parts.append(part)
    element.tag, element.text = "div", None
    element[:] = parts


def _keep_in_sentences(tree: HtmlElement) -> None:
    """Make elements inline that may be a part of a sentence, if one is around them: a date or button by
    itself is none, and a wrapper of paragraphs isn't either."""
    around: dict[HtmlElement, tuple[bool, int, bool]] = {}
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or (
            element.tag not in _SENTENCE_PARTS and "-" not in element.tag
        ):
            continue
        own = len(element.text_content().split())
        holder = next((each for each in element.iterancestors() if _is_block(each)), None)
        if not own or holder is None or any(map(_is_block, element.iterdescendants())):
            continue
        if holder not in around:
            words = holder.text_content().split()
            flows = holder.tag in _FLOWING or ends_sentence(words[-1])
            around[holder] = any(map(_is_block, holder.iterchildren())), len(words), flows
        parted, total, flows = around[holder]
        if (element.tail or "").strip() if parted else (total > own and flows):
            element.tag = "span"


def _is_block(element: HtmlElement) -> bool:
    known = isinstance(element.tag, str) and element.tag not in {*INLINE, *_SENTENCE_PARTS, "br", "img"}
    return known and "-" not in element.tag
