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
from askbrief.fetch.feed_xml import base, children, local, plain, root
from askbrief.fetch.records import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

HEAD = 4096
"""Bytes in which a feed's root element begins."""

_ROOT = re.compile(  # what stands before it, each piece once and for all: no second way to read it
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
    r"<(?:[\w.-]{1,40}:)?(?:rss|RDF|feed|urlset|sitemapindex)[\s>]",
    re.DOTALL,
)

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

LONGEST_LINE = 500
"""Characters of a title or a name that are kept."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names, in its order; ``nested`` where these are sitemaps themselves, and
    ``following`` the address where a feed goes on (RFC 5005, section 3; ``next_url`` of a JSON Feed)."""

    entries: tuple[Entry, ...]
    nested: bool = False
    following: str | None = None


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
    tree = root(data, address, charset)
    name = local(tree)
    if name in {"urlset", "sitemapindex"}:
        return Listing(_resolved(_sitemap(tree), address), nested=name == "sitemapindex")
    entries = _resolved(_atom(tree) if name == "feed" else _rss(tree), address)
    return Listing(entries, following=_following(tree, address))


def _following(tree: _Element, address: Address) -> str | None:
    """Where a feed says that its next page lies: a link of its own, not of an entry."""
    for link in (*tree.iterchildren("{*}link"), *tree.iterfind("{*}channel/{*}link")):
        if link.get("rel") == "next" and link.get("href"):
            return _joined(str(address), base(link), link.get("href", ""))
    return None


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _rss(tree: _Element) -> Iterator[tuple[str, Entry]]:
    """RSS 0.9 to 2.0: items stand within the channel or beside it."""
    for item in tree.iter("{*}item"):
        told = children(item)
        guid = told.get("guid")
        permanent = guid is not None and guid.get("isPermaLink", "true").lower() != "false"
        url = (
            plain(told.get("origLink"))
            or plain(told.get("link"))
            or item.get(_ABOUT, "")
            or plain(guid if permanent else None)
        )
        author = _words(told.get("creator")) or _words(told.get("author"))
        day = _day(_words(told.get("pubDate")) or _words(told.get("date")))
        yield base(item), Entry(url, _words(told.get("title")), day, _person(author))


def _atom(tree: _Element) -> Iterator[tuple[str, Entry]]:
    """Atom 1.0, and 0.3 with its other names of dates."""
    for entry in tree.iter("{*}entry"):
        told = children(entry)
        links = [
            each for each in entry if local(each) == "link" and each.get("rel", "alternate") == "alternate"
        ]
        links.sort(
            key=lambda link: link.get("type", "text/html") not in {"text/html", "application/xhtml+xml"}
        )
        people = told.get("author")
        people = tree.find("{*}author") if people is None else people
        name = None if people is None else _words(children(people).get("name"))
        updated = _words(told.get("updated")) or _words(told.get("modified"))
        first = _words(told.get("published")) or _words(told.get("issued")) or updated
        url = links[0].get("href", "") if links else ""
        yield (
            base(links[0] if links else entry),
            Entry(url, _words(told.get("title")), _day(first), name, updated),
        )


def _sitemap(tree: _Element) -> Iterator[tuple[str, Entry]]:
    """Sitemaps, those of news with title and day, and indexes of sitemaps."""
    for each in tree:
        if local(each) not in {"url", "sitemap"}:
            continue
        told = children(each)
        news = told.get("news")
        about = {} if news is None else children(news)
        day = _day(_words(about.get("publication_date")))
        updated = plain(told.get("lastmod")) or None
        yield "", Entry(plain(told.get("loc")), _words(about.get("title")), day, None, updated)


def _words(element: _Element | None) -> str | None:
    """The text of an element as one line, without markup that was written into it as text."""
    return _line(plain(element))


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
    return tuple(
        replace(entry, url=_joined(str(address), seen_from, entry.url)) for seen_from, entry in found
    )


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
        told = json.loads(data)
        items = [item for item in told["items"] if isinstance(item, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(f"{address} begins as a feed in JSON, but is none; tell its owner") from error
    after = told.get("next_url")
    following = _joined(str(address), "", after) if isinstance(after, str) and after else None
    return Listing(_resolved((("", _of_item(item)) for item in items), address), following=following)


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
