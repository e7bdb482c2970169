"""The subject of a verb: the words of its sentence for who speaks, and the name among them.

The name is None if there is none, or if it is not surely the subject.
"""

from __future__ import annotations

from typing import NamedTuple

from askbrief.english.lexicon import tables
from askbrief.quotes.names import Names, is_name, is_particle, run_start, without_titles
from askbrief.quotes.time_phrases import after_time
from askbrief.quotes.tokens import BREAKS, Tokens
from askbrief.types import Extent

_LONG = 25  # words in a subject at most


class Subject(NamedTuple):
    """The words ``first`` to ``past`` for who speaks, and those of them that are a person's name."""

    first: int
    past: int
    name: Extent | None = None


def subject_before(tokens: Tokens, last: int, names: Names) -> Subject | None:
    """The subject that ends at ``last``: He; officials in Kyiv; White House spokesman John Kirby."""
    words, lower, english = tokens.words, tokens.lower, tables()
    if lower[last] in english.pronouns:
        return Subject(last, last + 1)
    first = _phrase_start(tokens, last)
    if first > last:
        return None
    inside = range(first + 1, last)
    parts = (at for at in inside if lower[at] in english.affiliation and not _titled(words, at))
    head = next(parts, last + 1) - 1
    held = run_start(words, last)
    if first < held <= last and lower[held - 1] in english.roles:
        head = last  # Office for Trade chairman Ann Lee
    if not is_name(words[head]):
        return Subject(first, last + 1)
    return _subject(tokens, first, head, last, names)


def _subject(tokens: Tokens, first: int, head: int, last: int, names: Names) -> Subject:
    """The subject in ``first`` to ``last``, where the run of capitals that ends at ``head`` may name it."""
    name = named(tokens.words, run_start(tokens.words, head), head, names)
    return Subject(*name, name) if name else Subject(first, last + 1)


def _phrase_start(tokens: Tokens, last: int) -> int:
    """Where the noun phrase that ends at ``last`` begins; ``last + 1`` if there is none."""
    words, lower, english = tokens.words, tokens.lower, tables()
    at = last
    while at >= max(0, last - _LONG):
        word = lower[at]
        ends = word in english.subordinators or word in english.complements or word in english.auxiliaries
        if tokens.breaks(at) or ends or word in english.verbs or word in english.pronouns:
            break
        if word in ("and", "or", "but") and not _joins(words, at):
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
    lower, english = tokens.lower, tables()
    while first < (past := after_time(tokens, first)) <= last:
        first = past
    if first < last and lower[first] in english.openers:
        inner = range(last, first, -1)
        first = next((at for at in inner if _begins_phrase(tokens, at)), first + 1)
    return first


def _begins_phrase(tokens: Tokens, place: int) -> bool:
    """Whether a noun phrase begins here: with a determiner, or with a name that goes on from nothing."""
    words, english = tokens.words, tables()
    before = tokens.lower[place - 1]
    joined = before in english.determiners or before in ("of", "for", "and", "&")
    named = is_name(words[place]) and not is_name(words[place - 1]) and not joined
    return tokens.lower[place] in english.determiners or named


def named(words: list[str], first: int, last: int, names: Names, free: bool = False) -> Extent | None:
    """The name in ``words[first:last + 1]``, if ``free`` or if the words before let it be a subject."""
    english = tables()
    run = words[first : last + 1]
    if not run or (run[0] == "The" and english.titles.isdisjoint(run)):
        return None
    free = free or (first > 1 and (_titled(words, first - 1) or _of_office(words, first - 1)))
    before = words[first - 1].lower() if first and not free else ""
    if before in ("and", "but") and first > 1 and words[first - 2] in BREAKS:
        before = ""  # a clause of its own
    if before in english.affiliation | {"the"} and first > 1:
        inner = first - 1 - (before == "the")
        if words[inner].lower() in english.affiliation and is_name(words[inner - 1]):
            return named(words, run_start(words, inner - 1), inner - 1, names)
    owned = before in {"'s", "’s"} and first == last and not names.knows(run[0])
    if before in english.prepositions - english.subordinators or before == "the" or owned:
        return None
    return (last + 1 - max(1, len(without_titles(run))), last + 1) if names.person(run) else None


def _of_office(words: list[str], place: int) -> bool:
    """Whether “and” is part of a title: Minister of Trade and Industry Ann Lee."""
    if words[place] != "and":
        return False
    first = run_start(words, place - 1)
    return first > 1 and words[first - 1] in ("of", "for") and words[first - 2] in tables().titles


