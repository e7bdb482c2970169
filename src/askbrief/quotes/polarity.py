"""Whether what a cue reports is said, denied or asked, or only the object of an attitude."""

from __future__ import annotations

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.reporting_verbs import ATTITUDES, SILENT, near_quotation
from askbrief.quotes.tokens import Tokens
from askbrief.types import Polarity

_REACH = 9  # words at most from a denial to the verb of the clause that is denied
_NEAR = 4  # words at most to the noun for what is denied
_QUOTED_STANCES = frozenset(
    verb for verb in ATTITUDES & ENGLISH.with_quotation if not verb.startswith(("call", "characteri"))
)
"""Verbs that report speech with a quotation and an attitude without one: praised; but called it unsafe."""
_FINITE = ENGLISH.auxiliaries | ENGLISH.passive


def polarity(tokens: Tokens, verb: int) -> Polarity:
    """What the reporting verb at ``verb`` says of its content."""
    word = tokens.lower[verb]
    if word in ENGLISH.denial and denies(tokens, verb):
        return "denied"
    if word in SILENT or (word in _QUOTED_STANCES and not near_quotation(tokens, verb)):
        return "attitude"
    return "asked" if word in ENGLISH.asking else "said"


def polarity_beside(tokens: Tokens, place: int) -> Polarity:
    """What an adjective or noun at ``place`` says of its content: sure that; the claim that; a denial of."""
    phrase = tuple(tokens.lower[place : place + 2])
    if phrase in ENGLISH.denied_nouns:
        return "denied"
    return "said" if phrase in ENGLISH.said_nouns else "attitude"


def denies(tokens: Tokens, verb: int) -> bool:
    """Whether a claim follows a verb of denial: that it is so, having done it, the charges; not: a permit."""
    first = verb + 1
    while first < len(tokens.words) and (tokens.is_adverb(first) or tokens.lower[first] in ENGLISH.between):
        first += 1
    word = tokens.word(first)
    if word == "that" or word.endswith("ing") or word in ("it", "this", "these", "those", "any"):
        return True
    for at in range(first, min(first + _REACH, len(tokens.words))):
        word = tokens.lower[at]
        if tokens.breaks(at) and not tokens.masked(at):
            return False
        if at < first + _NEAR and word in ENGLISH.claims:
            return True
        if word in ENGLISH.complements or word in ENGLISH.prepositions - {"of"}:
            return False
        if word in _FINITE and at > first:
            return True
    return False
