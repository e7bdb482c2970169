"""Which fields of a record have its text, title, date and so on: usual names, and shapes of known programs.

A shape is recognised by fields that only its records have. It says what the usual names don't: a path into
the record, or which of two fields comes first. To add a program, add a ``Shape``; a field's other name
belongs in ``NAMES``.

A path is ``a.b``, ``b`` of the object ``a``; ``a.b`` of a list ``a`` is that of all its items, and
``a[role=main]`` are the items whose ``role`` is “main”. Names are compared without case and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from askbrief.formats.rich_text import normal

NAMES: dict[str, tuple[str, ...]] = {
    "text": ("fulltext", "text", "body", "content", "article", "articlebody", "articletext", "bodytext",
             "maintext", "story", "storytext", "paragraphs", "html", "bodyhtml", "bodyxhtml", "contenthtml",
             "contenttext", "contentencoded", "contentelements", "contents", "bodies",
             "components", "blocks", "elements", "storyelements", "contentblocks", "bodyblocks", "sections"),
    "title": ("title", "headline", "webtitle", "heading", "headlines", "subject", "name"),
    "url": ("url", "link", "weburl", "articleurl", "canonicalurl", "permalink", "href", "uri"),
    "id": ("id", "uuid", "guid", "docid", "documentid", "articleid", "storiesid", "idstr", "key"),
    "author": ("author", "authors", "byline", "creator", "dccreator", "writer", "authorname"),
    "site": ("site", "sitename", "publisher", "publication", "outlet", "medianame", "source"),
}  # fmt: skip
"""The usual names of fields in news archives, the likelier first."""

_WHEN = r"(?:date|time|datetime|timestamp|on|at|utc|gmt|iso)*"
_OUT = (
    r"(?:first|original|web|online)?(?:publi(?:shed|sh|cation|c)|pub|posted|post|issued?|released?|display)"
)
_GOT = r"(?:seen|added|(?:crawl|fetch|collect|index|download)(?:ed)?|scraped?)"
_NEWER = r"(?:last)?(?:update[ds]?|modif(?:ied|y|ication)|edit(?:ed)?|revised|changed)"
DATES = tuple(
    re.compile(form)
    for form in (
        rf"{_OUT}{_WHEN}|{_WHEN}{_OUT}{_WHEN}",
        r"date|datetime|dcdate|isodate|day|time|timestamp|dategmt|dateutc|dateunixtime",
        rf"(?:first|content)?(?:created|creation){_WHEN}|{_WHEN}created|sent{_WHEN}|seendate",
    )
)
"""Names of the field with the date of publication, the likelier first: see ``normal``."""
LATER_DATES = tuple(
    re.compile(form)
    for form in (
        rf"(?:{_WHEN}{_NEWER}{_WHEN}|versioncreated)",
        rf"{_WHEN}{_GOT}{_WHEN}",
    )
)
"""Names of fields with a date after it: of a change, or of the copy."""

WITHIN: dict[str, tuple[str, ...]] = {
    "title": ("main", "basic", "rendered", "default", "text", "value", "name", "title"),
    "author": ("original", "name", "displayname", "fullname", "by", "username", "acct", "value", "text"),
    "site": ("name", "title", "value", "text"),
    "url": ("href", "url", "canonical", "rendered", "value"),
    "date": ("date", "iso", "value", "text", "rendered"),
}
"""Where the value of a role is, if its field holds an object; ``$date`` is MongoDB's."""
NAME_PARTS = (("firstname", "lastname"), ("givenname", "familyname"), ("first", "last"))
"""Names of the two fields of a person's name."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The records of a program.

    ``marks`` are paths that all its records have, or ``path=value``. ``text`` and so on are paths that come
    before the usual names; those joined by “+” are one text together. If ``only`` is true, the usual names
    are not looked up for the author. ``wordless`` is what its records without a text are called, if these
    are no failure, and ``hint`` what to do about one.
    """

    marks: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    only: bool = False
    wordless: str = ""
    hint: str = ""


