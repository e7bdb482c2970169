"""Join words that were hyphenated at the end of a line; compounds keep their hyphen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from askbrief.formats.pdf.lines import SOFT_HYPHEN, Line
from askbrief.text.words import english_words

LONGEST_WORD = 60
"""Letters."""

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN = re.compile(r"(?P<stem>[^\W\d_]+)[-‐]$")


def joint(line: str, after: str, known: Counter[str]) -> tuple[int, str]:
    """How a line is joined to the next: how many characters are cut off its end, and what comes between.

    ``known`` counts the words of the document, which decide whether a hyphen belongs to the word.
    """
    if line.endswith(SOFT_HYPHEN):
        return len(line) - len(line.rstrip(SOFT_HYPHEN + "-‐")), ""
    broken = _BROKEN.search(line[-LONGEST_WORD:])
    following = _WORD.match(after)
    if not (broken and following):
        return 0, "" if re.search(r"\S[—‐]$|\w-$", line[-2:]) else " "
    stem, rest = broken["stem"].lower(), following[0].lower()
    whole, hyphened = known[stem + rest], known[f"{stem}-{rest}"]
    usual = stem in english_words("before_hyphen") or rest in english_words("after_hyphen")
    keeps = hyphened > whole or (hyphened == whole and usual)
    return int(not keeps and following[0][0].islower()), ""


def words(pages: Iterable[Iterable[Line]]) -> Counter[str]:
    """The words of a document that are not broken at the end of a line, counted."""
    known = Counter[str]()
    for lines in pages:
        for line in lines:
            words = [word.lower().replace("‐", "-") for word in _WORD.findall(line.text)]
            known.update(words[:-1] if _BROKEN.search(line.text[-LONGEST_WORD:]) else words)
    return known
