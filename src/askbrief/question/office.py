"""Questions for who holds an office ("who is the finance minister", "who is Hollin's mayor")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbrief.english.lexicon import choice

_WHO_IS = re.compile(
    r"\bwho(?P<verb>['’]s| is| are| was| were)(?: now| currently| today)? (?:the |a |an )?(?P<words>[^?,]+)",
    re.IGNORECASE,
)
_POSSESSOR = re.compile(r"^.*['’]s? ")
_ENDS = re.compile(r" (?:of|for|in|at|on|to|from|who|that|when|after|before|now|today)\b.*$", re.IGNORECASE)
_GAP = r"(?:[ -](?!(?:to|of|for|and|or|with|by|from|said|told)\b)[\w’'-]+){0,3}?[ -]?"
_NOT_HOLDER = re.compile(rf"\b{choice('not_the_holder')}{_GAP}$", re.IGNORECASE)
_BEFORE = 60
"""Characters before an office in which a word may say that somebody doesn't hold it."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office whose holder is asked for: its words ("finance minister"), its noun ("minister"), and
    whether the present holder is meant."""

    words: str
    noun: str
    present: bool


def asked_office(question: str) -> Office | None:
    """The office whose holder the question asks for, or None."""
    found = _WHO_IS.search(question)
    if found is None:
        return None
    from askbrief.english.reporting import ENGLISH  # here, because other questions need none of its tables

    words = _ENDS.sub("", _POSSESSOR.sub("", found["words"])).split()
    if not words or words[-1].lower() not in ENGLISH.roles:
        return None
    return Office(" ".join(words), words[-1], found["verb"].lower().strip("'’ ") in ("s", "is", "are"))


def is_of_another(office: Office, sentence: str) -> bool:
    """Whether a sentence has the office only as that of somebody who doesn't hold it: the former, shadow,
    deputy or acting one."""
    if _NOT_HOLDER.search(office.words.removesuffix(office.noun)):
        return False
    places = [
        found.start() for found in re.finditer(rf"\b{re.escape(office.noun)}\b", sentence, re.IGNORECASE)
    ]
    before = (sentence[max(0, place - _BEFORE) : place] for place in places)
    return bool(places) and all(_NOT_HOLDER.search(words) for words in before)
