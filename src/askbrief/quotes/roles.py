"""The office beside a name, and whom a document means by an office alone."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from askbrief.english.offices import LIMITS, same_office
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.document_names import DocumentNames, is_role
from askbrief.types import Extent

_BEFORE = 90  # characters before a name searched for an office
_AFTER = 14  # words of an apposition at most
_OPENERS = ENGLISH.openers | ENGLISH.determiners | {"of", "for"}
_LIMITED = 3  # words between an office and what limits it
_NO_OFFICE = ENGLISH.address | ENGLISH.times | ENGLISH.months
_CLAUSE = ENGLISH.verbs | ENGLISH.auxiliaries | {"who", "which"}
NO_MODIFIERS = ENGLISH.prepositions | ENGLISH.determiners | ENGLISH.verbs | ENGLISH.auxiliaries
NO_MODIFIERS |= ENGLISH.subordinators | ENGLISH.complements
WORD = regex.compile(r"\w++(?:[-.'’]\w++)*+\.?|\S")


def role_before(words: Sequence[str], first: int) -> Extent | None:
    """The words before a name that are its office: White House spokesman | John Kirby."""
    start = first
    while start and _belongs(words, start - 1):
        start -= 1
    while start < first and (words[start].lower() in _OPENERS):
        start += 1
    while start < first and (words[start].lower() in _NO_OFFICE and words[start][0].isupper()):
        start += 1
    while start < first and words[first - 1].lower() in ENGLISH.address:
        first -= 1  # Mr. is no office
    if start > 1 and words[start - 1] == "as" and words[start - 2].isalpha():
        return None  # the mayor's predecessor as mayor
    return (_qualified(words, start), first) if _tells(words, start, first) else None


def _qualified(words: Sequence[str], start: int) -> int:
    """Where an office that begins at ``start`` begins with what limits it: shadow finance minister."""
    begin = start
    for place in range(start - 1, max(-1, start - 1 - _LIMITED), -1):
        word = words[place].lower()
        if word in LIMITS or word.startswith("ex-"):
            begin = place
        elif not word.isalpha() or word in NO_MODIFIERS or words[place] != word:
            break
    return begin


def _belongs(words: Sequence[str], place: int) -> bool:
    """Whether the word at ``place`` may be part of an office, which goes on after it."""
    word = words[place]
    if word in ("of", "for"):
        inside = 0 < place < len(words) - 1 and words[place + 1][0].isupper()
        office = word == "of" and words[place - 1].lower() in ENGLISH.roles
        return inside and (office or words[place - 1] in ENGLISH.groups)  # Bank of England governor
    if word[-1] == "." and word not in ENGLISH.titles and len(word) > 2 and "." not in word[:-1]:
        return False  # the end of a sentence
    return word[0].isupper() or word in ENGLISH.roles or (word[0].islower() and _modifies(words, place))


def _modifies(words: Sequence[str], place: int) -> bool:
    word, follows = words[place], words[place + 1 : place + 2]
    return word not in NO_MODIFIERS and word.isalpha() and not ENGLISH.roles.isdisjoint(follows)


def _tells(words: Sequence[str], start: int, past: int) -> bool:
    """Whether one of the words is an office."""
    return any(is_role(word) or word.rstrip(".") + "." in ENGLISH.titles for word in words[start:past])


def role_after(words: Sequence[str], past: int) -> Extent | None:
    """The apposition to a name that is its office: Kirby, a | spokesman for the White House |, said."""
    if words[past + 1 : past + 2] and words[past + 1].isdigit() and words[past] == ",":
        past += 2  # Lee, 45, a teacher
    if past + 2 >= len(words) or words[past] != ",":
        return None
    start = past + 1 + (words[past + 1].lower() in ENGLISH.determiners)
    for end in range(start, min(len(words), start + _AFTER + 1)):
        word = words[end]
        if end == start + _AFTER or not (word[0].isalnum() or word in ("'s", "’s", "'", "’", "&")):
            return (start, end) if _tells(words, start, end) else None
        if word.lower() in _CLAUSE:
            return None
    return None


class Roles:
    """The offices that a document gives to the people whom it names."""

    def __init__(self, text: str, names: DocumentNames) -> None:
        self._text = text
        self._names = names
        self._known: dict[str, list[tuple[int, str]]] = {}

    def of(self, name: str, before: int) -> str | None:
        """The first office that the document gives a name, up to ``before``."""
        return next((role for at, role in self._roles(name) if at <= before), None)

    def holder(self, phrase: Sequence[str], people: Sequence[str], before: int) -> str | None:
        """Whom “the French president” means: the only one of ``people`` who was given that office before.

        A shadow or former president is not meant by “the president”.
        """
        wanted = [word.lower() for word in phrase if word.lower() not in ENGLISH.determiners]
        if ENGLISH.roles.isdisjoint(wanted):
            return None
        asked = " ".join(wanted)
        holders = {
            name
            for name in people
            if any(at < before and same_office(asked, role) for at, role in self._roles(name))
        }
        return holders.pop() if len(holders) == 1 else None

    def _roles(self, name: str) -> list[tuple[int, str]]:
        if name not in self._known:
            self._known[name] = list(self._found(name))
        return self._known[name]

    def _found(self, name: str) -> list[tuple[int, str]]:
        """Where the document has the name beside an office, and the office."""
        found = []
        for start, end in self._names.mentions(name):
            near = self._text[max(0, start - _BEFORE) : start]
            words = WORD.findall(near.rpartition("\n\n")[2])  # a heading is no part of it
            role = role_before(words, len(words) - (words[-1:] == [","]))
            if not role:
                words = [name, *WORD.findall(self._text, end, end + _BEFORE)]
                role = role_after(words, 1)
            if role:
                found.append((start, " ".join(words[slice(*role)])))
        return found
