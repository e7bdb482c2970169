"""Pages of the web: fetched politely and within limits, one by one or by the feeds that name them.

    urls ──> walk ──> visit ──> transfer          address: what may be connected to
             feeds,   robots,   one exchange      store: what is known of pages that are held
             sitemaps delays,   with one checked
             pages    retries   number

Nothing is fetched but what is given, and what feeds and sitemaps among it name. What a page says is read by
``sources``; here it is bytes.
"""

from __future__ import annotations

from askbrief.fetch.cache import FILE, Store
from askbrief.fetch.crawl import fetched
from askbrief.fetch.records import Entry, Fetched, Limits, Means, Skipped

__all__ = ["FILE", "Entry", "Fetched", "Limits", "Means", "Skipped", "Store", "fetched"]
