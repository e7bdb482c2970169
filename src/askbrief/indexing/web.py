"""Web pages to documents: fetched, read in their formats, and noted in the cache.

The source and the location of a document are its page's address; those of a further one on the page, such as
an article of an export or a mail that is quoted, have its number behind: ``ADDRESS#1``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askbrief import fetch, formats
from askbrief.errors import SourceError
from askbrief.fetch import FeedEntry, FetchedPage, FetchLimits, PageCache, SkippedPage, System
from askbrief.formats.document import opening
from askbrief.options import no_progress
from askbrief.types import Document, Progress


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was read: its own document, those that it holds besides, in order, and the media types of
    what it holds that is no text."""

    document: Document
    others: tuple[Document, ...] = ()
    left_out: tuple[str, ...] = ()


def documents(
    urls: Sequence[str],
    folder: Path,
    held: Callable[[str], str | None],
    limits: FetchLimits = FetchLimits(),  # noqa: B008 — frozen
    progress: Progress = no_progress,
    system: System = System(),  # noqa: B008 — frozen
) -> Iterator[ReadPage | SkippedPage]:
    """The documents at ``urls`` and on the pages that feeds and sitemaps among them name, as they come.

    ``folder`` is the index's, which holds the cache; ``held`` gives the sha256 of the text that the index has
    of a page, None if it has none, or if the page is wanted anyway. What can't be fetched or read, and what
    hasn't changed, is yielded as skipped.

    Raises FetchError at once if one of ``urls`` may not be fetched.
    """
    cache = PageCache(folder / fetch.CACHE_FILE, held)
    pages = fetch.fetch_pages(urls, cache, limits, progress, formats=formats.FORMATS, system=system)
    return _read(pages, cache)


def _read(pages: Iterator[FetchedPage | SkippedPage], cache: PageCache) -> Iterator[ReadPage | SkippedPage]:
    for each in pages:
        if isinstance(each, SkippedPage):
            yield each
            continue
        try:
            held = formats.parse_all(each.data, each.suffix, each.name)
        except SourceError as error:
            yield SkippedPage(each.name, str(error))
        else:
            cache.keep(each, held.document.sha256)
            own = _completed(held.document, each.name, each.entry)
            others = (replace(other, url=other.url or each.name) for other in held.inside)
            yield ReadPage(own, tuple(others), tuple(held.left_out))


def _completed(document: Document, name: str, entry: FeedEntry) -> Document:
    """The document with its page's address, and with what a feed says of it if the page doesn't."""
    fed = entry.day is not None and document.dated in {None, "file"}  # when a file was made is less sure
    untitled = document.title == opening(document.text, document.paragraphs[0])
    return replace(
        document,
        url=name,
        title=entry.title if untitled and entry.title else document.title,
        date=entry.day if fed else document.date,
        dated="feed" if fed else document.dated,
        author=document.author or entry.author,
    )
