"""Prepare a page's tree for trafilatura: remove what surrounds the article, simplify unusual layouts.

trafilatura looks at one element at a time. What it can't see is prepared here by rules that hold for many
sites: words of class names in several languages, layouts by tables, live blogs of many short articles, and
standfirsts outside the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.markup import BREAKS, INLINE, UNSHOWN, blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

AROUND = (
    "amp-ad", "amp-embed", "amp-sticky-ad", "amp-consent", "amp-sidebar", "amp-list", "amp-social-share",
    "amp-user-notification", "dialog", "nav", "template",
)  # fmt: skip
"""Elements that never hold an article's text."""
ROLES = frozenset({"alertdialog", "complementary", "dialog", "navigation", "search"})
OTHERS = re.compile(
    r"comments?|comentarios?|commentaires?|commenti|komment\w+|reacties|leserbriefe?|respond"
    r"|cookies?|consent|gdpr|didomi|onetrust|regwall|barrier"
)
"""Words in the class or id of readers' comments, and of banners that block the page."""
EXTRAS = re.compile(
    r"ads?|advert|advertisement|contribut\w*|donat\w*|newsletters?|onwards?|outbrain|podcasts?|popup|promos?"
    r"|recirc\w*|recommend\w*|related|share|sharing|social|sponsored|subscri(?:be|ption|ptions)|taboola|upsell|toc"
    r"|read-more|also-read|inline-teaser|most-(?:read|viewed|popular)|call-to-action|table-of-contents"
)
"""Words for what interrupts or follows an article; wrappers of pages have some of them too."""
LEAD = re.compile(
    r"standfirst|summary|lead|lede|dek|deck|sub-?title|sub-?headline|sub-?head|intro|introduction|vorspann"
    r"|teaser-text|chapo|entradilla|sommario|excerpt|description"
)
"""Words for a standfirst."""
MOST = 0.7
"""A box with more than this share of the text in paragraphs is a wrapper of the article."""
COLUMN = 0.2
"""A cell of a layout table with less prose than this share of its largest neighbour is no article."""
LEAST_CELL = 200
"""Characters in a cell that make a table without headings a layout table."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def prepared(tree: HtmlElement) -> HtmlElement:
    """The tree, changed in place: with one article, if there was any, and less around it."""
    for element in [*tree.iter(*AROUND), *tree.iterfind(".//*[@role]")]:
        if element.tag in AROUND or element.get("role") in ROLES:
            _drop(element)
    _drop_boxes(tree)
    for table in list(tree.iter("table")):
        if _for_layout(table):
            _unfold(table)
    for parent in dict.fromkeys(br.getparent() for br in tree.iter("br") if _is_double(br)):
        _split(parent)
    _join_articles(tree)
    return tree


def in_order(tree: HtmlElement, article: list[Block]) -> list[Block]:
    """The blocks in the order of the page: trafilatura puts some at the end."""
    text = _squeezed(tree.text_content())
    places: list[int] = []
    end = place = 0
    for block in article:
        words = _squeezed(block.text)
        at = text.find(words, end)
        if at >= 0:
            place, end = at, at + len(words)
        else:
            at = text.find(words)
            place = at if at >= 0 else place
        places.append(place)
    order = sorted(range(len(article)), key=places.__getitem__)
    return [article[number] for number in order]


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
        inside = blocks(element) if any(map(LEAD.fullmatch, _names(element))) else []
        if not inside and element.tag == "p" and _squeezed(element.text_content()) in known:
            break
        for block in inside:
            if ends_sentence(block.text) and _squeezed(block.text) not in known:
                found.append(Block(block.text))
                known.add(_squeezed(block.text))
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _names(element: HtmlElement) -> set[str]:
    """The words in an element's class and id, alone and joined by hyphens in twos and threes."""
    written = " ".join(element.get(name, "") for name in ("class", "id", "itemprop", "data-component"))
    names: set[str] = set()
    for name in written.split():
        words = [word.lower() for word in _WORD.findall(name)]
        names.update("-".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words)))
    return names


def _drop_boxes(tree: HtmlElement) -> None:
    """Remove boxes that surround the article according to their names or attributes, but no wrapper of it."""
    marked = tree.xpath(".//h1 | .//main | .//*[@itemprop='articleBody']")
    holding = {around for element in marked for around in (element, *element.iterancestors())}
    weights = _weights(tree)
    for element in list(tree.iterfind(".//body//*")):
        if element in holding or element.tag in {"article", *BREAKS}:
            continue
        names = _names(element)
        hidden = element.get("hidden") is not None or element.get("aria-modal") == "true"
        small = weights.get(element, 0) <= MOST * weights.get(tree, 0)
        if hidden or any(map(OTHERS.fullmatch, names)) or (small and any(map(EXTRAS.fullmatch, names))):
            _drop(element)


def _weights(tree: HtmlElement) -> dict[HtmlElement, int]:
    """The number of characters in the paragraphs of each element."""
    weights: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        size = len(paragraph.text_content())
        for element in (paragraph, *paragraph.iterancestors()):
            weights[element] = weights.get(element, 0) + size
    return weights


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
                _drop(cell)
        if amounts[row] < (1 - MOST) * max(amounts.values()) and max(amounts.values()) > MOST * sum(
            amounts.values()
        ):
            _drop(row)
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
    weights = _weights(tree)
    for parent in dict.fromkeys(article.getparent() for article in tree.iter("article")):
        posts = list(parent.iterchildren("article")) if parent is not None else []
        together = sum(weights.get(post, 0) for post in posts)
        if (
            len(posts) < 2
            or together <= weights.get(tree, 0) / 2
            or any(post.find(".//h1") is not None for post in posts)
        ):
            continue
        for post in posts:
            post.tag = "div"
        if parent.tag in {"div", "section"}:
            parent.tag = "article"
