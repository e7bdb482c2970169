"""Feeds and sitemaps: what pages they name, told by what they hold, never by how they are called.

RSS of every age, Atom, JSON Feed, sitemaps and indexes of sitemaps, also as plain lists of addresses. XML is
read by a parser that loads nothing and takes no entities: a few lines of them may unfold to gigabytes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.records import Entry

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

HEAD = 4096
"""Bytes in which a feed's root element begins."""

_ROOT = re.compile(  # what stands before it, each piece once and for all: no second way to read it
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
    r"<(?:[\w.-]{1,40}:)?(?:rss|RDF|feed|urlset|sitemapindex)[\s>]",
    re.DOTALL,
)

LONGEST_LINE = 500
"""Characters of a title or a name that are kept."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names, in its order; ``nested`` where these are sitemaps themselves."""

    entries: tuple[Entry, ...]
    nested: bool = False


def listing(data: bytes, address: Address, charset: str | None = None) -> Listing | None:
    """The feed or sitemap that the bytes hold; None where they hold none.

    ``charset`` is what the server calls the encoding; what the XML itself says goes before.

    Raises:
        FetchError: it is one, and can't be read.
    """
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _of_json(data, address)
    if start.startswith((b"http://", b"https://")):
        return _of_lines(data, address)
    if not _ROOT.match(_text(data[:HEAD])):
        return None
    root = _root(data, address, charset)
    name = _local(root)
    if name in {"urlset", "sitemapindex"}:
        return Listing(_resolved(_sitemap(root), address), nested=name == "sitemapindex")
    return Listing(_resolved(_atom(root) if name == "feed" else _rss(root), address))


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _root(data: bytes, address: Address, charset: str | None) -> _Element:
    """The root element; where the XML has faults, as many a feed's has, as far as it can be read.

    Entities are neither loaded nor put in place, and a feed that declares any is refused: they stand in
    attributes too, where no parser can leave them alone.
    """
    from lxml import etree

    root = None
    for recover in (False, True):
        try:
            root = etree.fromstring(
                _mended(data) if recover else data, _parser(data, charset, recover=recover)
            )
            break
        except (etree.XMLSyntaxError, ValueError):
            continue
    if root is None:
        raise FetchError(
            f"{address} begins as a feed or sitemap, but is none that can be read; tell its owner"
        )
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise FetchError(
            f"{address} is a feed with entities of its own, which may be an attack: leave it out"
        )
    return root


def _parser(data: bytes, charset: str | None, *, recover: bool) -> XMLParser:
    from lxml import etree

    options: dict[str, Any] = {
        "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
        "remove_comments": True, "remove_pis": True, "recover": recover,
    }  # fmt: skip
    declared = re.match(rb"\s*<\?xml[^>]*encoding", data[:200].lstrip(b"\xef\xbb\xbf"))
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
    try:
        return etree.XMLParser(encoding=None if declared or marked else charset, **options)
    except LookupError:
        return etree.XMLParser(**options)


def _mended(data: bytes) -> bytes:
    """With each ``&`` as XML wants it that stands for itself, or begins an entity that only HTML has: what
    follows would be left out."""
    return re.sub(
        rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?!#\w{1,10};)(?:(\w{1,30});)?", _as_xml, data, flags=re.DOTALL
    )


def _as_xml(found: re.Match[bytes]) -> bytes:
    if not found[0].startswith(b"&") or found[1] in {b"amp", b"lt", b"gt", b"quot", b"apos"}:
        return found[0]
    meant = html.unescape(found[0].decode("ascii", "replace"))
    return (
        meant.encode("ascii", "xmlcharrefreplace")
        if found[1] and meant[0] != "&"
        else b"&amp;" + found[0][1:]
    )


