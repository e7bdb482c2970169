"""The date of a document: from its metadata, its address or path, or a line of its text.

The most reliable comes first: the publication date in the metadata, then the address or path, then a line
near the top, and last the date on which the file was made. If the most reliable is a month or a year only,
the first other that gives a day in it is used. No date is derived from “yesterday” or “Friday”; a dateline
without a year needs the file's own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

from askbrief.text import is_web
from askbrief.types import Origin

FIRST_LINES = 10
"""A line with the date is among the first of a text."""
LONGEST_LINE = 80
"""Characters of a line with nothing but a date, or of a dateline."""
OLDEST, NEWEST = 1600, 2199
"""Years; others are numbers, or from a clock that was not set."""
BEHIND = timedelta(days=60)
"""A dateline without a year is at most this long before the file was made."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # noqa: E501
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+of(?=\s))?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day|\.)?"
_WRITTEN = tuple(
    re.compile(rf"(?:{_WEEKDAY},?\s+)?{form}(?!\d)", re.IGNORECASE)
    for form in (rf"{_DAY}[\s-]+{_MONTH},?[\s-]+{_YEAR}", rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}")
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_LABEL = re.compile(
    r"(?:(?:for\s+immediate|press|news|media)\s+release|(?:first\s+)?(?:published|posted|issued|released?|date[d]?))"
    r"(?:\s+(?:on|date))?\b[\s:,|–—-]*",
    re.IGNORECASE,
)
_REST = re.compile(
    rf"[\s,|·–—-]*(?:{_WEEKDAY})?[\s,|·–—-]*(?:at\s+)?(?:\d{{1,2}}[:.]\d\d\D{{0,12}})?[.)]?", re.IGNORECASE
)
_AGENCY = r"(?: \([\w/ .-]{2,30}\))?"
_CAPITALS = r"[A-Z][A-Z .'’-]+(?:[,/] ?[\w .'’-]+?)??"
_DATELINES = tuple(
    re.compile(rf"{_CAPITALS}(?:,? | ?[–—-]+ ?){date}(?:,? {_YEAR})?,?{_AGENCY}\s*[-–—:]")
    for date in (rf"{_MONTH}\s+(?P<day>\d{{1,2}})", rf"(?P<day>\d{{1,2}})\s+{_MONTH}")
)
_IN_NAME = re.compile(r"(?<![0-9A-Za-z])(?P<year>\d{4})([-_.])(?P<month>\d{2})\2(?P<day>\d{2})(?!\d)")
_IN_FOLDERS = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{1,2}|[A-Za-z]{3,9})/(?P<day>\d{1,2})(?=/|$)")
_STAMP = re.compile(r"\s*(?:D:)?(?P<year>\d{4})([-/]?)(?P<month>\d{2})\2(?P<day>\d{2})(?!\d{1,5}(?!\d))")
_REDUCED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?", rf"{_MONTH},?\s+{_YEAR}")
)
_MONTH_IN_FOLDERS = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{2})/")
_NUMBERS = tuple(
    re.compile(rf"\s*{form}(?!\d)")
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",  # 2024/3/4
        r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",  # the day first
        r"(?P<day>\d{1,2})([/-])(?P<month>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<month>\d{1,2})([/-])(?P<day>\d{1,2})\2(?P<year>\d{4})",
    )
)
_AROUND_CLOCK = re.compile(
    rf"\s*{_WEEKDAY} {_MONTH} {{1,2}}{_DAY} \d\d:\d\d:\d\d (?:[+-]\d{{4}} |[A-Z]{{2,5}} )?{_YEAR}(?!\d)"
)
"""Mon Mar 04 09:12:33 +0000 2024, as Twitter and the C library write it."""
_NAME = r"[A-Z][\w.'’-]*(?: (?:[A-Z]|an?[mn] |de |of |on |the |upon )[\w.'’-]*){0,4}"
_PLACE = re.compile(rf"\(?{_NAME}(?:/[A-Z]\w+|, {_NAME}){{0,2}}(?:,? \(|,? [–—-] |, )(?:the |le )?")
_BEGINS_TEXT = re.compile(rf"{_AGENCY}(?: ?[–—]| --?) ?\w")
"""What follows a place and a date if the text begins on their line."""
_CLOCK = re.compile(r"\s*\d{10,13}(?:\.\d+)?\s*")
_EARLIEST, _LATEST = 1e9, 5e9
"""Seconds since 1970 between 2001 and 2128; a thousand times as many are milliseconds. Nine digits may be a
mistyped date."""


def first_lines(text: str) -> list[str]:
    """The lines that may have the date of a text."""
    head = text[: FIRST_LINES * 500].splitlines()
    return [line.strip("\ufeff \t#*_") for line in head if line.strip()][:FIRST_LINES]


