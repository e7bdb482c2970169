"""The words between a verb and its content: when, where and to whom something is said."""

from __future__ import annotations

from askbrief.english.lexicon import tables
from askbrief.quotes.cues import Cue
from askbrief.quotes.names import is_name
from askbrief.quotes.time_phrases import after_time
from askbrief.quotes.tokens import Tokens

_THAT = 18  # words at most between a verb and its “that”


def reported_from(tokens: Tokens, cue: Cue) -> int:
    """Where the content begins that follows its verb."""
    past = len(tokens.words)
    at = cue.past + (tokens.lower[cue.past : cue.past + 1] == ["out"])
    that = _that(tokens, at)
    if that is not None:
        return that + (tokens.lower[that] == "that")
    colon = _colon(tokens, at)
    if colon is not None:
        return colon + 1
    if tokens.lower[cue.first] in tables().telling:
        at = _after_hearer(tokens, at)
    while at < past:
        after = _after_adjunct(tokens, at)
        if after == at:
            break
        at = after
    return at


def _that(tokens: Tokens, at: int) -> int | None:
    """The place of the conjunction that the content begins with, if nothing else can come before it."""
    english = tables()
    if not _leads(tokens, at):
        return None
    for place in range(at, min(at + _THAT, len(tokens.words))):
        word = tokens.lower[place]
        if word == "that" or (word in ("whether", "if") and place < at + 6):
            return place
        stops = (
            tokens.words[place] in english.auxiliaries or word in english.verbs or word in english.complements
        )
        if stops or (word in english.pronouns and word != "it") or tokens.masked(place) or word in (":", ";"):
            return None
    return None


def _colon(tokens: Tokens, at: int) -> int | None:
    """The place of the colon before a quotation, if only words for how and to whom come before it."""
    english = tables()
    for place in range(at, min(at + _THAT, len(tokens.words) - 1)):
        if tokens.words[place] == ":":
            return place if tokens.masked(place + 1) else None
        word = tokens.lower[place]
        acts = word in english.verbs or word in english.auxiliaries or word in english.complements
        if acts or tokens.masked(place) or word in (";", "--"):
            return None
    return None


def _leads(tokens: Tokens, at: int) -> bool:
    """Whether what follows the verb can be its hearer, or when and where, and no subject of a clause."""
    if at >= len(tokens.words):
        return False
    word, english = tokens.lower[at], tables()
    hears = tokens.lower[at - 1] in english.telling
    return hears or adjunct(word) or word in english.complements or tokens.words[at] == ","


def adjunct(word: str) -> bool:
    """Whether a word can begin a phrase for when, where or how something is said."""
    english = tables()
    known = word in english.prepositions or word in english.times or word in english.subordinators
    return known or word in english.between or word in english.period_first or word.endswith("ly")


def _after_hearer(tokens: Tokens, at: int) -> int:
    """Where the words for the hearer end: reporters; him; CNN's Jake Tapper; a crowd in Ohio."""
    words, lower, english = tokens.words, tokens.lower, tables()
    if at >= len(words) or tokens.breaks(at):
        return at
    if lower[at] in english.hearers or (words[at].islower() and words[at + 1 : at + 2] == [":"]):
        return at + 1
    begin = at
    while at < len(words) and (lower[at] in english.determiners and at == begin):
        at += 1
    while at < len(words) and (is_name(words[at]) or words[at] in ("'s", "’s")):
        at += 1
    while (
        at < len(words)
        and at > begin
        and at < begin + 4
        and words[at][0].islower()
        and not _begins(tokens, at)
    ):
        at += 1
    return at


def _begins(tokens: Tokens, at: int) -> bool:
    """Whether a word begins another clause, or a phrase for when and where."""
    word, english = tokens.lower[at], tables()
    known = word in english.determiners or word in english.pronouns or word in english.prepositions
    return known or word in english.complements or word in english.times or word in english.auxiliaries


def _after_adjunct(tokens: Tokens, at: int) -> int:
    """Where the adverb or the phrase of time or place ends that begins at ``at``; ``at`` if there is none."""
    words, lower, english = tokens.words, tokens.lower, tables()
    if words[at] in (",", ":"):
        return at + 1
    past = after_time(tokens, at)
    if past == at and lower[at] in english.prepositions:
        venue = next((p for p in range(at + 1, min(at + 7, len(words))) if lower[p] in english.venues), None)
        if venue and not any(tokens.breaks(p) for p in range(at, venue)):
            return _after_company(tokens, venue + 1)
    return past


def _after_company(tokens: Tokens, at: int) -> int:
    """Where the phrases end that go with a venue: an interview with CNN's Jake Tapper on Sunday."""
    words, lower, english = tokens.words, tokens.lower, tables()
    while at + 1 < len(words) and lower[at] in ("with", "to", "on", "from", "at", "of", "for", "about"):
        first = at
        at += 1
        while at < len(words) and (
            lower[at] in english.determiners or is_name(words[at]) or lower[at] in ("'s", "’s")
        ):
            at += 1
        while at < len(words) and words[at][0].islower() and at < first + 4 and not _begins(tokens, at):
            at += 1
    return at
