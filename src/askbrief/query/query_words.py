"""What a word is to exact search: a run of letters and digits, whatever its case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

WORD = re.compile(r"[^\W_]+")
_ACCENTED = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH .+")
"""Names of letters that aren't composed of a letter and a mark, as “ł” and “ø”."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in lower case without accents; ``offsets`` has for each character, and for the end, its place in
    the text, None if all are the same."""

    text: str
    offsets: Sequence[int] | None = None

    def at(self, place: int) -> int:
        """The offset in the text of an offset in the folded text."""
        return place if self.offsets is None else self.offsets[place]


def folded(text: str) -> Folded:
    """The text as words are compared."""
    lower = text.lower()
    if lower.isascii():
        return Folded(lower)
    letters = {each for each in set(lower) if not each.isascii()}
    if len(lower) == len(text) and all(len(_plain(each)) == 1 for each in letters):
        for each in letters:
            if (plain := _plain(each)) != each:
                lower = lower.replace(each, plain)
        return Folded(lower)
    pieces = [_plain(each) for each in text]
    offsets = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), [*offsets, len(text)])


@cache
def _plain(character: str) -> str:
    """A character in lower case without its accent; a combining mark is nothing, a ligature its letters."""
    if not character.isascii() and character.isalpha():
        lower = character.lower()
        named = _ACCENTED.fullmatch(unicodedata.name(lower, "")) if len(lower) == 1 else None
        if named:
            return named[1].lower()
        apart = unicodedata.normalize("NFKD", lower)
        return "".join(each for each in apart if not unicodedata.combining(each)).lower() or lower
    return "" if unicodedata.combining(character) else character.lower()


def folded_words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return WORD.findall(folded(text).text)
