"""The content of a cue: what it reports, before it, after it or around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from askbrief.english.lexicon import tables
from askbrief.quotes.adjuncts import adjunct, reported_from
from askbrief.quotes.attitudes import attitude_end, is_attitude, is_silent
from askbrief.quotes.cues import Cue
from askbrief.quotes.ends import LATER, before_main, clause_end, clause_start, gap_end, named_so
from askbrief.quotes.tokens import Tokens

_TAIL = 12  # words at most from a closing verb to the next mark: "…, Kirby told reporters on Friday."
_AHEAD = 40  # cues of a sentence looked ahead to at all
_MOST = 120  # words at most in the content of an attitude
_SHORT = 3  # words at most before a comma that are no clause
_STOPS = frozenset([".", "!", "?", "…"])
_BEGIN, _END = frozenset("$£€#@(["), frozenset("%)]")


class Content(NamedTuple):
    """What ``cue`` reports: the words ``first`` to ``past``; ``closing`` if the cue follows them."""

    cue: Cue
    first: int
    past: int
    closing: bool


def contents(tokens: Tokens, cues: Sequence[Cue]) -> Iterator[Content]:
    """The contents of a sentence's cues; a cue within what another reports, after it, has none."""
    reach = 0
    speech = [cue for cue in cues if not is_silent(tokens, cue.first)]
    for cue in cues:
        after = bisect_right(speech, cue.first, key=lambda one: one.first)
        later = speech[after : after + _AHEAD]
        if cue.first < reach or _said_after(tokens, later):
            continue
        for content in _contents(tokens, cue, later):
            first, past = _trimmed(tokens, content.first, content.past)
            if first < past:
                reach = max(reach, past)
                yield content._replace(first=first, past=past)


def _said_after(tokens: Tokens, later: Sequence[Cue]) -> bool:
    """Whether a later cue reports what comes before it: he wants to go, she said."""
    lefts = ((cue, clause_start(tokens, cue)) for cue in later[:LATER] if cue.form in ("before", "after"))
    return any(left > 1 and tokens.breaks(left - 1) and _closes(tokens, cue, left) for cue, left in lefts)


def _contents(tokens: Tokens, cue: Cue, later: Sequence[Cue]) -> Iterator[Content]:
    if cue.form == "source":
        yield from _by_source(tokens, cue, later)
        return
    if cue.form == "by":
        about = cue.past + (tokens.lower[cue.past] == "about")
        commas = (at for at in range(about, len(tokens.words)) if tokens.words[at] == ",")
        yield Content(cue, about, next(commas, len(tokens.words)), closing=False)
        return
    left = clause_start(tokens, cue)
    if left and _may_close(tokens, cue, left) and _closes(tokens, cue, left):
        yield Content(cue, _opening(tokens, left), left, closing=True)
        yield from _going_on(tokens, cue, left, later)
    else:
        first = reported_from(tokens, cue)
        most = first + _MOST if is_attitude(tokens, cue.first) else len(tokens.words)
        past = named_so(tokens, cue, first, clause_end(tokens, first, later, most))
        past = gap_end(tokens, cue, first, past, later)
        past = before_main(tokens, cue, first, past)
        if cue.subject and is_attitude(tokens, cue.first):
            past = attitude_end(tokens, cue.subject.first, cue.first, first, past)
        yield Content(cue, first, past, closing=False)


def _by_source(tokens: Tokens, cue: Cue, later: Sequence[Cue]) -> Iterator[Content]:
    """According to Kirby, it is over; it is over, according to Kirby."""
    if cue.first > 1 or (cue.first and tokens.masked(0)):
        yield Content(cue, _opening(tokens, cue.first), cue.first, closing=True)
        past = cue.subject.past if cue.subject else len(tokens.words)
        if past + 1 < len(tokens.words) and tokens.words[past] == "," and _resumes(tokens, past + 1):
            yield Content(cue, past + 1, clause_end(tokens, past + 1, later), closing=False)
    elif cue.subject:
        comma = next(
            (at for at in range(cue.subject.past, len(tokens.words)) if tokens.words[at] == ","), None
        )
        if comma:
            yield Content(cue, comma + 1, clause_end(tokens, comma + 1, later), closing=False)


def _opening(tokens: Tokens, left: int) -> int:
    """Where the content before ``left`` begins: an adverb before a quotation is not part of it."""
    first = 0
    while first < left and not tokens.masked(first) and (tokens.breaks(first) or _opener(tokens, first)):
        first += 1
    return first if first < left and tokens.masked(first) else 0


def _opener(tokens: Tokens, place: int) -> bool:
    return tokens.lower[place] in tables().openers or tokens.lower[place].endswith("ly")


