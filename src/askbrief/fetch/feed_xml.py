"""The XML of feeds and sitemaps: read without entities or network, and mended where it has faults."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from askbrief.errors import FetchError
from askbrief.fetch.address import Address

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def root(data: bytes, address: Address, charset: str | None) -> _Element:
    """The root element; where the XML has faults, as many a feed's has, as far as it can be read.

    Entities are neither loaded nor put in place, and a feed that declares any is refused: they stand in
    attributes too, where no parser can leave them alone.
    """
    from lxml import etree

    found = None
    for recover in (False, True):
        try:
            found = etree.fromstring(
                _mended(data) if recover else data, _parser(data, charset, recover=recover)
            )
            break
        except (etree.XMLSyntaxError, ValueError):
            continue
    if found is None:
        raise FetchError(
            f"{address} begins as a feed or sitemap, but is none that can be read; tell its owner"
        )
    dtd = found.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise FetchError(
            f"{address} is a feed with entities of its own, which may be an attack: leave it out"
        )
    return found


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
    known = found[1] and not meant.startswith("&")
    return meant.encode("ascii", "xmlcharrefreplace") if known else b"&amp;" + found[0][1:]


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def base(element: _Element) -> str:
    """The address that relative ones are seen from, as far as ``xml:base`` tells."""
    seen_from = ""
    for around in reversed([element, *element.iterancestors()]):
        seen_from = urljoin(seen_from, around.get(_BASE, ""))
    return seen_from


def children(element: _Element) -> dict[str, _Element]:
    """The elements within by name, the first of each; one without a prefix goes before those with one."""
    found: dict[str, _Element] = {}
    for child in sorted(element, key=lambda child: child.prefix is not None):
        found.setdefault(local(child), child)
    return found


def plain(element: _Element | None) -> str:
    """The text of an element as it is, empty where there is none."""
    return "" if element is None else "".join(_texts(element)).strip()


def _texts(element: _Element) -> Iterator[str]:
    """The texts within; HTML's entities are known, though XML has none of them."""
    from lxml import etree

    yield element.text or ""
    for inner in element.iterdescendants():
        yield html.unescape(inner.text or "") if inner.tag is etree.Entity else inner.text or ""
        yield inner.tail or ""
