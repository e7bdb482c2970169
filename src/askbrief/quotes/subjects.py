"""The name that is the subject of a verb, from where it stands among the words of its sentence.

What is no name, or not surely the subject, is None.
"""

from __future__ import annotations

from askbrief.quotes.english import AUXILIARIES, tables
from askbrief.quotes.names import Names, is_name, is_particle, run_start

_FAR = 40  # tokens looked back over for the subject that an apposition parts from its verb


def subject(words: list[str], first: int, last: int, names: Names, free: bool = False) -> str | None:
    """The name in ``words[first:last + 1]``, if ``free`` or if what stands before lets it be a subject."""
    english = tables()
    run = words[first : last + 1]
    if not run or (run[0] == "The" and english.titles.isdisjoint(run)):
        return None
    before = words[first - 1].lower() if first and not free else ""
    if before in english.affiliation | {"the"} and first > 1:
        inner = first - 1 - (before == "the")
        if words[inner].lower() in english.affiliation and is_name(words[inner - 1]):
            return subject(words, run_start(words, inner - 1), inner - 1, names)
    if before in english.prepositions or before == "the" or (before in {"'s", "’s"} and first == last):
        return None
    return names.person(run)


def parted_subject(words: list[str], last: int, names: Names) -> str | None:
    """The name that an apposition parts from its verb: Kirby, a spokesman for the White House, said."""
    if words[last] == ")" and "(" in words[:last]:
        opening = last - words[last::-1].index("(")
        return subject(words, run_start(words, opening - 1), opening - 1, names)
    for place in [*range(last - 1, max(last - _FAR, 0), -1), last]:
        if words[place] == "," and place and is_name(words[place - 1]):
            first = run_start(words, place - 1)
            name = subject(words, first, place - 1, names)
            if name and (place < last or (first and words[first - 1] == ",")):
                return name
    return None


def main_subject(words: list[str], verb: int, names: Names) -> str | None:
    """The subject of the clause that a participle hangs on: the first name that a verb follows."""
    english = tables()
    place = 0
    while place < verb:
        if words[place].lower() not in english.openers and not words[place].lower().endswith("ing"):
            last = _clause_subject(words, place, verb)
            return None if last is None else subject(words, run_start(words, last), last, names)
        comma = next((at for at in range(place, verb) if words[at] == ","), verb)
        place = comma + 1
    return None


def _clause_subject(words: list[str], place: int, verb: int) -> int | None:
    """Where the name ends that the clause beginning at ``place`` has as its subject."""
    english = tables()
    while place < verb and not is_name(words[place]):
        word = words[place].lower()
        if (
            word in english.prepositions
            or word in english.pronouns
            or not word.isalpha()
            or word.endswith("ed")
        ):
            return None
        place += 1
    while place < verb and (is_name(words[place]) or _role(words, place)):
        place += 1
    return place - 1 if place < verb and (words[place].isalpha() or words[place] == ",") else None


def _role(words: list[str], place: int) -> bool:
    """Whether a lower-case word stands before a name as its office: spokesman John Kirby."""
    english = tables()
    word = words[place]
    known = word in english.verbs or word in english.prepositions
    role = word.islower() and not known and not word.endswith(("ed", "s", "ly"))
    return role and is_name(words[place + 1])


def name_after(words: list[str], place: int, names: Names) -> str | None:
    """The name of the noun phrase that begins at ``place``: White House spokesman John Kirby, …"""
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
                acts = follows in english.verbs or follows in english.passive or follows in AUXILIARIES
                if acts or follows.endswith(("ed", "n't", "n’t")):
                    return None
                if follows == "and" and end + 2 < len(words) and is_name(words[end + 2]):
                    return None
                return subject(words, place, end, names, free=place == begin)
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
