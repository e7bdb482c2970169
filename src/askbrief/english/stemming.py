"""Words and their stems: just enough English morphology to recognise two forms of a word."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from askbrief.english.lexicon import alike, british, table

WORD = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
STOP = frozenset(table("stop"))
"""Function words, which say nothing about a topic."""

_SUFFIXES = sorted(table("suffixes"), key=lambda suffix: (-len(suffix), suffix))
_SHORT = frozenset(table("short"))
_DOUBLING = frozenset({"ed", "ing", "er", "ers", "ings"})


class Token(NamedTuple):
    """A word of a text: as written, its stem, its extent in that text, and whether it is a stop word.

    “WHO”, “US” and “IT” are names, unless the whole text is in capitals.
    """

    text: str
    stem: str
    start: int
    end: int
    stop: bool


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The word's stem in lower case; forms of a word mostly share it ("negotiations" and "negotiate")."""
    lower = word.lower().rstrip(".").replace("’", "'")
    if is_acronym(word):  # US as U.S.
        dotted = ".".join(lower.replace(".", ""))
        lower = dotted if dotted in alike() else lower
    lower = lower.removesuffix("'s").removesuffix("'")
    lower = alike().get(lower, lower)
    lower = british().get(lower, lower)
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
    """The words of a text, including numbers, in order."""
    capitals = text.isupper() and " " in text
    found = []
    for word in WORD.finditer(text):
        stop = word[0].lower() in STOP and (capitals or not is_acronym(word[0]))
        found.append(Token(word[0], stem(word[0]), *word.span(), stop))
    return tuple(found)


def is_acronym(word: str) -> bool:
    """Whether a word of a text that isn't all in capitals is written as an acronym: WHO, US."""
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words, without stop words."""
    return frozenset(token.stem for token in tokens(text) if not token.stop)
