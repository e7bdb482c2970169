"""What can answer a kind of question: names, dates, numbers, places, reasons and reported speech."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from askbrief.english.lexicon import choice
from askbrief.english.stemming import STOP
from askbrief.types import Extent

_CAPITAL = r"[^\W\d_a-zß-öø-ÿа-я][\w.’'-]*"
_COUNT, _UNIT = choice("number_words"), choice("units")
_MONTH, _PERIOD = choice("months"), choice("periods")

NUMBER = re.compile(
    rf"[$€£]?\b\d[\d,]*(?:\.\d+)?(?:[ -]?{_UNIT}(?!\w)|%)*|\b{_COUNT}(?:[- ](?:{_COUNT}|{_UNIT}))*\b",
    re.IGNORECASE,
)
CALENDAR = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH}\b"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? \d{4}\b)?"
    r"|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\. \d{1,2}\b"
    r"|\b(?:1[0-9]|20)\d\ds?\b(?![,.]\d)|\b\d{1,4} (?:BC|BCE|AD|CE)\b"
    r"|\b(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day\b"
)
DATE = re.compile(
    CALENDAR.pattern + r"|\b\w+(?:st|nd|rd|th)[ -]centur(?:y|ies)\b"
    r"|\b(?:yesterday|today|tomorrow|tonight|now|recently|currently)\b"
    rf"|\b(?:last|next|this|earlier this|previous|following|recent) {_PERIOD}s?\b"
    r"|\b(?:by |at |until )?the (?:end|start|beginning) of (?:the )?\w+"
    rf"|\b\w+ {_PERIOD}s? (?:ago|later|earlier|before|after)\b"
)
NAME = re.compile(rf"{_CAPITAL}(?:[ -](?:(?:of|the|de|van|von|and|for|al|bin|du|la) )*{_CAPITAL})*")
PLACE = re.compile(
    r"\b(?:in|at|near|from|to|around|across|on|off|outside|inside|throughout|into|towards?|between|of|over)"
    rf" ((?:the |an? )?(?:[a-z]+ ){{0,2}}{_CAPITAL}(?: {_CAPITAL})*)"
)
REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|thanks to|since|as a result of|so that|so as to|in order to"
    r"|caused by|on the grounds|in response to|for fear|for the purpose|which (?:led|meant|caused)"
    r"|leading to|resulted in|led to|allow(?:s|ed|ing)?"
    r"|to (?:avoid|prevent|ensure|protect|help|make|allow|reduce))\b[^.;]*"
)
REPORTED = re.compile(
    r"[“\"]([^“”\"]{3,}?)[,.]?[”\"]"
    r"|\b(?:say(?:s|ing)?|said|told|add(?:ed|ing)|claim(?:s|ed|ing))\b[^“”\";]{0,80}? that (.{8,})"
    r"|\b(?:say(?:s|ing)|said|added|adding)\b,? ([^“”\"]{8,})"
)
_INITIALS = re.compile(r"\b\w\.$")

PATTERNS = {"when": DATE, "where": PLACE, "number": NUMBER, "why": REASON, "said": REPORTED}


@lru_cache(maxsize=16384)
def entities(kind: str, text: str) -> tuple[Extent, ...]:
    """The extents in ``text`` of what can answer a question of this kind; empty for unknown kinds."""
    if kind == "who":
        names = (_name(text, *extent) for extent in _spans(NAME, text))
        return _outside_dates((name for name in names if name), text)
    if kind not in PATTERNS:
        return ()
    found = _spans(PATTERNS[kind], text)
    return _outside_dates(found, text) if kind in {"number", "where"} else found


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Extent, ...]:
    """The extents of all matches: of the group that matched, if the pattern has groups."""
    return tuple(match.span(match.lastindex or 0) for match in pattern.finditer(text))


def _outside_dates(extents: Iterable[Extent], text: str) -> tuple[Extent, ...]:
    """The extents that overlap no calendar date."""
    dates = _spans(CALENDAR, text)
    return tuple(e for e in extents if not any(a < e[1] and e[0] < b for a, b in dates))


def _name(text: str, start: int, end: int) -> Extent | None:
    """A run of capitalised words without a stop word before it, and without a final period or possessive."""
    first = re.match(r"[\w’']+", text[start:end])
    if first and first[0].lower() in STOP:
        start += first.end()
        start += len(text[start:end]) - len(text[start:end].lstrip(" -.,"))
    if text[start:end].endswith(".") and not _INITIALS.search(text[start:end]):
        end -= 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    return (start, end) if start < end else None
