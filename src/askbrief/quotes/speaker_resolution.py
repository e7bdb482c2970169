"""Whom the words for a speaker mean: a name's fullest form, the person behind “he”, an office's holder."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from typing import NamedTuple

from askbrief.english.name_parts import gender_of
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue
from askbrief.quotes.document_names import DocumentNames, is_name, is_particle, run_start
from askbrief.quotes.organisations import Bodies, Body, body
from askbrief.quotes.polarity import polarity, polarity_beside
from askbrief.quotes.reporting_verbs import ATTITUDES
from askbrief.quotes.roles import Roles, role_after, role_before
from askbrief.quotes.time_phrases import after_time
from askbrief.quotes.tokens import POSSESSIVE, Tokens
from askbrief.quotes.verb_subjects import Subject, main_subject, named
from askbrief.types import Extent, Polarity

_MEMORY = 6  # sentences searched for whom “he” means
_REACH = 3  # paragraphs searched
_OBJECT = 6  # words after a cue that may name a hearer
_ANSWERS = ENGLISH.denial | ENGLISH.answers
_TO_SOMEBODY = ENGLISH.spoken_to | ENGLISH.telling
_HE_OR_SHE = {"he": "he", "she": "she", "his": "he", "her": "she"}
_NO_VERBS = ENGLISH.prepositions | ENGLISH.determiners
_ACTS = ENGLISH.verbs | ENGLISH.auxiliaries | ENGLISH.subordinators
_ADDS = ENGLISH.continuing
_SUBJECT = 6  # words at the beginning of a sentence that may be its subject
_ENDS_SUBJECT = ENGLISH.verbs | ENGLISH.auxiliaries | ENGLISH.prepositions | ENGLISH.subordinators
_BETWEEN = 3  # words from an owner to what is owned: her elder brother
_OWNERS = POSSESSIVE | {"his", "her", "their"}
_PEOPLE = ENGLISH.male | ENGLISH.female
_JOINED = frozenset(["and", "but", "when", "as", "while", "because", "that", "which", "what", "where"])
_BEGIN = frozenset(
    ["when", "after", "before", "as", "while", "speaking", "asked", "during", "at", "in", "on"]
)
_BEFORE_PEOPLE = _TO_SOMEBODY.union(["", "met", "meets", "with", "and", "by", "between", "joined", "thanked"])


class Attribution(NamedTuple):
    """A cue in its document, and who speaks. All extents count characters of the text."""

    cue: Extent
    polarity: Polarity
    speaker: Extent | None
    name: str | None
    role: str | None


class _Spoke(NamedTuple):
    """Who spoke by a cue: None for somebody without a name, as a ``pronoun`` that may mean several is."""

    name: str | None
    cue: Cue
    pronoun: str | None = None


class _Sentence(NamedTuple):
    """A sentence that was read, and who spoke in it."""

    paragraph: int
    tokens: Tokens
    spoke: list[_Spoke]


class Speakers:
    """Resolves speakers, sentence by sentence, and remembers whom a pronoun may mean."""

    def __init__(self, text: str, names: DocumentNames) -> None:
        self._text = text
        self._names = names
        self._roles = Roles(text, names)
        self._bodies = Bodies(text)
        self._spoke_itself: dict[str, bool] = {}  # the bodies that spoke; false if one person spoke for it
        self._sentences: list[_Sentence] = []

    def begin_sentence(self, tokens: Tokens, paragraph: int) -> None:
        """Begin a sentence: the next cues are in it."""
        self._sentences = [*self._sentences[-_MEMORY:], _Sentence(paragraph, tokens, [])]

    def attribute(self, cue: Cue) -> Attribution:
        """The attribution of a cue; its speaker is remembered."""
        tokens = self._sentences[-1].tokens
        beside = cue.form == "beside"
        means = polarity_beside(tokens, cue.first) if beside else polarity(tokens, cue.first)
        means = "asked" if cue.form == "by" else means
        first = cue.subject.past if cue.negated and cue.subject else cue.first  # does not support
        place = (tokens.starts[min(first, cue.first)], tokens.ends[cue.past - 1])
        if cue.subject is None:
            return Attribution(place, means, None, None, None)
        name = self._name(tokens, cue, cue.subject)
        speaks = None if name else body(tokens.words, cue.subject.first, cue.subject.past)
        if speaks:
            name = " ".join(tokens.words[slice(*speaks.name)])
            office = tokens.lower[slice(*speaks.office)] if speaks.office else []
            self._spoke_itself[name] = ENGLISH.roles.isdisjoint(office)
        role = self._role(tokens, cue.subject, name, speaks)
        if not beside and (name or tokens.lower[cue.first] not in ATTITUDES):
            self._remember(tokens, cue, cue.subject, name)
        speaker = (tokens.starts[cue.subject.first], tokens.ends[cue.subject.past - 1])
        return Attribution(place, means, speaker, name, role)

    def _name(self, tokens: Tokens, cue: Cue, subject: Subject) -> str | None:
        words = tokens.words[subject.first : subject.past]
        word = tokens.lower[subject.first]
        if subject.name:
            return self._names.person(_titled(tokens.words, *subject.name))
        if len(words) == 1 and word in _HE_OR_SHE:
            return self._meant(_HE_OR_SHE[word], tokens, cue)
        if len(words) == 1 and word == "it":
            return self._body_meant()
        if len(words) == 1 and word == "who":
            return self._related(tokens.words, subject.first)
        if word not in ENGLISH.determiners:
            return None
        place = tokens.starts[subject.first]
        name = self._roles.holder(words, self._names.people, place)
        if name is None and len(words) == 2 and words[1].capitalize() in ENGLISH.groups:
            name = self._bodies.meant(words[1], place) or self._acronym_meant()
            if name:
                self._spoke_itself[name] = True
        return name

    def _acronym_meant(self) -> str | None:
        """The body that “the agency” is, if one spoke just before by its initials: the WHO."""
        name = self._body_meant()
        return name if name and name.isupper() and name not in ENGLISH.states else None

    def _related(self, words: list[str], place: int) -> str | None:
        """The person whom the clause at ``place`` is about: Ann Lee, who said."""
        if place < 2 or words[place - 1] != "," or not is_name(words[place - 2]):
            return None
        name = named(words, run_start(words, place - 2), place - 2, self._names)
        return self._names.person(words[slice(*name)]) if name else None

    def _body_meant(self) -> str | None:
        """The body that spoke last, in this paragraph or the one before, if nobody else did since."""
        here = self._sentences[-1]
        near = (one for one in reversed(self._sentences) if here.paragraph - one.paragraph <= 1)
        name = next((spoke.name for sentence in near for spoke in reversed(sentence.spoke)), None)
        thing = name and " " not in name and not self._names.knows(name)
        return name if name and self._spoke_itself.get(name, thing) else None

    def _role(self, tokens: Tokens, subject: Subject, name: str | None, speaks: Body | None) -> str | None:
        """The office beside the name; if there is none, the one that the document gave it before."""
        if name is None:
            return None
        beside = speaks.office if speaks else None
        if subject.name:
            beside = role_before(tokens.words, subject.first) or role_after(tokens.words, subject.past)
        if beside:
            return self._text[tokens.starts[beside[0]] : tokens.ends[beside[1] - 1]]
        return None if speaks else self._roles.of(name, tokens.starts[subject.first])

    def _remember(self, tokens: Tokens, cue: Cue, subject: Subject, name: str | None) -> None:
        word = tokens.lower[subject.first]
        alone = subject.past == subject.first + 1
        if name or _is_somebody(tokens, subject) or (alone and word in ("he", "she")):
            pronoun = word if alone and word in ("he", "she") else None
            self._sentences[-1].spoke.append(_Spoke(name, cue, pronoun))

    def _meant(self, pronoun: str, tokens: Tokens, cue: Cue) -> str | None:
        """The person whom a pronoun means: who spoke or acted last, if no other may be meant as well."""
        name = self._antecedent(pronoun, tokens, cue)
        if name:
            self._names.learn(name, pronoun)
        return name

    def _antecedent(self, pronoun: str, tokens: Tokens, cue: Cue) -> str | None:
        here = self._sentences[-1]
        answers = tokens.lower[cue.first] in _ANSWERS
        weak: str | None = None
        fresh = True  # nobody was named since
        for sentence in reversed(self._sentences):
            if here.paragraph - sentence.paragraph > _REACH:
                break
            at = cue.subject.first if sentence is here and cue.subject else None
            found = self._of_sentence(sentence, pronoun, at, adds=_adds(tokens, cue), answers=answers)
            if found is None:
                fresh = fresh and (sentence is here or not self._people(sentence.tokens))
                continue
            name, sure = found
            if sure or not (fresh or sentence.paragraph == here.paragraph):
                return name if weak in (None, name) and sure else None
            if name is None or weak not in (None, name):
                return None
            weak = name
        return weak

    def _of_sentence(
        self, sentence: _Sentence, pronoun: str, place: int | None, *, adds: bool, answers: bool
    ) -> tuple[str | None, bool] | None:
        """Whom of a sentence a pronoun may mean, and whether nobody before it can be meant.

        None if it may mean nobody of it. The name is None if it may mean two people, or somebody unnamed.
        ``place`` is the pronoun's, if it is in this sentence: what comes before is mostly what is said.
        """
        tokens = sentence.tokens
        fitting = (one for one in reversed(sentence.spoke) if self._fits(one.name, pronoun))
        spoke = next((one for one in fitting if one.pronoun in (None, pronoun)), None)
        if place is not None:
            if spoke:
                return spoke.name, True
            actor = self._actor(tokens, place) if place else None
            if actor is None or _apart(tokens, place) or not self._fits(actor, pronoun):
                return None
            return (actor if _leads(tokens, place) else None), True
        if spoke and spoke.name is None:
            return None, True
        named = self._people(tokens)
        people = [name for name in named if self._fits(name, pronoun)]
        unnamed = not spoke and not named and _begins_with_somebody(tokens)
        if unnamed or _has_relative(tokens, pronoun, named.values()):
            return None, True
        if spoke:
            others: Iterable[str] = (
                people if answers else [] if adds else self._hearers(tokens, spoke.cue, pronoun)
            )
            return (None if any(name != spoke.name for name in others) else spoke.name), True
        if len(people) != 1:
            return (None, True) if people else None
        (name,) = people
        actor = self._actor(tokens, len(tokens.words))
        if actor not in (None, name) and self._fits(actor, pronoun):
            return None, True
        return name, name == actor or (len(named) == 1 and _may_act(tokens, named[name]))

    def _fits(self, name: str | None, pronoun: str) -> bool:
        """Whether a pronoun may mean somebody; ministries are no “she”."""
        return name is None or (
            not self._spoke_itself.get(name) and self._names.gender(name) in (None, pronoun)
        )

    def _hearers(self, tokens: Tokens, cue: Cue, pronoun: str) -> list[str]:
        """The people who are the object of a cue: told Kirby, accused Kirby of it."""
        if tokens.lower[cue.first] not in _TO_SOMEBODY and tokens.word(cue.past) != "to":
            return []
        found = self._people(tokens, cue.past, min(len(tokens.words), cue.past + _OBJECT))
        return [name for name in found if self._fits(name, pronoun)]

    def _people(self, tokens: Tokens, first: int = 0, past: int | None = None) -> dict[str, int]:
        """The people whom a sentence names, each with where the name begins; not owners, if one acts."""
        words, found, owners = tokens.words, dict[str, int](), dict[str, int]()
        past = len(words) if past is None else past
        at = first
        while at < past:
            if not words[at][0].isupper():
                at += 1
                continue
            start = at
            while at < past and (is_name(words[at]) or is_particle(words, at)):
                at += 1
            run = words[start:at]
            titled = _is_title(words[start])
            name = self._names.person(run) if len(run) > 1 or self._names.knows(run[0]) else None
            before = tokens.lower[start - 1] if start else ""
            owns = at < past and words[at] in POSSESSIVE
            if name and (titled or self._is_person(name, before)):
                (owners if owns else found).setdefault(name, start)
        return found if self._actor(tokens, len(words)) else {**found, **owners}

    def _is_person(self, name: str, before: str) -> bool:
        """Whether a name is a person's, and not that of a place, as after “in”."""
        if any(name == spoke.name for one in self._sentences for spoke in one.spoke):
            return True
        if self._names.gender(name):
            return before not in ("in", "at", "near")  # Stanley Park
        words = name.split()
        odd = any((word.isupper() and len(word) > 1) or word in ENGLISH.places for word in words[1:])
        beside = before in _BEFORE_PEOPLE or bool(self._roles.of(name, len(self._text)))
        return len(words) > 1 and beside and not odd

    def _actor(self, tokens: Tokens, past: int) -> str | None:
        """The person whom a sentence is about; None if it is about two."""
        subject = main_subject(tokens, past, self._names)
        name = subject.name if subject and subject.name else self._opening(tokens, past)
        after = tokens.words[name[1] : name[1] + 2] if name else []
        if name is None or (after[:1] == ["and"] and is_name(after[-1])):
            return None
        return self._names.person(_titled(tokens.words, *name))

    def _opening(self, tokens: Tokens, past: int) -> Extent | None:
        """The name that a verb follows and only words for when come before: On Friday Ann Lee spoke."""
        first = end = after_time(tokens, 0)
        while 0 < end < past and is_name(tokens.words[end]):
            end += 1
        acts = first < end < past and tokens.words[end].islower() and tokens.words[end] not in _NO_VERBS
        return (first, end) if acts else None


