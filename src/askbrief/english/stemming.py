"""Words and their stems: enough English morphology to see that two words are one, and no more."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from askbrief.english.question_words import alike, table

WORD = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
STOP = frozenset(table("stop"))
"""Words that carry no matter of their own."""

_SUFFIXES = sorted(table("suffixes"), key=lambda suffix: (-len(suffix), suffix))
_SHORT = frozenset(table("short"))
_DOUBLING = frozenset({"ed", "ing", "er", "ers", "ings"})


class Token(NamedTuple):
    """A word of a text: as written, its stem, and its extent in that text."""

    text: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The word's stem, lower case; forms of one word mostly share it ("negotiations" and "negotiate")."""
    lower = word.lower().rstrip(".").replace("’", "'")
    lower = lower.removesuffix("'s").removesuffix("'")
    lower = alike().get(lower, lower)
    return _cut(_cut(lower)) if lower.isascii() and lower.isalpha() else lower


def _cut(word: str) -> str:
    for suffix in _SUFFIXES:
        root = word.removesuffix(suffix)
        if root != word and len(root) >= (3 if suffix in _SHORT else 4) and not word.endswith("ss"):
            doubled = suffix in _DOUBLING and len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root
    return word


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, numbers included, in order."""
    return tuple(Token(m[0], stem(m[0]), m.start(), m.end()) for m in WORD.finditer(text))


def is_stop(token: Token) -> bool:
    """Whether the word is one of those that carry no matter of their own."""
    return token.text.lower() in STOP


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words, without stop words."""
    return frozenset(token.stem for token in tokens(text) if not is_stop(token))


def same_name(one: str, other: str) -> bool:
    """Whether two words in lower case are one name ("kharkov", "kharkiv"): an edit apart, long ones two."""
    from rapidfuzz.distance import OSA

    shorter = min(len(one), len(other))
    if shorter < 5 or one[0] != other[0]:
        return False
    allowed = 1 if shorter < 8 else 2
    return bool(OSA.distance(one, other, score_cutoff=allowed) <= allowed)


def nearest_name(name: str, among: Collection[str]) -> str | None:
    """That of the others which is the same name, spelt most alike; None where there is none."""
    from rapidfuzz.distance import OSA

    close = [other for other in among if same_name(name, other)]
    return min(close, key=lambda other: (OSA.distance(name, other), other), default=None)
