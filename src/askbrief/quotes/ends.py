"""Where in its sentence the clause of a cue begins, and where its content ends."""

from __future__ import annotations

from collections.abc import Sequence

from askbrief.english.lexicon import tables
from askbrief.quotes.attitudes import is_attitude
from askbrief.quotes.cues import Cue
from askbrief.quotes.names import is_name
from askbrief.quotes.tokens import DASHES, Tokens
from askbrief.quotes.verbs import before_adverbs

LATER = 4
"""Number of later cues searched for one that closes the sentence."""
_TURN = 6  # words at most from “and” to the verb of another speaker: and Donald Trump says
_TURNS = frozenset(["and", "but", "while", "though", "although", "whereas", "as"])

_PAUSED = frozenset(["before", "after", "while", "but", "which", "though", "although"])
_LEAVES = _TURNS | {"to", "who", "which", ","}
"""Words after a quotation that somebody or something is called, which are not part of the content."""


def clause_start(tokens: Tokens, cue: Cue) -> int:
    """Where the clause of the cue begins: after the mark or quotation before its speaker."""
    if cue.form in ("after", "by"):
        return cue.first
    if cue.form == "shared" or cue.subject is None:
        return 0
    left = cue.subject.first
    while left and not tokens.breaks(left - 1):
        left -= 1
    return left


def clause_end(tokens: Tokens, first: int, later: Sequence[Cue], most: int | None = None) -> int:
    """Where the content ends that begins at ``first``: with the sentence, or before another cue's clause."""
    ends = {_before_cue(tokens, cue, first) for cue in later if cue.first > first}
    last = len(tokens.words) if most is None else min(most, len(tokens.words))
    for at in range(first, last):
        if at in ends or tokens.words[at] == ";":
            return at
        follows = tokens.lower[at + 1] if at + 1 < len(tokens.words) else ""
        if tokens.words[at] == "," and follows in tables().asides:
            return at
        if tokens.masked(at) and follows in tables().asides:
            return at + 1
        if tokens.pauses(at) and follows in _PAUSED:
            return at + 1
        if tokens.words[at] in DASHES and at > first and tokens.masked(at - 1):
            return at
    return max(first, last)


def gap_end(tokens: Tokens, cue: Cue, first: int, past: int, later: Sequence[Cue]) -> int:
    """Where the content ends before the main clause: a plan some say is late, Lee said; as he backs it, …"""
    gap = first < past and tokens.lower[first] in tables().auxiliaries | tables().passive
    if not (gap or is_attitude(tokens, cue.first)):
        return past
    mains = {clause_start(tokens, one) for one in later[:LATER] if one.form == "before"}
    return next((at for at in range(first, past) if tokens.words[at] == "," and at + 1 in mains), past)


def before_main(tokens: Tokens, cue: Cue, first: int, past: int) -> int:
    """Where the content of a verb in an introductory clause ends: when Lee said it is late, we left."""
    lower, english = tokens.lower, tables()
    begins = english.pronouns | english.determiners
    inside = cue.form == "before" and cue.subject and not any(map(tokens.breaks, range(cue.first)))
    if not inside or lower[0] not in english.subordinators | {"before", "even"}:
        return past
    for at in range(first + 1, past - 1):
        mark = tokens.words[at] == "," or tokens.pauses(at)
        if mark and (is_name(tokens.words[at + 1]) or lower[at + 1] in begins):
            return at + tokens.masked(at)
    return past


def named_so(tokens: Tokens, cue: Cue, first: int, past: int) -> int:
    """Where the content of a verb that needs a quotation ends: with it, before another verb or a comma."""
    if tokens.lower[cue.first] not in tables().with_quotation:
        return past
    for at in range(first, past - 1):
        if tokens.masked(at) and (tokens.pauses(at) or tokens.lower[at + 1] in _LEAVES):
            return at + 1
    return past


def _before_cue(tokens: Tokens, cue: Cue, first: int) -> int | None:
    """Where the clause of a later cue begins if it is not part of the content that begins at ``first``."""
    lower = tokens.lower
    if cue.form in ("after", "by"):
        return None
    if cue.form in ("shared", "source"):
        at = cue.first - 1
        while at > first and not tokens.breaks(at) and lower[at] not in ("and", "but", "then"):
            at -= 1
        near = cue.first - at <= 3
        at += tokens.masked(at)
        return at - (tokens.words[at - 1] == ",") if at > first and near else None
    if cue.subject is None:
        return None
    if cue.subject.past < first and cue.form == "before":
        comma = before_adverbs(tokens, cue.first)  # Lee, who says it is late, went on to say
        return comma if comma > first and tokens.words[comma] == "," else None
    at = cue.subject.first - 1
    while at > first and not tokens.breaks(at) and lower[at] not in _TURNS:
        at -= 1
    if at > first + 1 and lower[at] in _TURNS and tokens.words[at - 1] == ",":
        return at - 1
    if at > first + 1 and lower[at] in _TURNS and cue.subject.name and cue.first - at < _TURN:
        return at
    return at if at > first and tokens.words[at] == ";" else None
