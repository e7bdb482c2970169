"""RSS, RSS 1.0 and Atom as files: a document for each item that has its text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from askbrief.errors import SourceError
from askbrief.feed_xml import UnreadableXml, children, local, plain, root
from askbrief.formats.collections.items import CollectionItem, LeftOut, OpenCollection, of_record
from askbrief.formats.field_markup import one_line
from askbrief.formats.known_record_fields import SUMMARIES

if TYPE_CHECKING:
    from lxml.etree import _Element

LEAST = 300
"""Characters of an RSS description that may be the whole text; shorter ones are summaries."""

_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|RDF|feed)\s*>\s*\Z")
_GOES_ON = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&#8230;\]|read more\W*|continue reading\W*|more\s*[»>]+)\s*$", re.I
)
_PARAGRAPH = re.compile(r"<p\b|<br\b[^>]*>\s*<br\b", re.I)
_TAG = re.compile(r"<[^<>]*>")


def items(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each item with a full text, named by its identifier or address.

    Raises:
        SourceError: it is no XML, declares entities, or breaks off; what was yielded before is valid.
    """
    data = collection.budget.read(collection.stream)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode("utf-16", "replace")).encode("utf-8", "replace")
    try:
        tree = root(data, "")
    except UnreadableXml as error:
        raise SourceError(f"{collection.name} {error}", hint="save it again, or leave it out") from error
    atom = local(tree) == "feed"
    found = list(tree.iter("{*}entry" if atom else "{*}item"))
    whole = _END.search(data) is not None
    site = plain(children(tree).get("title") if atom else children(_channel(tree)).get("title"))
    for number, each in enumerate(found if whole else found[:-1], 1):
        record = _entry(each, tree) if atom else _item(each)
        if record is None:
            yield LeftOut(SUMMARIES)
        else:
            yield from of_record(collection, {**record, "site": site}, number)
    if not whole:
        raise SourceError(f"{collection.name} breaks off", hint="save it again; what was read before is kept")


def _channel(tree: _Element) -> _Element:
    return next(tree.iter("{*}channel"), tree)


def _item(item: _Element) -> dict[str, Any] | None:
    """The record of an item of RSS; None if it has no full text."""
    fields = children(item)
    text = plain(next(item.iterchildren("{*}encoded"), None)) or _if_whole(plain(fields.get("description")))
    if not text:
        return None
    guid, link = plain(fields.get("guid")), plain(fields.get("origLink")) or plain(fields.get("link"))
    author = plain(fields.get("creator")) or _person(plain(fields.get("author")))
    day = plain(fields.get("pubDate")) or plain(fields.get("date"))
    return _record(text, guid or link, link or guid, plain(fields.get("title")), author, day, "")


def _entry(entry: _Element, feed: _Element) -> dict[str, Any] | None:
    """The record of an entry of Atom; None if it has no full text."""
    fields = children(entry)
    content = fields.get("content")
    text = "" if content is None or content.get("src") else _of_atom(content)
    if not text:
        summary = fields.get("summary")
        text = "" if summary is None else _if_whole(_of_atom(summary))
    if not text:
        return None
    links = [each for each in entry.iterchildren("{*}link") if each.get("rel", "alternate") == "alternate"]
    link = links[0].get("href", "") if links else ""
    people = [*entry.iterchildren("{*}author")] or [*feed.iterchildren("{*}author")]
    author = ", ".join(filter(None, (plain(children(each).get("name")) for each in people)))
    changed = plain(fields.get("updated")) or plain(fields.get("modified"))
    day = plain(fields.get("published")) or plain(fields.get("issued"))
    title = fields.get("title")
    return _record(
        text,
        plain(fields.get("id")) or link,
        link,
        "" if title is None else _of_atom(title),
        author,
        day,
        changed,
    )


def _of_atom(element: _Element) -> str:
    """A text of Atom as HTML: its type says whether it is plain, escaped HTML, or XHTML."""
    from lxml import etree, html

    kind = element.get("type", "text")
    if kind in {"html", "text/html"} or (kind.endswith("xml") and not len(element)):
        return plain(element)
    if len(element):
        for each in element.iter("{*}*"):
            each.tag = local(each)
        etree.cleanup_namespaces(element)
        inside = (html.tostring(child, encoding="unicode") for child in element)
        return (element.text or "") + "".join(map(str, inside))
    return plain(element).replace("&", "&amp;").replace("<", "&lt;")


def _record(text: str, id_: str, url: str, title: str, author: str, day: str, changed: str) -> dict[str, Any]:
    found = {"content": text, "id": id_, "url": url, "title": one_line(title), "author": author}
    found |= {"published": day, "updated": changed}
    return {name: value for name, value in found.items() if value}


def _if_whole(text: str) -> str:
    """A description if it may be the whole text: it is long or has paragraphs, and doesn't end as if it went
    on."""
    words = one_line(_TAG.sub(" ", text)).strip()
    whole = len(words) >= LEAST or len(_PARAGRAPH.findall(text)) > 1
    return text if whole and not _GOES_ON.search(words) else ""


def _person(author: str) -> str:
    """The name of an RSS author, which by the standard is “ed@example.org (Ed Lee)”."""
    name = re.search(r"\(([^()]+)\)", author) if "@" in author else None
    return name[1].strip() if name else author