SUMMARIES = "items of which the feed has only a summary or a link: index their pages by the feed's address"
ACTIVITIES = "activities without words (boosts, likes, follows)"
SHAPES = (
    # Telegram, as its desktop program exports a chat; a forwarded message has the words of somebody else.
    Shape(("type=service", "action"), wordless="service messages"),
    Shape(("forwardedfrom", "text"), author=("forwardedfrom",), only=True, wordless="messages without words"),
    Shape(("dateunixtime", "text"), author=("from",), only=True, wordless="messages without words"),
    Shape(("fromid", "text"), author=("from",), only=True, wordless="messages without words"),
    # Arc ANS
    Shape(("contentelements",), ("contentelements",), ("headlines.basic",), ("displaydate",),
          ("canonicalurl", "websiteurl"), author=("credits.by",), site=("source.name", "website")),
    # the Washington Post collection of TREC
    Shape(("contents", "articleurl"), ("contents",)),
    # the Guardian's Open Platform
    Shape(("webpublicationdate", "fields"), ("fields.bodytext", "fields.body"),
          ("fields.headline", "webtitle"), ("webpublicationdate",), ("weburl",), author=("fields.byline",)),
    # the New York Times' article search, which has no full texts
    Shape(("headline.main", "leadparagraph"), ("abstract+leadparagraph", "snippet")),
    Shape(("headline.main", "byline.original")),
    # WordPress
    Shape(("content.rendered",), ("content.rendered",), ("title.rendered",), ("date",), ("link",),
          author=("embedded.author", "yoastheadjson.author"), wordless="posts without words"),
    # News API and its like, which cut the text
    Shape(("publishedat", "content", "description"), ("content", "description"),
          wordless="articles without words"),
    # GDELT, MediaCloud
    Shape(("seendate", "domain", "title"), site=("domain",),
          hint="GDELT lists addresses, not texts: index the addresses"),
    Shape(("mediaid", "title", "url"), hint="Media Cloud lists addresses, not texts: index the addresses"),
    # ninjs 2 and 3
    Shape(("bodies", "headlines"),
          ("bodies[role=main][contenttype=text/html]", "bodies[role=main]", "bodies[contenttype=text/html]"),
          ("headlines[role=main].value", "headlines.value"), author=("by", "byline"),
          site=("copyrightholder",)),
    # ninjs 1
    Shape(("versioncreated", "headline"), site=("copyrightholder",)),
    # ActivityPub
    Shape(("type=Create", "object.content")),
    Shape(("actor", "object"), wordless=ACTIVITIES),
    Shape(("attributedto", "content"), ("summary+content",), ("name",), author=("attributedto",), only=True,
          wordless="posts without words"),
    # Mastodon; a boost has the words of somebody else
    Shape(("account.acct", "reblog.content"), ("reblog.spoilertext+reblog.content",),
          date=("reblog.createdat",), url=("reblog.url", "reblog.uri"),
          author=("reblog.account.displayname", "reblog.account.acct"), only=True,
          wordless="posts without words"),
    Shape(("account.acct", "content"), ("spoilertext+content",),
          author=("account.displayname", "account.acct"), only=True, wordless="posts without words"),
    # Twitter; a retweet has the words of somebody else
    Shape(("retweetedstatus.user",), ("retweetedstatus.fulltext", "retweetedstatus.text"),
          author=("retweetedstatus.user.name",), only=True),
    Shape(("user.screenname",), ("extendedtweet.fulltext", "fulltext", "text"), author=("user.name",)),
    # Facebook, Reddit
    Shape(("message", "createdtime"), ("message",), url=("permalinkurl",), author=("from",)),
    Shape(("selftext", "subreddit"), ("selftext",), wordless="posts without words"),
    # JSON Feed
    Shape(("datepublished", "id"), ("contenthtml", "contenttext"), wordless=SUMMARIES),
    Shape(("id", "url", "summary"), ("contenthtml", "contenttext"), wordless=SUMMARIES),
)  # fmt: skip
"""The first whose marks a record has is taken."""
USUAL = Shape()
_BY_FIELDS = [(frozenset(re.split(r"[.=]", mark)[0] for mark in each.marks), each) for each in SHAPES]

_STEP = re.compile(r"([^.\[\]]+)|\[([^=\]]+)=([^\]]*)\]")


def shape(record: Mapping[str, Any]) -> Shape:
    """The shape of a record."""
    names = set(map(normal, record))
    likely = (each for fields, each in _BY_FIELDS if fields <= names)
    return next((each for each in likely if all(_has(record, mark) for mark in each.marks)), USUAL)


def at(record: Any, path: str) -> Any:
    """What is at a path; None if there is nothing."""
    found = record
    for name, key, wanted in _STEP.findall(path):
        if key:
            items = found if isinstance(found, list) else []
            found = [each for each in items if normal(at(each, key)) == normal(wanted)]
        elif isinstance(found, list):
            inside = [_field(each, name) for each in found]
            found = [each for each in inside if each is not None]
        else:
            found = _field(found, name)
    return found


def _field(record: Any, name: str) -> Any:
    if not isinstance(record, dict):
        return None
    if name in record:
        return record[name]
    wanted = normal(name)
    return next((held for key, held in record.items() if normal(key) == wanted), None)


def _has(record: Mapping[str, Any], mark: str) -> bool:
    path, _, value = mark.partition("=")
    found = at(record, path)
    return normal(found) == normal(value) if value else found is not None
