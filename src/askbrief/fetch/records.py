"""What travels through this room: the limits, what was fetched, what was not, and what a feed tells."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

State: TypeAlias = Literal["unchanged", "gone", "failed"]
"""Why there are no bytes: what is held is right, the server has the page no more, or anything else."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a server, and how much is taken from it; times in seconds, sizes in bytes.

    ``received`` bounds what comes over the wire, ``unpacked`` what it unpacks to. ``total`` bounds one
    exchange from the first packet to the last, ``read`` the silence within it. ``delay`` lies between two
    visits of a host; where its robots.txt asks for more, up to ``longest_delay``. A server that says when to
    come back is waited for up to ``longest_wait``. ``pages`` are all that feeds and sitemaps of one run may
    name, ``parts`` in how many addresses a feed may go on, and ``depth`` how deep sitemaps may lie within
    sitemaps.
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
class Entry:
    """What a feed or a sitemap tells of one page: ``day`` is an ISO day, ``updated`` is as it is written."""

    url: str
    title: str | None = None
    day: str | None = None
    author: str | None = None
    updated: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page's bytes. ``url`` is what was asked for, ``name`` the address that the page is known by.

    The two differ where the server says that a page has moved for good, and by what only tells where a
    reader came from (``utm_source``). ``data`` is in the format of ``suffix``.
    ``at`` is the address that answered, with the validators ``etag`` and ``modified`` as it sent them.
    """

    url: str
    name: str
    data: bytes
    suffix: str
    entry: Entry
    at: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An address of which no bytes are given, and why, in one line with what to do."""

    source: str
    why: str
    state: State = "failed"


def looked_up(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver has for a name. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Means:
    """What this room asks of the system: names looked up, the time, and to wait."""

    lookup: Callable[[str, int], list[str]] = looked_up
    now: Callable[[], float] = time.monotonic
    date: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
