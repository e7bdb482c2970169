"""The language of a text, if it is not English.

English is recognised by its commonest words, at no cost; py3langid, which knows some hundred languages,
classifies other texts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from askbrief.text.words import english_words

SAMPLE = 2000
"""Characters that are examined: some three hundred words."""
FEWEST = 12
"""Words; fewer may be a headline, a caption or names, of no clear language."""
LETTERS = 20
"""The same in letters of other scripts, some of which have no spaces between words."""
SHARE = 0.12
"""Share of words that are among English's commonest. English prose has 0.3 to 0.5; Dutch, with whose words it
has most in common, 0.08."""
SURE = 0.9
"""The least probability for a text in Latin letters: lists of names look like some language."""

_WORD = re.compile(r"[^\W\d_]+")


def foreign(text: str, start: int = 0) -> str | None:
    """The ISO 639-1 code of a text's language, from ``start`` on; None for English, or if there is too little
    text."""
    sample = text[start : start + SAMPLE]
    words = _WORD.findall(sample)
    common = english_words("common")
    if sum(word.lower() in common for word in words) >= SHARE * len(words):
        return None
    letters = "".join(words)
    latin = sum(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in letters)
    if latin > len(letters) / 2:
        return _classify(sample, SURE) if len(words) >= FEWEST else None
    return _classify(sample, 0.0) if len(letters) >= LETTERS else None


def _classify(sample: str, least: float) -> str | None:
    code, sure = _identifier().classify(sample)
    return str(code) if code != "en" and sure >= least else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
