"""Feeds and sitemaps: the pages that they list; recognised by their content, never by their name.

RSS 0.9 to 2.0, Atom, JSON Feed, sitemaps, indexes of sitemaps, and plain lists of addresses. The XML parser
loads nothing and accepts no entities: a few lines of them may expand to gigabytes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from askbrief.errors import FetchError
from askbrief.feed_xml import UnreadableXml, children, local, plain, root
from askbrief.fetch.address import Address
from askbrief.fetch.page_records import FeedEntry, Listing

if TYPE_CHECKING:
    from lxml.etree import _Element

HEAD = 4096
"""Bytes in which a feed's root element begins."""

_ROOT = re.compile(  # possessive: no backtracking into what comes before the root
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
    r"<(?:[\w.-]{1,40}:)?(?:rss|RDF|feed|urlset|sitemapindex)[\s>]",
    re.DOTALL,
)

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_PAGES = frozenset({"text/html", "application/xhtml+xml"})

LONGEST_LINE = 500
"""Characters of a title or a name."""


def parse_listing(data: bytes, address: Address, charset: str | None = None) -> Listing | None:
    """The feed or sitemap in the bytes; None if they are something else.

    ``charset`` is the encoding that the server names; a declaration in the XML takes precedence.

    Raises:
        FetchError: it is a feed or sitemap, but malformed.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data, charset = data.decode("utf-16", "replace").encode("utf-8", "replace"), "utf-8"
        data = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data[:HEAD]) + data[HEAD:]
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _of_json(data, address)
    if start.startswith((b"http://", b"https://")):
        return _of_lines(data)
    if not _ROOT.match(data[:HEAD].decode("utf-8-sig", "replace")):
        return None
    try:
        tree = root(data, str(address), charset)
    except UnreadableXml as error:
        raise FetchError(f"{address} {error}", hint="report it to the owner of the site") from error
    name = local(tree)
    if name in {"urlset", "sitemapindex"}:
        return Listing(tuple(_sitemap(tree)), nested=name == "sitemapindex")
    links = (*tree.iterchildren("{*}link"), *tree.iterfind("{*}channel/{*}link"))  # not those of entries
    following = next((link for link in links if link.get("rel") == "next" and link.get("href")), None)
    return Listing(
        tuple(_atom(tree) if name == "feed" else _rss(tree)),
        following=None if following is None else _joined(following.base, following.get("href", "")),
    )


def _rss(tree: _Element) -> Iterator[FeedEntry]:
    """RSS 0.9 to 2.0: items are in the channel or beside it."""
    for item in tree.iter("{*}item"):
        fields = children(item)
        guid = fields.get("guid")
        permanent = guid is not None and guid.get("isPermaLink", "true").lower() != "false"
        url = (
            plain(fields.get("origLink"))
            or plain(fields.get("link"))
            or item.get(_ABOUT, "")
            or plain(guid if permanent else None)
        )
        author = _words(fields.get("creator")) or _words(fields.get("author"))
        day = _day(_words(fields.get("pubDate")) or _words(fields.get("date")))
        yield FeedEntry(_joined(item.base, url), _words(fields.get("title")), day, _person(author))


def _atom(tree: _Element) -> Iterator[FeedEntry]:
    """Atom 1.0, and 0.3 with other names of dates."""
    for entry in tree.iter("{*}entry"):
        fields = children(entry)
        links = [
            each for each in entry.iterchildren("{*}link") if each.get("rel", "alternate") == "alternate"
        ]
        pages = (each for each in links if each.get("type", "text/html") in _PAGES)
        link = next(pages, links[0] if links else entry)
        people = fields.get("author")
        people = tree.find("{*}author") if people is None else people
        name = None if people is None else _words(children(people).get("name"))
        updated = _words(fields.get("updated")) or _words(fields.get("modified"))
        first = _words(fields.get("published")) or _words(fields.get("issued")) or updated
        url = _joined(link.base, link.get("href", ""))
        yield FeedEntry(url, _words(fields.get("title")), _day(first), name, updated)


def _sitemap(tree: _Element) -> Iterator[FeedEntry]:
    """Sitemaps, news sitemaps with titles and dates, and indexes of sitemaps."""
    for each in tree.iterchildren("{*}url", "{*}sitemap"):
        fields = children(each)
        news = fields.get("news")
        about = {} if news is None else children(news)
        day = _day(_words(about.get("publication_date")))
        updated = plain(fields.get("lastmod")) or None
        url = _joined(tree.base, plain(fields.get("loc")))
        yield FeedEntry(url, _words(about.get("title")), day, None, updated)


def _words(element: _Element | None) -> str | None:
    """The text of an element as one line, without escaped markup."""
    return _line(plain(element))


def _line(text: str) -> str | None:
    text = text[: 10 * LONGEST_LINE]
    if "<" in text or "&" in text:
        text = html.unescape(re.sub(r"<[a-zA-Z/!][^<>]{0,1000}>", "", html.unescape(text)))
    line = " ".join(text.split())[:LONGEST_LINE]
    return "".join(filter(str.isprintable, line)) or None  # no control characters


def _person(author: str | None) -> str | None:
    """The name of an RSS author, which by the standard is “ed@example.org (Ed Lee)”."""
    if author is None or "@" not in author:
        return author
    name = re.search(r"\(([^()]+)\)", author)
    return name[1].strip() if name else None


def _day(written: str | None) -> str | None:
    """The ISO date of an ISO 8601 or RFC 822 date, as feeds write them."""
    if not written:
        return None
    iso = re.match(r"\d{4}-\d{2}-\d{2}", written)
    try:
        return (date.fromisoformat(iso[0]) if iso else parsedate_to_datetime(written).date()).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _joined(base: str | None, url: str) -> str:
    """The absolute address of ``url``; empty if that is."""
    try:
        return urljoin(base or "", url.strip()) if url else ""
    except ValueError:  # reported when it is fetched
        return url


def _of_json(data: bytes, address: Address) -> Listing | None:
    """JSON Feed, 1.0 and 1.1."""
    if b"jsonfeed.org/version" not in data[:HEAD].replace(b"\\/", b"/"):
        return None
    try:
        feed = json.loads(data)
        items = [item for item in feed["items"] if isinstance(item, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(
            f"{address} is a malformed JSON Feed", hint="report it to the owner of the site"
        ) from error
    after = feed.get("next_url")
    following = _joined(str(address), after) if isinstance(after, str) and after else None
    return Listing(tuple(_of_item(item, address) for item in items), following=following)


def _of_item(item: dict[str, Any], address: Address) -> FeedEntry:
    people = item.get("authors") or [item.get("author")]
    first = people[0] if isinstance(people, list) else None
    name = first.get("name") if isinstance(first, dict) else None
    url = item.get("url") or item.get("external_url")
    values = url, item.get("title"), item.get("date_published"), name, item.get("date_modified")
    url, title, day, author, updated = (each if isinstance(each, str) else "" for each in values)
    url = _joined(str(address), url)
    return FeedEntry(url, _line(title), _day(day), _line(author), updated or None)


def _of_lines(data: bytes) -> Listing | None:
    """A sitemap as text: one address per line, and nothing else."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return None
    found = [line.strip() for line in lines if line.strip()]
    if not all(line.startswith(("http://", "https://")) and " " not in line for line in found):
        return None
    return Listing(tuple(map(FeedEntry, found)))
