"""What stands within quotation marks, whichever marks they are and whether or not they pair up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from askbrief.types import Extent

_OPENING, _CLOSING = frozenset("“„‟«‹「『") | {"``"}, frozenset("”»›」』") | {"’’"}
_MARK = regex.compile(r"[“”„‟«»‹›「」『』\"]|''|’’|``")
_BOUNDARY = "([{-–—―*_~/|"
_SINGLE = regex.compile(r"(?<![\p{L}\p{N}])(?:‘(?=[^\s‘’])|(?<!')'(?=[\p{L}\p{N}\[…]))")
_CURLY_CLOSE = regex.compile(r"(?<=([.,?!…—-])|\S)’(?![\p{L}\p{N}])")
_STRAIGHT_CLOSE = regex.compile(r"(?<=([.,?!…—-]))'(?![\p{L}\p{N}])")
_FOLLOWING = regex.compile(r"\s*+[*_~]{0,3}")
_APART = regex.compile(r"\n[^\S\n]*\n")
_LINE_START = regex.compile(r"(?:^|\n)[^\S\n]*[*_~\-]{0,3}[^\S\n]*\Z")


def marked(text: str) -> tuple[Extent, ...]:
    """The extents of what stands within marks, without the marks, in order and without overlap.

    Quotations within a quotation are part of it. One that goes on in the next paragraph, which then opens
    with a mark again, is one. One that is never closed goes to the next opening mark, or to the end of its
    paragraph. Single marks count where they stand outside of double ones and close again; an apostrophe
    is no mark. What holds no letter and no digit is left out.
    """
    doubles = list(_doubles(text))
    found = [*doubles, *_singles(text, doubles)]
    kept = filter(None, (_trimmed(text, *extent) for extent in found))
    return tuple(sorted(kept))


def _doubles(text: str) -> Iterator[Extent]:
    """Each outermost pair of double marks; ``opened`` holds the marks that wait for theirs."""
    opened: list[tuple[str, int]] = []
    inner: list[Extent] = []
    last = 0
    for mark in _MARK.finditer(text):
        before, last = last, mark.end()
        if opened and _ended(text, before, mark):
            yield from _unclosed(text, opened[0][1], _paragraph_end(text, opened[0][1]), inner)
            opened, inner = [], []
        if opened and _goes_on(text, mark):
            continue
        if _opens(text, mark) and not (opened and _shut_by(text, opened, mark)):
            opened.append((mark[0], mark.end()))
        elif opened and mark[0] not in _OPENING:
            start = opened.pop()[1]
            if opened:
                inner.append((start, mark.start()))
            else:
                yield start, mark.start()
                inner = []
    if opened:
        yield from _unclosed(text, opened[0][1], _paragraph_end(text, opened[0][1]), inner)


def _opens(text: str, mark: regex.Match[str]) -> bool:
    """Whether a mark opens by its form or, where that says nothing, by what stands around it."""
    if mark[0] in _OPENING or mark[0] in _CLOSING:
        return mark[0] in _OPENING
    before, after = text[max(0, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
    free = not before or before.isspace() or before in _BOUNDARY or before in "“‘'"
    stopped = after in ".,;:!?)]}" and not text.startswith("..", mark.end())
    return free and bool(after) and not after.isspace() and not stopped


def _shut_by(text: str, opened: list[tuple[str, int]], mark: regex.Match[str]) -> bool:
    """Whether a straight mark that could open closes the straight one before it: it stands by a word."""
    if mark[0] in _OPENING or opened[-1][0] != mark[0]:
        return False
    before = text[mark.start() - 1]
    return not before.isspace() and before not in "([{"


def _ended(text: str, last: int, mark: regex.Match[str]) -> bool:
    """Whether a paragraph ended since the last mark, and the next did not open with this one."""
    gap = _APART.search(text, last, mark.start())
    following = _FOLLOWING.match(text, gap.start()) if gap else None
    return following is not None and not (following.end() == mark.start() and _opens(text, mark))


def _goes_on(text: str, mark: regex.Match[str]) -> bool:
    """Whether a mark opens a line: within a quotation, that says that it goes on."""
    return _opens(text, mark) and bool(_LINE_START.search(text[max(0, mark.start() - 12) : mark.start()]))


def _paragraph_end(text: str, start: int) -> int:
    gap = _APART.search(text, start)
    return gap.start() if gap else len(text)


def _unclosed(text: str, start: int, end: int, inner: list[Extent]) -> Iterator[Extent]:
    """What an unclosed mark leaves: its words up to the first pair within, and those pairs."""
    starts = [begin - 1 for begin, _ in inner if begin - 1 < end]
    reopened = next((m.start() for m in _MARK.finditer(text, start, end) if _opens(text, m)), end)
    yield start, min([end, reopened, *starts])
    yield from inner


def _singles(text: str, doubles: list[Extent]) -> Iterator[Extent]:
    """What stands within single marks outside of all double ones, within a paragraph."""
    edges = [0, *(edge for extent in sorted(doubles) for edge in extent), len(text)]
    for begin, stop in list(pairwise(edges))[::2]:
        for gap in _APART.finditer(text, begin, stop):
            yield from _paired(text, begin, gap.start())
            begin = gap.end()
        yield from _paired(text, begin, stop)


def _paired(text: str, begin: int, stop: int) -> Iterator[Extent]:
    """Each single mark that opens before ``stop`` and closes before the next of its kind opens."""
    opening = list(_SINGLE.finditer(text, begin, stop))
    ends: list[int] = []
    following: dict[str, int] = {}
    for mark in reversed(opening):
        ends.append(following.get(mark[0], stop))
        following[mark[0]] = mark.start()
    at = begin
    for mark, end in zip(opening, reversed(ends), strict=True):
        close = _close(text, mark, end) if mark.start() >= at else None
        if close is not None:
            yield mark.end(), close
            at = close + 1


def _close(text: str, opening: regex.Match[str], end: int) -> int | None:
    """Where a single mark closes: after punctuation if it does anywhere, else after a word; a straight one
    after punctuation alone, because anywhere else it may be an apostrophe."""
    closing = _CURLY_CLOSE if opening[0] == "‘" else _STRAIGHT_CLOSE
    first = None
    for found in closing.finditer(text, opening.end(), end):
        if found[1]:
            return found.start()
        first = found.start() if first is None else first
    return first


def _trimmed(text: str, start: int, end: int) -> Extent | None:
    piece = text[start:end]
    if not any(map(str.isalnum, piece)):
        return None
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
