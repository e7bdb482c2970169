"""Who holds the office that a question asks for: whom sentences of the archive name beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import regex

from askbrief.english import countries
from askbrief.english.lexicon import choice
from askbrief.english.names import Likeness, NameMatcher
from askbrief.english.offices import ONCE, same_office
from askbrief.english.reporting import ENGLISH
from askbrief.english.stemming import stems
from askbrief.question import Office
from askbrief.quotes.document_names import (
    DocumentNames,
    is_name,
    is_particle,
    without_honours,
    without_titles,
)
from askbrief.quotes.roles import NO_MODIFIERS, WORD, role_after, role_before
from askbrief.types import Filter, Hit, Span

PASSAGES = 50
"""Passages searched for holders of an office at a time."""

ROUNDS = 4
"""Times that newer documents are searched than the newest that names a holder."""

NEVER = "\x00"  # before any date, and before none

PROBABILITY = 0.9
"""That a sentence by these rules says who holds the office."""

_WIDER = 3  # words before the office that may tell what it is an office of
_NO_OFFICE = NO_MODIFIERS | ENGLISH.negation
_EX = regex.compile(r"\bex-", regex.IGNORECASE)
_ENDS = frozenset(",.;)")


class Holder(NamedTuple):
    """Somebody whom a sentence names beside an office: the fullest form of the name in the document, the hit
    and the extent of the name in it, and whether they no longer hold the office.

    ``country`` is the one that the sentence says the office is of, ``mostly`` the one that the document is
    about. ``exact`` is whether the sentence has no further words for the office.
    """

    name: str
    hit: int
    start: int
    end: int
    date: str
    past: bool
    country: str | None
    mostly: str | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Holders:
    """What was found on an office: the hits, the spans of its holders' names, and whether anybody at all
    holds an office of these words there."""

    hits: list[Hit]
    spans: list[Span]
    known: bool


Search = Callable[[str, int, Filter], list[Hit]]


def find(
    office: Office, search: Search, wanted: Filter, text: Callable[[str], str], names: NameMatcher
) -> Holders:
    """The holders of an office in the documents that pass a filter, the newest document's first.

    ``search`` gives the best passages for some words, ``text`` the text of a document by its id. Since the
    best passages needn't be of the newest documents, newer ones are searched until none names a holder.
    """
    asked = [office.words if office.country else f"{office.words} {office.of}"]
    if office.country:  # with and without its words: other holders show whose office it is without them
        asked.insert(0, " ".join((office.words, *countries.forms(office.country))))
    hits: list[Hit] = []
    holders: list[Holder] = []
    for _ in range(ROUNDS):
        seen = {(hit.document.id, hit.start) for hit in hits}
        more = [hit for words in asked for hit in search(words, PASSAGES, wanted)]
        new = {(hit.document.id, hit.start): hit for hit in more}
        added = [hit for place, hit in new.items() if place not in seen]
        found = list(_holders(office, added, text))
        holders += (holder._replace(hit=holder.hit + len(hits)) for holder in found)
        hits += added
        newest = max((holder.date for holder in found), default="")
        if len(more) < PASSAGES or len(newest) < len("2024-05-03"):
            break
        wanted = replace(wanted, since=newest)
    spans = [Span(one.hit, one.start, one.end, PROBABILITY) for one in chosen(office, holders, names)]
    return Holders(hits, spans, bool(holders))


def chosen(office: Office, holders: Sequence[Holder], names: NameMatcher) -> list[Holder]:
    """Of each person who holds the office that is asked for the newest mention, the newest person first.

    If past holders are asked for, these are those who are called so and those whom another followed; if
    there are none, whoever held it when it was written.
    """
    people = _people(holders, names)
    country = office.country or _mainly(holders)
    fitting = _of_country(country, people) or ([] if office.country else people)
    plain = [[one for one in own if one.exact] for own in fitting]
    fitting = [own for own in plain if own] or fitting
    latest = sorted((max(own, key=_newer) for own in fitting), key=_newer, reverse=True)
    now = [one for one in latest if not one.past]
    if office.present:
        return now
    return [one for one in latest if one not in now[:1]] or now


def _newer(one: Holder) -> tuple[str, int]:
    return one.date, -one.hit


def _people(holders: Sequence[Holder], names: NameMatcher) -> list[list[Holder]]:
    """What there is of each person; in one office, names that may be one person's are."""
    found: list[list[Holder]] = []
    for one in sorted(holders, key=lambda one: -len(one.name)):
        same = (own for own in found if names.likeness(own[0].name, one.name) >= Likeness.COMPATIBLE)
        own = next(same, None)
        if own is None:
            found.append([one])
        else:
            own.append(one)
    return found


