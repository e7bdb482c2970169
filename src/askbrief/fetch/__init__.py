"""Web pages: fetched politely and within limits, one by one or from the feeds that list them.

    urls ──> crawl ──> request ──> http           address: what may be connected to
             feeds,    robots,     one exchange   cache: what is known of indexed pages
             sitemaps, rate limit, with a checked
             pages     retries     IP address

Only the given addresses are fetched, and the pages that feeds and sitemaps among them list. Pages are bytes
here; ``formats`` reads them.
"""

from __future__ import annotations

from askbrief.fetch.address import parse_address
from askbrief.fetch.cache import CACHE_FILE, PageCache
from askbrief.fetch.crawl import fetch_pages
from askbrief.fetch.fetch_limits import FetchLimits
from askbrief.fetch.page_records import FeedEntry, FetchedPage, SkippedPage
from askbrief.fetch.system import System

__all__ = [
    "CACHE_FILE",
    "FeedEntry",
    "FetchLimits",
    "FetchedPage",
    "PageCache",
    "SkippedPage",
    "System",
    "fetch_pages",
    "parse_address",
]
