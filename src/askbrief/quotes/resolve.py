"""Who is meant by the words for a speaker: a name's fullest form, the one who “he” is, an office's holder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from askbrief.quotes.cues import Cue
from askbrief.quotes.english import tables
from askbrief.quotes.names import Names
from askbrief.quotes.roles import Roles, role_after, role_before
from askbrief.quotes.subjects import Subject, main_subject
from askbrief.quotes.tokens import Tokens
from askbrief.types import Extent, Polarity

_MEMORY = 6  # sentences that “he” looks back over
_REACH = 3  # paragraphs that it does


class Voice(NamedTuple):
    """A cue in its document, with who speaks."""

    cue: Extent
    polarity: Polarity
    speaker: Extent | None
    name: str | None
    role: str | None


class _Heard(NamedTuple):
    """A sentence that was read, and who spoke in it: None of somebody without a name."""

    paragraph: int
    tokens: Tokens
    spoke: list[str | None]


class Voices:
    """Who speaks, sentence by sentence: it remembers whom a pronoun may mean."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._names = names
        self._roles = Roles(text, names)
        self._heard: list[_Heard] = []

    def hear(self, tokens: Tokens, paragraph: int) -> None:
        """A sentence begins; the cues that are asked for stand in it."""
        self._heard = [*self._heard[-_MEMORY:], _Heard(paragraph, tokens, [])]

    def voice(self, cue: Cue) -> Voice:
        """The cue with its speaker, who is remembered."""
        tokens = self._heard[-1].tokens
        verb = tokens.lower[cue.first]
        english = tables()
        polarity: Polarity = (
            "denied" if verb in english.denial else "asked" if verb in english.asking else "said"
        )
        place = (tokens.starts[cue.first], tokens.ends[cue.past - 1])
        if cue.subject is None:
            return Voice(place, polarity, None, None, None)
        name = self._name(tokens, cue.subject)
        role = self._role(tokens, cue.subject, name)
        self._remember(tokens, cue.subject, name)
        speaker = (tokens.starts[cue.subject.first], tokens.ends[cue.subject.past - 1])
        return Voice(place, polarity, speaker, name, role)

    def _name(self, tokens: Tokens, subject: Subject) -> str | None:
        words = tokens.words[subject.first : subject.past]
        if subject.name:
            return self._names.person(tokens.words[slice(*subject.name)])
        if len(words) == 1 and words[0].lower() in ("he", "she"):
            return self._meant(words[0].lower(), subject.first)
        if words[0].lower() in tables().determiners:
            return self._roles.holder(words, self._names.people, tokens.starts[subject.first])
        return None

    def _role(self, tokens: Tokens, subject: Subject, name: str | None) -> str | None:
        """The office beside the name; where there is none, the one that the document gave it before."""
        if name is None:
            return None
        if subject.name:
            beside = role_before(tokens.words, subject.first) or role_after(tokens.words, subject.past)
            if beside:
                return self._text[tokens.starts[beside[0]] : tokens.ends[beside[1] - 1]]
        return self._roles.of(name, tokens.starts[subject.first])

    def _remember(self, tokens: Tokens, subject: Subject, name: str | None) -> None:
        word = tokens.lower[subject.first]
        if name:
            self._heard[-1].spoke.append(name)
        elif tokens.words[subject.past - 1].islower() and word not in ("it", "they", "we", "you", "i"):
            self._heard[-1].spoke.append(None)

    def _meant(self, pronoun: str, place: int) -> str | None:
        """The last person before ``place`` in the sentence who spoke or acted, whom the pronoun can mean."""
        for name in self._before(place):
            if name is None:
                return None
            if self._names.gender(name) in (None, pronoun):
                return name
        return None

    def _before(self, place: int) -> Iterator[str | None]:
        """Who spoke or acted before, the last first; None of somebody who is not named."""
        here = self._heard[-1]
        yield from reversed(here.spoke)
        yield from self._actor(here.tokens, place)
        for heard in reversed(self._heard[:-1]):
            if here.paragraph - heard.paragraph > _REACH:
                return
            yield from reversed(heard.spoke)
            if not heard.spoke:
                yield from self._actor(heard.tokens, len(heard.tokens.words)) or self._others(heard.tokens)

    def _actor(self, tokens: Tokens, past: int) -> list[str]:
        """The person whom a sentence is about."""
        subject = main_subject(tokens, past, self._names)
        name = subject and subject.name and self._names.person(tokens.words[slice(*subject.name)])
        return [name] if name else []

    def _others(self, tokens: Tokens) -> list[None]:
        """Somebody who is not sure, where a sentence names people without being plainly about one."""
        return [None] if any(map(self._names.knows, tokens.words)) else []
