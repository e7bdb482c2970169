"""The words of a sentence that answer, chosen by the kind of the question."""

from __future__ import annotations

import re
from itertools import pairwise

from askbrief.english.stemming import stems, tokens
from askbrief.question import Intent
from askbrief.read.entities import entities
from askbrief.types import Extent

_CLAUSE = re.compile(
    r"[,;:–—]\s+|\s--\s|[“”\"()]|\s(?=(?:and|but|which|who|that|because|while|after|before|by)\s)"
)


def answer_words(asked: Intent, text: str) -> Extent:
    """The extent of the answer in a sentence: an entity of the kind that is asked for, else the clause with
    most new words; the sentence for a yes/no question, or if neither exists."""
    known = {word.stem for word in asked.words}
    new = [e for e in entities(asked.kind, text) if asked.kind == "number" or stems(text[slice(*e)]) - known]
    if new:
        return _trimmed(text, max(new, key=lambda extent: _closeness(asked, known, text, extent)))
    if asked.kind == "yesno":
        return _trimmed(text, (0, len(text)))
    return _trimmed(text, _newest_clause(known, text))


def _closeness(asked: Intent, known: set[str], text: str, extent: Extent) -> tuple[float, int]:
    """Sorts extents by nearness to the question's words, then by length; reasons and speech by length."""
    shared = [token.start for token in tokens(text) if token.stem in known]
    length = extent[1] - extent[0]
    if asked.kind in {"said", "why"} or not shared:
        return 0.0, length
    return -sum(min(abs(s - extent[0]), abs(s - extent[1])) for s in shared) / len(shared), length


def _newest_clause(known: set[str], text: str) -> Extent:
    """The clause with most words that are not in the question; the sentence if there is none."""
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    clauses = [(a, b) for a, b in pairwise(cuts) if stems(text[a:b]) - known]
    return max(clauses, key=lambda e: len(stems(text[e[0] : e[1]]) - known), default=(0, len(text)))


def _trimmed(text: str, extent: Extent) -> Extent:
    """The extent without white space and punctuation at its ends; the sentence if it has only stop words.

    A currency sign before it and a percent or degree sign after it belong to it.
    """
    start, end = extent
    inside = tokens(text[start:end])
    if all(token.stop for token in inside):
        return 0, len(text)
    first, last = start + inside[0].start, start + inside[-1].end
    currency = first > 0 and text[first - 1] in "$€£"
    unit = last < end and text[last] in "%°"
    return first - currency, last + unit
