"""Find the quotations of a draft: their words, their lines and their speakers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from askbrief.check.attributed_document import Overlapping, widest
from askbrief.check.draft_markup import block_quotes, blocks, prose
from askbrief.check.folded_words import folded_words
from askbrief.check.pattern import Pattern, pattern
from askbrief.check.said_by import SaidBy, said_by
from askbrief.english.lexicon import choice, table
from askbrief.english.quote_marks import MARK, Words, marked_words
from askbrief.english.reporting import ENGLISH
from askbrief.quotes import quotations
from askbrief.text.extents import touched
from askbrief.types import Extent, Quotation

_COMMON = frozenset((*table("nobody"), *ENGLISH.roles, *ENGLISH.texts, *ENGLISH.determiners))
"""Words that are no names, even with a capital."""
_NO_NAMES = ENGLISH.pronouns | ENGLISH.determiners | ENGLISH.times | ENGLISH.months
_NEAR = 60  # characters before a quotation that may say who speaks
_NAME = r"[A-Z][\w’'-]+"
_VERB = choice("reporting")
_SAID_BY = re.compile(rf"[,.]?[”\"’']*,?\s+{_VERB}\s+({_NAME})")
_SAYS_AFTER = re.compile(rf"[,.]?[”\"’']*,?\s+({_NAME})\s+{_VERB}\b")
_SAYS_BEFORE = re.compile(rf"\b({_NAME})\s+{_VERB}(?:\s+that)?[,:]?\s*[“\"‘']?\Z")


DEEPEST = 10
"""Quotations around one that is looked at."""


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of a draft: the ``text`` between its marks, the line that it begins on (from 1), who says
    it as far as the draft gives it, and the sentences around it. The offsets of ``pattern`` count characters
    of ``readable``, the draft without markup. ``unpaired``: one of its marks has no partner."""

    text: str
    line: int
    said_by: SaidBy
    pattern: Pattern
    around: str
    readable: str
    unpaired: bool = False

    @property
    def speaker(self) -> str | None:
        """The speaker's name, else the words for their office."""
        return self.said_by.name or self.said_by.office


def draft_quotations(
    draft: str, speaks: Callable[[str], bool] = lambda _: False
) -> tuple[DraftQuotation, ...]:
    """The quotations of a draft, plain text or Markdown, in order: what is in quotation marks, and each
    paragraph of a block quote that is not.

    The first word of a sentence may not be a name ("Critics said …"): ``speaks`` says whether the archive
    quotes anybody by that name.

    Code, link addresses and comments are skipped, and so is a quotation that has no word outside brackets.
    """
    from askbrief.formats import text
    from askbrief.text import split_sentences

    readable = prose(draft)
    every = _words(readable, block_quotes(draft, readable))
    marked = _Marked.of(readable, every)
    sentences = split_sentences(marked.text, tuple(text.paragraphs(marked.text)))
    spoken = quotations(marked.text, sentences)
    sources = _sources(draft, readable, marked, every, spoken)
    found, line, counted, folded = [], 1, 0, _Folded(marked.text)
    for (one, is_block), source in zip(every, sources, strict=True):
        start, end = one.start, one.end
        line, counted = line + draft.count("\n", counted, start), start
        words = pattern(readable, start, end)
        if words:
            extent = marked.place(start), marked.place(end)
            said = _said_by(marked.text, source, extent, speaks)
            around = " ".join(folded[each.start, each.end] for each in touched(sentences, *extent))
            unpaired = not (one.paired or is_block)
            found.append(DraftQuotation(draft[start:end], line, said, words, around, readable, unpaired))
    return tuple(found)


def _words(readable: str, blocks: Sequence[Extent]) -> list[tuple[Words, bool]]:
    """What is in marks and the blocks, each with whether it is a block; marks in a block are part of it."""
    outside = (one for one in marked_words(readable) if one.end > (_holding(blocks, one.start) or (0, 0))[1])
    return sorted(
        [
            *((one, False) for one in _not_deep(sorted(outside))),
            *((Words(*block, False, False), True) for block in blocks),
        ]
    )


def _not_deep(words: Iterable[Words]) -> Iterator[Words]:
    """What isn't within ``DEEPEST`` others: marks that are opened and never closed would each have all the
    rest."""
    around: list[int] = []
    for one in words:
        around = [end for end in around if end > one.start]
        if len(around) < DEEPEST:
            around.append(one.end)
            yield one


