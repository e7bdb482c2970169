"""The XML of feeds and sitemaps: parsed without entities or network, and repaired if it is malformed."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

OPTIONS: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True, "recover": True,
}  # fmt: skip
"""Options of lxml's parser."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding")
_AMPERSAND = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?!#\w{1,10};)(?:(\w{1,30});)?", re.DOTALL)


class UnreadableXml(ValueError):
    """Why XML isn't read, to follow the name of what holds it."""


def root(data: bytes, address: str, charset: str | None = None) -> _Element:
    """The root element of XML that isn't UTF-16; malformed XML, as many feeds have, is parsed as far as
    possible. Its addresses are relative to each element's ``base``.

    Entities are neither loaded nor expanded, and a feed that declares any is refused: no parser can leave
    those in attributes unexpanded.

    Raises:
        UnreadableXml: it can't be parsed, or declares entities.
    """
    from lxml import etree

    encoding = None if _DECLARED.match(data, 0, 200) or data.startswith(b"\xef\xbb\xbf") else charset
    try:
        parser = etree.XMLParser(encoding=encoding, **OPTIONS)
    except LookupError:
        parser = etree.XMLParser(**OPTIONS)
    try:
        found = etree.fromstring(_AMPERSAND.sub(_as_xml, data), parser, base_url=address)
    except (etree.XMLSyntaxError, ValueError):
        found = None
    if found is None:
        raise UnreadableXml("is a malformed feed or sitemap")
    dtd = found.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise UnreadableXml("is a feed that declares entities, which may be an attack")
    return found


def _as_xml(found: re.Match[bytes]) -> bytes:
    """A bare ``&`` escaped, an entity of HTML replaced: the parser would drop what follows them."""
    if not found[0].startswith(b"&") or found[1] in {b"amp", b"lt", b"gt", b"quot", b"apos"}:
        return found[0]
    character = html.unescape(found[0].decode("ascii", "replace"))
    known = found[1] and not character.startswith("&")
    return character.encode("ascii", "xmlcharrefreplace") if known else b"&amp;" + found[0][1:]


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: _Element) -> dict[str, _Element]:
    """The child elements by local name, the first of each; those without a prefix take precedence."""
    found: dict[str, _Element] = {}
    for child in sorted(element, key=lambda child: child.prefix is not None):
        found.setdefault(local(child), child)
    return found


def plain(element: _Element | None) -> str:
    """The text of an element; empty if there is none."""
    return "" if element is None else "".join(element.itertext()).strip()