def _local(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _rss(root: _Element) -> Iterator[tuple[str, Entry]]:
    """RSS 0.9 to 2.0: items stand within the channel or beside it."""
    for item in root.iter("{*}item"):
        told = _children(item)
        guid = told.get("guid")
        permanent = guid is not None and guid.get("isPermaLink", "true").lower() != "false"
        url = (
            _plain(told.get("origLink"))
            or _plain(told.get("link"))
            or item.get(_ABOUT, "")
            or _plain(guid if permanent else None)
        )
        author = _words(told.get("creator")) or _words(told.get("author"))
        day = _day(_words(told.get("pubDate")) or _words(told.get("date")))
        yield _base(item), Entry(url, _words(told.get("title")), day, _person(author))


def _atom(root: _Element) -> Iterator[tuple[str, Entry]]:
    """Atom 1.0, and 0.3 with its other names of dates."""
    for entry in root.iter("{*}entry"):
        told = _children(entry)
        links = [
            each for each in entry if _local(each) == "link" and each.get("rel", "alternate") == "alternate"
        ]
        links.sort(
            key=lambda link: link.get("type", "text/html") not in {"text/html", "application/xhtml+xml"}
        )
        people = told.get("author")
        people = root.find("{*}author") if people is None else people
        name = None if people is None else _words(_children(people).get("name"))
        updated = _words(told.get("updated")) or _words(told.get("modified"))
        first = _words(told.get("published")) or _words(told.get("issued")) or updated
        url = links[0].get("href", "") if links else ""
        yield (
            _base(links[0] if links else entry),
            Entry(url, _words(told.get("title")), _day(first), name, updated),
        )


def _sitemap(root: _Element) -> Iterator[tuple[str, Entry]]:
    """Sitemaps, those of news with title and day, and indexes of sitemaps."""
    for each in root:
        if _local(each) not in {"url", "sitemap"}:
            continue
        told = _children(each)
        news = told.get("news")
        about = {} if news is None else _children(news)
        day = _day(_words(about.get("publication_date")))
        updated = _plain(told.get("lastmod")) or None
        yield "", Entry(_plain(told.get("loc")), _words(about.get("title")), day, None, updated)


_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def _base(element: _Element) -> str:
    """The address that relative ones are seen from, as far as ``xml:base`` tells."""
    base = ""
    for around in reversed([element, *element.iterancestors()]):
        base = urljoin(base, around.get(_BASE, ""))
    return base


def _children(element: _Element) -> dict[str, _Element]:
    """The elements within by name, the first of each; one without a prefix goes before those with one."""
    found: dict[str, _Element] = {}
    for child in sorted(element, key=lambda child: child.prefix is not None):
        found.setdefault(_local(child), child)
    return found


def _plain(element: _Element | None) -> str:
    """The text of an element as it is, empty where there is none."""
    return "" if element is None else "".join(_texts(element)).strip()


def _texts(element: _Element) -> Iterator[str]:
    """The texts within; HTML's entities are known, though XML has none of them."""
    from lxml import etree

    yield element.text or ""
    for inner in element.iterdescendants():
        yield html.unescape(inner.text or "") if inner.tag is etree.Entity else inner.text or ""
        yield inner.tail or ""


def _words(element: _Element | None) -> str | None:
    """The text of an element as one line, without markup that was written into it as text."""
    return _line(_plain(element))


def _line(text: str) -> str | None:
    text = text[: 10 * LONGEST_LINE]
    if "<" in text or "&" in text:
        text = html.unescape(re.sub(r"<[a-zA-Z/!][^<>]{0,1000}>", "", html.unescape(text)))
    line = " ".join(text.split())[:LONGEST_LINE]
    return (
        "".join(filter(str.isprintable, line)) or None
    )  # nothing that could not be stored, or steers a terminal


def _person(told: str | None) -> str | None:
    """The name in an author of RSS, who is an e-mail address by the book: “ed@example.org (Ed Lee)”."""
    if told is None or "@" not in told:
        return told
    named = re.search(r"\(([^()]+)\)", told)
    return named[1].strip() if named else None


def _day(written: str | None) -> str | None:
    """The ISO day of a date as feeds write it: ISO 8601, or RFC 822 as e-mail has it."""
    if not written:
        return None
    iso = re.match(r"\d{4}-\d{2}-\d{2}", written)
    try:
        return (date.fromisoformat(iso[0]) if iso else parsedate_to_datetime(written).date()).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _resolved(found: Iterator[tuple[str, Entry]], address: Address) -> tuple[Entry, ...]:
    """The entries with whole addresses."""
    return tuple(replace(entry, url=_joined(str(address), base, entry.url)) for base, entry in found)


def _joined(*parts: str) -> str:
    if not parts[-1]:
        return ""
    try:
        return urljoin(urljoin(parts[0], parts[1]), parts[2].strip())
    except ValueError:  # told when it is to be fetched
        return parts[2]


def _of_json(data: bytes, address: Address) -> Listing | None:
    """JSON Feed, 1.0 and 1.1."""
    if b"jsonfeed.org/version" not in data[:HEAD].replace(b"\\/", b"/"):
        return None
    try:
        items = [item for item in json.loads(data)["items"] if isinstance(item, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(f"{address} begins as a feed in JSON, but is none; tell its owner") from error
    return Listing(_resolved((("", _of_item(item)) for item in items), address))


def _of_item(item: dict[str, Any]) -> Entry:
    people = item.get("authors") or [item.get("author")]
    first = people[0] if isinstance(people, list) else None
    name = first.get("name") if isinstance(first, dict) else None
    told = [item.get("url") or item.get("external_url"), item.get("title"), item.get("date_published"), name]
    url, title, day, author = (each if isinstance(each, str) else "" for each in told)
    updated = item.get("date_modified")
    return Entry(url, _line(title), _day(day), _line(author), updated if isinstance(updated, str) else None)


def _of_lines(data: bytes, address: Address) -> Listing | None:
    """A sitemap as text: addresses, one a line, and nothing else."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return None
    found = [line.strip() for line in lines if line.strip()]
    if not all(line.startswith(("http://", "https://")) and " " not in line for line in found):
        return None
    return Listing(_resolved((("", Entry(line)) for line in found), address))
