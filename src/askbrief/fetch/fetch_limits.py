"""How much is fetched, how often it is tried, and how long a server is waited for."""

from __future__ import annotations

from dataclasses import dataclass


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
