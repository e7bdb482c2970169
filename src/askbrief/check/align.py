"""Compare a quotation with a stretch of the archive word by word; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from askbrief.check.folded_words import FoldedWord
from askbrief.check.pattern import OMITTED, Gap, Pattern, Piece, runs
from askbrief.types import Extent

Change: TypeAlias = Literal["kept", "dropped", "added", "swapped", "allowed"]
"""What the draft did with words of the original; an ellipsis or a bracket stands for those “allowed”."""

Step: TypeAlias = tuple[Piece | None, FoldedWord | None]
"""A word or gap of a quotation beside a word of its original, or either alone."""

SKIPPED = 0.3
"""Cost of omitting a word, as a share of its weight: to join two sentences changes less than to invent."""
REPLACED = 0.9
REPLACING = 0.1
"""Cost of a word in another's place, as shares of its own weight and of the other's."""
ROUNDING = 1e-9
"""More than the rounding errors of a similarity."""
ELLIPSIS = 0.01
"""As ``SKIPPED``, at an ellipsis: just enough to prefer the nearest words."""
AROUND = 40
"""Words that are aligned on either side of the place where letters agree best."""
AT_ONCE = 300
"""Words of a quotation that are aligned at once; a longer one is aligned in parts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a quotation beside those of its original; either is empty if it has nothing there."""

    change: Change
    draft: str
    archive: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The extent of a quotation in its original, in characters, and their similarity, 0 to 1.

    ``parts`` are the extents of the words between gaps, if all words are there.
    """

    start: int
    end: int
    similarity: float
    steps: tuple[Step, ...] = ()
    parts: tuple[Extent, ...] = ()


def occurrences(
    pattern: Pattern, original: Sequence[FoldedWord], line: str | None = None
) -> Iterator[Alignment]:
    """Each place that has all words of the pattern in order, and other words only as its gaps allow.

    ``line`` is the ``words_line`` of the original, if it is known.
    """
    parts, gaps = runs(pattern)
    known = words_line(original) if line is None else line
    if not all(_opening(part) in known for part in parts):
        return
    for begin in _places(parts[0], original, 0, len(original)):
        begins = _rest(parts, gaps, original, begin)
        if begins:
            ends = (first + len(part) for first, part in zip(begins, parts, strict=True))
            extents = tuple(
                (original[first].start, original[past - 1].end)
                for first, past in zip(begins, ends, strict=True)
            )
            yield Alignment(extents[0][0], extents[-1][1], 1.0, parts=extents)


def _rest(
    parts: Sequence[Sequence[FoldedWord]], gaps: Sequence[Gap], original: Sequence[FoldedWord], begin: int
) -> list[int]:
    """Where each part begins if the first one does at ``begin``; empty if they don't follow. A gap takes as
    few words as possible."""
    begins, at = [begin], begin + len(parts[0])
    for part, gap in zip(parts[1:], gaps, strict=True):
        last = min(len(original), at + gap.most + len(part))
        places = _places(part, original, at, last)
        found = next((place for place in places if gap.allows(tuple(original[at:place]))), None)
        if found is None:
            return []
        begins.append(found)
        at = found + len(part)
    return begins


def _places(
    part: Sequence[FoldedWord], original: Sequence[FoldedWord], first: int, last: int
) -> Iterator[int]:
    for place in range(first, last - len(part) + 1):
        if all(word.matches(original[place + i]) for i, word in enumerate(part)):
            yield place


def _opening(part: Sequence[FoldedWord]) -> str:
    """The letters that a line must have if the words of ``part`` are in it: up to a bracketed ending."""
    stem = next((place for place, word in enumerate(part) if word.stem), None)
    return words_line(part) if stem is None else " ".join((*(w.folded for w in part[:stem]), part[stem].stem))


def words_line(words: Sequence[FoldedWord]) -> str:
    """The words in the form in which they are compared, a space between two."""
    return " ".join(word.folded for word in words)


def likeness(pattern: Pattern, line: str) -> float:
    """Similarity of the pattern's letters to the best part of a line of folded words, 0 to 1; fast."""
    from rapidfuzz import fuzz

    return float(fuzz.partial_ratio(_line(pattern), line)) / 100


def aligned(
    pattern: Pattern, original: Sequence[FoldedWord], line: str | None = None, least: float = 0.0
) -> Alignment | None:
    """The best alignment of the pattern with a part of the original, of which ``line`` is the ``words_line``,
    if it is known.

    None if no word agrees, or if the similarity is surely under ``least``.
    """
    whole = words_line(original) if line is None else line
    parts = [pattern[begin : begin + AT_ONCE] for begin in range(0, len(pattern), AT_ONCE)]
    near = [_near(part, original, whole) for part in parts]
    if least and _at_most(parts, near) < least:
        return None
    steps = [step for part, words in zip(parts, near, strict=True) for step in _steps(part, words)]
    agreeing = [
        word for piece, word in steps if word and isinstance(piece, FoldedWord) and piece.matches(word)
    ]
    if not agreeing:
        return None
    touched = [word for _, word in steps if word]
    total = sum(piece.weight for piece in pattern if isinstance(piece, FoldedWord))
    similarity = max(0.0, 1 - sum(map(_cost, steps)) / total)
    start, end = min(word.start for word in touched), max(word.end for word in touched)
    return Alignment(start, end, similarity, tuple(steps))


