"""Messages of agencies and corpora: NewsML-G2's newsMessage, NewsML 1, and TEI's teiCorpus."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from askbrief.formats.collections.items import CollectionItem, DocumentRef, LeftOut, OpenCollection, names
from askbrief.formats.ooxml import attribute, parsed
from askbrief.formats.registry import parse
from askbrief.formats.xml_markup import line

if TYPE_CHECKING:
    from lxml.etree import _Element

ITEMS = frozenset({"newsItem", "NewsItem", "TEI", "TEI.2"})
LISTS = frozenset({"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})


def items(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each item, named by its identifier, so that a later version takes its place.

    Raises:
        SourceError: it is damaged, or declares entities.
    """
    from lxml import etree

    root = parsed(collection.budget.read(collection.stream), collection.name)
    number = 0
    for element in root.iter(*ITEMS, *LISTS):
        if element.tag in LISTS:
            yield LeftOut("items without a text of their own", str(element.tag))
            continue
        if any(above.tag in ITEMS for above in element.iterancestors()):
            continue
        number += 1
        collection.budget.entry()
        data = etree.tostring(element, encoding="utf-8", with_tail=False)
        yield DocumentRef(*names(_identifier(element), number), partial(parse, data, ".xml"))


def _identifier(item: _Element) -> str:
    return attribute(item, "guid") or line(item.find("Identification/NewsIdentifier/PublicIdentifier")) or ""
