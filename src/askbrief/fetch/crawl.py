"""Addresses to pages: each as given, and the pages that feeds and sitemaps among them name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from askbrief.errors import FetchError
from askbrief.fetch.address import Address, parsed, shown
from askbrief.fetch.cache import Kept, Store
from askbrief.fetch.content_type import PageFormats, content_type, identify, require_readable
from askbrief.fetch.decompress import GZIP, unpacked
from askbrief.fetch.feeds import Listing, listing
from askbrief.fetch.http import GOOD, Judge
from askbrief.fetch.records import Entry, Fetched, Limits, Means, Progress, Skipped
from askbrief.fetch.request import Visit, Visitor

NOT_MODIFIED = 304
GONE = frozenset({404, 410})


def silent(doing: str, done: int, total: int) -> None:
    """Tell nobody."""


def fetched(
    urls: Sequence[str],
    store: Store,
    limits: Limits = Limits(),  # noqa: B008 — frozen
    progress: Progress = silent,
    *,
    formats: PageFormats,
    means: Means = Means(),  # noqa: B008 — frozen
) -> Iterator[Fetched | Skipped]:
    """The pages at ``urls``, one after the other as they come; of a feed or sitemap those that it names.

    What ``store`` knows not to have changed is not sent again, and is yielded as skipped. ``formats`` are
    those in which pages can be read. A page that fails is yielded as skipped, and does not stop the rest.

    Raises:
        FetchError: at once, if one of ``urls`` is no address that may be fetched.
    """
    wanted = [_Wanted(parsed(url), Entry(url)) for url in urls]
    return _Walk(store, limits, progress, formats, Visitor(limits, means)).over(wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An address to fetch, ``depth`` listings below one that was given; ``nested``: named as a sitemap;
    ``part``: that of a feed which goes on there, from 0."""

    address: Address
    entry: Entry
    depth: int = 0
    nested: bool = False
    part: int = 0

    @property
    def page(self) -> bool:
        """Whether it must be a page: a feed names pages, not feeds."""
        return self.depth > 0 and not self.nested


