"""The cues of a sentence: its reporting verbs, and “according to”, each with the words for its speaker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from askbrief.quotes.english import tables
from askbrief.quotes.names import Names
from askbrief.quotes.subjects import Subject, main_subject, parted_subject, subject_after, subject_before
from askbrief.quotes.tokens import DASHES, MARKS, Tokens

_NEAR = 14  # words at most from a verb to the quotation that it needs
_LABEL = 8  # words at most in a label before a colon
_GOING = frozenset(["on", "continued", "continues", "continuing"])
_LEADS = frozenset(["and", "but", "then", "by", "while"])

Form: TypeAlias = Literal["before", "shared", "after", "source"]
"""Where the speaker stands: before the verb; before another verb; after it; after “according to”."""


class Cue(NamedTuple):
    """The words ``first`` to ``past`` that tell that somebody speaks, and who."""

    first: int
    past: int
    subject: Subject | None
    form: Form


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
        if word in english.verbs or (word in english.bases and _finite(tokens, place)):
            cue = _cue(tokens, place, names, before)
        elif word == "according" and tokens.lower[place + 1 : place + 2] == ["to"]:
            cue = Cue(place, place + 2, subject_after(tokens, place + 2, names), "source")
        if cue:
            yield cue
            before = cue


def _cue(tokens: Tokens, verb: int, names: Names, earlier: Cue | None) -> Cue | None:
    """The verb at ``verb`` as a cue, with its subject; None where it reports nothing."""
    lower, english = tokens.lower, tables()
    last = _before_adverbs(tokens, verb)
    before = lower[last] if last >= 0 else ""
    if (
        before in english.negation
        or before.endswith(("n't", "n’t"))
        or before in english.determiners - english.counted
    ):
        return None  # what was not said, or a noun
    if lower[verb] == "adding" and lower[verb + 1 : verb + 2] == ["to"]:
        return None  # a sum
    if lower[verb] in english.with_quotation and not _near_quotation(tokens, verb):
        return None
    if not _reports(tokens, verb):
        return None
    if before in english.passive:
        if not lower[verb].endswith("ing"):
            return None
        last = _before_adverbs(tokens, last)
        before = lower[last] if last >= 0 else ""
    if last < 0:
        return _first(tokens, verb, names)
    if before == "to" and last > 1 and lower[last - 1] in _GOING:
        at = last - 1 - (lower[last - 1] == "on")
        subject = subject_before(tokens, _before_adverbs(tokens, at), names) if at else None
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
    if lower[verb] in english.found and not (subject and _of_texts(tokens, subject)):
        return None
    if lower[verb].endswith("s") and lower[verb] != "says" and not _acts(tokens, subject):
        return None  # a noun: his earlier claims
    return Cue(verb, verb + 1, subject, "before") if subject else None


def _reports(tokens: Tokens, verb: int) -> bool:
    """Whether what follows the verb can be what is said: not in “accused of it”, “pledged delegates”."""
    english, word, after = tables(), tokens.lower[verb], tokens.lower[verb + 1 : verb + 4]
    if after[:1] == ["by"] or (after[:1] == ["of"] and word in english.spoken_to):
        return False
    needs = word in english.with_complement or word in english.with_infinitive
    if not needs or _near_quotation(tokens, verb) or not english.complements.isdisjoint(after):
        return True
    return word in english.with_infinitive and after[:1] == ["to"]


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


def _finite(tokens: Tokens, place: int) -> bool:
    """Whether a verb's plain form has a subject before it: critics say; he would argue; went on to say."""
    last = place - 1
    english = tables()
    while last >= 0 and (tokens.lower[last] in english.between or tokens.lower[last].endswith("ly")):
        last -= 1
    if last < 1 and tokens.lower[last] not in english.pronouns:
        return False
    before = tokens.lower[last]
    if before == "to":
        return tokens.lower[last - 1] in _GOING
    plural = before.endswith("s") and not before.endswith(("ss", "us", "'s", "’s")) and len(before) > 3
    known = (
        before in ("they", "we", "i", "you", "who", "people")
        or before in english.auxiliaries - english.passive
    )
    return known or (plural and before not in english.prepositions and before not in english.verbs)


def _first(tokens: Tokens, verb: int, names: Names) -> Cue | None:
    """A verb that begins its sentence, its speaker after it: Said Kirby: “…”"""
    subject = subject_after(tokens, verb + 1, names)
    past = subject.past if subject else len(tokens.words)
    opens = past + 1 < len(tokens.words) and tokens.words[past] in (",", ":") and tokens.masked(past + 1)
    return Cue(verb, past, subject, "before") if opens else None


def _of_texts(tokens: Tokens, subject: Subject) -> bool:
    return not tables().texts.isdisjoint(tokens.lower[subject.first : subject.past])


def _acts(tokens: Tokens, subject: Subject | None) -> bool:
    """Whether a verb in -s can follow: after a name, after he, she or it."""
    if subject is None:
        return False
    last = tokens.words[subject.past - 1]
    return last[0].isupper() or tokens.lower[subject.past - 1] in tables().pronouns


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


def _near_quotation(tokens: Tokens, verb: int) -> bool:
    """Whether a quotation stands right before the verb, or after it in its clause."""
    for at in range(max(0, verb - 4), min(len(tokens.words), verb + _NEAR)):
        if tokens.masked(at) or tokens.words[at] in MARKS:
            return True
        if at > verb and tokens.words[at] == ";":
            return False
    return False


def _before_adverbs(tokens: Tokens, place: int) -> int:
    """The last place before ``place`` that holds no adverb and no auxiliary."""
    lower, english = tokens.lower, tables()
    helping = english.auxiliaries - english.passive
    place -= 1
    while place >= 0 and (
        lower[place] in english.between or lower[place] in helping or lower[place].endswith("ly")
    ):
        place -= 1
    return place


def _quoted_before(tokens: Tokens, last: int) -> bool:
    return tokens.masked(last) or (last > 0 and tokens.masked(last - 1))