def _is_somebody(tokens: Tokens, subject: Subject) -> bool:
    """Whether words without a name may mean somebody: the ferry's captain; a spokesman for Corvo."""
    words, first = tokens.lower[subject.first : subject.past], subject.first
    if words[0] in ("it", "they", "we", "you", "i") or words[-1] in ENGLISH.texts:
        return False
    if tokens.words[subject.past - 1].islower():
        return True
    office = not ENGLISH.roles.isdisjoint(words)
    one = words[0] in ("a", "an", "another", "one") and words[1:] and tokens.words[first + 1].islower()
    things = ENGLISH.texts | ENGLISH.venues | ENGLISH.collectives
    return (words[0] in ENGLISH.determiners and office) or bool(one and words[1] not in things)


def _begins_with_somebody(tokens: Tokens) -> bool:
    """Whether a sentence begins with somebody who has no name: The farmer next door; Her uncle."""
    first = tokens.lower[0]
    if first not in ENGLISH.determiners:
        return False
    phrase = itertools.takewhile(lambda word: word not in _ENDS_SUBJECT, tokens.lower[1:_SUBJECT])
    return any(word in ENGLISH.roles or word in _PEOPLE for word in phrase)


def _has_relative(tokens: Tokens, pronoun: str, named: Collection[int]) -> bool:
    """Whether a pronoun may mean somebody's brother or aide who has no full name: her brother, Leslie.

    ``named`` are the places of the full names.
    """
    for at, word in enumerate(tokens.lower):
        if gender_of(word) == pronoun and not _OWNERS.isdisjoint(tokens.lower[max(0, at - _BETWEEN) : at]):
            after = range(at + 1, at + 2 + (tokens.word(at + 1) == ","))
            if not any(place in named for place in after):
                return True
    return False


