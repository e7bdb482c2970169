"""Near-copies of one story, recognised by the runs of words and the figures that texts share.

An editor makes a near-copy of a wire story: another headline, dateline or byline, paragraphs cut from the
end, some words changed. Documents that are near-copies form a duplicate group. Two reports of one event are
not near-copies, nor is a follow-up that repeats a paragraph of background, nor are two reports in one form,
such as those of the market on two days: their figures differ.
``benchmarks/results/copies-*.json`` has the precision and recall of this.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbrief.text.words import WORD, english_words, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

RUN = 5
"""Words in a shingle."""

SAMPLED, SAMPLED_FIGURES = 64, 24
"""Hashes in a sample: the standard error of a Jaccard similarity of one half is 0.06 with 64."""

MARKS, HEAD_MARKS, HEAD = 7, 4, 100
"""Numbers of least hashes, of a text and of its first shingles, by which it is looked up: copies are cut
from the end."""

SHARED, SHARED_FIGURES = 0.5, 0.75
"""Least shares of the shingles and of the figures of the text that has fewer of them, in near-copies."""

SHARED_IN_UPDATE = 0.5
"""The least share of common figures if one text updates the other."""

SHORT, SHARED_SHORT = 30, 0.8
"""In a text of fewer shingles than ``SHORT``, which is mostly form, this share must be common."""

LEAST = 0.2
"""Least length of a near-copy, in proportion: a shorter text is a part, as a brief is of a digest."""

FEW, COVERED, ALIKE = 3, 0.8, 0.5
"""Words in the runs by which passages and sentences are compared; the shares of runs that must be common."""

DATELINE = re.compile(
    r"^[^!?\n]{2,50}?\(\w[\w ./&-]{1,24}\)\s*[-–—]+\s+"
    r"|^[A-Z][A-Z .,'’-]{2,40}?(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s+[-–—]+\s+",
    re.MULTILINE,  # in a passage it follows the headline
)
"""“KYIV, May 3 (Reuters) - ”, “LONDON — ”."""

ENDS = (".", "!", "?", "”", "’", "»", '"', "'")
"""Ends of a paragraph of prose."""

FIGURE = re.compile(r"\d(?:[\d.,/:-]*\d)?")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
BEFORE_DAY = re.compile(rf"\b{MONTH}\s+(?:\d{{1,2}},?\s+)?$", re.IGNORECASE)
AFTER_DAY = re.compile(rf"\s+{MONTH}\b", re.IGNORECASE)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEAR = 20
"""Characters before a number that may contain its month."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The least hashes of a set, and the size of the set: a bottom-k sketch (Broder, "On the resemblance and
    containment of documents", 1997)."""

    least: frozenset[int]
    size: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """Samples of a text's shingles and figures, and the marks by which it is looked up, to find near-copies.

    Texts that share no mark are not compared."""

    shingles: Sample
    figures: Sample
    marks: frozenset[int]


def shingles(text: str, run: int = RUN) -> Hashes:
    """A 32-bit hash of each run of ``run`` words, in order; of a shorter text, one of all its words."""
    import numpy as np

    codes = np.array([zlib.crc32(word.encode()) for word in words(text)], dtype=np.uint64)
    run = min(run, len(codes))
    count = len(codes) - run + 1 if run else 0
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(run):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[place : place + count]
    return _scrambled(mixed)