def _holding(blocks: Sequence[Extent], place: int) -> Extent | None:
    """The block that a place is in, of blocks in order."""
    at = bisect_right(blocks, place, key=lambda block: block[0]) - 1
    return blocks[at] if at >= 0 and place < blocks[at][1] else None


class _Marked(NamedTuple):
    """A draft with the quotation marks that it lacks, and where each was added."""

    text: str
    added: tuple[int, ...]

    @classmethod
    def of(cls, readable: str, words: Sequence[tuple[Words, bool]]) -> _Marked:
        missing = [(one.end, "”") for one, _ in words if not one.closed]
        missing += [(one.start, "“") for one, _ in words if not one.opened]
        pieces, at = [], 0
        for place, mark in sorted(missing, key=lambda edge: edge[0]):
            pieces += [readable[at:place], mark]
            at = place
        return cls("".join([*pieces, readable[at:]]), tuple(sorted(place for place, _ in missing)))

    def place(self, offset: int) -> int:
        """Where a character of the draft is."""
        return offset + bisect_right(self.added, offset)


def _sources(
    draft: str,
    readable: str,
    marked: _Marked,
    every: Sequence[tuple[Words, bool]],
    spoken: Sequence[Quotation],
) -> list[Quotation | None]:
    """What says who speaks for each quotation of a draft, if anything does.

    What is in a block quote is not the words of whoever spoke before it, unless a colon introduces the block;
    words in it or a signature below may give a speaker too. Its paragraphs have one speaker.
    """
    around, overlapping = blocks(draft), Overlapping(spoken)
    found: list[Quotation | None] = []
    introduced, past = False, 0
    for one, is_block in every:
        extent = marked.place(one.start), marked.place(one.end)
        quotation = widest(overlapping.of(extent), extent)
        begin = (_holding(around, one.start) or (None,))[0]
        between = MARK.sub(" ", readable[past : one.start]).strip("*_ \t\r\n")
        introduced = begin is not None and (between.endswith(":") if between else introduced)
        if quotation and begin is not None and not introduced:
            least = marked.place(one.end if is_block else begin)
            quotation = quotation if quotation.cue[0] >= least else None
        found.append(quotation)
        past = one.end
    for number in reversed(range(len(every) - 1)):
        (one, is_block), (other, goes_on) = every[number : number + 2]
        if is_block and goes_on and not readable[one.end : other.start].strip():
            found[number] = found[number] or found[number + 1]
    return found


def _said_by(text: str, quotation: Quotation | None, extent: Extent, speaks: Callable[[str], bool]) -> SaidBy:
    """Who says an extent of a draft that lies in a quotation, as far as the draft gives it."""
    found = said_by(text, quotation, extent) if quotation else SaidBy()
    if quotation is None or found.shown is None:
        return replace(found, name=_unread(text, extent))
    if found.name or found.words is None or quotation.speaker is None:
        return found
    word = found.words
    one = word[:1].isupper() and " " not in word and word.lower() not in ENGLISH.pronouns
    common = word.endswith("s") or word.lower() in _COMMON
    named = one and (speaks(word) or not (common and _begins_sentence(text, quotation.speaker[0])))
    return replace(found, name=word) if named else found


def _unread(text: str, extent: Extent) -> str | None:
    """The capitalised word beside the quotation's verb of saying if nobody is found to speak.

    It is a name that is mostly another word ("Will said"), which must not pass as if the draft named nobody.
    """
    start, end = extent
    beside = (
        _SAID_BY.match(text, end),
        _SAYS_AFTER.match(text, end),
        _SAYS_BEFORE.search(text, max(0, start - _NEAR), start),
    )
    for found in beside:
        if found and found[1].lower() not in _NO_NAMES and not _begins_sentence(text, found.start(1)):
            return found[1]
    return None


def _begins_sentence(text: str, place: int) -> bool:
    """Whether the word at a place is capitalised because a sentence or line begins there."""
    before = text[max(0, place - 12) : place].rstrip(" \t*_")
    return not before or before[-1] in ".!?…:\n"


class _Folded(dict[Extent, str]):
    """The words of sentences around quotations, which help to find one if its own words are common; each
    is read once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, sentence: Extent) -> str:
        self[sentence] = " ".join(word.folded for word in folded_words(self._text, *sentence))
        return self[sentence]
