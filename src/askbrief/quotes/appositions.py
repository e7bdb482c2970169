"""Subjects separated from their verb by an apposition or by brackets: Kirby, a spokesman, said."""

from __future__ import annotations

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.document_names import DocumentNames, is_name, run_start
from askbrief.quotes.tokens import DASHES, POSSESSIVE, Tokens
from askbrief.quotes.verb_subjects import Subject, name_after, named, subject_before

_FAR = 40  # words searched backwards for the subject before an apposition
_LONG = 25  # words in an apposition at most


def parted_subject(tokens: Tokens, last: int, names: DocumentNames) -> Subject | None:
    """The subject that an apposition or words between dashes separate from its verb: Kirby, a spokesman,
    said."""
    words = tokens.words
    if words[last] in DASHES:
        near = range(last - 1, max(last - _LONG, 0), -1)
        dash = next((at for at in near if words[at] in DASHES), None)
        return subject_before(tokens, dash - 1, names) if dash else None
    bracket = last - (words[last] == ",")
    outside = before_bracket(words, bracket)
    if outside != bracket:
        return subject_before(tokens, outside, names) if outside >= 0 else None
    for place in [*range(last - 1, max(last - _FAR, 0), -1), last]:
        if words[place] == "," and place and is_name(words[place - 1]):
            first = run_start(words, place - 1)
            name = named(words, first, place - 1, names)
            if name and (place < last or (first and words[first - 1] == ",")):
                return Subject(*name, name)
    comma = next((at for at in range(last - 1, max(last - _LONG, 0), -1) if words[at] == ","), None)
    if comma is None:
        return None
    last = before_bracket(words, comma - 1)  # Sen. Ann Lee (D-Wash.), …
    return subject_before(tokens, last, names) if last >= 0 and not tokens.breaks(last) else None


def before_bracket(words: list[str], last: int) -> int:
    """The last word before the brackets that end at ``last``; ``last`` if none do."""
    brackets = words[last] == ")" and "(" in words[:last]
    return last - words[last::-1].index("(") - 1 if brackets else last


def apposed_start(tokens: Tokens, subject: Subject) -> int:
    """Where the office before a name and a comma begins: the agency's director, | Ann Lee, said."""
    first = subject.first
    if not subject.name or first < 2 or tokens.words[first - 1] != ",":
        return first
    begin = first - 1
    while begin and not tokens.breaks(begin - 1):
        begin -= 1
    leads = begin == 0 or tokens.masked(begin - 1) or tokens.words[begin - 1] == ","
    owned = any(word in POSSESSIVE for word in tokens.lower[begin:first])
    described = tokens.lower[begin] in ENGLISH.determiners or owned
    clause = ENGLISH.auxiliaries | ENGLISH.verbs | ENGLISH.passive
    plain = begin < first - 1 and clause.isdisjoint(tokens.lower[begin : first - 1])
    office = _office(tokens, Subject(begin, first)) or (begin and tokens.masked(begin - 1))
    return begin if leads and described and plain and office else first


def named_after(tokens: Tokens, subject: Subject, names: DocumentNames) -> Subject:
    """The subject with the name that follows it: said the minister, Ann Lee, on Friday."""
    if subject.name or tokens.word(subject.past) != ",":
        return subject
    name = name_after(tokens.words, subject.past + 1, names)
    if not name or name[0] > subject.past + 3:
        return subject
    if not _office(tokens, subject):
        full = name[1] - name[0] > 1 and (
            name[1] == len(tokens.words) or not tokens.words[name[1]][0].isalnum()
        )
        if not (full and name[0] == subject.past + 1 and _is_person(tokens, subject)):
            return subject
    return Subject(*name, name)


def _is_person(tokens: Tokens, subject: Subject) -> bool:
    """Whether a phrase can mean one person: a witness, his sister; not a spokesman for the firm."""
    words = tokens.lower[subject.first : subject.past]
    known = words[0] in ENGLISH.determiners - ENGLISH.counted - {"these", "those"} or words[0] in (
        "another",
        "one",
    )
    things = ENGLISH.texts | ENGLISH.venues | ENGLISH.affiliation
    thing = words[-1].capitalize() in ENGLISH.groups or words[-1] in ENGLISH.collectives
    return known and len(words) > 1 and things.isdisjoint(words) and not thing and words[-1][-1].isalpha()


def apart(tokens: Tokens, subject: Subject, names: DocumentNames) -> Subject:
    """The subject before a place or office that was taken for it: Lee, in Austin, Texas said; Lee, president
    and chairman said."""
    before = subject.first - 1
    if not subject.name and tokens.words[subject.first].islower() and tokens.lower[before] == "and":
        return _before_offices(tokens, subject, names) or subject
    if before < 1 or tokens.words[before] != ",":
        return subject
    first = tokens.words[subject.first]
    if subject.name:
        other = subject.past - subject.first == 1 and not names.knows(first) and _in_place(tokens, before - 1)
    else:
        other = first.lower() in ("the", "a", "an") and _office(tokens, subject)
    found = parted_subject(tokens, before, names) if other else None
    return found if found and found.name else subject


def _before_offices(tokens: Tokens, subject: Subject, names: DocumentNames) -> Subject | None:
    """The name before a comma and several offices, the last of which is ``subject``."""
    begin = subject.first
    while begin and tokens.words[begin - 1].isalpha() and tokens.words[begin - 1].islower():
        begin -= 1
    offices = Subject(begin, subject.past)
    if begin < 2 or tokens.words[begin - 1] != "," or not _office(tokens, offices):
        return None
    if not ENGLISH.verbs.isdisjoint(tokens.lower[begin : subject.past]):
        return None
    first = run_start(tokens.words, begin - 2)
    name = named(tokens.words, first, begin - 2, names) if first <= begin - 2 else None
    return Subject(*name, name) if name else None


def _in_place(tokens: Tokens, last: int) -> bool:
    """Whether the name that ends at ``last`` is a place: in Austin, of Austin."""
    first = run_start(tokens.words, last)
    return 0 < first <= last and tokens.lower[first - 1] in ("in", "at", "near", "from", "of", "outside")


def _office(tokens: Tokens, subject: Subject) -> bool:
    return not ENGLISH.roles.isdisjoint(tokens.lower[subject.first : subject.past])
