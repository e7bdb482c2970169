"""Questions that compare two things that they name ("Who spent more, Labour or UKIP?")."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from askbrief.english.lexicon import ARTICLES, load
from askbrief.question.question_words import AUXILIARY, WH

_DEGREES = {line.split()[0]: line.split()[1:] for line in load("questions")["degrees"].strip().splitlines()}
_COMPARED = rf"(?:{'|'.join(word for words in _DEGREES.values() for word in words)})"
_COMPARATIVE = re.compile(rf"\b{_COMPARED}\b", re.IGNORECASE)
_NO_THING = re.compile(rf"(?:not|neither|{_COMPARED})\W*", re.IGNORECASE)
_NAMED = r"[\w’'$€£%.&-]+(?: (?!or\b)[\w’'$€£%.&-]+){0,6}?"
_AT_END = re.compile(rf"(?P<asked>.+?)[,:;–—-]+ ?(?P<first>{_NAMED}),? or (?P<second>{_NAMED})\W*$")
_IN_PAIRS = re.compile(
    rf"(?P<asked>.+) (?P<first>(?P<word>in|at|by|for|from|with|on|of) {_NAMED}),? or "
    rf"(?P<second>(?:(?P=word) )?{_NAMED})\W*$",
    re.IGNORECASE,
)
_WHO = r"(?:who|which|what)(?: one)?"
_IS = r"(?:is|was|are|were)"
_AFTER_IS = re.compile(
    rf"(?P<asked>\W*{_WHO} {_IS} (?:the )?{_COMPARED}(?: [a-z]+)?) (?P<first>{_NAMED}),? or "
    rf"(?P<second>{_NAMED})\W*$",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    rf"^\W*(?P<asked>{AUXILIARY}|which(?: one)? of) (?P<first>{_NAMED}),? or (?P<rest>.+?)\W*$", re.IGNORECASE
)
_WHICH_IS = re.compile(
    rf"^\W*{_WHO} (?P<verb>{_IS}) (?:the )?(?P<degree>{_COMPARED})(?P<noun>(?: [a-z]+)?)$",
    re.IGNORECASE,
)
_HOW = re.compile(
    rf"^(?P<verb>.*?)\b(?:the )?(?P<degree>{_COMPARED})\b"
    r"(?P<noun>(?: (?!(?:by|for|in|from|to|at|on|with|of|after|before|during|last|this)\b)[\w’'-]+)*)"
    r"(?P<tail>.*)$",
    re.IGNORECASE,
)
_AMOUNTS = frozenset(("more", "fewer", "less", "most", "fewest", "least"))
_ASKS = re.compile(rf"(?:{AUXILIARY}|{WH}\b)", re.IGNORECASE)
_COUNTED = re.compile(r"(?:[\w-]+ )?(?:[\w-]+s|people|men|women|children)$", re.IGNORECASE)


class _Comparison(NamedTuple):
    """The two things that are compared, and what asks about one of them."""

    first: str
    second: str
    about: Callable[[str], str]


def alternatives(question: str) -> tuple[str, str] | None:
    """The two things that a question compares, as it names them; None if it compares none.

    A question that only offers a choice ("in Rome or Milan?") compares nothing.
    """
    found = _compared(question)
    return (found.first, found.second) if found else None


def about(question: str, thing: str) -> str:
    """The question as one on ``thing`` alone, of the two that it compares: for its figure, if that can be
    asked ("How many homes did the north lose?")."""
    found = _compared(question)
    return found.about(thing) if found else question


@cache
def _compared(question: str) -> _Comparison | None:
    found = _AT_END.match(question) or _IN_PAIRS.match(question) or _AFTER_IS.match(question)
    if found and _COMPARATIVE.search(found["asked"]) and not _NO_THING.fullmatch(found["second"]):
        asked = found["asked"].rstrip(" ,")
        return _Comparison(found["first"], found["second"], lambda thing: _on(asked, thing))
    subjects = _SUBJECTS.match(question)
    parted = subjects and _second(subjects["asked"], subjects["first"], subjects["rest"])
    if not subjects or not parted or _COMPARATIVE.search(subjects["first"]):
        return None
    second, rest = parted
    verb = subjects["asked"].lower().split()[0]
    return _Comparison(subjects["first"], second, lambda thing: _figure(verb, thing, rest))


def _second(asked: str, first: str, rest: str) -> tuple[str, str] | None:
    """The second thing and the words after it, which compare: the south | lose more homes.

    It has as many words as the first at most, or as many capitalised ones as there are.
    """
    words = rest.split()
    article = int(words[0].lower() in ARTICLES)
    names = next((at for at, word in enumerate(words[article:]) if not word[:1].isupper()), 0)
    longest = names or sum(word.lower() not in ARTICLES for word in first.split())
    for length in range(longest, 0, -1):
        second, after = words[: article + length], " ".join(words[article + length :])
        found = _COMPARATIVE.search(after)
        if found and (found.start() or re.match(_IS, asked, re.IGNORECASE)) and not _ASKS.match(rest):
            return " ".join(second), after
    return None


def _on(asked: str, thing: str) -> str:
    """A question with one of the things for both."""
    found = _WHICH_IS.match(asked)
    if found and not found["noun"] and (degree := _degree(found["degree"])):
        return f"How {degree} {found['verb']} {thing}?"
    return f"{asked}, {thing}?"


def _figure(verb: str, thing: str, rest: str) -> str:
    """A question for the figure of one thing, by the words after both: did | the north | lose more homes."""
    found = _HOW.match(rest)
    if found is None:
        return f"{verb} {thing} {rest}?"
    if verb == "which":
        return _on(f"which {rest}", thing)
    degree, noun, tail = _degree(found["degree"]), found["noun"].strip(), found["tail"]
    if noun and found["degree"].lower() not in _AMOUNTS:
        return f"{verb} {thing} {rest}?"
    if found["degree"].lower() in _AMOUNTS:
        degree = f"many {noun}" if _COUNTED.match(noun) else f"much {noun}".strip()
    return f"How {degree} {verb} {thing} {found['verb'].strip()}".strip() + f"{tail}?"


def _degree(compared: str) -> str | None:
    """The plain form of a comparative: big for “bigger”."""
    return next((base for base, words in _DEGREES.items() if compared.lower() in words), None)
