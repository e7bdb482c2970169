"""The cues of a sentence: its reporting verbs, and “according to”, each with the words for its speaker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from askbrief.english.lexicon import tables
from askbrief.quotes.appositions import apart, named_after, parted_subject
from askbrief.quotes.attitudes import is_attitude, is_object, is_own, is_silent, told_of
from askbrief.quotes.names import Names
from askbrief.quotes.subjects import Subject, main_subject, subject_after, subject_before
from askbrief.quotes.tokens import DASHES, Tokens
from askbrief.quotes.verbs import (
    GOING,
    acts,
    before_adverbs,
    finite,
    near_quotation,
    negates,
    of_texts,
    reports,
)

_NEAR = 14  # words at most from a verb to the quotation that it needs
_NOT = 4  # words at most from “not” to the verb
_LABEL = 8  # words at most in a label before a colon
_RELATIVE = frozenset(["who", "which"])
_PHRASES = frozenset([("put", "it"), ("puts", "it"), ("shot", "back"), ("went", "on"), ("fired", "back")])
"""Verbs that tell of speech with their second word alone, and beside a quotation."""
_LEADS = frozenset(["and", "but", "then", "by", "while"])

Form: TypeAlias = Literal["before", "shared", "after", "source", "by"]
"""Where the speaker stands: before the verb; before another verb; after it; after “according to”; after
“asked by”, if anywhere."""


class Cue(NamedTuple):
    """The words ``first`` to ``past`` that tell that somebody speaks, and who."""

    first: int
    past: int
    subject: Subject | None
    form: Form
    negated: bool = False


def cues(tokens: Tokens, names: Names) -> Iterator[Cue]:
    """Each cue among the words of a sentence, in their order."""
    english = tables()
    before: Cue | None = None
    for place, word in enumerate(tokens.lower):
        cue = None
        if word == ":" or (place and tokens.masked(place - 1)):
            cue = _by_mark(tokens, place, names, before)
            if cue:
                yield cue
                before = cue
                continue
        if tuple(tokens.lower[place : place + 2]) in _PHRASES and near_quotation(tokens, place):
            cue = _cue(tokens, place, names, before)
            if cue:
                yield cue._replace(past=max(place + 2, cue.past))
                before = cue
            continue
        asked = _asked_by(tokens, place, names) if word == "asked" else None
        if asked:
            yield asked
            continue
        attitude = is_attitude(tokens, place) and word not in english.bases
        if word in english.verbs or attitude or (word in english.bases and finite(tokens, place)):
            cue = _cue(tokens, place, names, before)
            cue = _held(tokens, cue) if cue else None
        elif word == "according" and tokens.lower[place + 1 : place + 2] == ["to"]:
            cue = Cue(place, place + 2, subject_after(tokens, place + 2, names), "source")
        if cue:
            yield cue
            before = cue if _leads_on(tokens, cue, before) else before


def _cue(tokens: Tokens, verb: int, names: Names, earlier: Cue | None) -> Cue | None:
    """The verb at ``verb`` as a cue, with its subject; None where it reports nothing."""
    lower, english = tokens.lower, tables()
    last = before_adverbs(tokens, verb)
    before = lower[last] if last >= 0 else ""
    if negates(before):
        if not last or not is_silent(tokens, verb):
            return None  # what was not said
        last = before_adverbs(tokens, last)
        before = lower[last] if last >= 0 else ""
    if before == "that" and last and lower[last - 1] in english.texts | english.venues:
        return Cue(verb, verb + 1, Subject(last - 1, last), "before")
    if before in english.determiners - english.counted:
        return None  # a noun
    if lower[verb] == "adding" and lower[verb + 1 : verb + 2] == ["to"]:
        return None  # a sum
    needs = lower[verb] in english.with_quotation and not is_attitude(tokens, verb)
    if needs and not near_quotation(tokens, verb):
        return None
    if not reports(tokens, verb):
        return None
    if before in english.passive:
        if not lower[verb].endswith("ing"):
            return None
        last = before_adverbs(tokens, last)
        before = lower[last] if last >= 0 else ""
    if last < 0:
        return _first(tokens, verb, names)
    if before == "to" and last > 1 and lower[last - 1] in GOING:
        at = last - 1 - (lower[last - 1] == "on")
        subject = subject_before(tokens, before_adverbs(tokens, at), names) if at else None
        return Cue(verb, verb + 1, subject, "before") if subject else None
    if before in ("who", "which") and lower[verb] not in ("read", "reads"):
        return Cue(verb, verb + 1, Subject(last, last + 1), "before")
    if before in english.openers - _LEADS:
        return None
    if before in _LEADS and last > 0:
        return _shared(tokens, verb, names, earlier)
    if before in ("that", "to", "'s", "’s"):
        return None
    if tokens.breaks(last):
        return _after_break(tokens, verb, last, names, earlier)
    subject = subject_before(tokens, last, names)
    subject = apart(tokens, subject, names) if subject else None
    told = subject and (of_texts(tokens, subject) or lower[verb + 1 : verb + 2] == ["that"])
    if lower[verb] in english.found and not told:
        return None
    if lower[verb].endswith("s") and lower[verb] != "says" and not acts(tokens, subject, verb):
        return None  # a noun: his earlier claims
    return Cue(verb, verb + 1, subject, "before") if subject else None


def _asked_by(tokens: Tokens, verb: int, names: Names) -> Cue | None:
    """“asked” of one who is asked: asked why it failed, Lee said; when asked by a reporter if it is over."""
    before = tokens.lower[verb - 1] if verb else ""
    leads = before in ("", "when", "if") or before in tables().passive
    if not leads and not tokens.breaks(verb - 1):
        return None
    after = verb + 1
    asker = None
    if tokens.lower[after : after + 1] == ["by"]:
        asker = subject_after(tokens, after + 1, names)
        after = asker.past if asker else after
    if tokens.lower[after : after + 1] == ["repeatedly"]:
        after += 1
    what = tokens.lower[after] if after < len(tokens.lower) else ""
    asks = what in tables().complements or what in ("about", "to")
    return Cue(verb, after, asker, "by") if asks else None


def _leads_on(tokens: Tokens, cue: Cue, earlier: Cue | None) -> bool:
    """Whether a later verb may share the subject of this one, which an attitude lends where nobody spoke."""
    if not is_attitude(tokens, cue.first):
        return True
    return earlier is None and cue.subject is not None and tokens.lower[cue.subject.first] not in _RELATIVE


def _held(tokens: Tokens, cue: Cue) -> Cue | None:
    """A cue that tells of an attitude with all of its words; None where it tells of something else."""
    english, verb = tables(), cue.first
    word = tokens.lower[verb]
    told = told_of(tokens, verb)
    speaks = word in english.verbs or word in english.bases - english.opinions - english.stances
    if speaks and (word not in english.with_quotation or near_quotation(tokens, verb)):
        return cue._replace(past=max(told or 0, cue.past))
    if cue.subject is None or told is None or not is_own(tokens, cue.subject.first) or cue.form == "after":
        return None
    by = tokens.lower[verb - 1] in ("by", "while")
    if by or is_object(tokens, cue.subject.first, verb):
        return None
    near = max(cue.subject.past, verb - _NOT)
    return cue._replace(past=told, negated=any(map(negates, tokens.lower[near:verb])))


def _by_mark(tokens: Tokens, place: int, names: Names, earlier: Cue | None) -> Cue | None:
    """A colon before a quotation, or any verb in -ed right after one, where no reporting verb is near."""
    if tokens.words[place] == ":":
        opens = place + 1 < len(tokens.words) and tokens.masked(place + 1) and place > 0
        if not opens or (earlier and place - earlier.past < _NEAR):
            return None
        label = range(max(0, place - _LABEL), place)
        start = next((at + 1 for at in reversed(label) if tokens.breaks(at)), label.start)
        short = start == 0 or tokens.words[start - 1] in DASHES
        named = subject_before(tokens, place - 1, names) if short else None
        subject = named or main_subject(tokens, place, names)
        return Cue(place, place + 1, subject, "before") if subject else None
    return _acting(tokens, place, names)


def _acting(tokens: Tokens, place: int, names: Names) -> Cue | None:
    """“…,” he posted: an unknown verb that stands with its subject right after a quotation."""
    english = tables()
    if not tokens.wordless(0, place) or tokens.words[place][0] in ",.":
        return None
    for at in range(place + 1, min(place + _LABEL, len(tokens.words))):
        word = tokens.lower[at]
        if word in english.verbs or word in english.bases or tokens.breaks(at) or word in english.auxiliaries:
            return None
        if word.endswith("ed") and tokens.words[at].islower():
            subject = subject_before(tokens, at - 1, names)
            return Cue(at, at + 1, subject, "before") if subject and subject.first >= place else None
    return None


def _first(tokens: Tokens, verb: int, names: Names) -> Cue | None:
    """A verb that begins its sentence, its speaker after it: Said Kirby: “…”"""
    subject = subject_after(tokens, verb + 1, names)
    past = subject.past if subject else len(tokens.words)
    opens = past + 1 < len(tokens.words) and tokens.words[past] in (",", ":") and tokens.masked(past + 1)
    return Cue(verb, past, subject, "before") if opens else None


def _shared(tokens: Tokens, verb: int, names: Names, earlier: Cue | None) -> Cue | None:
    """A verb that shares its subject with one before it: Macron spoke, saying; and said."""
    if earlier and earlier.subject and earlier.form != "source":
        return Cue(verb, verb + 1, earlier.subject, "shared")
    plain = tables().subordinators.isdisjoint(tokens.lower[:verb])
    subject = main_subject(tokens, verb, names) if plain or tokens.lower[verb].endswith("ing") else None
    return Cue(verb, verb + 1, subject, "shared")


def _after_break(tokens: Tokens, verb: int, last: int, names: Names, earlier: Cue | None) -> Cue | None:
    """A verb after a comma or a quotation: said Kirby; Kirby, a spokesman, said; Macron spoke, saying."""
    if tokens.lower[verb].endswith("ing"):
        return _shared(tokens, verb, names, earlier)
    subject = None if _quoted_before(tokens, last) else parted_subject(tokens, last, names)
    if not (subject and subject.name) and tokens.lower[verb] not in tables().spoken_to:
        inverted = subject_after(tokens, verb + 1, names)
        inverted = named_after(tokens, inverted, names) if inverted else None
        if inverted and (inverted.name or subject is None) and _ends(tokens, verb, last, inverted):
            return Cue(verb, verb + 1, inverted, "after")
    return Cue(verb, verb + 1, subject, "before") if subject else None


def _ends(tokens: Tokens, verb: int, last: int, subject: Subject) -> bool:
    """Whether the speaker after a verb ends its clause, or follows a quotation: …, said Kirby on Friday."""
    if tokens.lower[verb + 1] in tables().complements:
        return False
    if _quoted_before(tokens, last) or subject.past >= len(tokens.words):
        return True
    follows = tokens.words[subject.past]
    return not follows[0].isalnum() or follows in tables().prepositions


def _quoted_before(tokens: Tokens, last: int) -> bool:
    return tokens.masked(last) or (last > 0 and tokens.masked(last - 1))
