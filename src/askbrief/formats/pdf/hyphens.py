"""Join words that were hyphenated at the end of a line, and figures that were broken there; compounds keep
their hyphen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from askbrief.formats.pdf.lines import SOFT_HYPHEN, Line
from askbrief.text.words import english_words

LONGEST_WORD = 60
"""Letters."""
SHORTEST_PART = 3
"""Letters of a part of a compound that is known by the words of the document alone."""

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN = re.compile(r"(?P<before>[-‐]?)\b(?P<stem>[^\W\d_]+)[-‐]$")
_GLUED = re.compile(r"(?:\S[—–‐/]|\w-)$")
"""What ends a line of which the next goes on without a space."""
_THOUSANDS = re.compile(r"(?:^|[^\d,.])\d{1,3}(?:,\d{3})*,$"), re.compile(r"\d{3}(?![\d])")
_DECIMALS = (
    re.compile(r"(?:^|[^\d.])\d+(?:,\d{3})*\.$"),
    re.compile(r"\d{1,3}(?:%|(?: (?:per ?cent|million|billion|trillion|bn|[ck]?m|km|kg)\b))"),
)
_CURRENCY = re.compile(r"[$€£¥]$"), re.compile(r"\d")
_DAY = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2},$|\b(?:aged?|No\.) \d+,$"
)
"""A day or an age before a comma: what follows is another figure."""


def joint(line: str, after: str, known: Counter[str]) -> tuple[int, str]:
    """How a line is joined to the next: how many characters are cut off its end, and what comes between.

    ``known`` counts the words of the document, which decide whether a hyphen belongs to the word.
    """
    if line.endswith(SOFT_HYPHEN):
        return len(line) - len(line.rstrip(SOFT_HYPHEN + "-‐")), ""
    broken = _BROKEN.search(line[-LONGEST_WORD:])
    following = _WORD.match(after)
    if not (broken and following):
        return 0, "" if _GLUED.search(line[-2:]) or breaks_figure(line, after) else " "
    stem, rest = broken["stem"].lower(), following[0].lower()
    whole, hyphened = known[stem + rest], known[f"{stem}-{rest}"]
    keeps = hyphened > whole or (hyphened == whole and _is_compound(broken["before"], stem, rest, known))
    return int(not keeps and following[0][0].islower()), ""


def _is_compound(before: str, stem: str, rest: str, known: Counter[str]) -> bool:
    """Whether two parts are words of their own: by the parts, or since the document has both as words."""
    if before or "-" in rest or stem in english_words("before_hyphen"):
        return True
    if rest in english_words("after_hyphen"):
        return True
    long = len(stem) >= SHORTEST_PART and len(rest) >= SHORTEST_PART
    return long and known[stem] > 0 < known[rest] and stem not in english_words("begins_words")


def breaks_figure(line: str, after: str) -> bool:
    """Whether a line ends within a figure: 1,|250 or 3.|5 million or $|5."""
    line = line[-LONGEST_WORD:]
    if _DAY.search(line):
        return False
    return any(end.search(line) and go_on.match(after) for end, go_on in (_THOUSANDS, _DECIMALS, _CURRENCY))


def words(pages: Iterable[Iterable[Line]]) -> Counter[str]:
    """The words of a document that are not broken at the end of a line, counted."""
    known = Counter[str]()
    for lines in pages:
        for line in lines:
            words = [word.lower().replace("‐", "-") for word in _WORD.findall(line.text)]
            known.update(words[:-1] if _BROKEN.search(line.text[-LONGEST_WORD:]) else words)
    return known
