"""The records of this package: limits, pages that were fetched or skipped, entries of feeds."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from askbrief.media_type import MediaType

SkipReason: TypeAlias = Literal["unchanged", "gone", "failed"]
"""Why a page is skipped: it has not changed, the server no longer has it, or anything else."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much is requested from a server and accepted from it; times in seconds, sizes in bytes.

    ``received`` limits a response as sent, ``unpacked`` as decompressed. ``total`` limits one exchange,
    ``read`` each wait for data in it. ``delay`` is the pause between two requests to a host, or up to
    ``longest_delay`` if its robots.txt asks for more. A server that says when to retry is waited for up to
    ``longest_wait``. ``pages`` limits what feeds and sitemaps of one run list, ``parts`` the addresses over
    which a feed continues, and ``depth`` how deep sitemaps are nested.
    """

    received: int = 20_000_000
    unpacked: int = 60_000_000
    redirects: int = 5
    connect: float = 10.0
    read: float = 20.0
    total: float = 120.0
    tries: int = 3
    backoff: float = 2.0
    delay: float = 1.0
    longest_delay: float = 30.0
    longest_wait: float = 60.0
    pages: int = 10_000
    parts: int = 100
    depth: int = 3
    allow_private: bool = False


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


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, by the system's resolver. Raises OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class System:
    """What this package needs from the system: name lookup, clocks, sleep."""

    lookup: Callable[[str, int], list[str]] = look_up
    now: Callable[[], float] = time.monotonic
    date: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
