"""Where the content begins that follows its verb: after the words for when, where and to whom it is said."""

from __future__ import annotations

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue
from askbrief.quotes.document_names import is_name
from askbrief.quotes.time_phrases import after_time
from askbrief.quotes.tokens import POSSESSIVE, Tokens

_FURTHEST_THAT = 18  # words at most between a verb and its “that”
_ACTS = ENGLISH.verbs | ENGLISH.auxiliaries | ENGLISH.complements
_NO_HEARER = ENGLISH.verbs | ENGLISH.complements | (ENGLISH.pronouns - {"it"})
_ADVERBIAL = (
    ENGLISH.prepositions | ENGLISH.times | ENGLISH.subordinators | ENGLISH.between | ENGLISH.period_first
)
_BEGINNINGS = ENGLISH.determiners | ENGLISH.pronouns | ENGLISH.prepositions | ENGLISH.complements
_BEGINNINGS |= ENGLISH.times | ENGLISH.auxiliaries
"""Words that begin another clause, or a phrase for when and where."""


def content_start(tokens: Tokens, cue: Cue) -> int:
    """Where the content of a cue begins that follows it."""
    if cue.form == "beside":
        return cue.past + (tokens.word(cue.past) == "that")
    at = cue.past + (tokens.word(cue.past) == "out")
    that = _that(tokens, at)
    if that is not None:
        pronoun = tokens.word(that + 1) in ENGLISH.passive | ENGLISH.auxiliaries  # said that was untrue
        return that + (tokens.lower[that] == "that" and not pronoun)
    colon = _colon(tokens, at)
    if colon is not None:
        return colon + 1
    if tokens.lower[cue.first] in ENGLISH.telling:
        at = _after_hearer(tokens, at)
    while at < len(tokens.words) and (after := _after_adjunct(tokens, at)) > at:
        at = after
    return at


def _that(tokens: Tokens, at: int) -> int | None:
    """The place of the conjunction that the content begins with, if nothing else can come before it."""
    if not _leads(tokens, at):
        return None
    for place in range(at, min(at + _FURTHEST_THAT, len(tokens.words))):
        word = tokens.lower[place]
        if word == "that" or (word in ("whether", "if") and place < at + 6):
            return place
        auxiliary = tokens.words[place] in ENGLISH.auxiliaries  # but Will, a name, is none
        if auxiliary or word in _NO_HEARER or tokens.masked(place) or word in (":", ";"):
            return None
    return None


def _colon(tokens: Tokens, at: int) -> int | None:
    """The place of the colon before a quotation, if only words for how and to whom come before it."""
    for place in range(at, min(at + _FURTHEST_THAT, len(tokens.words) - 1)):
        word = tokens.lower[place]
        if word == ":":
            return place if tokens.masked(place + 1) else None
        if word in _ACTS or tokens.masked(place) or word in (";", "--"):
            return None
    return None


def _leads(tokens: Tokens, at: int) -> bool:
    """Whether what follows the verb can be its hearer, or when and where, and no subject of a clause."""
    word, hears = tokens.word(at), tokens.lower[at - 1] in ENGLISH.telling
    return word != "" and (hears or is_adverbial(tokens, at) or word in ENGLISH.complements or word == ",")


def is_adverbial(tokens: Tokens, place: int) -> bool:
    """Whether a word can begin a phrase for when, where or how something is said."""
    return tokens.word(place) in _ADVERBIAL or tokens.is_adverb(place)


def _after_hearer(tokens: Tokens, at: int) -> int:
    """Where the words for the hearer end: reporters; him; CNN's Jake Tapper; a crowd in Ohio."""
    words, lower = tokens.words, tokens.lower
    if at >= len(words) or tokens.breaks(at):
        return at
    if lower[at] in ENGLISH.hearers or (words[at].islower() and tokens.word(at + 1) == ":"):
        return at + 1
    past = at + (lower[at] in ENGLISH.determiners)
    while past < len(words) and (is_name(words[past]) or lower[past] in POSSESSIVE):
        past += 1
    return _after_noun(tokens, past, at + 4) if past > at else past


def _after_noun(tokens: Tokens, at: int, limit: int) -> int:
    """Where the lower-case words end that begin at ``at``, before ``limit``."""
    while (
        at < min(limit, len(tokens.words))
        and tokens.words[at][0].islower()
        and tokens.lower[at] not in _BEGINNINGS
    ):
        at += 1
    return at


def told_where(tokens: Tokens, at: int, past: int) -> bool:
    """Whether the words from ``at`` to ``past`` only say where something was said: in a tweet on Sunday."""
    if ENGLISH.venues.isdisjoint(tokens.lower[at:past]):
        return False
    while at < past and (after := _after_adjunct(tokens, at)) > at:
        at = after
    return at >= past or tokens.words[at] in (".", "!", "?")


def _after_adjunct(tokens: Tokens, at: int) -> int:
    """Where the adverb or the phrase of time or place ends that begins at ``at``; ``at`` if there is none."""
    lower = tokens.lower
    if lower[at] in (",", ":"):
        return at + 1
    past = after_time(tokens, at)
    if past == at and lower[at] in ENGLISH.prepositions:
        venue = next((p for p in range(at + 1, min(at + 7, len(lower))) if lower[p] in ENGLISH.venues), None)
        if venue and not any(tokens.breaks(p) for p in range(at, venue)):
            return _after_company(tokens, venue + 1)
    return past


def _after_company(tokens: Tokens, at: int) -> int:
    """Where the phrases end that go with a venue: an interview with CNN's Jake Tapper on Sunday."""
    words, lower = tokens.words, tokens.lower
    while at + 1 < len(words) and lower[at] in ("with", "to", "on", "from", "at", "of", "for", "about"):
        first = at
        at += 1
        while at < len(words) and (
            lower[at] in ENGLISH.determiners or is_name(words[at]) or lower[at] in POSSESSIVE
        ):
            at += 1
        at = _after_noun(tokens, at, first + 4)
    return at
