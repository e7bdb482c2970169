"""The content of a cue: what it reports, before it, after it or around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.content_end import LATER, clause_end, clause_start, content_end, may_tag
from askbrief.quotes.content_start import content_start, is_adverbial
from askbrief.quotes.cues import Cue
from askbrief.quotes.reporting_verbs import ATTITUDES, SILENT, near_quotation
from askbrief.quotes.tokens import Tokens

_TAIL = 12  # words at most from a closing verb to the next mark: "…, Kirby told reporters on Friday."
_AHEAD = 40  # cues of a sentence looked ahead to at all
_SHORT = 3  # words at most before a comma that are no clause
_STOPS = frozenset([".", "!", "?", "…", ";"])
_BEGIN, _END = frozenset("$£€#@(["), frozenset("%)]")
_ACTS = ENGLISH.auxiliaries | (ENGLISH.pronouns - {"it", "you"})
_OTHER_CLAUSE = ENGLISH.subordinators | ENGLISH.openers | {"which"}


class ReportedContent(NamedTuple):
    """What ``cue`` reports: the words ``first`` to ``past``; ``closing`` if the cue follows them."""

    cue: Cue
    first: int
    past: int
    closing: bool


def contents(tokens: Tokens, cues: Sequence[Cue]) -> Iterator[ReportedContent]:
    """The contents of a sentence's cues; a cue within what another reports, after it, has none."""
    reach = 0
    speech = [cue for cue in cues if tokens.lower[cue.first] not in SILENT and cue.form != "beside"]
    for cue in cues:
        after = bisect_right(speech, cue.first, key=lambda one: one.first)
        later = speech[after : after + _AHEAD]
        if cue.first < reach or _said_after(tokens, later):
            continue
        for content in _contents(tokens, cue, later):
            first, past = _trimmed(tokens, content.first, content.past)
            if first < past:
                reach = max(reach, past)
                if not content.closing and _is_tagged(tokens, content, later):
                    reach = later[0].first + 1
                yield content._replace(first=first, past=past)


def _is_tagged(tokens: Tokens, content: ReportedContent, later: Sequence[Cue]) -> bool:
    """Whether the next cue only repeats who has said a quotation: Lee added: “…,” she said."""
    alone = content.past == content.first + 1
    return (
        alone and bool(later) and may_tag(tokens, later[0]) and clause_start(tokens, later[0]) == content.past
    )


def _said_after(tokens: Tokens, later: Sequence[Cue]) -> bool:
    """Whether a later cue reports what comes before it: he wants to go, she said."""
    lefts = ((cue, clause_start(tokens, cue)) for cue in later[:LATER] if cue.form in ("before", "after"))
    return any(
        left > 1 and tokens.breaks(left - 1) and _may_close(tokens, cue, left) and _closes(tokens, cue, left)
        for cue, left in lefts
    )


def _contents(tokens: Tokens, cue: Cue, later: Sequence[Cue]) -> Iterator[ReportedContent]:
    if cue.form == "source":
        yield from _by_source(tokens, cue, later)
        return
    if cue.form == "by":
        about = cue.past + (tokens.lower[cue.past] == "about")
        replies = (one.subject.first for one in later if one.subject and near_quotation(tokens, one.first))
        past = next((at for at in replies if at > about), len(tokens.words))
        yield ReportedContent(cue, about, min(past, tokens.find(",", about)), closing=False)
        return
    left = clause_start(tokens, cue)
    if left and _may_close(tokens, cue, left) and _closes(tokens, cue, left):
        yield ReportedContent(cue, _opening(tokens, left), left, closing=True)
        yield from _going_on(tokens, cue, left, later)
    else:
        first = content_start(tokens, cue)
        yield ReportedContent(cue, first, content_end(tokens, cue, first, later), closing=False)


def _by_source(tokens: Tokens, cue: Cue, later: Sequence[Cue]) -> Iterator[ReportedContent]:
    """According to Kirby, it is over; it is over, according to Kirby."""
    subject_past = cue.subject.past if cue.subject else len(tokens.words)
    if cue.first > 1 or (cue.first and tokens.masked(0)):
        yield ReportedContent(cue, _opening(tokens, cue.first), cue.first, closing=True)
        comma = subject_past if tokens.word(subject_past) == "," else len(tokens.words)
        goes_on = comma + 1 < len(tokens.words) and _resumes(tokens, comma + 1)
    else:
        comma = tokens.find(",", subject_past)
        quoted = any(near_quotation(tokens, one.first) for one in later[:1])
        goes_on = comma < len(tokens.words) and not quoted  # according to Lee, Ray told her: “…”
    if goes_on:
        yield ReportedContent(cue, comma + 1, clause_end(tokens, comma + 1, later), closing=False)


def _opening(tokens: Tokens, left: int) -> int:
    """Where the content before ``left`` begins: an adverb before a quotation is not part of it."""
    for at in range(left):
        if tokens.masked(at):
            return at
        word = tokens.lower[at]
        if not (tokens.breaks(at) or word in ENGLISH.openers or tokens.is_adverb(at)):
            break
    return 0


