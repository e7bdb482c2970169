"""Whom the words for a speaker mean: a name's fullest form, the person behind “he”, an office's holder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from askbrief.english.lexicon import tables
from askbrief.quotes.attitudes import is_attitude
from askbrief.quotes.cues import Cue
from askbrief.quotes.names import Names, is_name, run_start
from askbrief.quotes.organisations import Bodies, Body, body
from askbrief.quotes.roles import Roles, role_after, role_before
from askbrief.quotes.subjects import Subject, main_subject, named
from askbrief.quotes.tokens import Tokens
from askbrief.types import Extent, Polarity

_MEMORY = 6  # sentences searched for whom “he” means
_REACH = 3  # paragraphs searched


class Attribution(NamedTuple):
    """A cue in its document, and who speaks. All extents count characters of the text."""

    cue: Extent
    polarity: Polarity
    speaker: Extent | None
    name: str | None
    role: str | None


class _Sentence(NamedTuple):
    """A sentence that was read, and who spoke in it: None for somebody without a name."""

    paragraph: int
    tokens: Tokens
    spoke: list[str | None]


class Speakers:
    """Resolves speakers, sentence by sentence, and remembers whom a pronoun may mean."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._names = names
        self._roles = Roles(text, names)
        self._named = Bodies(text)
        self._bodies: dict[str, bool] = {}  # those that spoke, and whether by themselves
        self._sentences: list[_Sentence] = []

    def begin_sentence(self, tokens: Tokens, paragraph: int) -> None:
        """Begin a sentence: the next cues are in it."""
        self._sentences = [*self._sentences[-_MEMORY:], _Sentence(paragraph, tokens, [])]

    def attribute(self, cue: Cue) -> Attribution:
        """The attribution of a cue; its speaker is remembered."""
        tokens = self._sentences[-1].tokens
        verb = tokens.lower[cue.first]
        english = tables()
        denied = (verb in english.denial) != cue.negated
        polarity: Polarity = "denied" if denied else "asked" if verb in english.asking else "said"
        place = (tokens.starts[cue.first], tokens.ends[cue.past - 1])
        if cue.subject is None:
            return Attribution(place, polarity, None, None, None)
        name = self._name(tokens, cue.subject)
        speaks = None if name else body(tokens.words, cue.subject.first, cue.subject.past)
        if speaks:
            name = self._body(tokens, speaks)
        role = self._role(tokens, cue.subject, name, speaks)
        if name or not is_attitude(tokens, cue.first):
            self._remember(tokens, cue.subject, name)
        speaker = (tokens.starts[cue.subject.first], tokens.ends[cue.subject.past - 1])
        return Attribution(place, polarity, speaker, name, role)

    def _name(self, tokens: Tokens, subject: Subject) -> str | None:
        words = tokens.words[subject.first : subject.past]
        if subject.name:
            return self._names.person(tokens.words[slice(*subject.name)])
        if len(words) == 1 and words[0].lower() in ("he", "she"):
            return self._meant(words[0].lower(), subject.first)
        if len(words) == 1 and words[0].lower() == "it":
            return self._body_meant()
        if len(words) == 1 and words[0].lower() == "who":
            return self._related(tokens.words, subject.first)
        if words[0].lower() in tables().determiners:
            place = tokens.starts[subject.first]
            holder = self._roles.holder(words, self._names.people, place)
            return holder or (self._known_body(words[1], place) if len(words) == 2 else None)
        return None

    def _related(self, words: list[str], place: int) -> str | None:
        """The person whom the clause at ``place`` is about: Ann Lee, who said."""
        if place < 2 or words[place - 1] != "," or not is_name(words[place - 2]):
            return None
        name = named(words, run_start(words, place - 2), place - 2, self._names)
        return self._names.person(words[slice(*name)]) if name else None

    def _body(self, tokens: Tokens, speaks: Body) -> str:
        """The name of a body, which “it” may mean later, and “he” if one person speaks for it."""
        name = " ".join(tokens.words[slice(*speaks.name)])
        office = tokens.lower[slice(*speaks.office)] if speaks.office else []
        self._bodies[name] = tables().roles.isdisjoint(office)
        return name

    def _known_body(self, noun: str, place: int) -> str | None:
        name = self._named.meant(noun, place)
        if name:
            self._bodies[name] = True
        return name

    def _body_meant(self) -> str | None:
        """The body that spoke last, in this paragraph or the one before, if nobody else did since."""
        here = self._sentences[-1]
        spoke = (
            name
            for heard in reversed(self._sentences)
            for name in reversed(heard.spoke or [])
            if here.paragraph - heard.paragraph <= 1
        )
        name = next(spoke, None)
        thing = name and " " not in name and not self._names.knows(name)
        return name if name and self._bodies.get(name, thing) else None

    def _role(self, tokens: Tokens, subject: Subject, name: str | None, speaks: Body | None) -> str | None:
        """The office beside the name; if there is none, the one that the document gave it before."""
        if name is None:
            return None
        if speaks:
            office = speaks.office
            return self._text[tokens.starts[office[0]] : tokens.ends[office[1] - 1]] if office else None
        if subject.name:
            beside = role_before(tokens.words, subject.first) or role_after(tokens.words, subject.past)
            if beside:
                return self._text[tokens.starts[beside[0]] : tokens.ends[beside[1] - 1]]
        return self._roles.of(name, tokens.starts[subject.first])

    def _remember(self, tokens: Tokens, subject: Subject, name: str | None) -> None:
        word = tokens.lower[subject.first]
        if name:
            self._sentences[-1].spoke.append(name)
        elif tokens.words[subject.past - 1].islower() and word not in ("it", "they", "we", "you", "i"):
            self._sentences[-1].spoke.append(None)

    def _meant(self, pronoun: str, place: int) -> str | None:
        """The last person before ``place`` in the sentence who spoke or acted, whom the pronoun can mean."""
        for name in self._before(place):
            if name is None:
                return None
            if self._bodies.get(name):
                continue  # he is no ministry
            if self._names.gender(name) in (None, pronoun):
                return name
        return None

    def _before(self, place: int) -> Iterator[str | None]:
        """Who spoke or acted before, the last first; None for somebody without a name."""
        here = self._sentences[-1]
        yield from reversed(here.spoke)
        yield from self._actor(here.tokens, place)
        for heard in reversed(self._sentences[:-1]):
            if here.paragraph - heard.paragraph > _REACH:
                return
            yield from reversed(heard.spoke)
            if not heard.spoke:
                yield from self._actor(heard.tokens, len(heard.tokens.words)) or self._others(heard.tokens)

    def _actor(self, tokens: Tokens, past: int) -> list[str | None]:
        """The person whom a sentence is about; None if it is about two."""
        subject = main_subject(tokens, past, self._names)
        after = tokens.words[subject.past : subject.past + 2] if subject and subject.name else []
        if after[:1] == ["and"] and is_name(after[-1]):
            return [None]
        name = subject and subject.name and self._names.person(tokens.words[slice(*subject.name)])
        return [name] if name else []

    def _others(self, tokens: Tokens) -> list[None]:
        """None, for somebody unknown, if a sentence names people without being plainly about one."""
        return [None] if any(map(self._names.knows, tokens.words)) else []
