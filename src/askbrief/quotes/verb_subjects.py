"""The subject of a verb: the words of its sentence for who speaks, and the name among them.

The name is None if there is none, or if it is not surely the subject.
"""

from __future__ import annotations

from typing import NamedTuple

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.document_names import DocumentNames, is_name, is_particle, run_start, without_titles
from askbrief.quotes.time_phrases import after_time
from askbrief.quotes.tokens import BREAKS, POSSESSIVE, Tokens
from askbrief.types import Extent

_LONG = 25  # words in a subject at most
_BRACKET = 6  # words in brackets within a body's name, at most, with the brackets
_RELATIVE = frozenset(["who", "which"])
_ACTS = ENGLISH.verbs | ENGLISH.auxiliaries
_ENDS_BEFORE = _ACTS | ENGLISH.subordinators | ENGLISH.complements | ENGLISH.pronouns
_ENDS_AFTER = _ACTS | ENGLISH.subordinators
_ENDS_MAIN = _ENDS_AFTER | (ENGLISH.prepositions - {"of", "and", "for"})
_ENDS_INVERTED = _ENDS_AFTER | (ENGLISH.prepositions - {"of", "for", "and", "from", "with"})
_ENDS_NAMING = ENGLISH.verbs | (ENGLISH.prepositions - {"of"})
"""Words that end a noun phrase, backwards from a verb, and forwards from where it begins."""
_INSIDE_PHRASE = ENGLISH.determiners | {"of", "for", "and", "&"}
_NO_SUBJECT = (ENGLISH.prepositions - ENGLISH.subordinators) | {"the"}


class Subject(NamedTuple):
    """The words ``first`` to ``past`` for who speaks, and those of them that are a person's name."""

    first: int
    past: int
    name: Extent | None = None


def subject_before(tokens: Tokens, last: int, names: DocumentNames) -> Subject | None:
    """The subject that ends at ``last``: He; officials in Kyiv; White House spokesman John Kirby."""
    words, lower = tokens.words, tokens.lower
    relative = _relative_clause(tokens, last)
    if relative:
        before = subject_before(tokens, relative - 1, names)
        return before and Subject(before.first, before.past if before.name else last + 1, before.name)
    if lower[last] in ENGLISH.pronouns:
        return Subject(last, last + 1)
    first = _phrase_start(tokens, last)
    if first > last:
        return None
    parts = (at for at in range(first + 1, last) if lower[at] in ENGLISH.affiliation)
    head = next((at for at in parts if not _in_title(words, at)), last + 1) - 1
    run = run_start(words, last)
    if first < run <= last and lower[run - 1] in ENGLISH.roles:
        head = last  # Office for Trade chairman Ann Lee
    name = named(words, run_start(words, head), head, names) if is_name(words[head]) else None
    return Subject(*name, name) if name else Subject(first, last + 1)


def _relative_clause(tokens: Tokens, last: int) -> int | None:
    """Where “who” begins a clause that ends at ``last``: an engineer who inspected it; None if none does.

    The clause has its own verb and no other subject, unlike “who he said”.
    """
    for at in range(last - 1, max(0, last - _LONG), -1):
        word = tokens.lower[at]
        if word in ENGLISH.verbs and tokens.stays_unnamed(at):
            continue
        if tokens.breaks(at) or word in ENGLISH.verbs or word in ENGLISH.complements - _RELATIVE:
            return None
        if word in _RELATIVE:
            free = tokens.lower[at - 1] not in ENGLISH.prepositions and not tokens.breaks(at - 1)
            follows = tokens.lower[at + 1]
            other = (
                follows in ENGLISH.pronouns or follows in ENGLISH.determiners or is_name(tokens.words[at + 1])
            )
            return at if free and not other and at < last - _acts_only(tokens, at + 1, last) else None
    return None


def _acts_only(tokens: Tokens, first: int, last: int) -> int:
    """How many words from ``first`` to ``last`` only help the next verb, which are no clause."""
    return sum(tokens.lower[at] in ENGLISH.auxiliaries | ENGLISH.between for at in range(first, last + 1))


