"""Which texts are copies of which, told from the runs of words and the figures that they share; pure.

A copy is what an editor makes of a story that came by wire: another headline, dateline or byline, paragraphs
cut from the end, some words changed. Two reports of one event are not copies, nor is a follow-up that
repeats a paragraph of background, nor are two reports in one form, as of the market on two days: their
figures differ.
How often this is right stands in ``benchmarks/results/copies-*.json``.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy is imported where a text is read, never by the command line
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

RUN = 5
"""Words in a shingle."""

KEPT, KEPT_FIGURES = 64, 24
"""Hashes in a sample: the standard error of a Jaccard similarity of one half is 0.06 with 64."""

MARKS, HEAD_MARKS, HEAD = 7, 4, 100
"""Least hashes of a text, and of its first shingles, by which it is looked up: what is cut, is cut from the
end."""

SHARED, SHARED_FIGURES = 0.5, 0.75
"""Shares of the shingles and of the figures of whichever text has fewer, from which on one is a copy."""

SHORT, SHARED_SHORT = 30, 0.8
"""A text of fewer shingles is mostly form, so that more of it must be shared."""

LEAST = 0.2
"""Length of a copy in proportion: a smaller part is part of a text as a brief is of a digest."""

FEW, COVERED, ALIKE = 3, 0.8, 0.5
"""Words in the runs by which passages and sentences are compared, and the shares of them that tell."""

WRITTEN = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds "
    "thousand thousands million millions billion billions dozen dozens half no none"
)
NUMBERS = frozenset(WRITTEN.split())
"""Numbers in words: a correction is often of one of them."""

DATELINE = re.compile(
    r"^[^!?\n]{2,50}?\(\w[\w ./&-]{1,24}\)\s*[-–—]+\s+"
    r"|^[A-Z][A-Z .,'’-]{2,40}?(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s+[-–—]+\s+",
    re.MULTILINE,  # in a passage it stands below the headline
)
"""“KYIV, May 3 (Reuters) - ”, “LONDON — ”."""

ENDS = (".", "!", "?", "”", "’", "»", '"', "'")
"""How a paragraph of prose ends."""

WORD = re.compile(r"\w+")
FIGURE = re.compile(r"\d(?:[\d.,/:-]*\d)?")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
BEFORE_DAY = re.compile(rf"\b{MONTH}\s+(?:\d{{1,2}},?\s+)?$", re.IGNORECASE)
AFTER_DAY = re.compile(rf"\s+{MONTH}\b", re.IGNORECASE)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEAR = 20
"""Characters before a number in which its month stands."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The least hashes of a set, and how many things are in it: a bottom-k sketch (Broder, "On the
    resemblance and containment of documents", 1997)."""

    least: frozenset[int]
    size: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to find its copies: of its shingles and figures, and the marks by which it is
    looked up. Texts that share no mark are not compared."""

    shingles: Sample
    figures: Sample
    marks: frozenset[int]


def words(text: str) -> list[str]:
    """The words of a text, whatever their case and what stands between them."""
    return WORD.findall(text.casefold())


def shingles(text: str, run: int = RUN) -> Hashes:
    """A hash in 32 bits of each run of so many words, in their order; of a shorter text, one of all its
    words."""
    import numpy as np

    codes = np.array([zlib.crc32(word.encode()) for word in words(text)], dtype=np.uint64)
    run = min(run, len(codes))
    count = len(codes) - run + 1 if run else 0
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(run):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[place : place + count]
    return _scrambled(mixed)


def _scrambled(values: NDArray[np.uint64]) -> Hashes:
    """The upper half of SplitMix64's output (Steele, Lea and Flood 2014): near numbers come apart."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((values ^ (values >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)


def figures(text: str) -> set[str]:
    """The numbers in figures that a text tells, but for days: datelines of one story bear different ones."""
    return {found.group() for found in FIGURE.finditer(text) if not _of_a_day(found, text)}


def _of_a_day(found: re.Match[str], text: str) -> bool:
    start, end = found.span()
    return bool(
        BEFORE_DAY.search(text[max(0, start - NEAR) : start])
        or AFTER_DAY.match(text, end)
        or ISO_DAY.fullmatch(found.group())
    )


def sketch(text: str) -> Sketch:
    """What is kept of a text to find its copies; 0.3 ms for an article."""
    import numpy as np

    runs = shingles(text)
    every = np.unique(runs)
    marks = {*every[:MARKS].tolist(), *np.unique(runs[:HEAD])[:HEAD_MARKS].tolist()}
    told = sorted(zlib.crc32(figure.encode()) for figure in figures(text))
    return Sketch(
        Sample(frozenset(every[:KEPT].tolist()), len(every)),
        Sample(frozenset(told[:KEPT_FIGURES]), len(told)),
        frozenset(marks),
    )


def jaccard(a: Sample, b: Sample, kept: int = KEPT) -> float:
    """The estimated share of all that is in two sets which both have; exact where that is no more
    than ``kept``."""
    union = sorted(a.least | b.least)[:kept]
    both = a.least & b.least
    return sum(value in both for value in union) / len(union) if union else 1.0


def containment(a: Sample, b: Sample, kept: int = KEPT) -> float:
    """The estimated share of the smaller set that the larger one has; 1 where it is empty."""
    smaller = min(a.size, b.size)
    alike = jaccard(a, b, kept)
    return min(1.0, alike / (1 + alike) * (a.size + b.size) / smaller) if smaller else 1.0


def are_copies(a: Sketch, b: Sketch) -> bool:
    """Whether one text is a copy of the other; the same whichever is named first."""
    shorter, longer = sorted((a.shingles.size, b.shingles.size))
    least = SHARED_SHORT if shorter < SHORT else SHARED
    return (
        0 < shorter >= LEAST * longer
        and not a.marks.isdisjoint(b.marks)
        and containment(a.shingles, b.shingles) >= least
        and containment(a.figures, b.figures, KEPT_FIGURES) >= SHARED_FIGURES
    )


# -- sentences and passages of copies


def core(text: str) -> str:
    """The words of a sentence between single spaces, without the dateline that it may begin with."""
    return " ".join(words(DATELINE.sub("", text)))


def covered(text: str, others: Iterable[str]) -> bool:
    """Whether ``others`` tell, together, all that a passage of their copy does, but for some words: every
    number and name of its paragraphs, which corrections change, and most runs of words."""
    told = list(others)
    known = {hash_ for other in told for hash_ in shingles(core(other), FEW).tolist()}
    own = shingles(core(text), FEW).tolist()
    return (
        bool(own)
        and claims(text) <= {word for other in told for word in (*words(other), *figures(other))}
        and sum(hash_ in known for hash_ in own) >= COVERED * len(own)
    )


def claims(text: str) -> set[str]:
    """The numbers and the capitalised words that a passage tells; not in headlines and bylines, which end
    without a mark, nor in datelines."""
    paragraphs = (part for part in DATELINE.sub("", text).split("\n\n") if part.rstrip().endswith(ENDS))
    prose = "\n\n".join(paragraphs)
    return figures(prose) | {
        word.casefold() for word in WORD.findall(prose) if word[0].isupper() or word.casefold() in NUMBERS
    }


def alike(a: str, b: str) -> bool:
    """Whether one of two sentences was made from the other, whatever documents they stand in."""
    one, other = set(shingles(core(a), FEW).tolist()), set(shingles(core(b), FEW).tolist())
    return len(one & other) >= ALIKE * min(len(one), len(other))