def _at_most(parts: Sequence[Pattern], near: Sequence[Sequence[FoldedWord]]) -> float:
    """What the similarity can't exceed: each word that the original lacks is replaced at least."""
    total = missing = 0.0
    for part, words in zip(parts, near, strict=True):
        present = {word.folded for word in words}
        for piece in part:
            if isinstance(piece, FoldedWord):
                total += piece.weight
                if not (piece.folded in present or piece.stem):
                    missing += REPLACED * piece.weight
    return 1 - missing / total + ROUNDING


def _line(pattern: Pattern) -> str:
    return " ".join(piece.folded for piece in pattern if isinstance(piece, FoldedWord))


def _near(part: Pattern, original: Sequence[FoldedWord], whole: str) -> Sequence[FoldedWord]:
    """The words of the original, of which ``whole`` is the line, around the place where the letters of
    ``part`` agree best."""
    from rapidfuzz import fuzz

    line = _line(part)
    found = fuzz.partial_ratio_alignment(line, whole)
    if found is None or len(line) > len(whole):  # the shorter text is moved along the longer
        return original
    around = OMITTED if any(isinstance(piece, Gap) for piece in part) else AROUND
    first, past = (_begun(whole, place) for place in (found.dest_start, found.dest_end))
    return original[max(0, first - around) : past - 1 + around] if first < past else original


def _begun(line: str, place: int) -> int:
    """How many words of a line begin before a place."""
    return 1 + line.count(" ", 0, place - 1) if place > 0 else 0


def _cost(step: Step) -> float:
    """The cost of a step, in weights of words."""
    piece, word = step
    if isinstance(piece, Gap):
        return ELLIPSIS * word.weight if word else 0.0
    if piece is None:
        return SKIPPED * word.weight if word else 0.0
    if word is None:
        return piece.weight
    return 0.0 if piece.matches(word) else REPLACED * piece.weight + REPLACING * word.weight


class _Priced(NamedTuple):
    """A folded word of the original with what it costs to skip it, to leave it out at an ellipsis, and to
    replace it, apart from the word in its place."""

    folded: str
    skipped: float
    left_out: float
    replaced: float


def _steps(part: Pattern, original: Sequence[FoldedWord]) -> list[Step]:
    """The cheapest alignment with any part of the original (Sellers 1980): a word of ``part`` beside one of
    the original, or either alone; a gap beside each word that it stands for."""
    rows = [[0.0] * (len(original) + 1)]
    weights = [(word.folded, word.weight) for word in original]
    priced = [_Priced(folded, SKIPPED * w, ELLIPSIS * w, REPLACING * w) for folded, w in weights]
    for number, piece in enumerate(part, 1):
        rows.append(_row(rows[-1], piece, priced, last=number == len(part)))
    at = min(range(len(original) + 1), key=rows[-1].__getitem__)
    return _traced_back(rows, part, original, at)


def _row(above: list[float], piece: Piece, original: Sequence[_Priced], last: bool) -> list[float]:
    """The least costs of the pattern up to ``piece``, by how many words of the original come before."""
    if isinstance(piece, Gap):
        return _gap_row(above, original, last)
    weight, share, folded, stem = piece.weight, REPLACED * piece.weight, piece.folded, piece.stem
    row = [above[0] + weight]
    for place, (word, skipped, _, replaced) in enumerate(original):
        same = word == folded or (stem and word.startswith(stem))
        best = min(above[place + 1] + weight, above[place] + (0.0 if same else share + replaced))
        row.append(best if last else min(best, row[place] + skipped))
    return row


def _gap_row(above: list[float], original: Sequence[_Priced], last: bool) -> list[float]:
    """The row of a gap, which may stand for any words or none."""
    row = [above[0]]
    for place, word in enumerate(original):
        best = above[place + 1]
        row.append(best if last else min(best, row[place] + word.left_out))
    return row


def _traced_back(
    rows: list[list[float]], part: Pattern, original: Sequence[FoldedWord], at: int
) -> list[Step]:
    steps: list[Step] = []
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


def differences(steps: Sequence[Step], draft: str, archive: str) -> tuple[Difference, ...]:
    """The steps of an alignment as words of both texts; consecutive steps of one kind are one difference."""
    found: list[tuple[Change, list[Piece], list[FoldedWord]]] = []
    for piece, word in steps:
        change = _change(piece, word)
        if not found or found[-1][0] != change:
            found.append((change, [], []))
        if piece is not None:
            found[-1][1].append(piece)
        if word is not None:
            found[-1][2].append(word)
    return tuple(Difference(c, _slice(draft, pieces), _slice(archive, words)) for c, pieces, words in found)


def _change(piece: Piece | None, word: FoldedWord | None) -> Change:
    if isinstance(piece, Gap):
        return "dropped" if word and word.negates and not piece.allows((word,)) else "allowed"
    if piece is None or word is None:
        return "dropped" if piece is None else "added"
    return "kept" if piece.matches(word) else "swapped"


def _slice(text: str, places: Sequence[Piece]) -> str:
    extent: Extent = (places[0].start, places[-1].end) if places else (0, 0)
    return " ".join(text[slice(*extent)].split())
