"""Where in its sentence the clause of a cue begins, and where its content ends."""

from __future__ import annotations

from collections.abc import Container, Sequence

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.appositions import apposed_start
from askbrief.quotes.content_start import told_where
from askbrief.quotes.cues import Cue
from askbrief.quotes.document_names import is_name
from askbrief.quotes.reporting_verbs import (
    ATTITUDES,
    RELATIVE,
    attitude_end,
    before_adverbs,
    near_quotation,
    negates,
)
from askbrief.quotes.tokens import DASHES, Tokens

LATER = 4
"""Number of later cues searched for one that closes the sentence."""
_MOST = 120  # words at most in the content of an attitude
_TURN = 6  # words at most from “and” to the verb of another speaker: and Donald Trump says
_TURNS = frozenset(["and", "but", "while", "though", "although", "whereas", "as"])
_PAUSED = frozenset(["before", "after", "while", "but", "which", "though", "although"])
_AFTER_NAMED = _TURNS | {"to", "who", "which", ","}
"""Words after a quotation that somebody or something is called, which are not part of the content."""
_HELPING = ENGLISH.auxiliaries | ENGLISH.passive
_FINITE = _HELPING | ENGLISH.verbs
_INTRODUCES = ENGLISH.subordinators | {"before", "even"}
_BEGINS = ENGLISH.pronouns | ENGLISH.determiners | ENGLISH.counted


def clause_start(tokens: Tokens, cue: Cue) -> int:
    """Where the clause of the cue begins: after the mark or quotation before its speaker."""
    if cue.form in ("after", "by"):
        return cue.first
    if cue.form in ("shared", "beside") or cue.subject is None:
        return 0
    left = cue.subject.first
    while left and not tokens.breaks(left - 1):
        left -= 1
    return apposed_start(tokens, cue.subject) if left == cue.subject.first else left


def content_end(tokens: Tokens, cue: Cue, first: int, later: Sequence[Cue]) -> int:
    """Where the content of a verb ends that begins at ``first``, by the kind of the verb and its clause."""
    attitude = tokens.lower[cue.first] in ATTITUDES or cue.form == "beside"
    past = clause_end(tokens, first, later, first + _MOST if attitude else None)
    past = _named_end(tokens, cue, first, past)
    past = _gap_end(tokens, cue, first, past, later)
    past = _before_main(tokens, cue, first, past)
    past = _before_where(tokens, first, past)
    if cue.subject and tokens.lower[cue.subject.first] in RELATIVE:
        past = _relative_end(tokens, first, past)
    if cue.subject and attitude:
        past = attitude_end(tokens, cue.subject.first, cue.first, first, past)
    return past


def clause_end(tokens: Tokens, first: int, later: Sequence[Cue], most: int | None = None) -> int:
    """Where the content ends that begins at ``first``: with the sentence, or before another cue's clause."""
    ends = {_before_cue(tokens, cue, first) for cue in later if cue.first > first}
    tags = {cue.subject.first for cue in later if cue.subject and may_tag(tokens, cue)}
    last = len(tokens.words) if most is None else min(most, len(tokens.words))
    for at in range(first, last):
        word, follows = tokens.words[at], tokens.word(at + 1)
        if at > first and _silent_turn(tokens, at):
            return at - (tokens.words[at - 1] == ",")
        if at in ends or word == ";" or (word == "," and follows in ENGLISH.asides):
            return at
        if (tokens.masked(at) and follows in ENGLISH.asides) or (tokens.pauses(at) and follows in _PAUSED):
            return at + 1
        if word in DASHES and at > first and tokens.masked(at - 1):
            return at
        if at == first and at + 1 in tags:
            return at + 1
    return max(first, last)


def may_tag(tokens: Tokens, cue: Cue) -> bool:
    """Whether a cue may only repeat who has spoken: Lee added: “…,” she said."""
    subject = cue.subject
    if subject is None or cue.form != "before" or not subject.first or not tokens.masked(subject.first - 1):
        return False
    return bool(subject.name) or tokens.lower[subject.first] in _BEGINS


def _before_where(tokens: Tokens, first: int, past: int) -> int:
    """Where the content ends before words for where it was said: a “mess” | in a tweet on Sunday."""
    last = next((at for at in range(past - 1, first - 1, -1) if tokens.masked(at)), past)
    return last + 1 if last + 1 < past and told_where(tokens, last + 1, past) else past


