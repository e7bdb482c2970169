"""The records of this package: pages that were fetched or skipped, entries of feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from askbrief.media_type import MediaType

SkipReason: TypeAlias = Literal["unchanged", "gone", "failed"]
"""Why a page is skipped: it has not changed, the server no longer has it, or anything else."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page in a feed or sitemap: ``day`` is an ISO date, ``updated`` is as written in the feed."""

    url: str
    title: str | None = None
    day: str | None = None
    author: str | None = None
    updated: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap lists, in order; ``nested`` if these are sitemaps themselves, ``following`` the
    address of a feed's next part (RFC 5005, section 3; ``next_url`` of a JSON Feed)."""

    entries: tuple[FeedEntry, ...]
    nested: bool = False
    following: str | None = None


class PageFormats(Protocol):
    """The formats that pages can be read in."""

    def accepts(self, media_type: MediaType) -> bool:
        """Whether content of this type may be readable."""

    def identify(self, media_type: MediaType, address: str, data: bytes) -> tuple[str, bytes] | None:
        """The suffix of a page's format and its content, text in UTF-8; None if no format reads it."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page's bytes. ``url`` is what was requested, ``name`` the address that the page is known by.

    The two differ if the page has moved permanently, and by parameters that track readers (``utm_source``).
    ``data`` is in the format of ``suffix``. ``at`` is the address that answered, with its validators ``etag``
    and ``modified``.
    """

    url: str
    name: str
    data: bytes
    suffix: str
    entry: FeedEntry
    at: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class SkippedPage:
    """An address that was not fetched, and why, in one line with the remedy."""

    source: str
    why: str
    state: SkipReason = "failed"
