"""Sentences that say nearly what a question asks: of another year, of somebody else, or the opposite.

A reading model prefers such a sentence to none. What is found here counts against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from askbrief.english.lexicon import choice, load
from askbrief.english.reporting import ENGLISH
from askbrief.english.stemming import stems
from askbrief.types import Hit, Sentence

NEAR_MISS = 2.0
"""What a near miss takes from the log odds of an answer. It is seen in 7% of 3,400 unanswerable questions,
mostly of SQuAD 2.0, and in .6% of 4,800 others, in the sentence that answers: eleven times as seldom. Its
logarithm is 2.4, of which the reading model knows a part."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_FOR_OR_AGAINST = re.compile(r"\b(\w+) (for|against)\b")
_NAME = r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
_NAMES = re.compile(rf"\b{_NAME}")
_ASKED_ABOUT = re.compile(rf"\b{choice('auxiliaries')} (?:the )?({_NAME})")
_SUBJECT = re.compile(
    rf"\W*((?:[\w’'-]+ ){{0,5}}?)({_NAME})(?=,| [a-z]+(?:ed|s)\b| {choice('auxiliaries')}\b)"
)
_NO_SUBJECT = ENGLISH.prepositions | ENGLISH.subordinators | ENGLISH.pronouns


def is_near_miss(question: str, hit: Hit, sentence: Sentence) -> bool:
    """Whether a sentence of a hit answers another question than the one asked, which differs in a year, in
    whom it is about, or by the opposite of one of its words."""
    text = hit.slice(sentence.start, sentence.end)
    return (
        _of_another_year(question, text, hit.document.date)
        or _opposite(question, text)
        or _of_somebody_else(question, text, f"{hit.document.title}. {hit.text}")
    )


def _of_another_year(question: str, text: str, date: str | None) -> bool:
    """Whether the text has one year, and not that of the question, which isn't the document's own either."""
    asked, found = set(_YEAR.findall(question)), set(_YEAR.findall(text))
    return bool(asked) and len(found) == 1 and asked.isdisjoint({*found, (date or "")[:4]})


def _opposite(question: str, text: str) -> bool:
    """Whether a text has the opposite of one of the question's words, and neither has both."""
    asked, found = stems(question), stems(text)
    if any(
        (asked & some and found & others and not (asked & others or found & some))
        for one, other in _opposites()
        for some, others in ((one, other), (other, one))
    ):
        return True
    sides = [dict(_FOR_OR_AGAINST.findall(each.lower())) for each in (question, text)]
    asked_sides, found_sides = ({tuple(stems(verb)): side for verb, side in each.items()} for each in sides)
    return any(verb and found_sides.get(verb, side) != side for verb, side in asked_sides.items())


@cache
def _opposites() -> Sequence[tuple[frozenset[str], frozenset[str]]]:
    """The stems of words, and of their opposites."""
    lines = (line.split("/") for line in load("questions")["opposites"].strip().splitlines())
    return tuple((stems(some), stems(others)) for some, others in lines)


def _of_somebody_else(question: str, text: str, around: str) -> bool:
    """Whether a text is about somebody by name, and not about the one whom the question asks about, who is
    named around it."""
    asked, subject = _ASKED_ABOUT.search(question), _SUBJECT.match(text)
    if not asked or not subject:
        return False
    leads, name = subject.groups()
    named = " " in name or re.search(rf"\w {re.escape(name)}\b", around)  # no adverb with a capital
    if not named or not _NO_SUBJECT.isdisjoint(leads.lower().split()):
        return False
    known = _all_names(asked[1], around)
    return bool(known) and stems(text).isdisjoint(known)


def _all_names(name: str, around: str) -> frozenset[str]:
    """The stems of all names around that have a word of a name: Tomas Reuel for Reuel; none if none has."""
    own = stems(name)
    return frozenset().union(*(words for found in _NAMES.findall(around) if own & (words := stems(found))))
