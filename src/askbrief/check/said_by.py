"""Who says words, as a text gives it, and whether an archive confirms the speaker of a draft; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from askbrief.english.given_names import pronoun
from askbrief.english.lexicon import ARTICLES
from askbrief.english.name_parts import parse
from askbrief.english.names import Likeness, NameMatcher
from askbrief.english.offices import head, same_office
from askbrief.english.reporting import ENGLISH
from askbrief.quotes import quotations
from askbrief.text import split_sentences
from askbrief.types import Extent, Quotation

Confirmed: TypeAlias = Literal["yes", "unknown", "no"]
"""Whether the archive has the draft's speaker say the words."""

_SPOKESPERSON = "spokes"
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_NOBLE = frozenset(("Lady", "Lord", "Dame", "Queen", "King", "Princess", "Prince", "Mrs"))
_FIRST_PERSON = frozenset(("i", "we", "us", "me"))


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who says an extent of a text, as far as the text gives it.

    ``name`` is the fullest form of their name, ``words`` are those of the text for them (“a spokeswoman”),
    ``role`` is their office. ``quoted_by`` is who quotes them, if the words are second-hand. ``denied`` is
    true if the speaker denies them, ``undecided`` if the name is the surname of two people whom the
    text names: “Milton”, of Javier Milton and his wife Paula.
    """

    name: str | None = None
    words: str | None = None
    role: str | None = None
    quoted_by: str | None = None
    denied: bool = False
    undecided: bool = False

    @property
    def shown(self) -> str | None:
        """Who speaks, for a reader: “Ann Lee, quoted by Bob Ray”; None if the text doesn't say."""
        who = self.name or (f"“{' '.join(self.words.split())}”" if self.words else None)
        if self.quoted_by:
            who = f"{who or 'somebody'}, quoted by {self.quoted_by}"
        return f"denied by {who}" if who and self.denied else who

    @property
    def office(self) -> str | None:
        """The words for a speaker without a name if they mean one person: “the mayor”, “a spokeswoman”."""
        if self.name or not self.words:
            return None
        noun = head(self.words)
        one = self.words.lower().startswith("the ") and noun not in ENGLISH.texts
        return self.words if one or noun in ENGLISH.roles else None


def confirms(archive: SaidBy, draft: SaidBy, names: NameMatcher) -> Confirmed:
    """Whether the archive has the draft's speaker say the words; a draft that names nobody is confirmed."""
    if draft.name is None and draft.office is None:
        return "yes"
    who = _same(archive, draft, names)
    if who != "yes":
        return "unknown" if archive.quoted_by else who
    alike = archive.denied == draft.denied and bool(archive.quoted_by) == bool(draft.quoted_by)
    return "yes" if alike else "unknown"


def _same(archive: SaidBy, draft: SaidBy, names: NameMatcher) -> Confirmed:
    """Whether the two speakers are one."""
    if draft.name is None:
        offices = (archive.role, archive.words if not archive.name else None)
        return "yes" if any(o and same_office(draft.words or "", o) for o in offices) else "unknown"
    if archive.name is None:
        return "yes" if archive.words and _speaks_for(draft.name, archive.words, names) else "unknown"
    likeness = names.likeness(draft.name, archive.name)
    if archive.undecided and " " in draft.name:
        return "unknown"
    if likeness >= Likeness.PARTIAL or (archive.role and _speaks_for(draft.name, archive.role, names)):
        return "yes"
    return "unknown" if likeness is Likeness.MISSPELT else "no"


def _speaks_for(name: str, words: str, names: NameMatcher) -> bool:
    """Whether the words for a speaker are the name itself, or those for a body's spokesperson: “an FBI
    spokesman”. “Falk's husband” and “Strand's lawyer” are neither Falk nor Strand."""
    plain = " ".join(word for word in words.split() if word.lower() not in ARTICLES)
    body = parse(name).body or parse(name).acronym
    alone = body or all(word[:1].isupper() and not word.endswith(_POSSESSIVE) for word in plain.split())
    if alone and names.likeness(name, plain) >= Likeness.COMPATIBLE:
        return True
    return body and head(words).startswith(_SPOKESPERSON) and names.mentions(name, words)


def said_by(text: str, quotation: Quotation, extent: Extent) -> SaidBy:
    """Who says an extent of ``text`` that lies in a quotation: its speaker, or the one whose words its
    speaker reports there, quoted by the first."""
    outer = _speaker(text, quotation, 0)
    for inner in _reported_in(text[quotation.start : quotation.end]):
        first, last = quotation.start + inner.start, quotation.start + inner.end
        other = _speaker(text, inner, quotation.start)
        if first <= extent[0] and extent[1] <= last and other.shown and not _is_self(other, outer):
            return replace(other, quoted_by=outer.shown or "somebody")
    return outer


def _speaker(text: str, quotation: Quotation, offset: int) -> SaidBy:
    words = quotation.speaker and text[quotation.speaker[0] + offset : quotation.speaker[1] + offset]
    denied, name = quotation.polarity == "denied", quotation.name
    undecided = name is not None and " " not in name and _is_shared(name, text)
    return SaidBy(name, words or None, quotation.role, denied=denied, undecided=undecided)


@lru_cache(maxsize=16)  # a document has several quotations; its text is kept as long
def _is_shared(name: str, text: str) -> bool:
    """Whether a text has a surname with two first names, or with one and after a title such as Lady."""
    before = set(re.findall(rf"\b([A-Z][\w’'-]*) {re.escape(name)}\b", text))
    return sum(bool(pronoun(word)) or word in _NOBLE for word in before) > 1


@lru_cache(maxsize=256)
def _reported_in(content: str) -> tuple[Quotation, ...]:
    """The quotations within the words of a quotation."""
    return quotations(content, split_sentences(content, [(0, len(content))]))


def _is_self(inner: SaidBy, outer: SaidBy) -> bool:
    """Whether speakers repeat what they said themselves: “I told them ‘no’”."""
    first_person = (inner.words or "").lower() in _FIRST_PERSON
    return first_person or (inner.name is not None and inner.name == outer.name)
