"""The blocks of a page that are its article: those that trafilatura chose, in the page's own words and
order, and the sentences between them that it lost.

trafilatura writes a text of its own, in which words and whole sentences may be missing. So it only chooses:
what is cited comes from the page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.markup import CELLS, ROWS, placed_blocks
from askbrief.formats.webpage.boilerplate import linked_share

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHINGLE = 3
"""Words in a row, of which trafilatura's text and a block of the page share many if it chose the block."""
SHARED = 0.6
SURROUNDING = frozenset({"footer", "nav"})
"""Elements that trafilatura takes only if a page has nothing else."""
BESIDE = SURROUNDING | {"aside", "button", "figure", "form"}
"""Elements whose words are no lost sentences."""
FLOWING = frozenset({"p", "li", "dd", "dt", "blockquote", *ROWS})
"""Elements that hold text even if it doesn't end like a sentence."""

_WORD = re.compile(r"\w+")


class _Placed:
    """A block of a page: where it is, and whether it is chosen."""

    def __init__(self, block: Block, holder: HtmlElement) -> None:
        self.block, self.holder = block, holder
        self.container = holder.getparent()
        self.key = "".join(block.text.split())
        self.chosen = False

    def places(self) -> set[object]:
        """What blocks of the same text have in common: the element around theirs, or around others like
        it."""
        around = None if self.container is None else self.container.getparent()
        if around is None or around.tag == "html" or self.holder.tag not in FLOWING:
            return {self.container}
        return {self.container, (around, self.container.tag, self.container.get("class", ""))}


def select(tree: HtmlElement, chosen: list[Block]) -> list[Block]:
    """The blocks of the article in a tree, of which ``chosen`` are those in trafilatura's words."""
    body = tree.find("body")
    page = [_Placed(*each) for each in placed_blocks(tree if body is None else body)]
    _choose(page, chosen)
    for each in page:
        each.chosen = each.chosen and not _is_within(each.holder, SURROUNDING)
    _find_lost(page)
    _take_headings(page)
    return [each.block for each in page if each.chosen]


def _choose(page: list[_Placed], chosen: list[Block]) -> None:
    """Choose the blocks of a page that trafilatura wrote, whole or in part; of several alike, the ones that
    have most of the others beside them."""
    wanted = Counter("".join(block.text.split()) for block in chosen)
    shingles = {each for block in chosen for each in _shingles(block.text)}
    alike: dict[str, list[_Placed]] = defaultdict(list)
    for each in page:
        if each.key in wanted:
            alike[each.key].append(each)
        else:
            own = _shingles(each.block.text)
            each.chosen = bool(own) and sum(one in shingles for one in own) >= SHARED * len(own)
    for key, places in alike.items():
        if len(places) <= wanted[key]:
            for each in places:
                each.chosen = True
    beside = _weights(page)
    for key, places in alike.items():
        if len(places) > wanted[key]:
            best = max(places, key=lambda each: beside[each.container]).container
            for each in places:
                each.chosen = each.container is best


def _weights(page: list[_Placed]) -> Counter[HtmlElement]:
    """The number of characters that are chosen in each container."""
    found: Counter[HtmlElement] = Counter()
    for each in page:
        if each.chosen:
            found[each.container] += len(each.key)
    return found


def _find_lost(page: list[_Placed]) -> None:
    """Choose the text beside what is chosen: sentences, and between the first and the last one any
    paragraph."""
    prose = [number for number, each in enumerate(page) if each.chosen and each.block.prose]
    if not prose:
        return
    first, last = prose[0], prose[-1]
    known = {page[number].key for number in prose}
    containers = {place for number in prose for place in page[number].places()}
    for number, each in enumerate(page):
        if each.chosen or not each.block.prose or each.key in known or containers.isdisjoint(each.places()):
            continue
        between = first < number < last and (each.holder.tag in FLOWING or each.holder.tag in CELLS)
        if not between and not ends_sentence(each.block.text):
            continue
        if not _is_within(each.holder, BESIDE) and linked_share(each.holder) < 0.5:
            each.chosen = True


def _is_within(element: HtmlElement, tags: frozenset[str]) -> bool:
    return element.tag in tags or next(element.iterancestors(*tags), None) is not None


def _take_headings(page: list[_Placed]) -> None:
    """Choose the headings above what is chosen, and no others."""
    below = False
    for each in reversed(page):
        if each.block.prose:
            below = each.chosen
        else:
            each.chosen = below and each.holder.getparent() is not None


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    return [tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]
