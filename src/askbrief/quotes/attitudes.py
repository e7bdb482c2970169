"""Attitudes, what people think, want and support: their verbs, and where their content begins and ends."""

from __future__ import annotations

from askbrief.english.lexicon import tables
from askbrief.quotes.tokens import Tokens

_SELF = frozenset(["i", "we", "you", "there", "it"])
_RELATIVE = frozenset(["who", "which"])
_PARTS = frozenset(["and", "but", "who", "which", "while", "whereas"])
_AWAY = frozenset(["up", "out", "off", "down", "away", "back", "together", "along"])
_WHEN = frozenset(
    ["after", "before", "during", "while", "when", "because", "since", "until", "although", "though"]
)


def is_attitude(tokens: Tokens, verb: int) -> bool:
    """Whether the verb at ``verb`` is one of attitude."""
    english, word = tables(), tokens.lower[verb]
    return word in english.opinions or word in english.stances


def is_silent(tokens: Tokens, verb: int) -> bool:
    """Whether the verb at ``verb`` is one of attitude that never reports speech: hopes, backed."""
    return is_attitude(tokens, verb) and tokens.lower[verb] not in tables().verbs


def attitude_content(tokens: Tokens, verb: int) -> int | None:
    """Where the content of an attitude begins; None if the verb at ``verb`` expresses none here."""
    english, lower, after = tables(), tokens.lower, verb + 1
    if after >= len(lower) or lower[verb] in english.asides:
        return None
    word = lower[after]
    if word == "to" and lower[verb] in tables().denial and lower[after + 1 : after + 2] == ["comment"]:
        return None  # no comment is no quotation
    if (lower[verb], word) in english.phrasal:
        return after + 1
    if lower[verb] in english.phrasal_only:
        return None
    if word == "to" and lower[verb] in english.opinions:
        return after
    bare = not (tokens.words[after][0].isalnum() or tokens.masked(after) or tokens.words[after] in "$£€")
    return None if bare or word in english.prepositions | english.between | _AWAY else after


def is_person(tokens: Tokens, first: int) -> bool:
    """Whether the subject that begins at ``first`` is a third person."""
    return tokens.lower[first] not in _SELF


def is_object(tokens: Tokens, first: int, verb: int) -> bool:
    """Whether the phrase before a participle is its object: in a report called the Blue Book."""
    lower = tokens.lower
    participle = lower[verb].endswith("ed") and lower[verb - 1] not in tables().auxiliaries
    english = tables()
    thing = lower[first] in ("a", "an") and lower[verb - 1] not in english.roles
    named = thing and lower[verb] == "called" and ("called", lower[verb + 1]) not in english.phrasal
    return named or (
        participle
        and any(
            lower[at] in ("a", "an", "the") and lower[at - 1] not in ("of", "for", "all", "both", "half")
            for at in range(first + 1, verb)
        )
    )


def attitude_end(tokens: Tokens, subject: int, verb: int, first: int, past: int) -> int:
    """Where the content of an attitude ends: before words for when, and before another clause."""
    lower = tokens.lower
    opinion = lower[verb] in tables().opinions
    relative = lower[subject] in _RELATIVE
    for at in range(first + 1, past):
        follows = lower[at + 1] if at + 1 < len(lower) else ""
        if tokens.words[at] == "," and (relative or _parts(follows)):
            return at
        if lower[at] in _WHEN and not opinion:
            return at
    return past


def _parts(word: str) -> bool:
    english = tables()
    return word in _PARTS or word in english.subordinators or word.endswith("ing")
