"""Organisations that speak: the words of a subject that name one, and the office beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.document_names import is_name
from askbrief.quotes.tokens import POSSESSIVE
from askbrief.types import Extent

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
    first += words[first].lower() in ("the", "a", "an", "another", "one")
    begin = next((at for at in range(first, past) if is_name(words[at])), past)
    end = _run_end(words, begin, past)
    if begin == first and end == past == begin + 1 and words[begin] in ENGLISH.states:
        return Body((begin, end), None)  # the US said
    if not _names_body(words[begin:end]):
        return None
    if begin > first:  # the office comes before it
        before = words[begin - 1 - (words[begin - 1] == "the")]
        speaks = before in ENGLISH.affiliation and _is_staff(words[first]) and end == past
        return Body((begin, end), (first, first + 1)) if speaks else None
    if end == past:
        return Body((begin, end), None)
    office = words[end + (words[end] in POSSESSIVE) : past]
    speaks = bool(office) and _is_staff(office[-1]) and all(word[0].islower() for word in office)
    return Body((begin, end), (past - len(office), past)) if speaks else None


def _is_staff(word: str) -> bool:
    return word.lower() in ENGLISH.staff or word.lower() in ENGLISH.roles


def _run_end(words: Sequence[str], at: int, past: int) -> int:
    """Where the capitalised words end that begin at ``at``, with “of” and “for” between them."""
    while at < past and (
        is_name(words[at]) or (words[at] in _JOINS and at + 1 < past and is_name(words[at + 1]))
    ):
        at += 1
    return at


def _names_body(run: Sequence[str]) -> bool:
    """Whether the words are a body's name, by the noun that it is built on, or as an acronym."""
    if len(run) == 1:
        acronym = _ACRONYM.fullmatch(run[0]) and run[0] not in ENGLISH.countries
        return bool(acronym) or run[0] in ENGLISH.bodies
    joint = next((at for at, word in enumerate(run) if word in ("of", "for")), len(run))
    return bool(run) and run[joint - 1] in ENGLISH.groups and "and" not in run[:joint]


class Bodies:
    """The full names that a document gives its bodies, by the noun that they are built on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, list[tuple[int, str]]] = {}

    def meant(self, noun: str, before: int) -> str | None:
        """Which body “the ministry” is: the only one whose name has that noun, named before ``before``."""
        word = noun.capitalize()
        if word not in ENGLISH.groups:
            return None
        if word not in self._known:
            found = regex.finditer(_FORMS.format(word), self._text)
            self._known[word] = [(one.start(), _plain(one[0])) for one in found]
        forms = {name for at, name in self._known[word] if at < before}
        return forms.pop() if len(forms) == 1 else None


def _plain(name: str) -> str:
    words = name.split()
    return " ".join(words[words[0] in ("The", "A") :])