def _may_close(tokens: Tokens, cue: Cue, left: int) -> bool:
    """Whether the words before a verb can be its content; of an attitude, only a quotation can.

    They can't if another reporting verb comes first in its clause: “…,” Lee said when a reporter asked.
    """
    if cue.subject and cue.form == "before":
        clause = tokens.lower[left : cue.subject.first]
        if not tables().verbs.isdisjoint(clause) and not tables().subordinators.isdisjoint(clause):
            return False
    quoted = tokens.masked(left - 1) or (left > 1 and tokens.masked(left - 2))
    return not is_attitude(tokens, cue.first) or (quoted and not is_silent(tokens, cue.first))


def _closes(tokens: Tokens, cue: Cue, left: int) -> bool:
    """Whether the content comes before its verb: little follows the verb in its clause."""
    quoted = tokens.masked(left - 1) or (
        left > 1 and tokens.masked(left - 2) and tokens.words[left - 1] == ","
    )
    if cue.form == "after" or (quoted and tokens.wordless(0, left)):
        return True
    words, lower, after = tokens.words, tokens.lower, cue.past
    if (after >= len(words) or words[after] in _STOPS) and (quoted or left > _SHORT):
        return True
    short = 0 if words[min(after, len(words) - 1)] == "," else _SHORT
    if after >= len(words) or not (quoted or _substantial(tokens, left, short)):
        return False
    if words[after] == ",":
        return quoted or not tokens.masked(min(after + 1, len(words) - 1))
    return lower[after] not in ("that", ":") and not tokens.masked(after) and _tail(tokens, cue)


def _tail(tokens: Tokens, cue: Cue) -> bool:
    """Whether only words for when, where and to whom follow the verb, up to a mark."""
    english, lower, first = tables(), tokens.lower, tokens.lower[cue.past]
    if not adjunct(first) and lower[cue.first] not in english.telling:
        return False
    for at in range(cue.past, min(cue.past + _TAIL, len(lower))):
        if tokens.breaks(at) or tokens.words[at] in _STOPS:
            return True
        acts = lower[at] in english.auxiliaries or lower[at] in english.pronouns - {"it", "you"}
        if lower[at] == "that" or (acts and (not adjunct(first) or at < cue.past + 4)):
            return False
    return False


def _substantial(tokens: Tokens, left: int, short: int) -> bool:
    """Whether a clause comes before ``left``, not just words for when or where."""
    lower, english = tokens.lower, tables()
    if any(tokens.masked(at) for at in range(left)):
        return True
    adverbial = lower[0] in english.openers and left < 14 and lower[0] != "if"
    return left > short + 1 and not adverbial and not lower[0].endswith("ing")


def _going_on(tokens: Tokens, cue: Cue, left: int, later: Sequence[Cue]) -> Iterator[Content]:
    """The content after a cue that interrupts it: “…,” Kirby said, “…”; the war, Kirby said, is over."""
    past = max(cue.past, cue.subject.past if cue.subject else 0)
    stop = min([one.first for one in later] + [len(tokens.words)])
    quotation = next((at for at in range(past, stop) if tokens.masked(at)), None)
    if quotation is not None and _parts(tokens, quotation - 1) and _plain(tokens, past, quotation):
        yield Content(cue, quotation, clause_end(tokens, quotation, later), closing=False)
        return
    parted = (
        cue.form != "after"
        and past < stop - 1
        and tokens.words[past] == ","
        and not tokens.masked(max(left - 1, 0))
    )
    if parted and _resumes(tokens, past + 1):
        yield Content(cue, past + 1, clause_end(tokens, past + 1, later), closing=False)


def _parts(tokens: Tokens, place: int) -> bool:
    """Whether the word is a mark, or an abbreviation that may end a sentence."""
    return tokens.breaks(place) or tokens.words[place][-1] == "."


def _plain(tokens: Tokens, first: int, past: int) -> bool:
    """Whether the words are only for when and where something is said."""
    return tables().asides.isdisjoint(tokens.lower[first:past])


def _resumes(tokens: Tokens, place: int) -> bool:
    """Whether a clause that was interrupted goes on, rather than another one begins."""
    word, english = tokens.lower[place], tables()
    other = word in english.subordinators or word in english.openers or word == "which"
    return not other and not word.endswith("ing")


def _trimmed(tokens: Tokens, first: int, past: int) -> tuple[int, int]:
    """The extent without the marks around it that are no part of a word or a sum."""
    while first < past and not _holds(tokens, first, _BEGIN):
        first += 1
    while past > first and not _holds(tokens, past - 1, _END):
        past -= 1
    return first, past


def _holds(tokens: Tokens, place: int, marks: frozenset[str]) -> bool:
    return tokens.words[place][0].isalnum() or tokens.masked(place) or tokens.words[place] in marks
