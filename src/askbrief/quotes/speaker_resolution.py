"""Whom the words for a speaker mean: a name's fullest form, the person behind “he”, an office's holder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue
from askbrief.quotes.document_names import DocumentNames, is_name, run_start
from askbrief.quotes.organisations import Bodies, Body, body
from askbrief.quotes.polarity import polarity
from askbrief.quotes.reporting_verbs import ATTITUDES
from askbrief.quotes.roles import Roles, role_after, role_before
from askbrief.quotes.tokens import Tokens
from askbrief.quotes.verb_subjects import Subject, main_subject, named
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
        means: Polarity = "asked" if cue.form == "by" else polarity(tokens, cue.first)
        first = cue.subject.past if cue.negated and cue.subject else cue.first  # does not support
        place = (tokens.starts[min(first, cue.first)], tokens.ends[cue.past - 1])
        if cue.subject is None:
            return Attribution(place, means, None, None, None)
        name = self._name(tokens, cue.subject)
        speaks = None if name else body(tokens.words, cue.subject.first, cue.subject.past)
        if speaks:
            name = " ".join(tokens.words[slice(*speaks.name)])
            office = tokens.lower[slice(*speaks.office)] if speaks.office else []
            self._spoke_itself[name] = ENGLISH.roles.isdisjoint(office)
        role = self._role(tokens, cue.subject, name, speaks)
        if name or tokens.lower[cue.first] not in ATTITUDES:
            self._remember(tokens, cue.subject, name)
        speaker = (tokens.starts[cue.subject.first], tokens.ends[cue.subject.past - 1])
        return Attribution(place, means, speaker, name, role)

    def _name(self, tokens: Tokens, subject: Subject) -> str | None:
        words = tokens.words[subject.first : subject.past]
        word = tokens.lower[subject.first]
        if subject.name:
            return self._names.person(tokens.words[slice(*subject.name)])
        if len(words) == 1 and word in ("he", "she"):
            return self._meant(word, subject.first)
        if len(words) == 1 and word == "it":
            return self._body_meant()
        if len(words) == 1 and word == "who":
            return self._related(tokens.words, subject.first)
        if word not in ENGLISH.determiners:
            return None
        place = tokens.starts[subject.first]
        name = self._roles.holder(words, self._names.people, place)
        if name is None and len(words) == 2 and (name := self._bodies.meant(words[1], place)):
            self._spoke_itself[name] = True
        return name

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
        name = next((name for sentence in near for name in reversed(sentence.spoke)), None)
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
            if not self._spoke_itself.get(name) and self._names.gender(name) in (None, pronoun):
                return name  # no ministry
        return None

    def _before(self, place: int) -> Iterator[str | None]:
        """Who spoke or acted before, the last first; None for somebody without a name."""
        here = self._sentences[-1]
        yield from reversed(here.spoke)
        yield from self._actor(here.tokens, place)
        for earlier in reversed(self._sentences[:-1]):
            if here.paragraph - earlier.paragraph > _REACH:
                return
            words = earlier.tokens.words
            yield from reversed(earlier.spoke)
            if not earlier.spoke:
                actor = self._actor(earlier.tokens, len(words))
                # Somebody unknown, if a sentence names people without being plainly about one.
                yield from actor or [None] * any(map(self._names.knows, words))

    def _actor(self, tokens: Tokens, past: int) -> list[str | None]:
        """The person whom a sentence is about; None if it is about two."""
        subject = main_subject(tokens, past, self._names)
        if not (subject and subject.name):
            return []
        after = tokens.words[subject.past : subject.past + 2]
        if after[:1] == ["and"] and is_name(after[-1]):
            return [None]
        name = self._names.person(tokens.words[slice(*subject.name)])
        return [name] if name else []
