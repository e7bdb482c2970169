"""The language of a text, where it is not English.

English tells itself by its commonest words, at no cost; only what fails that test is put to py3langid, which
knows some hundred languages.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

SAMPLE = 2000
"""Characters that are looked at: some three hundred words."""
FEWEST = 12
"""Words; fewer may be a headline, a caption or names, and tell no language."""
LETTERS = 20
"""Letters of other scripts that tell as much: some put no space between words."""
SHARE = 0.12
"""Share of words that are among English's commonest. English prose has 0.3 to 0.5; Dutch, with whose words it
has most in common, 0.08."""
SURE = 0.9
"""Least probability for a text in Latin letters: lists of names are of no language, and look like some."""

COMMON = frozenset([
    "the", "of", "and", "to", "a", "that", "is", "was", "he", "for", "on", "are", "with", "as", "his",
    "they", "at", "be", "this", "from", "have", "or", "by", "not", "but", "what", "all", "were", "when",
    "we", "there", "can", "an", "your", "which", "their", "said", "if", "will", "about", "who", "has",
    "had", "would", "its",
])  # fmt: skip
"""Left out are those that are words of other languages too: in, it, do, so, me, more, no."""

_WORD = re.compile(r"[^\W\d_]+")


def foreign(text: str, start: int = 0) -> str | None:
    """The code of the language (ISO 639-1) in which a text from ``start`` on is written; None for English, or
    where there is too little to tell."""
    sample = text[start : start + SAMPLE]
    words = _WORD.findall(sample)
    if sum(word.lower() in COMMON for word in words) >= SHARE * len(words):
        return None
    letters = "".join(words)
    latin = sum(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in letters)
    if latin > len(letters) / 2:
        return _told(sample, SURE) if len(words) >= FEWEST else None
    return _told(sample, 0.0) if len(letters) >= LETTERS else None


def _told(sample: str, least: float) -> str | None:
    code, sure = _identifier().classify(sample)
    return str(code) if code != "en" and sure >= least else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
