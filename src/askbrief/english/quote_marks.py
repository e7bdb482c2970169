"""The quotation mark finder: where the quotations of a text begin and end, whichever marks they have.

Writers mix marks up, so a mark is read by its place first: if a space is before it and none after it, it
opens; if one is after it and none before it, it closes. Its form decides about all others. A single wrong
mark neither hides a quotation nor joins paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import regex

from askbrief.english.reporting import ENGLISH
from askbrief.types import Extent

MARK = regex.compile(r"[“”„‟«»‹›「」『』\"]|''|’’|``|‘‘|(?<![\w,]),,(?=\w)")
_OPENING = frozenset(["“", "„", "‟", "«", "‹", "「", "『", "``", "‘‘", ",,"])
_CLOSING = frozenset(["”", "»", "›", "」", "』", "’’"])
_PAIRED = {mark: pair for pair in ("«»", "‹›", "「」", "『』") for mark in pair}
_BEFORE = frozenset("([{<-–—―*_~/|“„«‹‘'\"")
_AFTER = frozenset(")]}>-–—―*_~/|”»›’'\".,;:!?…")
_ELLIPSIS = regex.compile(r"\.\.|\. \.")
_NEAR = 12  # characters before a mark that are searched for the end of a sentence or line
_ENDS = frozenset(".?!…")
_SENTENCE_END = regex.compile(r"[.?!…][)'’]?(?=\s)")
_LINE_START = regex.compile(r"\n[^\S\n]*[*_~\-]{0,3}[^\S\n]*\Z")
_MARKUP = regex.compile(r"[\s*_~\-]*")
_BLANK_LINE = regex.compile(r"\n[^\S\n]*\n")
_WORD = regex.compile(r"\w++(?:[-'’.,]\w++)*+")

_SINGLE_OPENING = regex.compile(
    r"(?<![\w'’‘])(?:‘(?=[^\s‘’])|'(?!(?:\d\ds?|em|n|cause|til|tis|twas)\b)(?=[\w\[…¿¡$£€]))"
)
_SINGLE_CLOSING = regex.compile(
    r"(?<=(?P<stop>[.,?!…—-])|[^\s‘'’])['’](?![\w'’])(?P<possessive>(?<=s.)(?=\s\w))?"
)


class Marked(NamedTuple):
    """A quotation: its extent with its marks, and that of the words between, ``first`` to ``last``.

    ``joined``: it goes on with what the paragraph or the line before left open.
    """

    start: int
    end: int
    first: int
    last: int
    joined: bool = False

    @property
    def closed(self) -> bool:
        """Whether a mark closes it."""
        return self.end > self.last


def find_marked(text: str, paragraphs: Iterable[Extent], *, every: bool = False) -> Iterator[list[Marked]]:
    """The quotations of each paragraph, in order and without overlap.

    Quotations within a quotation are part of it. One that is never closed ends with its paragraph, or before
    the next mark that opens one, or before words for who says it; the next paragraph goes on with it if that
    begins with an opening mark, or has a closing one first.

    A single word that no comma or period closes is no quotation, because its marks only hold it at a
    distance; with ``every`` it is one, but for a word in straight single marks, which may be apostrophes.
    """
    for found in _found(text, paragraphs):
        yield [one for one in found if _has_words(text, one, every)]


def _found(text: str, paragraphs: Iterable[Extent]) -> Iterator[list[Marked]]:
    """The quotations of each paragraph, and marks around no words."""
    left_open = False
    for start, end in paragraphs:
        found, left_open = _doubles(text, start, end, left_open)
        outside = _gaps([one[:2] for one in found], start, end)
        yield sorted([*found, *(one for gap in outside for one in _singles(text, *gap))])


class Words(NamedTuple):
    """The extent of the words of a quotation, and whether it has its opening and its closing mark."""

    start: int
    end: int
    opened: bool = True
    closed: bool = True

    @property
    def paired(self) -> bool:
        """Whether it has both."""
        return self.opened and self.closed


def marked_words(text: str) -> tuple[Words, ...]:
    """The words of everything within marks, in order and without overlap: what ``check`` looks up.

    Every single word counts, paragraphs are parted by blank lines alone, because a draft may be wrapped
    anywhere, and a quotation that goes on over several paragraphs is one. Before a closing mark that nothing
    opens, the words of its sentence count.
    """
    blank = [found.span() for found in _BLANK_LINE.finditer(text)]
    paragraphs = list(_gaps(blank, 0, len(text)))
    words: list[Words] = []
    for paragraph, found in zip(paragraphs, _found(text, paragraphs), strict=True):
        within = [one for one in found if _has_words(text, one, every=True)]
        for one in sorted([*within, *_unopened(text, paragraph, found)]):
            joined = one.joined and words and not _has_letters(text, words[-1].end, one.first)
            opened = bool(joined or one.start < one.first)
            start = words.pop().start if joined else one.first
            words.append(Words(start, one.last, opened, one.closed))
    return tuple(words)


def marked_extents(text: str) -> tuple[Extent, ...]:
    """The extents of the ``marked_words`` that a mark opens."""
    return tuple((one.start, one.end) for one in marked_words(text) if one.opened)


def _unopened(text: str, paragraph: Extent, found: Sequence[Marked]) -> Iterator[Marked]:
    """The words before each closing mark of a paragraph that nothing opens, back to where their sentence
    begins or another quotation ends."""
    for start, end in _gaps([one[:2] for one in found], *paragraph):
        for mark in MARK.finditer(text, start, end):
            inches = mark[0] in ('"', "''") and text[mark.start() - 1 : mark.start()].isdigit()
            if not inches and (mark[0] in _CLOSING or _place(text, *paragraph, mark) < 0):
                ends = [one.end() for one in _SENTENCE_END.finditer(text, start, mark.start())]
                first = ends[-1] if ends else start
                if _has_letters(text, first, mark.start()):
                    one = _trimmed(text, first, first, False, mark.start(), mark.end())
                    yield one._replace(start=one.first)
            start = mark.end()


def has_single_marks(text: str, start: int, end: int) -> bool:
    """Whether an extent holds words within single marks, even a single word: the claim was 'nonsense'."""
    opening = _SINGLE_OPENING.search(text, start, end)
    return opening is not None and _single_close(text, opening, end) is not None


def with_marks(text: str, start: int, end: int) -> Extent:
    """The extent with the mark after it, if that closes one that it opens: a claim of 'nonsense'."""
    within, after = text[start:end], text[end : end + 1]
    if after == "”" or after == '"':
        opened = within.count("“") > within.count("”") if after == "”" else within.count('"') % 2 == 1
        return (start, end + 1) if opened else (start, end)
    if not _SINGLE_CLOSING.match(text, end):
        return start, end
    opening = [mark.end() for mark in _SINGLE_OPENING.finditer(text, start, end)]
    clipped = opening and not _SINGLE_CLOSING.search(text, opening[-1], end)
    return (start, end + 1) if clipped else (start, end)


class _Paragraph(NamedTuple):
    """The double marks of a paragraph: each with whether it opens (1) or closes (-1) by its place, or 0."""

    text: str
    start: int
    end: int
    marks: list[regex.Match[str]]
    places: list[int]

    def opens(self, number: int) -> bool:
        """Whether a mark would open a quotation if none is open."""
        mark, place = self.marks[number], self.places[number]
        if place or mark[0] in _CLOSING:
            return place > 0 or (place < 0 and mark[0] in _OPENING)
        before = self.text[mark.start() - 1] if mark.start() > self.start else " "
        free = before.isspace() or before in _BEFORE or before in ":,"
        return mark[0] in _OPENING or (free and not self.after(number).isspace())

    def opens_within(self, number: int) -> bool:
        """Whether a mark opens another quotation, or the same one again, within one that is open."""
        form, place = self.marks[number][0], self.places[number]
        return form not in _CLOSING and (place > 0 or (place == 0 and form in _OPENING))

    def after(self, number: int) -> str:
        """The character after a mark."""
        past = self.marks[number].end()
        return self.text[past] if past < self.end else " "

    def nests(self, number: int) -> bool:
        """Whether two closing marks follow an opening one: one for it, one for the quotation around it."""
        following = range(number + 1, number + 3)
        return following.stop <= len(self.marks) and not any(map(self.opens_within, following))

    def resumes(self, number: int) -> bool:
        """Whether an opening mark begins a quotation anew, rather than closes one with a space too many.

        A straight one does so if the next one closes, or if it is between two sentences.
        """
        if self.marks[number][0] in _OPENING:
            return True
        if number + 1 < len(self.marks) and not self.opens_within(number + 1):
            return True
        return self.after_sentence(number) and not self.after(number).islower()

    def after_sentence(self, number: int) -> bool:
        """Whether a sentence ends before a mark."""
        mark = self.marks[number].start()
        return self.text[max(self.start, mark - _NEAR) : mark].rstrip()[-1:] in _ENDS

    def measures(self, number: int) -> bool:
        """Whether a straight mark means inches: it follows a figure, and another is left to close with."""
        mark = self.marks[number]
        figure = mark[0] == '"' and self.text[mark.start() - 1].isdigit()
        goes_on = self.text[mark.end() : mark.end() + 2][1:].islower()
        return figure and goes_on and (len(self.marks) - number) % 2 == 0

    def begins_line(self, number: int) -> bool:
        """Whether only spaces and markup are before a mark in its line."""
        mark = self.marks[number].start()
        return _LINE_START.search(self.text, max(self.start, mark - _NEAR), mark) is not None


def _place(text: str, start: int, end: int, mark: regex.Match[str]) -> int:
    """1 if a mark's place says that it opens, -1 if it says that it closes, 0 if it says neither."""
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    free_before = before.isspace() or before in _BEFORE
    free_after = after.isspace() or (after in _AFTER and not _ELLIPSIS.match(text, mark.end()))
    return free_before - free_after


