"""Quotation marks: where the quotations of a text stand, however they are marked, closed or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from askbrief.types import Extent

_DOUBLE = regex.compile(r"[“”„«»\"]|''|’’|``")
_SINGLE = regex.compile(
    r"(?<![\w'’‘])(?P<open>['‘])(?=[\w¿¡$£€])[^'‘’]*+(?:['’](?=\w)[^'‘’]*+|(?<=s)['’](?=\s\p{Ll})[^'‘’]*+){0,40}+"
    r"(?<=[\w.,?!…])['’](?![\w'’])"
)
_STRAIGHT = frozenset(['"', "''"])
_OPENERS = frozenset(["“", "«", "``", "„"])
_CLOSERS = {
    "“": frozenset('”"') | {"’’", "''"},
    "„": frozenset('“”"'),
    "«": frozenset("»"),
    "``": frozenset(["''", '"', "”"]),
    '"': frozenset('"”') | {"''"},
    "''": frozenset(["''", '"']),
}
_WORD = regex.compile(r"\w++(?:[-'’.,]\w++)*+")


class Quoted(NamedTuple):
    """A quotation: its extent with its marks, that of the words between, and whether it follows on.

    ``joined``: it goes on with what a paragraph before left open.
    """

    start: int
    end: int
    first: int
    last: int
    joined: bool = False


def quoted(text: str, paragraphs: Sequence[Extent]) -> Iterator[list[Quoted]]:
    """The quotations of each paragraph, in order; one that is never closed goes on to the paragraph's end.

    Marks within marks belong to the outer quotation. A single word that no comma or period closes is no
    quotation: its marks hold it at a distance.
    """
    left_open = False
    for start, end in paragraphs:
        found, left_open = _doubles(text, start, end, left_open)
        found += [one for gap in _gaps(found, start, end) for one in _singles(text, *gap)]
        yield sorted(one for one in found if _speaks(text, one))


def _doubles(text: str, start: int, end: int, left_open: bool) -> tuple[list[Quoted], bool]:
    """The quotations in double marks, and whether the last is left open."""
    marks = list(_DOUBLE.finditer(text, start, end))
    found: list[Quoted] = []
    opened, first, kind, depth, joined = -1, -1, "", 0, False
    if left_open and marks and not _opens(text, marks[0], start):
        opened, first, kind, joined = start, start, "“" if marks[0][0] == "”" else marks[0][0], True
    for number, mark in enumerate(marks):
        if opened < 0:
            if _opens(text, mark, start):
                joined = left_open and mark.start() == start
                opened, first, kind, depth = mark.start(), mark.end(), mark[0], 0
        elif mark[0] in _CLOSERS.get(kind, _STRAIGHT) or _turned(text, mark, end):
            if _inches(text, mark, marks, number) or _resumes(text, mark, marks, number):
                continue
            if depth:
                depth -= 1
                continue
            found.append(Quoted(opened, mark.end(), first, mark.start(), joined))
            opened = -1
        elif mark[0] == kind and _nests(marks, number):
            depth += 1
    if opened >= 0:
        found.append(Quoted(opened, end, first, end, joined))
    return found, opened >= 0


def _opens(text: str, mark: regex.Match[str], start: int) -> bool:
    """Whether a mark opens a quotation: a straight one has space before it and none after it."""
    if mark[0] in _OPENERS:
        return True
    before, after = text[max(start, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
    return (before in "([{-–—‘'" or before.isspace()) and not after.isspace()


def _turned(text: str, mark: regex.Match[str], end: int) -> bool:
    """Whether an opening mark stands where one closes: after a word, before a space."""
    before, after = text[mark.start() - 1], text[mark.end() : min(mark.end() + 1, end)]
    return mark[0] == "“" and not before.isspace() and (not after or after.isspace())


def _inches(text: str, mark: regex.Match[str], marks: Sequence[regex.Match[str]], number: int) -> bool:
    """Whether a straight mark measures: it follows a figure, and another is left to close with."""
    figure = text[mark.start() - 1].isdigit() and mark[0] == '"'
    return figure and (len(marks) - number) % 2 == 0 and text[mark.end() : mark.end() + 2][1:].islower()


def _resumes(text: str, mark: regex.Match[str], marks: Sequence[regex.Match[str]], number: int) -> bool:
    """Whether a straight mark opens again what was not closed: a sentence begins with it, one ends before."""
    if mark[0] != '"' or number + 1 == len(marks):
        return False
    before, after = text[max(0, mark.start() - 3) : mark.start()], text[mark.end() : mark.end() + 1]
    opens = before[-1:].isspace() and not after.isspace() and before.rstrip()[-1:] in (".", "?", "!", "…")
    return opens and text[marks[number + 1].start() - 1] in ".,?!…"


def _nests(marks: Sequence[regex.Match[str]], number: int) -> bool:
    """Whether a second opening mark is closed before a third: else it only begins the quotation anew."""
    rest = [mark[0] for mark in marks[number + 1 : number + 3]]
    return rest[:2] == ["”", "”"] or rest[:2] == ["»", "»"]


def _gaps(found: Sequence[Quoted], start: int, end: int) -> Iterator[Extent]:
    """What lies outside the quotations."""
    for one in found:
        yield start, one.start
        start = one.end
    yield start, end


def _singles(text: str, start: int, end: int) -> Iterator[Quoted]:
    """The quotations in single marks: in straight ones, only what begins or ends as a sentence does."""
    for mark in _SINGLE.finditer(text, start, end):
        inside = mark[0][1:-1]
        if mark["open"] == "‘" or inside[0].isupper() or inside[-1] in ".,?!…":
            yield Quoted(mark.start(), mark.end(), mark.start() + 1, mark.end() - 1)


def _speaks(text: str, one: Quoted) -> bool:
    """Whether there are words between the marks, and not just one at a distance."""
    words = _WORD.findall(text, one.first, one.last)
    return len(words) > 1 or (len(words) == 1 and text[one.last - 1] in ".,?!…—-")