def find_date(
    published: tuple[str | None, Origin], url: str | None, source: str, lines: Iterable[str], made: str | None
) -> tuple[str, Origin] | tuple[None, None]:
    """The ISO date of a document and its origin; None and None if there is none.

    ``published``, with its origin, and ``made`` are from metadata, in any form that ``written_date`` reads;
    ``lines`` are the first of the text.
    """
    last = written_date(made or "")
    ways: tuple[tuple[str | None, Origin], ...] = (
        (written_date(published[0] or ""), published[1]),
        (placed_date(url or ""), "address"),
        (placed_date(source), "address" if is_web(source) else "path"),
        *((line_day(line, last), "text") for line in lines),
        (last, "file"),
    )
    found = [(date, origin) for date, origin in ways if date]
    if not found:
        return None, None
    surest = found[0][0]
    return max((each for each in found if each[0].startswith(surest)), key=lambda each: len(each[0]))


def written_date(stamp: str) -> str | None:
    """The ISO date of a timestamp (2024-05-03T09:30Z, D:20240503093000, seconds or milliseconds since 1970),
    of a date in numbers or words, also one among other words, or of a month or a year. None for anything
    else: 06/07/2024 is ambiguous, and 25/07/2024 isn't."""
    if found := _STAMP.match(stamp) or _AROUND_CLOCK.match(stamp):
        return _day(found)
    days = {day for match in (form.match(stamp) for form in _NUMBERS) if match and (day := _day(match))}
    if days:
        return days.pop() if len(days) == 1 else None
    stamp = stamp.strip()[:LONGEST_LINE]
    if _CLOCK.fullmatch(stamp):
        return _since_1970(float(stamp))
    found = next(filter(None, (form.fullmatch(stamp) for form in _REDUCED)), None)
    if found:
        return _shortened(found)
    if begun := next((match for match in (form.match(stamp) for form in _WRITTEN) if match), None):
        return _day(begun)
    days = {_day(match) or "" for form in _WRITTEN for match in form.finditer(stamp)}
    return days.pop() or None if len(days) == 1 else None


def placed_date(place: str) -> str | None:
    """The ISO date in a path or an address: 2024-05-03 in its last name, 2024/05/03 or 2024/05 above it."""
    path = unquote(re.split("[?#]", place)[0]) if is_web(place) else place
    name = path.rstrip("/").rpartition("/")[2]
    found = [*_IN_NAME.finditer(name), *_IN_FOLDERS.finditer(path)]
    months = (_shortened(match) for match in _MONTH_IN_FOLDERS.finditer(path))
    return next(filter(None, (*map(_day, found), *months)), None)


def line_day(line: str, last: str | None = None) -> str | None:
    """The ISO date of a line with nothing else but a label or a place (“Published: 3 May 2024”), or of a
    dateline.

    A dateline without a year (“LONDON, May 3 (Reuters) -”) must be shortly before the date ``last``.
    """
    line = line.lstrip()[: LONGEST_LINE + 1]
    for dateline in _DATELINES:
        if found := dateline.match(line):
            return _day(found) if found["year"] else _before(found, last)
    label, place = _LABEL.match(line), _PLACE.match(line)
    days = [_stated(line, label.end())] if label else []
    days += [_stated(line, place.end(), begins_text=True)] if place else []
    return next(filter(None, days), None) or _stated(line, 0)


def _stated(line: str, at: int, *, begins_text: bool = False) -> str | None:
    """The date at a place in a line with which the line ends, or after which a text begins."""
    for form in (*_WRITTEN, _ISO):
        if date := form.match(line, at):
            whole = len(line) <= LONGEST_LINE and _REST.fullmatch(line.rstrip(), date.end())
            if whole or (begins_text and _BEGINS_TEXT.match(line, date.end())):
                return _day(date)
    return None


def _before(found: re.Match[str], last: str | None) -> str | None:
    if last is None or len(last) < len("2024-05-03"):
        return None
    end = date.fromisoformat(last)
    days = (_made(end.year - back, found["month"], found["day"]) for back in (0, 1))
    return next((day.isoformat() for day in days if day and end - BEHIND <= day <= end), None)


def _day(found: re.Match[str]) -> str | None:
    day = _made(int(found["year"]), found["month"], found["day"])
    return day.isoformat() if day else None


def _shortened(found: re.Match[str]) -> str | None:
    """The month or the year that was found, if it is valid."""
    day = _made(int(found["year"]), found["month"] or "1", "1")
    return day.isoformat()[: len("2024-05" if found["month"] else "2024")] if day else None


def _since_1970(seconds: float) -> str | None:
    seconds = seconds / 1000 if seconds > _LATEST else seconds
    if not _EARLIEST <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _made(year: int, month: str, day: str) -> date | None:
    try:
        number = int(month) if month.isdecimal() else 1 + _MONTHS.index(month.lower()[:3])
        return date(year, number, int(day)) if OLDEST <= year <= NEWEST else None
    except ValueError:  # 31 April, or no month
        return None
