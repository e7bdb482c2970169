"""Phrases of time: on Monday; late last night; two years ago."""

from __future__ import annotations

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.tokens import POSSESSIVE, Tokens


def after_time(tokens: Tokens, at: int) -> int:
    """Where the adverb or the phrase of time ends that begins at ``at``; ``at`` if there is none."""
    past = _after(tokens, at)
    return at if tokens.word(past) in POSSESSIVE else past  # this year's budget


def _after(tokens: Tokens, at: int) -> int:
    word, follows = tokens.lower[at], tokens.word(at + 1)
    if word in ENGLISH.times or word in ENGLISH.between or tokens.is_adverb(at):
        return at + 1
    if word in ENGLISH.period_first:
        last = at + 1 + (follows in ENGLISH.period_first)  # late last night
        return last + 1 if tokens.word(last) in ENGLISH.periods | ENGLISH.days else at
    if tokens.word(at + 2) == "ago":
        return at + 3
    dated = follows in ENGLISH.times or follows in ENGLISH.months
    if word in ("on", "in", "at", "during", "since") and dated:
        at += 2
        while tokens.word(at)[:1].isdigit() or tokens.word(at) in ENGLISH.periods:
            at += 1
    return at