def _scrambled(values: NDArray[np.uint64]) -> Hashes:
    """The upper half of SplitMix64's output (Steele, Lea and Flood 2014): it separates near numbers."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((values ^ (values >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)


def figures(text: str) -> set[str]:
    """The numbers in figures of a text, without days, which differ in datelines of one story."""
    return {found.group() for found in FIGURE.finditer(text) if not _of_a_day(found, text)}


def _of_a_day(found: re.Match[str], text: str) -> bool:
    start, end = found.span()
    return bool(
        BEFORE_DAY.search(text[max(0, start - NEAR) : start])
        or AFTER_DAY.match(text, end)
        or ISO_DAY.fullmatch(found.group())
    )


def sketch(text: str) -> Sketch:
    """The sketch of a text; takes 0.3 ms for an article."""
    import numpy as np

    runs = shingles(text)
    every = np.unique(runs)
    marks = {*every[:MARKS].tolist(), *np.unique(runs[:HEAD])[:HEAD_MARKS].tolist()}
    hashes = sorted(zlib.crc32(figure.encode()) for figure in figures(text))
    return Sketch(
        Sample(frozenset(every[:SAMPLED].tolist()), len(every)),
        Sample(frozenset(hashes[:SAMPLED_FIGURES]), len(hashes)),
        frozenset(marks),
    )


def jaccard(a: Sample, b: Sample, sampled: int = SAMPLED) -> float:
    """The estimated Jaccard similarity of two sets; exact if their union has at most ``sampled`` members."""
    union = sorted(a.least | b.least)[:sampled]
    both = a.least & b.least
    return sum(value in both for value in union) / len(union) if union else 1.0


def containment(a: Sample, b: Sample, sampled: int = SAMPLED) -> float:
    """The estimated share of the smaller set that is in the larger one; 1 if it is empty."""
    smaller = min(a.size, b.size)
    similarity = jaccard(a, b, sampled)
    return min(1.0, similarity / (1 + similarity) * (a.size + b.size) / smaller) if smaller else 1.0


def are_copies(a: Sketch, b: Sketch) -> bool:
    """Whether two texts are near-copies; symmetric."""
    shorter, longer = sorted((a.shingles.size, b.shingles.size))
    least = SHARED_SHORT if shorter < SHORT else SHARED
    return (
        0 < shorter >= LEAST * longer
        and not a.marks.isdisjoint(b.marks)
        and containment(a.shingles, b.shingles) >= least
        and containment(a.figures, b.figures, SAMPLED_FIGURES) >= SHARED_FIGURES
    )


def are_versions(a: Sketch, b: Sketch) -> bool:
    """Whether one text may be an update of the other, which has most of its words and half of its figures.

    More figures must be common in near-copies, since reports in one form have other figures; of an update the
    dates tell more."""
    shorter, longer = sorted((a.shingles.size, b.shingles.size))
    return (
        shorter >= SHORT
        and shorter >= LEAST * longer
        and containment(a.shingles, b.shingles) >= SHARED
        and containment(a.figures, b.figures, SAMPLED_FIGURES) >= SHARED_IN_UPDATE
    )


# -- sentences and passages of near-copies


def core(text: str) -> str:
    """The lower-case words of a sentence with single spaces between them, without a dateline."""
    return " ".join(words(DATELINE.sub("", text)))


def covered(text: str, others: Iterable[str]) -> bool:
    """Whether ``others``, passages of near-copies, together contain what a passage says.

    They must have every number and name of its paragraphs, which corrections change, and most runs of words.
    """
    others = list(others)
    known = {hash_ for other in others for hash_ in shingles(core(other), FEW).tolist()}
    runs = shingles(core(text), FEW).tolist()
    return (
        bool(runs)
        and claims(text) <= {word for other in others for word in (*words(other), *figures(other))}
        and sum(hash_ in known for hash_ in runs) >= COVERED * len(runs)
    )


def claims(text: str) -> set[str]:
    """The numbers and the capitalised words of a passage, in lower case.

    Headlines and bylines, which end without a mark, and datelines don't count.
    """
    paragraphs = (part for part in DATELINE.sub("", text).split("\n\n") if part.rstrip().endswith(ENDS))
    prose = "\n\n".join(paragraphs)
    numbers = english_words("numbers")
    return figures(prose) | {
        word.casefold() for word in WORD.findall(prose) if word[0].isupper() or word.casefold() in numbers
    }


def alike(a: str, b: str) -> bool:
    """Whether one of two sentences was made from the other, in any documents."""
    one, other = set(shingles(core(a), FEW).tolist()), set(shingles(core(b), FEW).tolist())
    return len(one & other) >= ALIKE * min(len(one), len(other))
