"""The paragraphs of a plain text: by blank lines, by lines or by indents, as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from askbrief.formats.document import BLANK, ends_sentence, trimmed
from askbrief.types import Extent

WIDEST_WRAP = 100
"""Lines longer than this were not wrapped by hand or by a mail program (72 to 80 is usual)."""
FEW_LINES = 4
"""A block of fewer lines is treated like the rest of the file."""


def paragraphs(text: str) -> Iterator[Extent]:
    """The extents of a plain text's paragraphs.

    A blank line always ends a paragraph. Inside a block without blank lines each line is a paragraph,
    unless the block is hard-wrapped: then it is one, or several where indented lines begin new ones.
    """
    blocks = list(_blocks(text))
    file_wrapped = _wrapped(text, blocks)
    for block in blocks:
        wrapped = file_wrapped if len(block) < FEW_LINES else _wrapped(text, [block])
        for start, end in _joined(text, block) if wrapped else block:
            if extent := trimmed(text, start, end):
                yield extent


def _blocks(text: str) -> Iterator[list[Extent]]:
    """Runs of lines that are not blank; extents include leading spaces, but not the line's end."""
    position = 0
    block: list[Extent] = []
    for line in text.splitlines(keepends=True):
        kept = line.rstrip(BLANK)
        if kept:
            block.append((position, position + len(kept)))
        elif block:
            yield block
            block = []
        position += len(line)
    if block:
        yield block


def _wrapped(text: str, blocks: list[list[Extent]]) -> bool:
    """Whether most neighbouring lines are one line of prose that was broken for its width."""
    widths = sorted(end - start for block in blocks for start, end in block)
    widest = widths[int(0.95 * len(widths))] if widths else 0
    if widest > WIDEST_WRAP:
        return False
    pairs = [pair for block in blocks for pair in pairwise(block)]
    pairs = [(line, after) for line, after in pairs if _indent(text, after) <= _indent(text, line)]
    continuing = sum(_continues(text, line, after, widest) for line, after in pairs)
    return continuing > len(pairs) / 2


def _continues(text: str, line: Extent, after: Extent, width: int) -> bool:
    """Whether a line continues in the next: that begins in lower case, or its first word didn't fit."""
    following = text[slice(*after)].lstrip(BLANK)
    if following[:1].islower():
        return True
    first_word = following[: width + 1].split(maxsplit=1)[0]
    full = line[1] - line[0] + 1 + len(first_word) > width
    return full and not ends_sentence(text[slice(*line)])


def _joined(text: str, block: list[Extent]) -> Iterator[Extent]:
    """The paragraphs of a hard-wrapped block: an indent deeper than its least begins a new one."""
    least = min(_indent(text, line) for line in block)
    start, end = block[0]
    for line in block[1:]:
        if _indent(text, line) > least:
            yield start, end
            start = line[0]
        end = line[1]
    yield start, end


def _indent(text: str, line: Extent) -> int:
    piece = text[slice(*line)]
    return len(piece) - len(piece.lstrip(BLANK))