def _may_close(tokens: Tokens, cue: Cue, left: int) -> bool:
    """Whether the words before a verb can be its content; of an attitude, only a quotation can.

    They can't if another reporting verb comes first in its clause: “…,” Lee said when a reporter asked.
    """
    if _announced(tokens, left):
        return False
    if cue.subject and cue.form == "before":
        before = cue.subject.first - 1
        if before > 0 and tokens.lower[before] == "as" and not tokens.breaks(before - 1):
            return False  # is not as bad as Lee said
        clause = tokens.lower[left : cue.subject.first]
        if not ENGLISH.verbs.isdisjoint(clause) and not ENGLISH.subordinators.isdisjoint(clause):
            return False
    quoted = tokens.masked(left - 1) or (left > 1 and tokens.masked(left - 2))
    return tokens.lower[cue.first] not in ATTITUDES or (quoted and tokens.lower[cue.first] not in SILENT)


def _announced(tokens: Tokens, left: int) -> bool:
    """Whether an earlier verb and a colon lead to the quotation before ``left``: Lee added: “…,” she said."""
    colon = tokens.announced
    leads = tokens.lower[max(0, colon - _TAIL) : colon]
    return colon < left - 1 and not ENGLISH.verbs.isdisjoint(leads)


def _closes(tokens: Tokens, cue: Cue, left: int) -> bool:
    """Whether the content comes before its verb: little follows the verb in its clause."""
    comma = left > 1 and tokens.words[left - 1] == ","
    quoted = tokens.masked(left - 1) or (comma and tokens.masked(left - 2))
    if cue.form == "after" or (quoted and tokens.wordless(0, left)):
        return True
    after, follows = cue.past, tokens.word(cue.past)
    if (not follows or follows in _STOPS) and (quoted or left > _SHORT):
        return True
    short = 0 if follows == "," else _SHORT
    if not follows or not (quoted or _substantial(tokens, left, short)):
        return False
    if follows == ",":
        return quoted or not tokens.masked(min(after + 1, len(tokens.words) - 1))
    return follows not in ("that", ":") and not tokens.masked(after) and _tail(tokens, cue)


def _tail(tokens: Tokens, cue: Cue) -> bool:
    """Whether only words for when, where and to whom follow the verb, up to a mark."""
    adverbial = is_adverbial(tokens, cue.past)
    if not adverbial and tokens.lower[cue.first] not in ENGLISH.telling:
        return False
    for at in range(cue.past, min(cue.past + _TAIL, len(tokens.words))):
        word = tokens.lower[at]
        if tokens.breaks(at) or word in _STOPS:
            return True
        if word == "that" or (word in _ACTS and (not adverbial or at < cue.past + 4)):
            return False
    return False


def _substantial(tokens: Tokens, left: int, short: int) -> bool:
    """Whether a clause comes before ``left``, not just words for when or where."""
    if any(map(tokens.masked, range(left))):
        return True
    first = tokens.lower[0]
    adverbial = first in ENGLISH.openers and left < 14 and first != "if"
    return left > short + 1 and not adverbial and not first.endswith("ing")


def _going_on(tokens: Tokens, cue: Cue, left: int, later: Sequence[Cue]) -> Iterator[ReportedContent]:
    """The content after a cue that interrupts it: “…,” Kirby said, “…”; the war, Kirby said, is over."""
    past = max(cue.past, cue.subject.past if cue.subject else 0)
    stop = min([one.first for one in later] + [len(tokens.words)])
    begin = next((at for at in range(past, stop) if tokens.masked(at)), stop)
    if begin == stop or not _follows_break(tokens, past, begin):
        begin = past + 1
        parted = cue.form != "after" and begin < stop and tokens.words[past] == ","
        if not parted or tokens.masked(max(left - 1, 0)) or not _resumes(tokens, begin):
            return
    yield ReportedContent(cue, begin, clause_end(tokens, begin, later), closing=False)


def _follows_break(tokens: Tokens, past: int, begin: int) -> bool:
    """Whether a mark, or an abbreviation that may end a sentence, is before the quotation at ``begin``, and
    only words for when and where before that."""
    mark = tokens.breaks(begin - 1) or tokens.words[begin - 1][-1] in ".…"
    return mark and ENGLISH.asides.isdisjoint(tokens.lower[past:begin])


def _resumes(tokens: Tokens, place: int) -> bool:
    """Whether a clause that was interrupted goes on, rather than another one begins."""
    word = tokens.lower[place]
    return word == "including" or (word not in _OTHER_CLAUSE and not word.endswith("ing"))


def _trimmed(tokens: Tokens, first: int, past: int) -> tuple[int, int]:
    """The extent without the marks around it that are no part of a word or a sum."""
    while first < past and not _holds(tokens, first, _BEGIN):
        first += 1
    while past > first and not _holds(tokens, past - 1, _END):
        past -= 1
    return first, past


def _holds(tokens: Tokens, place: int, marks: frozenset[str]) -> bool:
    return tokens.words[place][0].isalnum() or tokens.masked(place) or tokens.words[place] in marks