def _titled(words: list[str], place: int) -> bool:
    """Whether “of” is part of a title: Secretary of State Ann Lee."""
    return (
        words[place] == "of"
        and words[place - 1] in tables().titles
        and words[place + 1] in tables().not_first
    )


def main_subject(tokens: Tokens, verb: int, names: Names) -> Subject | None:
    """The subject of the clause that a participle hangs on: the first phrase that a verb follows."""
    words, lower, english = tokens.words, tokens.lower, tables()
    place = 0
    while place < verb:
        if lower[place] not in english.openers and not lower[place].endswith("ing"):
            return _clause_subject(tokens, place, verb, names)
        place = next((at for at in range(place, verb) if words[at] == ","), verb) + 1
    return None


def _clause_subject(tokens: Tokens, place: int, verb: int, names: Names) -> Subject | None:
    """The subject of the clause that begins at ``place``."""
    lower, english = tokens.lower, tables()
    if lower[place] in english.pronouns:
        return Subject(place, place + 1)
    last = _name_end(tokens, place, verb)
    name = None if last is None else named(tokens.words, run_start(tokens.words, last), last, names)
    if name:
        return Subject(*name, name)
    past = place
    while past < verb and not _verbal(tokens, past):
        past += 1
    return Subject(place, past) if past > place else None


def _verbal(tokens: Tokens, place: int) -> bool:
    """Whether a word ends the noun phrase before it: a verb, a mark, a preposition."""
    word, english = tokens.lower[place], tables()
    other = word in english.prepositions and word not in ("of", "and", "for")
    ends = word in english.verbs or word in english.auxiliaries or word in english.subordinators
    return tokens.breaks(place) or other or ends or (word.endswith("ed") and word == tokens.words[place])


def _name_end(tokens: Tokens, place: int, verb: int) -> int | None:
    """Where the name ends that the clause beginning at ``place`` has as its subject."""
    words, lower, english = tokens.words, tokens.lower, tables()
    while place < verb and not is_name(words[place]):
        word = lower[place]
        odd = not word.isalpha() or word.endswith("ed")
        if odd or word in english.prepositions or word in english.pronouns:
            return None
        place += 1
    while place < verb and (is_name(words[place]) or _role(words, place)):
        place += 1
    return place - 1 if place < verb and (words[place].isalpha() or words[place] == ",") else None


def _role(words: list[str], place: int) -> bool:
    """Whether a lower-case word before a name is its office: spokesman John Kirby."""
    english = tables()
    return words[place] in english.roles and is_name(words[place + 1])


def subject_after(tokens: Tokens, place: int, names: Names) -> Subject | None:
    """The noun phrase that begins at ``place``: White House spokesman John Kirby, …"""
    name = name_after(tokens.words, place, names)
    if name:
        return Subject(*name, name)
    past, english = place, tables()
    while past < min(len(tokens.words), place + _LONG) and (
        tokens.words[past][0].isalnum() or (past > place and tokens.words[past] in ("'s", "’s"))
    ):
        word = tokens.lower[past]
        other = word in english.prepositions and word not in ("of", "for", "and", "from", "with")
        if other or word in english.subordinators or word in english.verbs or word in english.auxiliaries:
            break
        past += 1
    return Subject(place, past) if past > place else None


def name_after(words: list[str], place: int, names: Names) -> Extent | None:
    """The name of the noun phrase that begins at ``place``."""
    english = tables()
    begin = place
    while place < len(words) and (words[place][0].isalpha() or words[place] in {"'s", "’s"}):
        if is_name(words[place]):
            end = place
            while end + 1 < len(words) and (is_name(words[end + 1]) or is_particle(words, end + 1)):
                end += 1
            follows = words[end + 1] if end + 1 < len(words) else "."
            role = follows.islower() and follows[0].isalpha() and _role_goes_on(words, end + 1)
            if follows not in {"'s", "’s"} and not role:
                acts = (
                    follows in english.verbs or follows in english.passive or follows in english.auxiliaries
                )
                if acts or follows.endswith(("ed", "n't", "n’t")):
                    return None
                if follows == "and" and end + 2 < len(words) and is_name(words[end + 2]):
                    return None
                return named(words, place, end, names, free=place == begin)
            place = end + 1 + (follows in {"'s", "’s"})
        elif words[place].lower() in english.prepositions - {"of"} or words[place].lower() in english.verbs:
            return None
        else:
            place += 1
    return None


def _role_goes_on(words: list[str], place: int) -> bool:
    """Whether lower-case words lead to another name without a preposition: spokesman John Kirby."""
    english = tables()
    while place < len(words) and words[place].islower() and words[place].lower() not in english.prepositions:
        place += 1
    return place < len(words) and is_name(words[place])
