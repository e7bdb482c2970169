"""Records as templates show them: texts cut at their marks, likelihoods in words, addresses of pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

from askbrief import present
from askbrief.english.stemming import STOP
from askbrief.types import Citation, Document, Extent, Sentence, Source

AROUND = 8
"""Paragraphs before and after a cited one that are shown beside an answer."""
OF_A_PAGE = 200
"""Paragraphs of a document on one page: a book is not loaded whole."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A part of a text: ``kind`` is “cited”, “answer”, “found”, or empty; ``first`` of its kind."""

    text: str
    kind: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its number, in pieces."""

    number: int
    pieces: tuple[MarkedText, ...]


def pieces(text: str, start: int, end: int, marks: Iterable[tuple[Extent, str]]) -> tuple[MarkedText, ...]:
    """``text[start:end]``, cut where marks begin and end; of marks over one another, the last counts."""
    marks = [
        ((max(a, start), min(b, end)), kind) for (a, b), kind in marks if a < end and start < b and a < b
    ]
    edges = sorted({start, end, *(edge for extent, _ in marks for edge in extent)})
    found: list[MarkedText] = []
    seen: set[str] = set()
    for a, b in pairwise(edges):
        kind = next((kind for (first, last), kind in reversed(marks) if first <= a and b <= last), "")
        if found and found[-1].kind == kind:
            found[-1] = MarkedText(found[-1].text + text[a:b], kind, found[-1].first)
            continue
        found.append(MarkedText(text[a:b], kind, bool(kind) and kind not in seen))
        seen.add(kind)
    return tuple(found)


def marked(citation: Citation) -> tuple[MarkedText, ...]:
    """A cited text, with the words in it that answer."""
    answer = citation.answer
    marks = [((answer.start - citation.start, answer.end - citation.start), "answer")] if answer else []
    return pieces(citation.text, 0, len(citation.text), marks)


def placed(place: Any) -> tuple[MarkedText, ...]:
    """The text of a place that a search found, with the words that match."""
    marks = [((start - place.start, end - place.start), "found") for start, end in place.marks]
    return pieces(place.text, 0, len(place.text), marks)


def paragraphs(
    document: Document, first: int, last: int, marks: Sequence[tuple[Extent, str]] = ()
) -> list[Paragraph]:
    """The paragraphs from number ``first`` to ``last``, with marks; the first mark of all is ``first``."""
    found, seen = [], False
    for number in range(max(1, first), min(last, len(document.paragraphs)) + 1):
        start, end = document.paragraphs[number - 1]
        cut = pieces(document.text, start, end, marks)
        if seen:
            cut = tuple(MarkedText(piece.text, piece.kind) for piece in cut)
        seen = seen or any(piece.first for piece in cut)
        found.append(Paragraph(number, cut))
    return found


def paragraph_at(sentences: Sequence[Sentence], start: int) -> int:
    """The number of the paragraph with the character at ``start``; the first if it has none."""
    return next((each.paragraph for each in reversed(sentences) if each.start <= start), 1)


def percent(probability: float) -> str:
    """A probability as “93%”, never as certainty."""
    return f"{min(round(100 * probability), 99)}%"


def in_words(probability: float) -> str:
    """A probability in words."""
    for least, words in (
        (0.9, "very likely"),
        (0.7, "likely"),
        (0.5, "more likely than not"),
        (0.2, "unsure"),
    ):
        if probability >= least:
            return words
    return "unlikely"


def address(source: Source | Document, place: Any = None) -> str:
    """The page of a document, at a place if one is given."""
    page = f"/documents/{quote(source.id, safe='')}"
    if place is None:
        return page
    return f"{page}?{urlencode({'start': place.start, 'end': place.end})}#cited"


def query(base: str, **values: Any) -> str:
    """An address with those parameters that have a value."""
    pairs = [
        (name, each)
        for name, value in values.items()
        for each in (value if isinstance(value, list | tuple) else [value])
        if each not in (None, "", False)
    ]
    return f"{base}?{urlencode(pairs)}" if pairs else base


def as_query(question: str) -> str:
    """A query of exact search for any of the words of a question that say something."""
    words = [word for word in re.findall(r"\w+", question) if word.lower() not in STOP and len(word) > 1]
    return " OR ".join(f'"{word}"' if word in ("AND", "OR", "NOT") else word for word in dict.fromkeys(words))


def size(count: int) -> str:
    """A number of bytes with its unit."""
    value, units = float(count), ["bytes", "KB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.3g} {units[0]}"


FILTERS: dict[str, Callable[..., Any]] = {
    "marked": marked,
    "placed": placed,
    "percent": percent,
    "in_words": in_words,
    "address": address,
    "query": query,
    "as_query": as_query,
    "size": size,
    "place": present.place,
    "parts": present.parts,
    "speech": present.speech,
    "counted": lambda count, noun: f"{count:,} {noun}{'' if count == 1 else 's'}",
    "one_line": lambda text: " ".join(str(text).split()),
}
