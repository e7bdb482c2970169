"""MediaWiki's export (schema 0.11): the articles of a wiki, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from askbrief.errors import SourceError
from askbrief.formats.collections.items import (
    CollectionItem,
    DocumentRef,
    LeftOut,
    OpenCollection,
    names,
    unreadable,
)
from askbrief.formats.dates import written_date
from askbrief.formats.ooxml import parsed
from askbrief.formats.registry import parse
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_BASE = re.compile(rb"<base>\s*([^<\s]+?/)[^/<]*</base>")
_NAME = re.compile(rb"<sitename>\s*([^<]+?)\s*</sitename>")


def items(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each article, named by its title, as its last revision in the file has it.

    Raises:
        SourceError: it breaks off within a page; what was yielded before is valid.
    """
    base = site = ""
    most = collection.budget.limits.document
    parts: list[bytes] = []
    size = number = 0
    for line in iter(partial(collection.stream.readline, most), b""):
        if not parts:
            base = _found(_BASE, line) or base
            site = _found(_NAME, line) or site
            if b"<page>" not in line:
                continue
            line = line[line.index(b"<page>") :]
        size += len(line)
        parts.append(line if size <= most else b"")
        if b"</page>" in line:
            number += 1
            collection.budget.entry()
            data = b"".join(parts).partition(b"</page>")[0] + b"</page>"
            yield from (
                _page(data, number, base, site)
                if size <= most
                else [unreadable(number, number, f"page {number}: {collection.budget.too_large()}")]
            )
            parts, size = [], 0
    if parts:
        raise SourceError(f"{collection.name} breaks off", hint="save it again; what was read before is kept")


def _found(pattern: re.Pattern[bytes], line: bytes) -> str:
    found = pattern.search(line)
    return found[1].decode("utf-8", "replace") if found else ""


def _page(data: bytes, number: int, base: str, site: str) -> Iterator[CollectionItem]:
    try:
        page = parsed(data, f"page {number}")
    except SourceError as error:
        yield unreadable(number, number, error)
        return
    title = page.findtext("title") or ""
    if page.find("redirect") is not None:
        yield LeftOut("redirects")
    elif page.findtext("ns") not in {"0", None}:
        yield LeftOut("pages that are no articles", f"of namespace {page.findtext('ns')}")
    else:
        yield DocumentRef(*names(title, number), partial(_read, page, title, base, site))


def _read(page: _Element, title: str, base: str, site: str, source: str) -> Document:
    """An article: dated by a template of its own (Wikinews), else by its last revision."""
    revision = page.findall("revision")[-1:]
    text = revision[0].findtext("text") or "" if revision else ""
    found = parse(text.encode(), ".wiki", source)
    saved = written_date(revision[0].findtext("timestamp") or "") if revision else None
    own = found.date if found.dated in {"metadata", "text"} else None
    url = base + quote(title.replace(" ", "_"), safe="/:(),'!") if base else None
    return replace(
        found, title=title or found.title, url=url, site=site or None,
        date=own or saved, dated=found.dated if own else "file" if saved else None,
    )  # fmt: skip
