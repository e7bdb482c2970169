"""XML files of many documents, by their root elements; a document alone is one of its file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from askbrief.formats.collections import feed_items, mediawiki, news_messages
from askbrief.formats.collections.items import CollectionItem, OpenCollection
from askbrief.formats.xml_kinds import HEAD, root_of

READERS: dict[str, Callable[[OpenCollection], Iterator[CollectionItem]]] = {
    "rss": feed_items.items,
    "RDF": feed_items.items,
    "feed": feed_items.items,
    "newsMessage": news_messages.items,
    "NewsML": news_messages.items,
    "teiCorpus": news_messages.items,
    "mediawiki": mediawiki.items,
}


def items(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The documents of a collection of which ``xml_kinds.holds_items`` is true.

    Raises:
        SourceError: it is damaged; what was yielded before is valid.
    """
    root = root_of(collection.stream.peek(HEAD))
    yield from READERS[root.name if root else ""](collection)
