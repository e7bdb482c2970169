"""The number that a question asks for, where a sentence has others: how many children, of eleven people.

A reading model that finds the right sentence may choose the total beside the part that is asked for.
"""

from __future__ import annotations

import re

from askbrief.english.lexicon import choice
from askbrief.english.reporting import ENGLISH
from askbrief.english.stemming import stem
from askbrief.read.entities import entities
from askbrief.types import Extent

_ASKED = re.compile(r"\bhow many ((?:[a-z-]+ ){1,4})", re.IGNORECASE)
_ENDS = ENGLISH.auxiliaries | ENGLISH.passive | {"do", "does", "did", "of", "in"}
_FIGURES = re.compile(rf"\d[\d,.]*|\b{choice('number_words')}\b", re.IGNORECASE)
_WORD = re.compile(r"[-\s]+([^\W\d_][\w’'-]*)")
_FAR = 3  # words after a number of which one says what it counts: four young children
_NO_COUNT = (
    ENGLISH.prepositions | ENGLISH.verbs | ENGLISH.auxiliaries | ENGLISH.passive | ENGLISH.subordinators
)
_NO_COUNT -= {"of"}
_NO_NOUN = _NO_COUNT | {"of", "each", "more", "others"}


def counted(question: str, text: str, extent: Extent) -> Extent:
    """The extent of an answer in a sentence, or that of the only number of what the question counts, if the
    answer has a number of something else."""
    noun = _noun(question)
    if noun is None:
        return extent
    numbers = [(start, _without_unit(text, start, end)) for start, end in entities("number", text)]
    right = [(start, past) for start, end in numbers if (past := _counts(text, end, noun))]
    chosen = [end for start, end in numbers if start < extent[1] and extent[0] < end]
    others = [_counts_something(text, end) and not _counts(text, end, noun) for end in chosen]
    return right[0] if others and all(others) and len(right) == 1 else extent


def _noun(question: str) -> str | None:
    """The stem of what is counted: the last word before a verb that helps another."""
    found = _ASKED.search(question)
    words = found[1].lower().split() if found else []
    past = next((at for at, word in enumerate(words) if word in _ENDS), 0)
    return stem(words[past - 1]) if past else None


def _without_unit(text: str, start: int, end: int) -> int:
    """Where a number ends that may have a unit or a noun: eleven | people."""
    return start + max((found.end() for found in _FIGURES.finditer(text[start:end])), default=end - start)


def _counts_something(text: str, end: int) -> bool:
    """Whether a noun follows a number, which may stand alone: 286 votes to Lee's 252; 14 of 60 seats."""
    found = _WORD.match(text, end)
    follows = found[1] if found else ""
    return follows.islower() and not follows.endswith("ed") and follows not in _NO_NOUN


def _counts(text: str, end: int, noun: str) -> int | None:
    """Where the words end that say that a number ending at ``end`` is one of a noun; None if none do."""
    at = end
    for _ in range(_FAR):
        found = _WORD.match(text, at)
        if not found or found[1].lower() in _NO_COUNT:
            return None
        at = found.end()
        if stem(found[1]) == noun:
            return at
    return None