def _phrase_start(tokens: Tokens, last: int) -> int:
    """Where the noun phrase that ends at ``last`` begins; ``last + 1`` if there is none."""
    at = last
    while at >= max(0, last - _LONG):
        word = tokens.lower[at]
        if tokens.breaks(at) or word in _ENDS_BEFORE:
            break
        if word in ("and", "or", "but") and not _joins(tokens.words, at):
            break
        at -= 1
    return _without_openers(tokens, at + 1, last)


def _joins(words: list[str], place: int) -> bool:
    """Whether “and” joins two names, or two words at the beginning of a sentence."""
    return 0 < place < len(words) - 1 and (
        (is_name(words[place - 1]) and is_name(words[place + 1])) or (place <= 3 and words[place] != "but")
    )


def _without_openers(tokens: Tokens, first: int, last: int) -> int:
    """Where the phrase begins after words for when, and after a preposition with its own noun phrase."""
    while first < (past := after_time(tokens, first)) <= last:
        first = past
    if first < last and tokens.lower[first] in ENGLISH.openers:
        inner = range(last, first, -1)
        first = next((at for at in inner if _begins_phrase(tokens, at)), first + 1)
    return first


def _begins_phrase(tokens: Tokens, place: int) -> bool:
    """Whether a noun phrase begins here: with a determiner, or with a name that goes on from nothing."""
    before = tokens.words[place - 1]
    name = is_name(tokens.words[place]) and not is_name(before) and before not in _INSIDE_PHRASE
    return name or tokens.lower[place] in ENGLISH.determiners


def named(
    words: list[str], first: int, last: int, names: DocumentNames, begins: bool = False
) -> Extent | None:
    """The name in ``words[first:last + 1]``, if it ``begins`` its phrase or the words before it let it be a
    subject."""
    run = words[first : last + 1]
    if not run or (run[0] == "The" and ENGLISH.titles.isdisjoint(run)):
        return None
    free = begins or (first > 1 and (_in_title(words, first - 1) or _in_office(words, first - 1)))
    before = words[first - 1].lower() if first and not free else ""
    if before in ("and", "but") and first > 1 and words[first - 2] in BREAKS:
        before = ""  # a clause of its own
    if before in ENGLISH.affiliation | {"the"} and first > 1:
        inner = first - 1 - (before == "the")
        if words[inner].lower() in ENGLISH.affiliation and is_name(words[inner - 1]):
            return named(words, run_start(words, inner - 1), inner - 1, names)
    owned = before in POSSESSIVE and first == last and not names.knows(run[0])
    if before in _NO_SUBJECT or owned:
        return None
    return (last + 1 - max(1, len(without_titles(run))), last + 1) if names.person(run) else None


def _in_office(words: list[str], place: int) -> bool:
    """Whether “and” is part of a title: Minister of Trade and Industry Ann Lee."""
    first = run_start(words, place - 1) if words[place] == "and" else 0
    return first > 1 and words[first - 1] in ("of", "for") and words[first - 2] in ENGLISH.titles


def _in_title(words: list[str], place: int) -> bool:
    """Whether “of” is part of a title: Secretary of State Ann Lee."""
    title = words[place] == "of" and words[place - 1] in ENGLISH.titles
    return title and words[place + 1] in ENGLISH.not_first


def main_subject(tokens: Tokens, verb: int, names: DocumentNames) -> Subject | None:
    """The subject of the clause that a participle hangs on: the first phrase that a verb follows."""
    place = 0
    while place < verb:
        if tokens.lower[place] not in ENGLISH.openers and not tokens.lower[place].endswith("ing"):
            return clause_subject(tokens, place, verb, names)
        place = tokens.find(",", place) + 1
    return None


def clause_subject(tokens: Tokens, place: int, verb: int, names: DocumentNames) -> Subject | None:
    """The subject of the clause that begins at ``place``."""
    if tokens.lower[place] in ENGLISH.pronouns:
        return Subject(place, place + 1)
    last = _name_end(tokens, place, verb)
    name = None if last is None else named(tokens.words, run_start(tokens.words, last), last, names)
    if name:
        return Subject(*name, name)
    past = next((at for at in range(place, verb) if _ends_phrase(tokens, at)), verb)
    return Subject(place, past) if past > place else None


