"""The day of a document: as its metadata, its address or path, or a line of its own tells it.

The surest comes first: what the file says it was published on, then a day in its address or path, then one
that a line near its top tells, at last the day on which the file was made. Only whole days count: none is
worked out from “yesterday” or “Friday”, and a dateline without a year only has one beside the file's own day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import unquote

FIRST_LINES = 10
"""A line that tells the day stands among the first of a text."""
LONGEST_LINE = 80
"""Characters of a line that tells a day and nothing else, or of a dateline."""
OLDEST, NEWEST = 1600, 2199
"""Years; others are a number, or a clock that was not set."""
BEHIND = timedelta(days=60)
"""A dateline without a year is of the year that puts it at most so long before the file was made."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # noqa: E501
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thurs?|Fri|Sat(?:ur)?|Sun)(?:day|\.)?"
_WRITTEN = tuple(
    re.compile(rf"(?:{_WEEKDAY},?\s+)?{form}(?!\d)", re.IGNORECASE)
    for form in (rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}", rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}")
)
_LABEL = re.compile(
    r"(?:(?:first\s+)?(?:published|posted|issued|released?|date[d]?)(?:\s+(?:on|date))?\s*:?\s*)",
    re.IGNORECASE,
)
_REST = re.compile(
    rf"[\s,|·–—-]*(?:{_WEEKDAY})?[\s,|·–—-]*(?:at\s+)?(?:\d{{1,2}}[:.]\d\d\D{{0,12}})?", re.IGNORECASE
)
_DATELINE = re.compile(
    rf"[A-Z][A-Z .'’-]+(?:[,/] ?[\w .'’-]+?)??,? {_MONTH}\s+(?P<day>\d{{1,2}})(?:,? {_YEAR})?,?"
    r"(?: \([\w/ .-]{2,30}\))?\s*[-–—:]"
)
_IN_NAME = re.compile(r"(?<![0-9A-Za-z])(?P<year>\d{4})([-_.])(?P<month>\d{2})\2(?P<day>\d{2})(?!\d)")
_IN_FOLDERS = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{1,2}|[A-Za-z]{3,9})/(?P<day>\d{1,2})(?=/|$)")
_STAMP = re.compile(r"\s*(?:D:)?(?P<year>\d{4})(-?)(?P<month>\d{2})\2(?P<day>\d{2})(?!\d{1,5}(?!\d))")


def first_lines(text: str) -> list[str]:
    """The lines among which one may tell the day of a text."""
    head = text[: FIRST_LINES * 500].splitlines()
    return [line.strip("\ufeff \t#*_") for line in head if line.strip()][:FIRST_LINES]


def told_day(
    published: str | None, places: Iterable[str | None], lines: Iterable[str], made: str | None
) -> str | None:
    """The ISO day of a document, or None where nothing tells it.

    ``published`` and ``made`` are what metadata hold, in any form that ``stamped_day`` reads, ``places``
    addresses and paths, ``lines`` the first lines of its text.
    """
    day = stamped_day(published or "") or next(filter(None, map(placed_day, filter(None, places))), None)
    last = stamped_day(made or "")
    return day or next(filter(None, (line_day(line, last) for line in lines)), None) or last


def stamped_day(stamp: str) -> str | None:
    """The ISO day of a time stamp of metadata (2024-05-03T09:30Z, D:20240503093000), or of a day in words."""
    found = _STAMP.match(stamp)
    if found:
        return _day(found)
    return next((_day(match) for match in (form.match(stamp.strip()) for form in _WRITTEN) if match), None)


def placed_day(place: str) -> str | None:
    """The ISO day that a path or an address carries: 2024-05-03 in its last name, or 2024/05/03 above it."""
    path = unquote(re.split("[?#]", place)[0]) if re.match(r"https?://", place, re.IGNORECASE) else place
    name = path.rstrip("/").rpartition("/")[2]
    found = [*_IN_NAME.finditer(name), *_IN_FOLDERS.finditer(path)]
    return next(filter(None, map(_day, found)), None)


def line_day(line: str, last: str | None = None) -> str | None:
    """The ISO day that a line tells and nothing else (“Published: 3 May 2024”), or that a dateline has.

    A dateline without a year (“LONDON, May 3 (Reuters) -”) has one where it was shortly before ``last``.
    """
    line = line.lstrip()[: LONGEST_LINE + 1]
    found = _DATELINE.match(line)
    if found:
        return _day(found) if found["year"] else _before(found, last)
    label = _LABEL.match(line)
    for form in _WRITTEN:
        whole = form.match(line, label.end() if label else 0)
        if whole and len(line) <= LONGEST_LINE and _REST.fullmatch(line.rstrip(), whole.end()):
            return _day(whole)
    return None


def _before(found: re.Match[str], last: str | None) -> str | None:
    if last is None:
        return None
    end = date.fromisoformat(last)
    days = (_made(end.year - back, found["month"], found["day"]) for back in (0, 1))
    return next((day.isoformat() for day in days if day and end - BEHIND <= day <= end), None)


def _day(found: re.Match[str]) -> str | None:
    day = _made(int(found["year"]), found["month"], found["day"])
    return day.isoformat() if day else None


def _made(year: int, month: str, day: str) -> date | None:
    named = [
        number for number, name in enumerate(_MONTHS, 1) if name.startswith(month.lower().strip(".")[:3])
    ]
    number = int(month) if month.isdecimal() else next(iter(named), 0)
    try:
        return date(year, number, int(day)) if OLDEST <= year <= NEWEST else None
    except ValueError:  # 31 April
        return None
