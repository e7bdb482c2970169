"""Questions for who holds an office ("who is the finance minister", "who was Hollin's mayor")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbrief.english.lexicon import choice, table

_NOW = r"(?:now|currently|today|nowadays|these days|at present|at the moment)"
_WHO_IS = re.compile(
    rf"\bwho(?P<verb>['’]s| is| are| was| were)(?: {_NOW})? (?:the |a |an )?(?P<words>[^?,]+)", re.IGNORECASE
)
_POSSESSOR = re.compile(r"^(?P<of>.*(?:['’]s|s['’])) ")
_OF = re.compile(
    r" (?:of|for|in|at) (?:the )?(?P<of>(?:(?!\b(?:who|that|when|after|before)\b).)+)$", re.IGNORECASE
)
_ENDS = re.compile(r" (?:of|for|in|at|on|to|from|who|that|when|after|before)\b.*$", re.IGNORECASE)
_TIME = re.compile(rf" {_NOW}\W*$", re.IGNORECASE)
_PRESENT = re.compile(r"^(?:new|current|present|serving|sitting) ", re.IGNORECASE)
_EX = re.compile(r"\bex[- ]", re.IGNORECASE)
_PM = re.compile(r"\bPM\b", re.IGNORECASE)
_GAP = r"(?:[ -](?!(?:to|of|for|and|or|with|by|from|said|told)\b)[\w’'-]+){0,3}?[ -]?"
_NOT_HOLDER = re.compile(rf"\b(?P<limit>{choice('not_the_holder')}){_GAP}$", re.IGNORECASE)
_BEFORE = 60
"""Characters before an office in which a word may say that somebody doesn't hold it."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office whose holder is asked for.

    ``words`` are the office ("deputy mayor") and ``noun`` the last of them; ``of`` is what it is an office
    of, in the words of the question ("Hollin", "France's"), and ``country`` the country that this names.
    ``present`` is whether the present holder is meant, ``alone`` whether nothing else names the holder ("the
    minister who resigned").
    """

    words: str
    noun: str
    present: bool
    of: str = ""
    country: str | None = None
    alone: bool = True


def asked_office(question: str) -> Office | None:
    """The office whose holder the question asks for, or None."""
    found = _WHO_IS.search(question)
    if found is None:
        return None
    from askbrief.english.reporting import ENGLISH  # here, because other questions need none of its tables

    asked = _PM.sub("prime minister", _EX.sub("former ", _TIME.sub("", found["words"])))
    complement, possessor = _OF.search(asked), _POSSESSOR.search(_ENDS.sub("", asked))
    of = possessor["of"] if possessor else complement["of"] if complement else ""
    words = _PRESENT.sub("", _ENDS.sub("", asked)[possessor.end() if possessor else 0 :]).split()
    if not words or words[-1].lower() not in ENGLISH.roles:
        return None
    present = found["verb"].lower().strip("'’ ") in ("s", "is", "are")
    alone = complement is not None or _ENDS.search(asked) is None
    country, words = _country(of, words)
    return Office(" ".join(words), words[-1], present and not is_past(words), of, country, alone)


def _country(of: str, words: list[str]) -> tuple[str | None, list[str]]:
    """The country that an office is of, and the words for the office without it: French | minister."""
    from askbrief.english.countries import country

    first = int(words[0].lower() in table("not_the_holder"))  # the former French minister
    for past in range(min(first + 3, len(words) - 1), first, -1):
        if found := country(" ".join(words[first:past])):
            return found, [*words[:first], *words[past:]]
    return country(of) if of else None, words


def is_past(words: list[str]) -> bool:
    """Whether words of an office say that it is no longer held: the former mayor."""
    return not {word.lower() for word in words}.isdisjoint(table("once_the_holder"))


def is_of_another(office: Office, sentence: str) -> bool:
    """Whether a sentence has the office only as that of somebody who doesn't hold it: the shadow, deputy or
    acting one, and the former one unless past holders are asked for."""
    if _NOT_HOLDER.search(office.words.removesuffix(office.noun)):
        return False
    places = [
        found.start() for found in re.finditer(rf"\b{re.escape(office.noun)}\b", sentence, re.IGNORECASE)
    ]
    limits = (_NOT_HOLDER.search(sentence[max(0, place - _BEFORE) : place]) for place in places)
    return bool(places) and all(
        limit and (office.present or not is_past([limit["limit"]])) for limit in limits
    )