def _ends_phrase(tokens: Tokens, place: int) -> bool:
    """Whether a word ends the noun phrase before it: a verb, a mark, a preposition."""
    word = tokens.lower[place]
    participle = word.endswith("ed") and word == tokens.words[place]
    return tokens.breaks(place) or word in _ENDS_MAIN or participle


def _name_end(tokens: Tokens, place: int, verb: int) -> int | None:
    """Where the name ends that the clause beginning at ``place`` has as its subject."""
    words = tokens.words
    while place < verb and not is_name(words[place]):
        word = tokens.lower[place]
        odd = not word.isalpha() or word.endswith("ed")
        if odd or word in ENGLISH.prepositions or word in ENGLISH.pronouns:
            return None
        place += 1
    while place < verb and (
        is_name(words[place]) or (words[place] in ENGLISH.roles and is_name(words[place + 1]))
    ):
        place += 1
    return place - 1 if place < verb and (words[place].isalpha() or words[place] == ",") else None


def subject_after(tokens: Tokens, place: int, names: DocumentNames) -> Subject | None:
    """The noun phrase that begins at ``place``: White House spokesman John Kirby, …"""
    name = name_after(tokens.words, place, names)
    if name:
        return Subject(*name, name)
    past = place
    while past < min(len(tokens.words), place + _LONG) and tokens.lower[past] not in _ENDS_INVERTED:
        if not (tokens.words[past][0].isalnum() or (past > place and tokens.lower[past] in POSSESSIVE)):
            break
        past += 1
    return Subject(place, past) if past > place else None


def name_after(words: list[str], place: int, names: DocumentNames) -> Extent | None:
    """The name of the noun phrase that begins at ``place``."""
    begin = place
    while place < len(words) and (words[place][0].isalpha() or words[place] in POSSESSIVE):
        if not is_name(words[place]):
            if words[place].lower() in _ENDS_NAMING:
                return None
            place += 1
            continue
        past = place + 1
        while past < len(words) and (is_name(words[past]) or is_particle(words, past)):
            past += 1
        follows = words[past] if past < len(words) else "."
        owner = follows in POSSESSIVE
        past = _after_bracket(words, past)
        if not owner and _is_office(words, past):
            return None
        if not owner and not _role_goes_on(words, past):
            acts = follows in _ACTS or follows in ENGLISH.passive or follows.endswith(("ed", "n't", "n’t"))
            two = follows == "and" and past + 1 < len(words) and is_name(words[past + 1])
            return None if acts or two else named(words, place, past - 1, names, begins=place == begin)
        place = past + owner
    return None


def _after_bracket(words: list[str], place: int) -> int:
    """Where an office begins after brackets in a body's name, else ``place``: Fenwick (Asia) | analyst."""
    if words[place : place + 1] != ["("] or ")" not in words[place : place + _BRACKET]:
        return place
    past = words.index(")", place) + 1
    while past < len(words) and is_name(words[past]):
        past += 1
    return past if _role_goes_on(words, past) or _is_office(words, past) else place


def _is_office(words: list[str], place: int) -> bool:
    """Whether lower-case words make the name before them part of an office: IAAF | spokesman."""
    office = []
    while place < len(words) and words[place].islower() and words[place] not in ENGLISH.prepositions:
        office.append(words[place])
        place += 1
    named = place < len(words) and is_name(words[place])
    return bool(office) and not named and not ENGLISH.roles.isdisjoint(office) and _ACTS.isdisjoint(office)


def _role_goes_on(words: list[str], place: int) -> bool:
    """Whether lower-case words lead to another name without a preposition: spokesman John Kirby."""
    begin = place
    while place < len(words) and words[place].islower() and words[place].lower() not in ENGLISH.prepositions:
        place += 1
    return begin < place < len(words) and words[begin][0].isalpha() and is_name(words[place])
