"""Numbered lists that are written in one line: “1. The first 2. The second”, “(a) Pay (b) Hours”.

A list is known by its count: two markers or more of one style, each the next after the one before. A marker
alone is never one: “He won 2. The rest …”. Neither are capital letters with a period, which are initials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from askbrief.text.words import english_words

BULLETS = "•●▪◦‣⁃∙■◆○➢►✓✔"

_MARKER = r"""(?P<open>[(\[]?)
    (?:(?P<figure>\d{1,3})|(?P<letter>[a-z]|[A-Z](?!\.\s))|(?P<roman>[ivx]{2,5}|[IVX]{1,5}))
    (?P<close>\.\)|[.)\]])\s++(?=["'“‘(]?[^\W_a-z])"""
_FIRST = re.compile(_MARKER, re.VERBOSE)
_LATER = re.compile(rf"\s{_MARKER}", re.VERBOSE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n\s*+\Z")
_BEGINS = frozenset(".!?…。！？:\"'”’»›)]}*_`")
"""What may stand before the first item: a colon, or the end of a sentence."""
_LISTED = frozenset(",(/&-–" + BULLETS)
_JOINING = frozenset({"and", "or", "to"})
"""What stands before a number that begins no item: “the cost, and 2) The Times”."""
_ROMAN = {"i": 1, "v": 5, "x": 10}
_REACH = 40

_Expected = tuple[str, str, str, int]
"""The brackets and periods of a marker, what it counts in, and its number."""


def list_items(text: str, start: int, end: int) -> list[int]:
    """The offsets in a paragraph at which items of numbered lists begin, in order; linear in its length."""
    lists: dict[_Expected, int] = {}  # the next marker of each list, and where its last item begins
    found: set[int] = set()
    for marker in chain(filter(None, [_FIRST.match(text, start, end)]), _LATER.finditer(text, start, end)):
        at = marker.start("open")
        before = text[max(start, at - _REACH) : at]
        if _within_sentence(before):
            continue
        for kind, number in _readings(marker):
            style = (marker["open"], kind, marker["close"])
            last = lists.pop((*style, number), None)
            if last is not None:
                found |= {last, at}
            if last is not None or _begins(before, footnote=marker["open"] == "["):
                lists[*style, number + 1] = at
    return sorted(found)


def _begins(before: str, *, footnote: bool) -> bool:
    """Whether a list may begin after this text; “[1]” after a sentence is a footnote's number."""
    shown = before.rstrip()
    apart = not shown or _BLANK_LINE.search(before) is not None
    return apart or (shown[-1] in _BEGINS and not footnote)


def _within_sentence(before: str) -> bool:
    """Whether a number after this text is none of an item: “No. 2. The”, “1) cost, and 2) The”."""
    last = before.split()[-1] if before.strip() else ""
    tables = ("numbering", "announcing")
    numbered = last.endswith(".") and any(last[:-1] in english_words(table) for table in tables)
    return last in _JOINING or last[-1:] in _LISTED or numbered


def _readings(marker: re.Match[str]) -> Iterator[tuple[str, int]]:
    """What a marker may count: figures, letters, Roman numerals."""
    if marker["figure"]:
        yield "figure", int(marker["figure"])
        return
    value = marker["letter"] or marker["roman"]
    case = "capital" if value.isupper() else "small"
    if marker["letter"]:
        yield f"{case} letter", ord(value)
    digits = [_ROMAN.get(letter, 0) for letter in value.lower()]
    if all(digits):
        signs = (-1 if one < after else 1 for one, after in zip(digits, [*digits[1:], 0], strict=True))
        yield f"{case} Roman", sum(digit * sign for digit, sign in zip(digits, signs, strict=True))
