"""Subjects separated from their verb by an apposition or by brackets: Kirby, a spokesman, said."""

from __future__ import annotations

from askbrief.english.lexicon import tables
from askbrief.quotes.names import Names, is_name, run_start
from askbrief.quotes.subjects import Subject, name_after, named, subject_before
from askbrief.quotes.tokens import Tokens

_FAR = 40  # words searched backwards for the subject before an apposition
_WHERE = frozenset(["in", "at", "near", "from", "of", "outside"])
_LONG = 25  # words in an apposition at most


def parted_subject(tokens: Tokens, last: int, names: Names) -> Subject | None:
    """The subject that an apposition separates from its verb: Kirby, a White House spokesman, said."""
    words = tokens.words
    bracket = last - (words[last] == ",")
    if words[bracket] == ")" and "(" in words[:bracket]:
        opening = bracket - words[bracket::-1].index("(")
        return subject_before(tokens, opening - 1, names) if opening else None
    for place in [*range(last - 1, max(last - _FAR, 0), -1), last]:
        if words[place] == "," and place and is_name(words[place - 1]):
            first = run_start(words, place - 1)
            name = named(words, first, place - 1, names)
            if name and (place < last or (first and words[first - 1] == ",")):
                return Subject(*name, name)
    comma = next((at for at in range(last - 1, max(last - _LONG, 0), -1) if tokens.words[at] == ","), None)
    return _before_comma(tokens, comma, names) if comma else None


def named_after(tokens: Tokens, subject: Subject, names: Names) -> Subject:
    """The subject with the name that follows it: said the minister, Ann Lee, on Friday."""
    comma = subject.past
    if subject.name or tokens.words[comma : comma + 1] != [","] or not _office(tokens, subject):
        return subject
    name = name_after(tokens.words, comma + 1, names) if comma + 1 < len(tokens.words) else None
    return Subject(*name, name) if name and name[0] <= comma + 3 else subject


def apart(tokens: Tokens, subject: Subject, names: Names) -> Subject:
    """The subject before a place or office that was taken for it: Lee, in Austin, Texas said."""
    before = subject.first - 1
    if before < 1 or tokens.words[before] != ",":
        return subject
    first = tokens.words[subject.first]
    if subject.name:
        other = subject.past - subject.first == 1 and not names.knows(first) and _in_place(tokens, before - 1)
    else:
        other = first.lower() in ("the", "a", "an") and _office(tokens, subject)
    found = parted_subject(tokens, before, names) if other else None
    return found if found and found.name else subject


def _in_place(tokens: Tokens, last: int) -> bool:
    """Whether the name that ends at ``last`` is a place: in Austin, of Austin."""
    first = run_start(tokens.words, last)
    return 0 < first <= last and tokens.lower[first - 1] in _WHERE


def _office(tokens: Tokens, subject: Subject) -> bool:
    return not tables().roles.isdisjoint(tokens.lower[subject.first : subject.past])


def _before_comma(tokens: Tokens, comma: int, names: Names) -> Subject | None:
    """The subject that ends at a comma, or at a bracket before it: Sen. Ann Lee (D-Wash.), …"""
    last = comma - 1
    if tokens.words[last] == ")" and "(" in tokens.words[:last]:
        last -= tokens.words[last::-1].index("(") + 1
    return subject_before(tokens, last, names) if last >= 0 and not tokens.breaks(last) else None
