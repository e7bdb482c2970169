"""The XML of feeds and sitemaps: parsed without entities or network, and repaired if it is malformed."""

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
    """The root element; malformed XML, as many feeds have, is parsed as far as possible.

    Entities are neither loaded nor expanded, and a feed that declares any is refused: no parser can leave
    those in attributes unexpanded.

    Raises:
        FetchError: it can't be parsed, or declares entities.
    """
    from lxml import etree

    found = None
    for recover in (False, True):
        try:
            found = etree.fromstring(
                _repaired(data) if recover else data, _parser(data, charset, recover=recover)
            )
            break
        except (etree.XMLSyntaxError, ValueError):
            continue
    if found is None:
        raise FetchError(
            f"{address} is a malformed feed or sitemap", hint="report it to the owner of the site"
        )
    dtd = found.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise FetchError(
            f"{address} is a feed that declares entities, which may be an attack", hint="leave it out"
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


def _repaired(data: bytes) -> bytes:
    """With bare ``&`` escaped and HTML entities replaced: the parser would drop what follows them."""
    return re.sub(
        rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?!#\w{1,10};)(?:(\w{1,30});)?", _as_xml, data, flags=re.DOTALL
    )


def _as_xml(found: re.Match[bytes]) -> bytes:
    if not found[0].startswith(b"&") or found[1] in {b"amp", b"lt", b"gt", b"quot", b"apos"}:
        return found[0]
    character = html.unescape(found[0].decode("ascii", "replace"))
    known = found[1] and not character.startswith("&")
    return character.encode("ascii", "xmlcharrefreplace") if known else b"&amp;" + found[0][1:]


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def base(element: _Element) -> str:
    """The address that relative ones are resolved against, according to ``xml:base``."""
    resolved = ""
    for around in reversed([element, *element.iterancestors()]):
        resolved = urljoin(resolved, around.get(_BASE, ""))
    return resolved


def children(element: _Element) -> dict[str, _Element]:
    """The child elements by local name, the first of each; those without a prefix take precedence."""
    found: dict[str, _Element] = {}
    for child in sorted(element, key=lambda child: child.prefix is not None):
        found.setdefault(local(child), child)
    return found


def plain(element: _Element | None) -> str:
    """The text of an element; empty if there is none."""
    return "" if element is None else "".join(_texts(element)).strip()


def _texts(element: _Element) -> Iterator[str]:
    """The texts inside; HTML's entities are replaced, though XML doesn't have them."""
    from lxml import etree

    yield element.text or ""
    for inner in element.iterdescendants():
        yield html.unescape(inner.text or "") if inner.tag is etree.Entity else inner.text or ""
        yield inner.tail or ""