def _titled(words: list[str], first: int, past: int) -> list[str]:
    """The words of a name with the title before them: Mr Marsh."""
    return words[first - (first > 0 and _is_title(words[first - 1])) : past]


def _is_title(word: str) -> bool:
    return word in ENGLISH.titles


def _may_act(tokens: Tokens, place: int) -> bool:
    """Whether the name at ``place`` may be the subject: nothing but its office comes before."""
    before = [word for word in tokens.lower[:place] if word.isalpha()]
    acts = any(word in _ACTS or word.endswith(("ed", "ing")) for word in before)
    return not acts and (tokens.words[place - 1] == "," or _NO_VERBS.isdisjoint(before[1:]))


def _adds(tokens: Tokens, cue: Cue) -> bool:
    """Whether somebody goes on speaking: he added, he also said."""
    first = cue.subject.first if cue.subject else cue.first
    return not _ADDS.isdisjoint(tokens.lower[first : cue.past])


def _apart(tokens: Tokens, place: int) -> bool:
    """Whether what comes before a pronoun is what is said: Lee, she said, was late; “…,” she said."""
    return tokens.breaks(place - 1) and not _leads(tokens, place)


def _leads(tokens: Tokens, place: int) -> bool:
    """Whether what comes before a pronoun is of who speaks: Lee rose and he said; when Lee came, he said."""
    return tokens.lower[place - 1] in _JOINED or (
        tokens.words[place - 1] == "," and tokens.lower[0] in _BEGIN
    )
