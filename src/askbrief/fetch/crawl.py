"""Addresses to pages: the given ones, and those that feeds and sitemaps among them list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.client import responses

from askbrief.content_encoding import GZIP
from askbrief.errors import FetchError
from askbrief.fetch.address import Address, parse_address, shown
from askbrief.fetch.cache import CacheEntry, PageCache
from askbrief.fetch.decompress import decompress
from askbrief.fetch.feeds import parse_listing
from askbrief.fetch.fetch_limits import FetchLimits
from askbrief.fetch.http import GOOD, Response
from askbrief.fetch.page_records import FeedEntry, FetchedPage, Listing, PageFormats, SkippedPage
from askbrief.fetch.request import Requester
from askbrief.fetch.system import System
from askbrief.types import Progress

NOT_MODIFIED = 304
GONE = frozenset({404, 410})

LISTINGS = frozenset([
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml",
    "application/feed+json", "application/json", "application/gzip", "application/x-gzip",
])  # fmt: skip
"""Types of feeds and sitemaps that no page has; a feed may be called ``text/html`` too."""

KEPT = "; its text stays in the index until `askbrief remove`"
ALONE = "give it by itself"
REPORT = "report it to the owner of the site"


def fetch_pages(
    urls: Sequence[str],
    cache: PageCache,
    limits: FetchLimits = FetchLimits(),  # noqa: B008 — frozen
    progress: Progress = lambda *_: None,
    *,
    formats: PageFormats,
    system: System = System(),  # noqa: B008 — frozen
) -> Iterator[FetchedPage | SkippedPage]:
    """The pages at ``urls``, in order, one at a time; for a feed or sitemap, the pages that it lists.

    A page that has not changed according to ``cache``, or that fails, is yielded as skipped. ``formats`` are
    those in which pages can be read.

    Raises:
        FetchError: at once, if one of ``urls`` may not be fetched.
    """
    wanted = [_Wanted(parse_address(url), FeedEntry(url)) for url in urls]
    return _Walk(cache, limits, progress, formats, Requester(limits, system)).over(wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An address to fetch, ``depth`` listings below a given one; ``nested`` if it is listed as a sitemap;
    ``part`` is the number of a feed's part, from 0."""

    address: Address
    entry: FeedEntry
    depth: int = 0
    nested: bool = False
    part: int = 0

    @property
    def page(self) -> bool:
        """Whether it must be a page: a feed lists pages, not feeds."""
        return self.depth > 0 and not self.nested


