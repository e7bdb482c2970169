"""Who says words, as a text gives it, and whether an archive confirms the speaker of a draft; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from askbrief.english.given_names import pronoun
from askbrief.english.lexicon import ARTICLES
from askbrief.english.name_parts import gender_of, parse
from askbrief.english.names import Likeness, NameMatcher
from askbrief.english.offices import head, same_office
from askbrief.english.reporting import ENGLISH
from askbrief.quotes import quotations
from askbrief.quotes.document_names import without_titles
from askbrief.text import split_sentences
from askbrief.types import Extent, Quotation

Confirmed: TypeAlias = Literal["yes", "unknown", "no"]
"""Whether the archive has the draft's speaker say the words."""

_SPOKESPERSON = "spokes"
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_NOBLE = frozenset(("Lady", "Lord", "Dame", "Queen", "King", "Princess", "Prince", "Mrs"))
_LONGEST_TITLE = 16  # characters
_CLAUSE = 14  # words at most from a claim to the words in marks that are part of it
_TITLE = re.compile(r"\b([A-Z]\w{1,12}\.?) $")
_LONGEST_CLAUSE = 200  # characters
_MOST_ALIKE = 10  # full names with one surname in a sentence
_PAIR = re.compile(r"\b([A-Z][\w’'-]*) (?=([A-Z][\w’'-]*))")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z“\"‘'])|\n")
_MARKS = "“\"‘'”’"
_STOPS = frozenset(".;:!?")
_OWN = frozenset(("his", "her", "their", "its", "my", "our"))
_CLAIMS = frozenset(noun for noun, _ in ENGLISH.said_nouns) | {"idea", "ideas", "notion", "rumour", "rumours"}
_CLAIMS |= {"rumor", "rumors", "report", "reports", "charge", "charges", "belief", "view"}
_FINITE = ENGLISH.auxiliaries | ENGLISH.passive
_FIRST_PERSON = frozenset(("i", "we", "us", "me"))


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who says an extent of a text, as far as the text gives it.

    ``name`` is the fullest form of their name, ``words`` are those of the text for them (“a spokeswoman”),
    ``role`` is their office. ``quoted_by`` is who quotes them, if the words are second-hand. ``denied`` is
    true if the speaker denies them, ``undecided`` if the name is the surname of two people whom the
    text names: “Milton”, of Javier Milton and his wife Paula. ``namesakes`` are other people of the text, by
    full names that are otherwise like this one: Christine Bell beside Chris Bell, Carl Ness Jr. beside Carl
    Ness. ``title`` is the form of address before a surname: Mrs, King.
    """

    name: str | None = None
    words: str | None = None
    role: str | None = None
    quoted_by: str | None = None
    denied: bool = False
    undecided: bool = False
    namesakes: frozenset[str] = frozenset()
    title: str | None = None

    @property
    def addressed(self) -> str | None:
        """The name, with the form of address before a surname."""
        return f"{self.title} {self.name}" if self.title and self.name and " " not in self.name else self.name

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
    likeness = names.likeness(draft.addressed or draft.name, archive.addressed or archive.name)
    if draft.name in archive.namesakes:
        return "no"
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
    speaker reports there, quoted by the first.

    Words in marks that are part of a claim, or that somebody may say, are nobody's who is known: “the
    claim that he was ‘a thief’”, “if they say ‘we lied’”.
    """
    outer = _speaker(text, quotation, 0)
    quoting = replace(outer, denied=False).shown or "somebody"
    for inner in _reported_in(text[quotation.start : quotation.end]):
        first, last = quotation.start + inner.start, quotation.start + inner.end
        other = _speaker(text, inner, quotation.start)
        if first <= extent[0] and extent[1] <= last and other.shown:
            return outer if _is_self(other, outer) else replace(other, quoted_by=quoting)
    before = text[quotation.start : extent[0]]
    return SaidBy(quoted_by=quoting) if _is_passed_on(before) else outer