def _of_country(country: str | None, people: Sequence[list[Holder]]) -> list[list[Holder]]:
    """The people who hold an office of the country, all if there is none.

    Somebody does if a sentence says so. So does somebody of whom no sentence says which country, but texts
    that are mostly about it tell, if they are newer, or left the office, or no sentence says so of anybody.
    """
    if country is None:
        return list(people)
    told = [own for own in people if any(one.country == country for one in own)]
    newest = max((one.date for own in told for one in own), default=NEVER)
    plain = [own for own in people if not any(one.country for one in own) and _mainly(own) == country]
    told += ([one for one in own if one.exact and (one.past or one.date > newest)] for own in plain)
    return [own for own in told if own]


def _mainly(holders: Sequence[Holder]) -> str | None:
    """The country that most of the sentences say the office is of, or their documents are about."""
    return _most(Counter(country for one in holders if (country := one.country or one.mostly)))


def _holders(office: Office, hits: Sequence[Hit], text: Callable[[str], str]) -> Iterator[Holder]:
    """Everybody whom the hits name beside an office of these words, of whatever country."""
    known: dict[str, tuple[DocumentNames, str | None]] = {}
    for number, hit in enumerate(hits):
        for sentence in hit.sentences:
            told = hit.slice(sentence.start, sentence.end)
            if office.noun.lower() not in told.lower():
                continue
            document = hit.document
            if document.id not in known:
                whole = text(document.id)
                known[document.id] = DocumentNames(whole), _mostly(whole)
            names, mostly = known[document.id]
            about = stems(f"{document.title} {told}")
            for name, start, end, role, past in _named_beside(office.noun, told, names):
                fits = _fits(office, role, about)
                if fits:
                    place = sentence.start + start, sentence.start + end
                    past = past or not ONCE.isdisjoint(_words(role))
                    of = next(iter(countries.named(role)), None)
                    yield Holder(
                        name, number, *place, document.date or "", past, of, mostly, fits == "exactly"
                    )


def _mostly(text: str) -> str | None:
    """The country that a text names more often than all others together."""
    return _most(countries.named(text))


def _most(counts: Counter[str]) -> str | None:
    """What was counted more often than all else together, if anything."""
    first = counts.most_common(1)
    return first[0][0] if first and 2 * first[0][1] > counts.total() else None


def _fits(office: Office, role: str, about: frozenset[str]) -> str:
    """Whether a role is the office that is asked for: "exactly", "more" or less, or "" if it isn't.

    It is more or less if it has further words, or if only the words that its document is ``about`` tell what
    it is an office of.
    """
    plain = " ".join(word for word in role.split() if word.lower() not in ONCE)
    asked = " ".join(word for word in office.words.split() if word.lower() not in ONCE)
    core = regex.sub(rf"\b{regex.escape(office.of)}\b", "", plain, flags=regex.IGNORECASE)
    if not same_office(asked, core):
        return ""
    of = frozenset() if countries.country(office.of) else stems(office.of)
    own = _words(countries.without(plain)) - _words(asked) - _words(office.of)
    if of and not of <= stems(role) and (own or countries.named(role) or not of <= about):
        return ""
    return "more" if own or not of <= stems(role) else "exactly"