class _Walk:
    """One run over addresses, with a stack of its own."""

    def __init__(
        self, store: Store, limits: Limits, progress: Progress, formats: PageFormats, visitor: Visitor
    ) -> None:
        self._store = store
        self._limits = limits
        self._progress = progress
        self._formats = formats
        self._visitor = visitor
        self._stack: list[_Wanted] = []
        self._seen: set[str] = set()
        self._pages = 0

    def over(self, wanted: Sequence[_Wanted]) -> Iterator[Fetched | Skipped]:
        self._stack = list(reversed(wanted))
        done = 0
        while self._stack:
            self._progress("fetching", done, done + len(self._stack))
            each = self._stack.pop()
            done += 1
            if self._first(str(each.address)):
                try:
                    yield from self._take(each)
                except FetchError as error:
                    yield Skipped(str(each.address), str(error))

    def _first(self, name: str) -> bool:
        """Whether a name is met for the first time in this run."""
        if name in self._seen:
            return False
        self._seen.add(name)
        return True

    def _take(self, wanted: _Wanted) -> Iterator[Fetched | Skipped]:
        """One address: its page, or what it names put on the stack."""
        kept = self._store.find(str(wanted.address))
        if kept is not None and wanted.page and kept.entries is not None:
            kept = None  # it was given by itself then, and was a feed
        if kept is not None and wanted.entry.updated and wanted.entry.updated == kept.updated:
            yield from self._unchanged(wanted, kept)
            return
        visit = self._visitor.visit(wanted.address, kept, self._judge(wanted))
        status = visit.response.status
        if status == NOT_MODIFIED and kept is not None:
            if wanted.entry.updated != kept.updated:
                self._store.note(replace(kept, updated=wanted.entry.updated))
            yield from self._unchanged(wanted, kept)
        elif status in GONE:
            yield self._gone(wanted, status)
        elif status not in GOOD:
            raise FetchError(f"{wanted.address} can't be had: {_refusal(status)}")
        elif visit.name == str(wanted.address) or self._first(visit.name):
            yield from self._came(wanted, visit)

    def _judge(self, wanted: _Wanted) -> Judge:
        return lambda headers: require_readable(wanted.address, headers, self._formats)

    def _unchanged(self, wanted: _Wanted, kept: Kept) -> Iterator[Skipped]:
        if kept.entries is None:
            yield Skipped(kept.name, f"{kept.name} has not changed", "unchanged")
        else:
            yield from self._listed(wanted, Listing(kept.entries, kept.nested, kept.following))

    def _gone(self, wanted: _Wanted, status: int) -> Skipped:
        name = self._store.name(str(wanted.address)) or wanted.address.name
        if not self._store.holds(name):
            raise FetchError(f"{wanted.address} is not there ({status}); check the address")
        why = f"{wanted.address} is gone ({status}); what is held of it is kept: askbrief remove takes it out"
        return Skipped(name, why, "gone")

    def _came(self, wanted: _Wanted, visit: Visit) -> Iterator[Fetched | Skipped]:
        """A page that has come, or what it names if it is a feed or a sitemap."""
        headers, data = visit.response.headers, visit.response.data
        if data.startswith(GZIP):
            data = unpacked(data, "gzip", visit.at, self._limits)
        found = listing(data, visit.at, content_type(headers).charset)
        if found is None and wanted.nested:
            raise FetchError(f"{wanted.address} is named as a sitemap, and is none; tell its owner")
        if found is None and wanted.part:
            raise FetchError(f"{wanted.address} is where a feed goes on, and is no feed; tell its owner")
        if found is None:
            page = self._page(wanted, visit, data)
            yield from self._left(wanted, page.name)
            yield page
            return
        if wanted.page:
            raise FetchError(
                f"{wanted.address} is a feed named as a page; give it by itself to have its pages"
            )
        entries, updated = found.entries, wanted.entry.updated
        told = (str(visit.at), headers.get("etag"), headers.get("last-modified"), updated)
        more = (entries, found.nested, found.following)
        self._store.note(Kept(str(wanted.address), visit.name, *told, None, *more))
        yield from self._listed(wanted, found)

    def _left(self, wanted: _Wanted, name: str) -> Iterator[Skipped]:
        """Tell of what is held of a page under an address from which it has moved."""
        old = self._store.name(str(wanted.address)) or wanted.address.name
        if old != name and self._store.holds(old):
            why = f"{old} has moved to {name}; what is held of it is kept: askbrief remove takes it out"
            yield Skipped(old, why, "gone")

    def _page(self, wanted: _Wanted, visit: Visit, data: bytes) -> Fetched:
        headers = visit.response.headers
        media_type = content_type(headers)
        if not data.strip():
            raise FetchError(f"{wanted.address} is empty: there is nothing to index; check the address")
        suffix, content = identify(visit.at, media_type, data, self._formats)
        return Fetched(
            url=str(wanted.address),
            name=visit.name,
            data=content,
            suffix=suffix,
            entry=wanted.entry,
            at=str(visit.at),
            etag=headers.get("etag"),
            modified=headers.get("last-modified"),
        )

    def _listed(self, wanted: _Wanted, found: Listing) -> Iterator[Skipped]:
        """Put what a feed or sitemap names on the stack, as far as the limits go."""
        depth, count = wanted.depth + 1, len(found.entries)
        room = self._limits.pages - self._pages
        if found.nested and depth >= self._limits.depth:
            raise FetchError(f"{wanted.address} lies too deep in sitemaps of sitemaps; give it by itself")
        if not count and not wanted.part:
            raise FetchError(f"{wanted.address} names no page; try again when it does")
        if count > room:
            why = f"{wanted.address} names {count:,} pages, of which {room:,} are fetched; give it by itself"
            yield Skipped(str(wanted.address), why)
        taken: list[_Wanted] = []
        for entry in found.entries[:room]:
            try:
                taken.append(_Wanted(_entered(entry, wanted.address), entry, depth, found.nested))
            except FetchError as error:
                yield Skipped(shown(entry.url) or str(wanted.address), str(error))
        self._pages += len(taken)
        if found.following and count <= room:
            yield from self._following(wanted, found.following)
        self._stack.extend(reversed(taken))

    def _following(self, wanted: _Wanted, url: str) -> Iterator[Skipped]:
        """Put where a feed goes on under what it names so far; where it was before is not gone to again."""
        if wanted.part + 1 >= self._limits.parts:
            why = f"{url} is not followed: the feed goes on over more than {self._limits.parts} addresses"
            yield Skipped(url, f"{why}; give it by itself")
            return
        try:
            self._stack.append(_Wanted(parsed(url), Entry(url), part=wanted.part + 1))
        except FetchError as error:
            yield Skipped(shown(url), str(error))


def _entered(entry: Entry, within: Address) -> Address:
    if not entry.url:
        what = f"“{entry.title}”" if entry.title else "an entry"
        raise FetchError(f"{within}: {what} names no page; find it on the site, and give its address")
    return parsed(entry.url)


def _refusal(status: int) -> str:
    """What a status means, and what to do."""
    if status in {401, 402, 403, 407, 451}:
        return f"the server refuses it ({status}); save the page yourself, and index the file"
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    return f"the server answers {phrase}; check the address"
