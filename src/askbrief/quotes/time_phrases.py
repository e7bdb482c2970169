"""Phrases of time: on Monday; late last night; two years ago."""

from __future__ import annotations

from askbrief.english.lexicon import tables
from askbrief.quotes.tokens import Tokens


def after_time(tokens: Tokens, at: int) -> int:
    """Where the adverb or the phrase of time ends that begins at ``at``; ``at`` if there is none."""
    past = _after(tokens, at)
    return at if tokens.words[past : past + 1] in (["'s"], ["’s"]) else past  # this year's budget


def _after(tokens: Tokens, at: int) -> int:
    words, lower, english = tokens.words, tokens.lower, tables()
    word, follows = lower[at], lower[at + 1] if at + 1 < len(lower) else ""
    if word in english.times or word in english.between or word.endswith("ly"):
        return at + 1
    if word in english.period_first:
        last = at + 1 + (follows in english.period_first)  # late last night
        ends = english.periods | english.days
        return last + 1 if last < len(lower) and lower[last] in ends else at
    if lower[at + 2 : at + 3] == ["ago"]:
        return at + 3
    if word in ("on", "in", "at", "during", "since") and (
        follows in english.times or follows in english.months
    ):
        at += 2
        while at < len(words) and (words[at][0].isdigit() or lower[at] in english.periods):
            at += 1
    return at