def _silent_turn(tokens: Tokens, at: int) -> bool:
    """Whether “but” at ``at`` leads to what somebody did not say: but did not say when."""
    if tokens.lower[at] != "but":
        return False
    for place in range(at + 1, min(at + _TURN, len(tokens.words) - 1)):
        if tokens.breaks(place):
            return False
        if negates(tokens.lower[place]) and tokens.lower[place + 1] in ENGLISH.bases:
            return True
    return False


def _gap_end(tokens: Tokens, cue: Cue, first: int, past: int, later: Sequence[Cue]) -> int:
    """Where the content ends before the main clause: a plan some say is late, Lee said; as he backs it, …"""
    gap = first < past and tokens.lower[first] in _HELPING
    if not (gap or tokens.lower[cue.first] in ATTITUDES):
        return past
    mains = {clause_start(tokens, one) for one in later[:LATER] if one.form == "before"}
    return next((at for at in range(first, past) if tokens.words[at] == "," and at + 1 in mains), past)


def _before_main(tokens: Tokens, cue: Cue, first: int, past: int) -> int:
    """Where the content of a verb in an introductory clause ends: when Lee said it is late, we left."""
    if cue.form == "shared" and cue.subject and cue.subject.first > cue.past:
        comma = max((at for at in range(first, cue.subject.first) if tokens.words[at] == ","), default=past)
        return min(past, comma)
    inside = cue.form == "before" and cue.subject and not any(map(tokens.breaks, range(cue.first)))
    opens = tokens.lower[0] in ("and", "but")
    if not inside or tokens.lower[opens] not in _INTRODUCES:
        return past
    for at in range(first + 1, past - 1):
        mark = tokens.words[at] == "," or tokens.pauses(at)
        if mark and (is_name(tokens.words[at + 1]) or tokens.lower[at + 1] in _BEGINS):
            return at + tokens.masked(at)
    return past


def _relative_end(tokens: Tokens, first: int, past: int) -> int:
    """Where the content of a clause with “who” ends: Lee, who said it was late, | has left."""
    goes_on = (at for at in range(first + 1, past - 1) if tokens.words[at] == ",")
    return next((at for at in goes_on if tokens.lower[at + 1] in _FINITE), past)


def _named_end(tokens: Tokens, cue: Cue, first: int, past: int) -> int:
    """Where the content of a verb that needs a quotation ends: with it, before another verb or a comma."""
    if tokens.lower[cue.first] not in ENGLISH.with_quotation:
        return past
    for at in range(first, past - 1):
        joined = tokens.lower[at + 1] in ("and", "or", ",") and at + 2 < past and tokens.masked(at + 2)
        if tokens.masked(at) and not joined and (tokens.pauses(at) or tokens.lower[at + 1] in _AFTER_NAMED):
            return at + 1
    return past


def _before_cue(tokens: Tokens, cue: Cue, first: int) -> int | None:
    """Where the clause of a later cue begins if it is not part of the content that begins at ``first``."""
    lower = tokens.lower
    if cue.form in ("after", "by", "beside"):
        return None
    if cue.form in ("shared", "source"):
        at = _back_to(tokens, cue.first - 1, first, ("and", "but", "then"))
        near = cue.first - at <= 3
        at += tokens.masked(at)
        return at - (tokens.words[at - 1] == ",") if at > first and near else None
    if cue.subject is None:
        return None
    if cue.subject.past < first and cue.form == "before":
        comma = before_adverbs(tokens, cue.first)  # Lee, who says it is late, went on to say
        return comma if comma > first and tokens.words[comma] == "," else None
    at = _back_to(tokens, cue.subject.first - 1, first, _TURNS)
    if at > first + 1 and lower[at] in _TURNS:
        if tokens.words[at - 1] == ",":
            return at - 1
        he = lower[cue.subject.first] in ("he", "she") and near_quotation(tokens, cue.first)
        if (cue.subject.name or he) and cue.first - at < _TURN:
            return at
    return at if at > first and tokens.words[at] == ";" else None


def _back_to(tokens: Tokens, at: int, first: int, words: Container[str]) -> int:
    """The last mark, quotation or one of the words, from ``at`` back to ``first``."""
    while at > first and not tokens.breaks(at) and tokens.lower[at] not in words:
        at -= 1
    return at
