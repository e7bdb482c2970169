"""A quotation compared with a stretch of the archive, word by word; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from askbrief.check.pattern import OMITTED, Gap, Pattern, Piece, runs
from askbrief.check.words import Word
from askbrief.types import Extent

Change: TypeAlias = Literal["kept", "dropped", "added", "swapped", "allowed"]
"""What became of words of the original: “allowed” is what an ellipsis or a bracket stands for."""

SKIPPED = 0.3
"""Share of a word's weight that it costs to leave it out: joining two sentences is less than to invent."""
ELLIPSIS = 0.01
"""As ``SKIPPED``, where an ellipsis says that something is left out: enough to prefer what is near."""
AROUND = 40
"""Words looked at on either side of where letters agree best."""
AT_ONCE = 300
"""Words of a quotation that are aligned at once; longer ones are aligned part by part."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A piece of a quotation beside the same of its original, either empty where the other has no such."""

    change: Change
    draft: str
    archive: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a quotation stands, as extents of the original's words, and how much of it does, 0 to 1."""

    start: int
    end: int
    similarity: float
    steps: tuple[tuple[Piece | None, Word | None], ...] = ()


def occurrences(whole: Pattern, original: Sequence[Word]) -> Iterator[Alignment]:
    """Each place where all words of the pattern stand in their order, gaps standing for what they may."""
    parts, gaps = runs(whole)
    for begin in _places(parts[0], original, 0, len(original)):
        end = _rest(parts, gaps, original, begin + len(parts[0]))
        if end is not None:
            yield Alignment(original[begin].start, original[end - 1].end, 1.0)


def _rest(
    parts: Sequence[Sequence[Word]], gaps: Sequence[Gap], original: Sequence[Word], at: int
) -> int | None:
    """Where the last of the parts ends, given that the first ends before ``at``; None where they don't
    follow. A gap takes as few words as it can."""
    for part, gap in zip(parts[1:], gaps, strict=True):
        last = min(len(original), at + gap.most + len(part))
        begin = next(
            (place for place in _places(part, original, at, last) if gap.allows(tuple(original[at:place]))),
            None,
        )
        if begin is None:
            return None
        at = begin + len(part)
    return at


def _places(part: Sequence[Word], original: Sequence[Word], first: int, last: int) -> Iterator[int]:
    for place in range(first, last - len(part) + 1):
        if all(word.matches(original[place + i]) for i, word in enumerate(part)):
            yield place


def likeness(whole: Pattern, original: Sequence[Word]) -> float:
    """How well the letters of the pattern agree with the best piece of the original, 0 to 1; fast."""
    from rapidfuzz import fuzz

    return float(fuzz.partial_ratio(_line(whole), " ".join(word.folded for word in original))) / 100


def aligned(whole: Pattern, original: Sequence[Word]) -> Alignment | None:
    """The best alignment of the pattern with a piece of the original; None where no word agrees."""
    steps: list[tuple[Piece | None, Word | None]] = []
    for begin in range(0, len(whole), AT_ONCE):
        part = whole[begin : begin + AT_ONCE]
        steps += _steps(part, _near(part, original))
    agreeing = [word for piece, word in steps if word and isinstance(piece, Word) and piece.matches(word)]
    if not agreeing:
        return None
    touched = [word for _, word in steps if word]
    total = sum(piece.weight for piece in whole if isinstance(piece, Word))
    similarity = max(0.0, 1 - sum(map(_cost, steps)) / total)
    start, end = min(word.start for word in touched), max(word.end for word in touched)
    return Alignment(start, end, similarity, tuple(steps))


def _line(whole: Pattern) -> str:
    return " ".join(piece.folded for piece in whole if isinstance(piece, Word))