@dataclass
class _Walk:
    """One run over addresses."""

    cache: PageCache
    limits: FetchLimits
    progress: Progress
    formats: PageFormats
    requester: Requester
    stack: list[_Wanted] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pages: int = 0

    def over(self, wanted: Sequence[_Wanted]) -> Iterator[FetchedPage | SkippedPage]:
        self.stack = list(reversed(wanted))
        done = 0
        while self.stack:
            self.progress("fetching", done, done + len(self.stack))
            each = self.stack.pop()
            done += 1
            if self._first(str(each.address)):
                try:
                    yield from self._take(each)
                except FetchError as error:
                    yield SkippedPage(str(each.address), str(error))
        if done:
            self.progress("fetching", done, done)

    def _first(self, name: str) -> bool:
        """Whether a name is new in this run."""
        if name in self.seen:
            return False
        self.seen.add(name)
        return True

    def _take(self, wanted: _Wanted) -> Iterator[FetchedPage | SkippedPage]:
        """Fetch an address: yield its page, or put what it lists on the stack."""
        kept = self.cache.find(str(wanted.address))
        if kept is not None and wanted.page and kept.listing is not None:
            kept = None  # it was a feed that was given by itself
        if kept is not None and wanted.entry.updated and wanted.entry.updated == kept.updated:
            yield from self._unchanged(wanted, kept)
            return
        response = self.requester.get(wanted.address, kept, self._require_readable)
        status = response.status
        if status == NOT_MODIFIED and kept is not None:
            if wanted.entry.updated != kept.updated:
                self.cache.note(replace(kept, updated=wanted.entry.updated))
            yield from self._unchanged(wanted, kept)
        elif status in GONE:
            yield self._gone(wanted, status)
        elif status not in GOOD:
            raise _refusal(wanted.address, status)
        elif response.name == str(wanted.address) or self._first(response.name):
            yield from self._came(wanted, response)

    def _require_readable(self, response: Response) -> None:
        """Refuse what can't be indexed (images, videos) before its content is downloaded."""
        media_type = response.media_type
        if media_type.name not in LISTINGS and not self.formats.accepts(media_type):
            raise FetchError(f"{response.at} is {media_type}, which can't be indexed", hint="leave it out")

    def _unchanged(self, wanted: _Wanted, kept: CacheEntry) -> Iterator[SkippedPage]:
        if kept.listing is None:
            yield SkippedPage(kept.name, f"{kept.name} has not changed", "unchanged")
        else:
            yield from self._listed(wanted, kept.listing)

    def _gone(self, wanted: _Wanted, status: int) -> SkippedPage:
        name = self.cache.name(wanted.address)
        if not self.cache.holds(name):
            raise FetchError(f"{wanted.address} does not exist ({status})", hint="check the address")
        return SkippedPage(name, f"{wanted.address} is gone ({status}){KEPT}", "gone")

    def _came(self, wanted: _Wanted, response: Response) -> Iterator[FetchedPage | SkippedPage]:
        """Yield a page that was received; if it is a feed or a sitemap, follow what it lists."""
        headers, at, data = response.headers, response.at, response.data
        if data.startswith(GZIP):
            data = decompress(data, "gzip", at, self.limits)
        validators = headers.get("etag"), headers.get("last-modified")
        found = parse_listing(data, at, response.media_type.charset)
        if found is None:
            suffix, content = self._identify(wanted, response, data)
            yield from self._left(wanted, response.name)
            yield FetchedPage(
                str(wanted.address), response.name, content, suffix, wanted.entry, str(at), *validators
            )
            return
        if wanted.page:
            raise FetchError(f"{wanted.address} is a feed that is listed as a page", hint=ALONE)
        self.cache.note(
            CacheEntry(
                str(wanted.address), response.name, str(at), *validators, wanted.entry.updated, listing=found
            )
        )
        yield from self._listed(wanted, found)

    def _identify(self, wanted: _Wanted, response: Response, data: bytes) -> tuple[str, bytes]:
        """The suffix of a page's format and its content. Raises FetchError if it is no page to index."""
        if wanted.nested:
            raise FetchError(f"{wanted.address} is listed as a sitemap, but isn't one", hint=REPORT)
        if wanted.part:
            raise FetchError(
                f"{wanted.address} is listed as the next part of a feed, but isn't a feed", hint=REPORT
            )
        if not data.strip():
            raise FetchError(f"{wanted.address} is empty", hint="check the address")
        found = self.formats.identify(response.media_type, str(response.at), data)
        if found is None:
            raise FetchError(
                f"{response.at} is {response.media_type}, and no feed or sitemap", hint="leave it out"
            )
        return found

    def _left(self, wanted: _Wanted, name: str) -> Iterator[SkippedPage]:
        """Report a page that has moved from the address under which it is indexed."""
        old = self.cache.name(wanted.address)
        if old != name and self.cache.holds(old):
            yield SkippedPage(old, f"{old} has moved to {name}{KEPT}", "gone")

    def _listed(self, wanted: _Wanted, found: Listing) -> Iterator[SkippedPage]:
        """Put what a feed or sitemap lists on the stack, as far as the limits allow."""
        depth, count = wanted.depth + 1, len(found.entries)
        room = self.limits.pages - self.pages
        if found.nested and depth >= self.limits.depth:
            raise FetchError(f"{wanted.address} is nested too deeply in sitemaps", hint=ALONE)
        if not count and not wanted.part:
            raise FetchError(f"{wanted.address} lists no pages", hint="try again when it does")
        if count > room:
            why = f"{wanted.address} lists {count:,} pages, of which {room:,} are fetched; {ALONE}"
            yield SkippedPage(str(wanted.address), why)
        taken: list[_Wanted] = []
        for entry in found.entries[:room]:
            try:
                taken.append(_Wanted(_entered(entry, wanted.address), entry, depth, found.nested))
            except FetchError as error:
                yield SkippedPage(shown(entry.url) or str(wanted.address), str(error))
        self.pages += len(taken)
        if found.following and count <= room:
            yield from self._following(wanted, found.following)
        self.stack.extend(reversed(taken))

    def _following(self, wanted: _Wanted, url: str) -> Iterator[SkippedPage]:
        """Put the next part of a feed below what it lists so far."""
        if wanted.part + 1 >= self.limits.parts:
            why = f"{url} is not followed: the feed has more than {self.limits.parts} parts; {ALONE}"
            yield SkippedPage(url, why)
            return
        try:
            self.stack.append(_Wanted(parse_address(url), FeedEntry(url), part=wanted.part + 1))
        except FetchError as error:
            yield SkippedPage(shown(url), str(error))


def _entered(entry: FeedEntry, within: Address) -> Address:
    if not entry.url:
        what = f"“{entry.title}”" if entry.title else "an entry"
        raise FetchError(
            f"{within}: {what} has no address", hint="find the page on the site, and give its address"
        )
    return parse_address(entry.url)


def _refusal(address: Address, status: int) -> FetchError:
    """The error that a status means."""
    if status in {401, 402, 403, 407, 451}:
        return FetchError(
            f"{address} can't be fetched: the server refuses it ({status})",
            hint="save the page yourself, and index the file",
        )
    phrase = f"{status} {responses.get(status, '')}".rstrip()
    return FetchError(f"{address} can't be fetched: the server answers {phrase}", hint="check the address")
