"""WARC: the pages that a crawl has kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.collections.document_ref import Bad, Container, Member, part
from askbrief.types import Document

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
"""What a response says that it is, to what reads it."""


def pages(container: Container) -> Iterator[Member | Bad]:
    """A document a response that was a success, known by its address; one that is met again by its number
    too."""
    from warcio.archiveiterator import ArchiveIterator

    for number, record in enumerate(ArchiveIterator(container.stream), 1):
        container.budget.require()
        suffix = _suffix(record)
        if suffix is None:
            continue
        container.budget.entry()
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        own = part(url.strip("<>"), number)
        try:
            data = container.budget.whole(record.content_stream())
        except SourceError as error:
            yield Bad(*own, str(error))
            continue
        yield Member(*own, partial(_page, partial(container.parse, data, suffix), own[0]))


def _suffix(record: Any) -> str | None:
    """The suffix of what a record holds; None where it is no page that was answered with."""
    if record.rec_type == "response" and record.http_headers is not None:
        if record.http_headers.get_statuscode() != "200":
            return None
        kind = record.http_headers.get_header("Content-Type") or ""
    elif record.rec_type == "resource":
        kind = record.content_type or ""
    else:
        return None
    return SUFFIXES.get(kind.partition(";")[0].strip().lower())


def _page(parse: Callable[[str], Document], url: str, source: str) -> Document:
    """The page; its address is the one that it was asked for at, where it tells no other."""
    found = parse(source)
    told = url if url.lower().startswith(("http://", "https://")) else None
    return found if found.url else replace(found, url=told)
