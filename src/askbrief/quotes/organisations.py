"""Organisations that speak: the words of a subject that name one, and the office beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from askbrief.english.lexicon import tables
from askbrief.quotes.names import is_name
from askbrief.types import Extent

_ARTICLES = frozenset(["the", "a", "an", "another", "one"])
_JOINS = frozenset(["of", "for", "and", "&"])
_ACRONYM = regex.compile(r"\p{Lu}{2,6}|(?:\p{Lu}\.){3,}")
_FORMS = (
    r"(?:(?:\p{{Lu}}[\w'’-]*\s){{1,3}}{0}|{0}\s(?:of|for)\s\p{{Lu}}\w+(?:\s(?:and\s)?\p{{Lu}}\w+){{0,3}})\b"
)


class Body(NamedTuple):
    """The words of a subject that name a body, and those for the office that speaks for it."""

    name: Extent
    office: Extent | None


def body(words: Sequence[str], first: int, past: int) -> Body | None:
    """The body that the subject ``words[first:past]`` names: the Bank of England; a White House spokesman."""
    english = tables()
    first += words[first].lower() in _ARTICLES
    at = next((at for at in range(first, past) if is_name(words[at])), past)
    end = _run_end(words, at, past)
    if not _names_body(words[at:end]):
        return None
    if at == first:
        return _before_office(words, at, end, past)
    speaks = words[at - 1 - (words[at - 1] == "the")] in english.affiliation and _staff(words[first])
    return Body((at, end), (first, first + 1)) if speaks and end == past else None


def _before_office(words: Sequence[str], at: int, end: int, past: int) -> Body | None:
    """The body with the office that follows it, or alone."""
    office = end + (words[end : end + 1] in (["'s"], ["’s"]))
    if end == past:
        return Body((at, end), None)
    known = (
        office < past and _staff(words[past - 1]) and all(word[0].islower() for word in words[office:past])
    )
    return Body((at, end), (office, past)) if known else None


def _staff(word: str) -> bool:
    english = tables()
    return word.lower() in english.staff or word.lower() in english.roles


def _run_end(words: Sequence[str], at: int, past: int) -> int:
    """Where the capitalised words end that begin at ``at``, with “of” and “for” between them."""
    while at < past and (
        is_name(words[at]) or (words[at] in _JOINS and at + 1 < past and is_name(words[at + 1]))
    ):
        at += 1
    return at


def _names_body(run: Sequence[str]) -> bool:
    """Whether the words are a body's name, by the noun that it is built on, or as an acronym."""
    english = tables()
    if len(run) == 1:
        return run[0] in english.bodies or (
            bool(_ACRONYM.fullmatch(run[0])) and run[0] not in english.countries
        )
    joint = next((at for at, word in enumerate(run) if word in ("of", "for")), len(run))
    return bool(run) and run[joint - 1] in english.groups and "and" not in run[:joint]


class Bodies:
    """The full names that a document gives its bodies, by the noun that they are built on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, list[tuple[int, str]]] = {}

    def meant(self, noun: str, before: int) -> str | None:
        """Which body “the ministry” is: the only one whose name has that noun, named before ``before``."""
        word = noun.capitalize()
        if word not in tables().groups:
            return None
        if word not in self._known:
            found = regex.finditer(_FORMS.format(word), self._text)
            self._known[word] = [(one.start(), _plain(one[0])) for one in found]
        forms = {name for at, name in self._known[word] if at < before}
        return forms.pop() if len(forms) == 1 else None


def _plain(name: str) -> str:
    words = name.split()
    return " ".join(words[words[0] in ("The", "A") :])