def _doubles(text: str, start: int, end: int, left_open: bool) -> tuple[list[Marked], bool]:
    """The quotations in double marks, and whether the last is left open."""
    marks = list(MARK.finditer(text, start, end))
    paragraph = _Paragraph(text, start, end, marks, [_place(text, start, end, mark) for mark in marks])
    found: list[Marked] = []
    opened: tuple[int, int, bool] | None = None
    form, depth = "", 0
    if left_open and marks and not paragraph.opens(0):
        opened, form = (start, start, True), marks[0][0]
    for number, mark in enumerate(marks):
        if opened is None:
            if paragraph.opens(number):
                joined = left_open and _MARKUP.fullmatch(text, start, mark.start()) is not None
                opened, form, depth = (mark.start(), mark.end(), joined), mark[0], 0
        elif _PAIRED.get(mark[0]) != _PAIRED.get(form) or paragraph.measures(number):
            continue
        elif paragraph.opens_within(number) and paragraph.nests(number):
            depth += 1
        elif paragraph.opens_within(number) and paragraph.resumes(number):
            limit = mark.start() if paragraph.after_sentence(number) else _sentence_end(text, opened[1], mark)
            found.append(_unclosed(text, *opened, limit))
            joined = paragraph.begins_line(number) and _ends_at(text, found[-1], mark.start())
            opened, form, depth = (mark.start(), mark.end(), joined), mark[0], 0
        elif depth:
            depth -= 1
        else:
            found.append(_trimmed(text, *opened, mark.start(), mark.end()))
            opened = None
    if opened is None:
        return found, False
    found.append(_unclosed(text, *opened, end))
    return found, _ends_at(text, found[-1], end)


