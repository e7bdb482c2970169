"""Who holds the office that a question asks for: whom sentences of the archive name beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import regex

from askbrief.english import countries
from askbrief.english.lexicon import choice, table
from askbrief.english.names import NameMatcher
from askbrief.english.offices import same_office
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

PROBABILITY = 0.9
"""That a sentence by these rules says who holds the office."""

_WIDER = 3  # words before the office that may tell what it is an office of
_PAST = frozenset(table("once_the_holder")) | {"then", "sacked"}
_LIMITS = (ENGLISH.qualifiers | frozenset(table("not_the_holder"))) - _PAST
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
class Found:
    """What was found on an office: the hits, the spans of its holders' names, and whether anybody at all
    holds an office of these words there."""

    hits: list[Hit]
    spans: list[Span]
    known: bool


Search = Callable[[str, int, Filter], list[Hit]]


def find(
    office: Office, search: Search, wanted: Filter, text: Callable[[str], str], names: NameMatcher
) -> Found:
    """The holders of an office in the documents that pass a filter, the newest document's first.

    ``search`` gives the best passages for some words, ``text`` the text of a document by its id. Since the
    best passages needn't be of the newest documents, newer ones are searched until none names a holder.
    """
    of = countries.forms(office.country) if office.country else (office.of,)
    asked = " ".join((office.words, *of))
    hits: list[Hit] = []
    holders: list[Holder] = []
    for _ in range(ROUNDS):
        seen = {(hit.document.id, hit.start) for hit in hits}
        more = search(asked, PASSAGES, wanted)
        new = [hit for hit in more if (hit.document.id, hit.start) not in seen]
        found = _holders(office, new, text)
        holders += (holder._replace(hit=holder.hit + len(hits)) for holder in found)
        hits += new
        newest = max((holder.date for holder in found), default="")
        if len(more) < PASSAGES or len(newest) < len("2024-05-03"):
            break
        wanted = replace(wanted, since=newest)
    spans = [Span(one.hit, one.start, one.end, PROBABILITY) for one in chosen(office, holders, names)]
    return Found(hits, spans, bool(holders))


def chosen(office: Office, holders: Sequence[Holder], names: NameMatcher) -> list[Holder]:
    """Of each person who holds the office that is asked for the newest mention, the newest person first.

    If past holders are asked for, these are those who are called so and those whom another followed; if
    there are none, whoever held it when it was written.
    """
    fitting = _of_country(office.country, holders)
    if not office.country:
        fitting = [one for one in fitting if one.exact] or fitting
        fitting = _of_country(_home(fitting), fitting) or fitting
    mentions = [
        sorted((one for one in fitting if one.name in group), key=lambda one: (one.date, -one.hit))
        for group in names.grouped(list(dict.fromkeys(one.name for one in fitting)))
    ]
    latest = sorted((own[-1] for own in mentions), key=lambda one: (one.date, -one.hit), reverse=True)
    now = [one for one in latest if not one.past]
    if office.present:
        return now
    return [one for one in latest if one not in now[:1]] or now


def _of_country(country: str | None, holders: Sequence[Holder]) -> list[Holder]:
    """The holders of an office of the country: those who are called so, and those who are called of none in a
    document that is mostly about it. All if there is no country."""
    if country is None:
        return list(holders)
    told: dict[str, set[str]] = defaultdict(set)
    for one in holders:
        if one.country:
            told[one.name.split()[-1]].add(one.country)
    return [
        one
        for one in holders
        if country == one.country
        or (one.country is None and country in told.get(one.name.split()[-1], {one.mostly}))
    ]


def _home(holders: Sequence[Holder]) -> str | None:
    """The country that documents are mostly about which name the office without a country."""
    counts = Counter(one.mostly for one in holders if one.country is None and one.mostly)
    return counts.most_common(1)[0][0] if counts else None


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
                    past = past or not _PAST.isdisjoint(_words(role))
                    of = next(iter(countries.named(role)), None)
                    yield Holder(
                        name, number, *place, document.date or "", past, of, mostly, fits == "exactly"
                    )


def _mostly(text: str) -> str | None:
    """The country that a text names more often than all others together."""
    counts = countries.named(text)
    first = counts.most_common(1)
    return first[0][0] if first and 2 * first[0][1] > counts.total() else None


def _fits(office: Office, role: str, about: frozenset[str]) -> str:
    """Whether a role is the office that is asked for: "exactly", with "more" words, or "" if it isn't.

    What a role without names of its own is an office of is told by the words that its document is ``about``.
    """
    plain = " ".join(word for word in role.split() if word.lower() not in _PAST)
    asked = " ".join(word for word in office.words.split() if word.lower() not in _PAST)
    if not same_office(asked, plain) or (_words(role) - _words(asked)) & _LIMITS:
        return ""
    of = stems(office.of) if office.country is None else frozenset()
    own = _words(countries.without(plain)) - _words(asked) - _words(office.of)
    if of and not of <= stems(role) and (own or countries.named(role) or not of <= about):
        return ""
    return "more" if own else "exactly"


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
    if before:
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
        if word[0].isupper() or word in _PAST:
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
