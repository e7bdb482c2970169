"""The words inside a sentence that answer, chosen by the question's kind."""

from __future__ import annotations

import re
from itertools import pairwise

from askbrief.english.stemming import is_stop, stems, tokens
from askbrief.question.intent import Asked
from askbrief.read.lexical.features import fresh
from askbrief.types import Extent

_CLAUSE = re.compile(
    r"[,;:–—]\s+|\s--\s|[“”\"()]|\s(?=(?:and|but|which|who|that|because|while|after|before|by)\s)"
)


def answer_words(asked: Asked, text: str) -> Extent:
    """Extent in the sentence of the words that answer: a fitting expression, a new clause, or all of it."""
    typed = fresh(asked, text)
    if typed:
        return _trim(text, max(typed, key=lambda extent: _closeness(asked, text, extent)))
    if asked.kind == "yesno":
        return _trim(text, (0, len(text)))
    return _trim(text, _newest_clause(asked, text))


def _closeness(asked: Asked, text: str, extent: Extent) -> tuple[float, int]:
    """Nearer to the question's words is better; of equals, as for reported words, the longer."""
    known = {word.stem for word in asked.words}
    shared = [token.start for token in tokens(text) if token.stem in known]
    length = extent[1] - extent[0]
    if asked.kind in {"said", "why"} or not shared:
        return 0.0, length
    return -sum(min(abs(s - extent[0]), abs(s - extent[1])) for s in shared) / len(shared), length


def _newest_clause(asked: Asked, text: str) -> Extent:
    """The clause with most words that the question does not hold; with none apart, the whole sentence."""
    known = {word.stem for word in asked.words}
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    clauses = [(a, b) for a, b in pairwise(cuts) if stems(text[a:b]) - known]
    return max(clauses, key=lambda e: len(stems(text[e[0] : e[1]]) - known), default=(0, len(text)))


def _trim(text: str, extent: Extent) -> Extent:
    """The extent without stop words at its start, or blanks and punctuation at its ends; never empty."""
    start, end = extent
    inside = tokens(text[start:end])
    if not inside or not any(not is_stop(token) for token in inside):
        return 0, len(text)
    tail = text[start + inside[-1].end : end]
    keep = 1 if tail[:1] in {"%", "°"} else 0
    return start + inside[0].start - _money(text, start + inside[0].start), start + inside[-1].end + keep


def _money(text: str, start: int) -> int:
    return 1 if start and text[start - 1] in "$€£" else 0
