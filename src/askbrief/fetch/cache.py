"""What servers said of the pages that an index holds, so that the next run asks only for what has changed.

A file of lines of JSON beside the database, one an address, the last of an address counts. It decides
nothing by itself: what is kept of a page counts only while the index holds the very text that was made of
it. So it may be lost, cut short or older or newer than the database, in a copy or after a crash: at worst
pages are fetched once more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askbrief.fetch.records import Entry, Fetched

FILE = "fetched.jsonl"
"""Its name in the folder of an index."""

SLACK = 1_000_000
"""Bytes that count no more, above as many as do, after which the file is written anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an address: ``at`` is what answered, with the server's validators.

    Of a page, ``sha256`` is that of the text that was made of it, and ``updated`` what the feed said of it;
    of a feed or sitemap, ``entries`` are what it names, ``nested`` where they are sitemaps themselves, and
    ``following`` is where it goes on.
    """

    url: str
    name: str
    at: str
    etag: str | None = None
    modified: str | None = None
    updated: str | None = None
    sha256: str | None = None
    entries: tuple[Entry, ...] | None = None
    nested: bool = False
    following: str | None = None


class Store:
    """The file, read when it is opened and then added to; one writer of an index at a time has it open."""

    def __init__(self, path: Path, held: Callable[[str], str | None]) -> None:
        """``held`` gives the sha256 of the text that the index holds under a name, None where it has none."""
        self._path = path
        self._held = held
        lines = _lines(path)
        known = {kept.url: (kept, len(line)) for line in lines if (kept := _parsed(line))}
        self._kept = {url: kept for url, (kept, _) in known.items()}
        self._torn = bool(lines) and not lines[-1].endswith(b"\n")
        if sum(map(len, lines)) > 2 * sum(size for _, size in known.values()) + SLACK:
            self._write_anew()

    def find(self, url: str) -> Kept | None:
        """What is kept of an address, where it still counts."""
        kept = self._kept.get(url)
        if kept is None or kept.entries is not None:
            return kept
        return kept if kept.sha256 is not None and self._held(kept.name) == kept.sha256 else None

    def name(self, url: str) -> str | None:
        """The name by which the page at an address was known when it was last fetched."""
        kept = self._kept.get(url)
        return None if kept is None else kept.name

    def holds(self, name: str) -> bool:
        """Whether the index has a text of this name."""
        return self._held(name) is not None

    def keep(self, page: Fetched, sha256: str) -> None:
        """Note of a page that a text with this digest was made of it."""
        known = (page.etag, page.modified, page.entry.updated)
        self.note(Kept(page.url, page.name, page.at, *known, sha256))

    def note(self, kept: Kept) -> None:
        """Add what is known now of an address."""
        if self._kept.get(kept.url) == kept:
            return
        self._kept[kept.url] = kept
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n" * self._torn + _line(kept))
        self._torn = False

    def _write_anew(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text("".join(map(_line, self._kept.values())), encoding="utf-8")
        beside.replace(self._path)
        self._torn = False


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []


def _parsed(line: bytes) -> Kept | None:
    """What a line holds; None of one that was cut short, or that is none of ours."""
    try:
        told: dict[str, Any] = json.loads(line)
        entries = told.pop("entries", None)
        kept = Kept(**told, entries=None if entries is None else tuple(Entry(**each) for each in entries))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    records: list[Kept | Entry] = [kept, *(kept.entries or ())]
    values = [
        value for each in records for name, value in asdict(each).items() if name not in {"entries", "nested"}
    ]
    return kept if all(value is None or isinstance(value, str) for value in values) else None


def _line(kept: Kept) -> str:
    told = {name: value for name, value in asdict(kept).items() if value not in (None, False)}
    if kept.entries is not None:
        told["entries"] = [{k: v for k, v in asdict(each).items() if v is not None} for each in kept.entries]
    return json.dumps(told) + "\n"
