"""Remove the numbers of lines: of transcripts, whose lines are numbered on every page, and of bills, of which
every fifth is.

They count up at one margin and at one distance. A list of ranks does so too: only pages whose lines go on
with a sentence, say who speaks, or are numbered though they are blank have numbers of lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from askbrief.formats.pdf.lines import Line
from askbrief.formats.pdf.turns import begins_turn

STEPS = (1, 5, 10)
"""Every line is numbered, or every fifth or tenth."""
FEWEST = {1: 5, 5: 3, 10: 3}
"""Numbers of a page that must count up, by these steps; on further pages of the same file, one is enough."""
MARGIN = 1.5
"""In type sizes: how far numbers at one margin may be apart, set to the left or to the right."""
EVEN = 0.35
"""The share by which the distance of two numbers may differ from the usual one."""
FLOWS = 0.15
"""The least share of a page's lines that go on with a sentence or begin with who speaks."""
BLANK = 3
"""Numbers of blank lines on a page."""

_LEADING = re.compile(r"(?P<number>\d{1,4})(?:\s+(?P<rest>\S.*))?")
_TRAILING = re.compile(r"(?P<rest>.*\S)\s+(?P<number>\d{1,4})")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that may be a line's: the index of the line, the line, what it is without the number, and
    whether the number comes first."""

    at: int
    number: int
    line: Line
    rest: str
    leads: bool = True


def without_line_numbers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without their numbers; lines that are nothing but a number are gone."""
    found = [_numbers(lines) for lines in pages]
    if not any(found):
        return [list(lines) for lines in pages]
    margins = [each.line.x for numbers in found for each in numbers]
    return [
        _without(lines, numbers or _few(lines, median(margins)))
        for lines, numbers in zip(pages, found, strict=True)
    ]


def _without(lines: Sequence[Line], numbers: Sequence[_Number]) -> list[Line]:
    rests = {each.at: each for each in numbers}
    kept: list[Line] = []
    for at, line in enumerate(lines):
        if at not in rests:
            kept.append(line)
        elif rests[at].rest:
            after = line.after if rests[at].leads else 0.0
            kept.append(line._replace(text=rests[at].rest, x=after or line.x))
    return kept


def _numbers(lines: Sequence[Line]) -> list[_Number]:
    """The numbers of the lines of a page, if it has any."""
    ways = [(step, _leading(lines)) for step in STEPS] + [(step, _trailing(lines)) for step in STEPS[1:]]
    for step, candidates in ways:
        chain = _chain(candidates, step)
        if len(chain) >= FEWEST[step] and _even(chain) and _are_of_lines(lines, chain, step):
            return chain
    return []


def _leading(lines: Sequence[Line]) -> list[_Number]:
    matches = ((at, line, _LEADING.fullmatch(line.text)) for at, line in enumerate(lines))
    return [_Number(at, int(m["number"]), line, m["rest"] or "") for at, line, m in matches if m]


def _trailing(lines: Sequence[Line]) -> list[_Number]:
    matches = ((at, line, _TRAILING.fullmatch(line.text)) for at, line in enumerate(lines))
    return [_Number(at, int(m["number"]), line, m["rest"], leads=False) for at, line, m in matches if m]


def _chain(candidates: Sequence[_Number], step: int) -> list[_Number]:
    """The longest run of numbers that count up by a step at one margin."""
    chains: dict[int, list[_Number]] = {}
    for each in candidates:
        if each.number % step:
            continue
        before = chains.get(each.number - step)
        if before and _at_one_margin(before[-1], each):
            chains[each.number] = chains.pop(each.number - step)
            chains[each.number].append(each)
        elif each.number not in chains:
            chains[each.number] = [each]
    return max(chains.values(), key=len, default=[])


def _at_one_margin(one: _Number, other: _Number) -> bool:
    """Whether a number stands below another, at the same margin if they begin their lines."""
    apart = abs(one.line.x - other.line.x) if one.leads and other.leads else 0.0
    return apart <= MARGIN * max(one.line.size, 1.0) and other.line.y < one.line.y


def _even(chain: Sequence[_Number]) -> bool:
    """Whether most numbers are at one distance from each other."""
    steps = [one.line.y - other.line.y for one, other in pairwise(chain)]
    usual = median(steps)
    return 2 * sum(abs(step - usual) <= EVEN * usual for step in steps) > len(steps)


def _are_of_lines(lines: Sequence[Line], chain: Sequence[_Number], step: int) -> bool:
    """Whether numbers that count up are those of lines, and not of a list."""
    numbered = {each.at: each.rest for each in chain}
    heights = [each.line.y for each in chain]
    within = [
        numbered.get(at, line.text)
        for at, line in enumerate(lines)
        if heights[-1] - line.size <= line.y <= heights[0] + line.size
    ]
    words = [text for text in within if text]
    if step > 1:
        return len(words) >= len(chain) * (step - 2)
    others = sum(1 for each in chain if not each.rest)
    alone = others - (len(words) - (len(chain) - others))
    flowing = sum(text[0].islower() or begins_turn(text) for text in words)
    return bool(words) and (flowing >= FLOWS * len(words) or alone >= BLANK)


def _few(lines: Sequence[Line], margin: float) -> list[_Number]:
    """The numbers of a page that has few lines, or is otherwise unlike the others, at their margin."""
    near = [each for each in _leading(lines) if abs(each.line.x - margin) <= MARGIN * each.line.size]
    chain = _chain(near, 1)
    return chain if chain and chain[0].number == 1 else []