def _named_beside(
    noun: str, sentence: str, names: DocumentNames
) -> Iterator[tuple[str, int, int, str, bool]]:
    """The names in a sentence with an office beside them: the fullest form, the extent of the name, the
    words for the office, and whether the sentence says that it was left."""
    sentence = _EX.sub("ex ", sentence)
    tokens = [(found[0], *found.span()) for found in WORD.finditer(sentence)]
    words = [word for word, _, _ in tokens]
    for first, past in _name_runs(words):
        run = [_bare(word) for word in words[first:past]]
        name = without_titles(run)
        full = names.person(run) if name else None
        if full is None:
            continue
        begins = past - len(name)
        past -= len(name) - len(without_honours(name))
        start, end = tokens[begins][1], tokens[past - 1][1] + len(_bare(words[past - 1]))
        for role, left in _roles(noun, words, begins, past, sentence[end:]):
            yield full, start, end, role, left


def _roles(noun: str, words: Sequence[str], first: int, past: int, after: str) -> Iterator[tuple[str, bool]]:
    """The words for an office before a name, in apposition to it, or after a verb of holding or leaving."""
    comma = words[first - 1 : first] == [","]
    apposed = not comma or past == len(words) or words[past] in _ENDS or words[past - 1][-1] == "."
    of_it = (
        words[first - 1 : first] and words[first - 1].lower() in ENGLISH.prepositions
    )  # the mayor of Hollin
    before = role_before(words, first - comma) if apposed and not of_it else None
    if before and words[before[0] - 1 : before[0]] not in (["a"], ["an"], ["no"], ["any"], ["next"]):
        yield " ".join(words[_widened(words, before[0]) : before[1]]), False
    if role := role_after(words, past):
        yield " ".join(words[slice(*role)]), False
    if held := _held(noun).match(after):
        role_words = WORD.findall(held["role"])
        if _NO_OFFICE.isdisjoint(word for word in role_words if word not in ("of", "for", "the")):
            yield held["role"], held["left"] is not None


def _widened(words: Sequence[str], start: int) -> int:
    """Where the words begin that may tell what an office is an office of, or that it was left: France's new |
    finance minister."""
    begin = start
    for place in range(start - 1, max(-1, start - 1 - _WIDER), -1):
        word = words[place]
        if not word[0].isalpha() or word.lower() in NO_MODIFIERS or word[-1] == ".":
            break
        if word[0].isupper() or word in ONCE:
            begin = place
    return begin


@cache
def _held(noun: str) -> regex.Pattern[str]:
    """After a name, the words that somebody holds an office with this noun, or left it."""
    takes, leaves = (choice(verbs).replace("_", " ") for verbs in ("takes_office", "leaves_office"))
    of = r"(?: (?:of|for) (?:the )?\p{Lu}[\w’'-]*(?: (?:of |and )?\p{Lu}[\w’'-]*)*)?"
    return regex.compile(
        rf"(?:, who)?(?: (?:has|have|had))?(?: (?:was|is|been)(?= {takes}\b))?"
        rf"(?: {takes}\b| (?P<left>{leaves})\b)(?: (?:as|to be))?(?: (?:the|a|an|its|new))*"
        rf" (?P<role>(?:[\w’'-]+ ){{0,5}}?(?i:{regex.escape(noun)})\b{of})"
    )


def _name_runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of capitalised words, with particles between them."""
    first = 0
    while first < len(words):
        past = first
        while past < len(words) and (
            is_name(words[past]) or (past > first and is_particle(list(words), past))
        ):
            ends = _bare(words[past]) != words[past]
            past += 1
            if ends:
                break
        if past > first:
            yield first, past
        first = max(past, first + 1)


def _bare(word: str) -> str:
    """The word without what the end of a sentence and a genitive add to it."""
    known = word in ENGLISH.titles or word in ENGLISH.suffixes or (len(word) == 2 and word[1] == ".")
    return word if known else word.removesuffix(".").removesuffix("'s").removesuffix("’s")


def _words(role: str) -> set[str]:
    found = (word.lower().removesuffix("'s").removesuffix("’s") for word in WORD.findall(role))
    return {word for word in found if word[0].isalnum()} - ENGLISH.determiners - {"of", "for", "new"}
