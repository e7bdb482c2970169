"""Validators of the indexed pages, so that the next run downloads only what has changed.

A file of JSON lines beside the database; the last line of an address counts. The entry of a page is valid
only while the index holds the text that was made of it. So the file may be lost, cut short, or older or newer
than the database, in a copy or after a crash: at worst pages are fetched once more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from askbrief import json_records, plain_files
from askbrief.fetch.address import Address
from askbrief.fetch.page_records import FetchedPage, Listing

CACHE_FILE = "fetched.jsonl"
"""The file's name in the folder of an index."""

LARGEST = 1 << 30
"""Bytes of a file that is read: a line has some 300."""

SLACK = 1_000_000
"""Bytes of outdated lines, beyond as many as are valid, at which the file is rewritten."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What is known of an address: ``at`` is the address that answered, with the server's validators.

    For a page, ``sha256`` is the digest of its text in the index, and ``updated`` what the feed said of it.
    A feed or sitemap has a ``listing`` instead.
    """

    url: str
    name: str
    at: str
    etag: str | None = None
    modified: str | None = None
    updated: str | None = None
    sha256: str | None = None
    listing: Listing | None = None


class PageCache:
    """The file, read when it is opened and then appended to; only the writer of an index has it open."""

    def __init__(self, path: Path, sha256_of: Callable[[str], str | None]) -> None:
        """``sha256_of(name)`` is the sha256 of the text that the index has under a name, or None."""
        self._path = path
        self._sha256_of = sha256_of
        lines = _lines(path)
        known = {entry.url: (entry, len(line)) for line in lines if (entry := _parsed(line))}
        self._entries = {url: entry for url, (entry, _) in known.items()}
        self._torn = bool(lines) and not lines[-1].endswith(b"\n")
        if sum(map(len, lines)) > 2 * sum(size for _, size in known.values()) + SLACK:
            rewritten = path.with_suffix(".new")
            plain_files.replace(rewritten, "".join(map(_line, self._entries.values())).encode())
            rewritten.replace(path)
            self._torn = False

    def find(self, url: str) -> CacheEntry | None:
        """The entry of an address, if it is valid."""
        entry = self._entries.get(url)
        if entry is None or entry.listing is not None:
            return entry
        return entry if entry.sha256 is not None and self._sha256_of(entry.name) == entry.sha256 else None

    def name(self, address: Address) -> str:
        """The name of the page at an address, when it was last fetched if it ever was."""
        entry = self._entries.get(str(address))
        return address.name if entry is None else entry.name

    def holds(self, name: str) -> bool:
        """Whether the index has a text of this name."""
        return self._sha256_of(name) is not None

    def keep(self, page: FetchedPage, sha256: str) -> None:
        """Record that a text with this digest was made of a page."""
        known = (page.etag, page.modified, page.entry.updated)
        self.note(CacheEntry(page.url, page.name, page.at, *known, sha256))

    def note(self, entry: CacheEntry) -> None:
        """Append an entry, unless it is known already."""
        if self._entries.get(entry.url) == entry:
            return
        self._entries[entry.url] = entry
        plain_files.append(self._path, ("\n" * self._torn + _line(entry)).encode())
        self._torn = False


def _lines(path: Path) -> list[bytes]:
    """The lines of the file; none if there is none, or if it is larger than any that was written here."""
    try:
        return plain_files.read(path, LARGEST).splitlines(keepends=True)
    except FileNotFoundError:
        return []


def _parsed(line: bytes) -> CacheEntry | None:
    """The entry in a line; None if the line is cut short or not valid."""
    try:
        return json_records.record(CacheEntry, json_records.parsed(line))
    except ValueError:
        return None


def _line(entry: CacheEntry) -> str:
    return json.dumps(asdict(entry)) + "\n"