def _is_passed_on(before: str) -> bool:
    """Whether the quotation marks that end ``before``, the words of somebody, are around words of another."""
    plain = before.rstrip(f"{_MARKS} ")
    words = re.findall(r"[\w’'-]+|[,;:.!?]", plain[-_LONGEST_CLAUSE:].lower())[-_CLAUSE:]
    if not words or not set(_MARKS).intersection(before[len(plain) :]):
        return False
    if words[-1] == ",":
        words = words[:-1]
    if words[-1:] and words[-1] in ENGLISH.verbs | ENGLISH.bases:
        return words[-2:-1] != ["i"] and words[-2:-1] != ["we"]
    for at in range(len(words) - 2, -1, -1):
        if words[at] in _CLAIMS and words[at + 1] in ("that", "of", "about"):
            finite = sum(word in _FINITE for word in words[at + 2 :])
            own = at > 0 and words[at - 1] in _OWN
            return not own and finite <= (words[at + 1] == "that") and _STOPS.isdisjoint(words[at:])
    return False


def _speaker(text: str, quotation: Quotation, offset: int) -> SaidBy:
    words = quotation.speaker and text[quotation.speaker[0] + offset : quotation.speaker[1] + offset]
    denied, name = quotation.polarity == "denied", quotation.name
    undecided = name is not None and " " not in name and _is_shared(name, text)
    namesakes = _namesakes(text).get(name or "", frozenset())
    place = quotation.speaker[0] + offset if quotation.speaker else 0
    title = _TITLE.search(text, max(0, place - _LONGEST_TITLE), place)
    return SaidBy(
        name,
        words or None,
        quotation.role,
        denied=denied,
        undecided=undecided,
        namesakes=namesakes,
        title=title[1] if title and gender_of(title[1]) else None,
    )


def _is_shared(name: str, text: str) -> bool:
    """Whether a text has a surname with two first names, or with one and after a title such as Lady."""
    return sum(bool(pronoun(word)) or word in _NOBLE for word in _words_before(text).get(name, ())) > 1


@lru_cache(maxsize=16)
def _words_before(text: str) -> Mapping[str, set[str]]:
    """The capitalised words right before each capitalised word of a text."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in _PAIR.finditer(text):
        found[pair[2]].add(pair[1])
    return found


@lru_cache(maxsize=16)  # a document has several quotations; its text is kept as long
def _namesakes(text: str) -> Mapping[str, frozenset[str]]:
    """For each full name of a text the others that are another person's: those with the same surname in one
    sentence, where nobody is called by two, and those that differ by Jr. or Sr. alone."""
    found: dict[str, set[str]] = defaultdict(set)
    generations: dict[str, set[str]] = defaultdict(set)
    for sentence in _SENTENCE_END.split(text):
        alike: dict[str, set[str]] = defaultdict(set)
        for run in ENGLISH.run.finditer(sentence):
            words = without_titles(run[0].split())
            own = [word for word in words if word not in ENGLISH.generations]
            if len(own) > 1:
                alike[own[-1]].add(" ".join(words))
                generations[" ".join(own)].add(" ".join(words))
        for names in alike.values():
            for name in names if len(names) <= _MOST_ALIKE else ():
                found[name] |= names
    for names in generations.values():
        for name in names:
            found[name] |= names
    return {name: frozenset(others - {name}) for name, others in found.items()}


@lru_cache(maxsize=256)
def _reported_in(content: str) -> tuple[Quotation, ...]:
    """The quotations within the words of a quotation."""
    return quotations(content, split_sentences(content, [(0, len(content))]))


def _is_self(inner: SaidBy, outer: SaidBy) -> bool:
    """Whether speakers repeat what they said themselves: “I told them ‘no’”."""
    first_person = (inner.words or "").lower() in _FIRST_PERSON
    return first_person or (inner.name is not None and inner.name == outer.name)