def _trimmed(text: str, start: int, first: int, joined: bool, last: int, end: int) -> Marked:
    """The quotation from ``start`` to ``end``, without spaces at the edges of its words."""
    words = text[first:last]
    last = first + len(words.rstrip())
    first = min(last, first + len(words) - len(words.lstrip()))
    return Marked(start, end, first, last, joined)


def _unclosed(text: str, start: int, first: int, joined: bool, end: int) -> Marked:
    """A quotation that no mark closes: up to ``end``, or to the words for who says it."""
    said = _speaker_words().search(text, first, end)
    found = _trimmed(text, start, first, joined, said.start() + 1 if said else end, end)
    return found._replace(end=found.last)


def _sentence_end(text: str, first: int, mark: regex.Match[str]) -> int:
    """Where the last sentence before a mark ends; the mark's place if none does."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text, first, mark.start())]
    return ends[-1] if ends else mark.start()


def _ends_at(text: str, unclosed: Marked, end: int) -> bool:
    """Whether an unclosed quotation goes as far as it can, so that what follows may go on with it."""
    return not text[unclosed.end : end].strip()


@cache
def _speaker_words() -> regex.Pattern[str]:
    """A comma or the like with what follows a quotation: said the mayor; Ann Lee said."""
    verb = rf"(?:{'|'.join(sorted(ENGLISH.verbs - ENGLISH.with_quotation - ENGLISH.found))})"
    hearer = rf"(?:{'|'.join(sorted(ENGLISH.hearers))})"
    person = (
        r"(?:(?:he|she|they)\s|(?:\p{Lu}[\p{L}.'’-]*+\s){1,4}"
        r"|(?:an?|the|his|her|their)\s(?:\p{L}[\p{L}.'’-]*+\s){1,5}?)"
    )
    return regex.compile(
        rf"[,?!…](?=\s(?:{verb}\s(?:\p{{Lu}}|(?:an?|the|his|her|he|she|they)\s)"
        rf"|according\sto\s|{person}{verb}(?:[.,;:]|\s(?:{hearer}|on|in|at|after|during|to)\b)))"
    )


def _gaps(extents: Sequence[Extent], start: int, end: int) -> Iterator[Extent]:
    """What lies outside the extents."""
    edges = [start, *(edge for extent in extents for edge in extent), end]
    return zip(edges[::2], edges[1::2], strict=True)


def _singles(text: str, start: int, end: int) -> Iterator[Marked]:
    """The quotations in single marks; each ends before the next opening mark of its form."""
    opening = list(_SINGLE_OPENING.finditer(text, start, end))
    ends: dict[str, int] = {}
    limits = []
    for mark in reversed(opening):
        limits.append(ends.get(mark[0], end))
        ends[mark[0]] = mark.start()
    at = start
    for mark, limit in zip(opening, reversed(limits), strict=True):
        close = _single_close(text, mark, limit) if mark.start() >= at else None
        if close is not None:
            yield _trimmed(text, mark.start(), mark.end(), False, close, close + 1)
            at = close + 1


def _single_close(text: str, opening: regex.Match[str], limit: int) -> int | None:
    """Where a single mark closes: after punctuation if it does so anywhere, else after a word.

    That may be an apostrophe after an s; only a curly mark closes there if it does so nowhere else.
    """
    closing = list(_SINGLE_CLOSING.finditer(text, opening.end(), limit))
    stops = [mark for mark in closing if mark["stop"]]
    plain = [mark for mark in closing if mark["possessive"] is None]
    found = stops or plain or (closing if opening[0] == "‘" else [])
    return found[0].start() if found else None


def _has_words(text: str, one: Marked, every: bool) -> bool:
    """Whether there are words between the marks, and not just one at a distance."""
    if every and text[one.start : one.first].strip() != "'":
        return _has_letters(text, one.first, one.last)
    words = _WORD.findall(text, one.first, one.last)
    return len(words) > 1 or (len(words) == 1 and text[one.last - 1] in ".,?!…—-")


def _has_letters(text: str, start: int, end: int) -> bool:
    return any(map(str.isalnum, text[start:end]))
