"""NITF (IPTC's News Industry Text Format, 3.6): a story of a news agency, with what its desk says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.formats.agency_item import agency_item, status
from askbrief.formats.document import About, Block
from askbrief.formats.ooxml import attribute
from askbrief.formats.xml_markup import Vocabulary, line, text_blocks
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

WORDS = Vocabulary(
    {
        "hl1": "h2", "hl2": "h2", "bq": "blockquote", "block": "div", "media-caption": "caption",
        "tagline": "caption",
        "credit": "span", "hr": "div", "nitf-col": "div",
    },
    frozenset({"media-reference", "media-metadata", "media-object", "media-producer", "nitf-table-metadata",
               "custom-table", "alt-code", "fn"}),
)  # fmt: skip


def read(root: _Element, source: str) -> Document:
    """The document of the root element ``nitf``.

    Raises:
        SourceError: it has no text.
    """
    about, details = _about(root)
    return agency_item(source, body_blocks(root), about, details)


def body_blocks(root: _Element) -> list[Block]:
    """The text: abstract, content, and what is below it. Headline, byline and dateline are metadata."""
    for fraction in root.iter("frac"):
        if fraction.find("frac-sep") is None and len(fraction) > 1:
            fraction[0].tail = "/"
        fraction.text = f" {fraction.text or ''}"  # 1 1/2
    found: list[Block] = []
    for path in (".//hedline/hl2", ".//abstract", ".//body.content", ".//body.end"):
        for part in root.findall(path):
            kept = text_blocks(part, WORDS)
            prose = path in {".//abstract", ".//body.content"}
            found += kept if prose else [block._replace(prose=False) for block in kept]
    return found


def headline(root: _Element) -> str | None:
    """The headline; the title of the file, if there is none."""
    return line(next(root.iter("hl1"), None)) or line(root.find("head/title"))


def _about(root: _Element) -> tuple[About, dict[str, str | None]]:
    def value(element: str, name: str) -> str | None:
        found = next(root.iter(element), None)
        return None if found is None else attribute(found, name) or None

    metas = {attribute(each, "name").lower(): attribute(each, "content") for each in root.iter("meta")}
    slug = next((text for name, text in metas.items() if "slug" in name), None) or value("fixture", "fix-id")
    state = status(value("docdata", "management-status") or "")
    withdrawn = value("docdata", "management-doc-idref")
    issued = (
        value("date.issue", "norm") or value("story.date", "norm") or value("pubdata", "date.publication")
    )
    details = {
        "guid": withdrawn or value("du-key", "key") or value("doc-id", "id-string"),
        "version": value("du-key", "version") or value("du-key", "generation"),
        "status": state,
        "slug": slug,
        "dateline": line(next(root.iter("dateline"), None)),
        "urgency": value("urgency", "ed-urg"),
        "embargo": value("date.release", "norm"),
        "note": value("ed-msg", "info") or line(next(root.iter("note"), None)),
    }
    byline = next(root.iter("byline"), None)
    author = line(byline if byline is None or byline.find("person") is None else byline.find("person"))
    site = (
        line(next(root.iter("distributor"), None))
        or value("pubdata", "name")
        or value("doc.copyright", "holder")
    )
    return About(headline(root), issued, _without_by(author), site), details


def _without_by(author: str | None) -> str | None:
    return author[3:] if author and author[:3].lower() == "by " else author