def _near(part: Pattern, original: Sequence[Word]) -> Sequence[Word]:
    """The words of the original around where the letters of ``part`` agree with it best."""
    from rapidfuzz import fuzz

    starts, position = [], 0
    for word in original:
        starts.append(position)
        position += len(word.folded) + 1
    line = _line(part)
    found = fuzz.partial_ratio_alignment(line, " ".join(word.folded for word in original))
    if found is None or len(line) >= position:  # the shorter is laid along the longer
        return original
    around = OMITTED if any(isinstance(piece, Gap) for piece in part) else AROUND
    inside = [n for n, start in enumerate(starts) if found.dest_start <= start < found.dest_end]
    if not inside:
        return original
    return original[max(0, inside[0] - around) : inside[-1] + around]


def _cost(step: tuple[Piece | None, Word | None]) -> float:
    """What a step takes from a perfect agreement, in weights of words."""
    piece, word = step
    if isinstance(piece, Gap):
        return ELLIPSIS * word.weight if word else 0.0
    if piece is None:
        return SKIPPED * word.weight if word else 0.0
    if word is None:
        return piece.weight
    return 0.0 if piece.matches(word) else 0.9 * piece.weight + 0.1 * word.weight


def _steps(part: Pattern, original: Sequence[Word]) -> list[tuple[Piece | None, Word | None]]:
    """The cheapest way through both, from anywhere in the original to anywhere (Sellers 1980): a word of
    the part beside one of the original, or either alone; a gap beside each word that it stands for."""
    rows = [[0.0] * (len(original) + 1)]
    for number, piece in enumerate(part, 1):
        rows.append(_row(rows[-1], piece, original, last=number == len(part)))
    at = min(range(len(original) + 1), key=rows[-1].__getitem__)
    return _way_back(rows, part, original, at)


def _row(above: list[float], piece: Piece, original: Sequence[Word], last: bool) -> list[float]:
    lone = _cost((piece, None))
    row = [above[0] + lone]
    skip: Piece | None = piece if isinstance(piece, Gap) else None
    for place, word in enumerate(original):
        best = above[place + 1] + lone
        if not isinstance(piece, Gap):
            best = min(best, above[place] + _cost((piece, word)))
        if not last:
            best = min(best, row[place] + _cost((skip, word)))
        row.append(best)
    return row


def _way_back(
    rows: list[list[float]], part: Pattern, original: Sequence[Word], at: int
) -> list[tuple[Piece | None, Word | None]]:
    steps: list[tuple[Piece | None, Word | None]] = []
    number = len(part)
    while number:
        piece = part[number - 1]
        word = original[at - 1] if at else None
        skip: Piece | None = piece if isinstance(piece, Gap) else None
        here = rows[number][at]
        beside = rows[number - 1][at - 1] + _cost((piece, word)) if word else float("inf")
        if word and not isinstance(piece, Gap) and here == beside:
            steps.append((piece, word))
            number, at = number - 1, at - 1
        elif here == rows[number - 1][at] + _cost((piece, None)):
            if not isinstance(piece, Gap) or not any(step[0] is piece for step in steps):
                steps.append((piece, None))
            number -= 1
        else:
            steps.append((skip, word))
            at -= 1
    return steps[::-1]


def differences(
    steps: Sequence[tuple[Piece | None, Word | None]], draft: str, archive: str
) -> tuple[Difference, ...]:
    """The steps of an alignment as pieces of both texts, those of one kind that follow on another as one."""
    found: list[tuple[Change, list[Piece], list[Word]]] = []
    for piece, word in steps:
        change = _change(piece, word)
        if not found or found[-1][0] != change:
            found.append((change, [], []))
        if piece is not None:
            found[-1][1].append(piece)
        if word is not None:
            found[-1][2].append(word)
    return tuple(Difference(c, _slice(draft, pieces), _slice(archive, words)) for c, pieces, words in found)


def _change(piece: Piece | None, word: Word | None) -> Change:
    if isinstance(piece, Gap):
        return "dropped" if word and word.negates and not piece.allows((word,)) else "allowed"
    if piece is None or word is None:
        return "dropped" if piece is None else "added"
    return "kept" if piece.matches(word) else "swapped"


def _slice(text: str, places: Sequence[Piece]) -> str:
    extent: Extent = (places[0].start, places[-1].end) if places else (0, 0)
    return " ".join(text[slice(*extent)].split())
