"""Simplify unusual layouts of a page's tree, for trafilatura, which looks at one element at a time: layouts
by tables, live blogs of many short articles, paragraphs by double breaks, and standfirsts outside the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.markup import INLINE, UNSHOWN, blocks
from askbrief.formats.shown_words import drop
from askbrief.formats.webpage.boilerplate import MOST, names, weights

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LEAD = re.compile(
    r"standfirst|summary|lead|lede|dek|deck|sub-?title|sub-?headline|sub-?head|intro|introduction|vorspann"
    r"|teaser-text|chapo|entradilla|sommario|excerpt|description"
)
"""Words for a standfirst."""
PICTURES = ("img", "picture", "video", "audio", "iframe", "svg", "canvas", "object", "embed", "table")
COLUMN = 0.2
"""A cell of a layout table with less prose than this share of its largest neighbour is no article."""
LEAST_CELL = 200
"""Characters in a cell that make a table without headings a layout table."""


def simplify(tree: HtmlElement) -> None:
    """Change a tree in place: without layout tables, and with one article if there was any."""
    sizes = weights(tree)
    for form in list(tree.iter("form")):  # some systems put a whole page into one
        if sizes.get(form, 0) > MOST * sizes.get(tree, 0):
            form.tag = "div"
    for table in list(tree.iter("table")):
        if _for_layout(table):
            _unfold(table)
    for parent in dict.fromkeys(br.getparent() for br in tree.iter("br") if _is_double(br)):
        _split(parent)
    for figure in list(tree.iter("figure")):
        if _quotes(figure):
            for caption in figure.iter("figcaption"):  # who is quoted
                caption.tag = "p"
            figure.drop_tag()
    for footer in list(tree.iter("footer")):
        if next(footer.iterancestors("blockquote"), None) is not None:  # who is quoted
            footer.tag = "p"
    _join_articles(tree)


def shown(tree: HtmlElement) -> int:
    """The number of characters that a page shows before scripts run."""
    total = 0
    for element in (inside for body in tree.iter("body") for inside in body.iter()):
        seen = element.tag not in UNSHOWN and element.text
        total += len(element.text.strip() if seen else "") + len((element.tail or "").strip())
    return total


def standfirst(tree: HtmlElement, article: list[Block]) -> list[Block]:
    """The paragraphs between the page's heading and its article that are named as a standfirst."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return []
    known = {_squeezed(block.text) for block in article}
    found: list[Block] = []
    for element in heading.xpath("following::*[self::p or self::div or self::h2 or self::h3 or self::span]"):
        inside = blocks(element) if any(map(LEAD.fullmatch, names(element))) else []
        if not inside and element.tag == "p" and _squeezed(element.text_content()) in known:
            break
        for block in inside:
            if ends_sentence(block.text) and _squeezed(block.text) not in known:
                found.append(Block(block.text))
                known.add(_squeezed(block.text))
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _quotes(figure: HtmlElement) -> bool:
    """Whether a figure is a quotation within the text, rather than a picture or words repeated from it; its
    caption says who is quoted."""
    if next(figure.iter("blockquote"), None) is None or next(figure.iter(*PICTURES), None) is not None:
        return False
    return not any("pull" in name for each in figure.iter() for name in names(each))


def _for_layout(table: HtmlElement) -> bool:
    """Whether a table is for layout: it has no headings, and a table or long text in a cell."""
    if next(table.iter("th", "caption", "thead"), None) is not None:
        return False
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return any(len(cell.text_content()) >= LEAST_CELL for cell in table.iter("td"))


def _unfold(table: HtmlElement) -> None:
    """Turn a layout table into blocks; drop cells with little prose, and rows beside one with most of it."""
    rows = [row for part in (table, *table.iterchildren("tbody")) for row in part.iterchildren("tr")]
    amounts = {row: _prose(row) for row in rows}
    for row in rows:
        cells = list(row.iterchildren("td"))
        prose = [_prose(cell) for cell in cells]
        for cell, amount in zip(cells, prose, strict=True):
            if amount < COLUMN * max(prose):
                drop(cell)
        if amounts[row] < (1 - MOST) * max(amounts.values()) and max(amounts.values()) > MOST * sum(
            amounts.values()
        ):
            drop(row)
    for element in [*(cell for row in rows for cell in row.iterchildren("td")), *rows, table]:
        element.tag = "div"
    for part in table.findall("tbody"):
        part.tag = "div"


def _prose(element: HtmlElement) -> int:
    return sum(len(block.text) for block in blocks(element) if ends_sentence(block.text))


def _is_double(br: HtmlElement) -> bool:
    """Whether another break is right before or after, which ends a paragraph."""
    after, before = br.getnext(), br.getprevious()
    if after is not None and after.tag == "br" and not (br.tail or "").strip():
        return True
    return before is not None and before.tag == "br" and not (before.tail or "").strip()


def _split(parent: HtmlElement) -> None:
    """Put what is between double breaks into paragraphs."""
    from lxml.html import Element

    children = [(child, child.tag == "br" and _is_double(child)) for child in parent]
    run = Element("p")
    run.text, parent.text = parent.text, None
    parts = [run]
    for child, ends in children:
        tail, child.tail = child.tail, None
        if ends or child.tag not in {"br", *INLINE}:
            run = Element("p")
            run.text = tail
            parts += [run] if ends else [child, run]
        else:
            run.append(child)
            child.tail = tail
    parent[:] = [part for part in parts if part.tag != "p" or len(part) or (part.text or "").strip()]
    for around in (parent, *parent.iterancestors("p", *INLINE)):
        if around.tag in {"p", *INLINE}:  # others stay: lxml reads some names that it can't be given
            around.tag = "div"


def _join_articles(tree: HtmlElement) -> None:
    """Join the posts of a live blog into one article: several side by side, without the page's heading."""
    sizes = weights(tree)
    for parent in dict.fromkeys(article.getparent() for article in tree.iter("article")):
        posts = list(parent.iterchildren("article")) if parent is not None else []
        together = sum(sizes.get(post, 0) for post in posts)
        if (
            len(posts) < 2
            or together <= sizes.get(tree, 0) / 2
            or any(post.find(".//h1") is not None for post in posts)
        ):
            continue
        for post in posts:
            post.tag = "div"
        if parent.tag in {"div", "section"}:
            parent.tag = "article"
