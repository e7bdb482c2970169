"""NewsML-G2 (IPTC, 2.34): an item of a news agency, with what its desk says of it; and NewsML 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats import nitf
from askbrief.formats.agency_item import agency_item, status
from askbrief.formats.document import About, Block
from askbrief.formats.markup import blocks
from askbrief.formats.ooxml import attribute
from askbrief.formats.shown_words import fragment_blocks
from askbrief.formats.xml_markup import Vocabulary, line, text_blocks
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element


def read(root: _Element, source: str) -> Document:
    """The document of the root element ``newsItem``.

    Raises:
        SourceError: it has no text, as items of pictures and of remote content.
    """
    about, details = _about(root)
    found = [block for content in root.iter("contentSet") for part in content for block in _content(part)]
    if not found and details["status"] == "usable":
        raise SourceError(
            f"{source} holds no text, only references to content elsewhere", hint="index that content"
        )
    return agency_item(source, found, about, details)


def _content(part: _Element) -> list[Block]:
    """The blocks of one form of the content: NITF, XHTML, or text within the item."""
    if part.tag == "inlineData":
        text = "".join(map(str, part.itertext()))
        plain = "html" not in attribute(part, "contenttype")
        return [Block(each) for each in text.split("\n\n")] if plain else fragment_blocks(text)
    if part.tag != "inlineXML":
        return []
    story = next(part.iter("nitf"), None)
    if story is not None:
        return nitf.body_blocks(story)
    body = next(part.iter("body"), None)
    return blocks(part if body is None else body) if body is not None else text_blocks(part, Vocabulary())


def _about(root: _Element) -> tuple[About, dict[str, str | None]]:
    def value(path: str, name: str = "") -> str | None:
        found = root.find(path)
        return None if found is None else (attribute(found, name) or None if name else line(found))

    codes = [
        status(attribute(each, "qcode") or attribute(each, "uri"))
        for each in root.iterfind("itemMeta/signal")
    ]
    details = {
        "guid": attribute(root, "guid"),
        "version": attribute(root, "version"),
        "status": status(
            value("itemMeta/pubStatus", "qcode") or value("itemMeta/pubStatus", "uri") or "usable"
        ),
        "slug": value("contentMeta/slugline"),
        "dateline": value("contentMeta/dateline"),
        "urgency": value("contentMeta/urgency"),
        "embargo": value("itemMeta/embargoed"),
        "note": value("itemMeta/edNote"),
        "signal": ", ".join(filter(None, codes)),
    }
    heads = list(root.iterfind("contentMeta/headline"))
    main = next((each for each in heads if not attribute(each, "role")), heads[0] if heads else None)
    title = line(main) or value("itemMeta/title")
    day = (
        value("itemMeta/versionCreated")
        or value("contentMeta/contentCreated")
        or value("itemMeta/firstCreated")
    )
    author = value("contentMeta/by") or value("contentMeta/creator/name")
    site = (
        value("itemMeta/provider/name")
        or value("itemMeta/provider", "literal")
        or value("contentMeta/creditline")
    )
    if author and author[:3].lower() == "by ":
        author = author[3:]
    return About(title, day, author, site), details


def read_first(root: _Element, source: str) -> Document:
    """The document of an element ``NewsItem`` of NewsML 1.

    Raises:
        SourceError: it has no text.
    """

    def value(path: str, name: str = "") -> str | None:
        found = root.find(path)
        return None if found is None else (attribute(found, name) or None if name else line(found))

    whole: list[Block] = []
    for content in root.iter("DataContent"):
        story = next(content.iter("nitf"), None)
        body = next(content.iter("body"), None)
        if story is not None or next(content.iter("body.content"), None) is not None:
            whole += nitf.body_blocks(content if story is None else story)
        else:
            whole += blocks(content if body is None else body)
        break
    lines = ".//NewsLines/"
    details = {
        "guid": value("Identification/NewsIdentifier/PublicIdentifier")
        or value("Identification/NewsIdentifier/NewsItemId"),
        "version": value("Identification/NewsIdentifier/RevisionId"),
        "status": status(value("NewsManagement/Status", "FormalName") or "usable"),
        "slug": value(lines + "SlugLine"),
        "dateline": value(lines + "DateLine"),
        "urgency": value("NewsManagement/Urgency", "FormalName"),
        "embargo": value("NewsManagement/StatusWillChange/DateAndTime"),
    }
    day = value("NewsManagement/ThisRevisionCreated") or value("NewsManagement/FirstCreated")
    about = About(value(lines + "HeadLine"), day, value(lines + "ByLine"), value(lines + "CreditLine"))
    return agency_item(source, whole, about, details)
