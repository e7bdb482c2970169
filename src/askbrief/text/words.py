"""The words of a text, for comparing texts whatever their case and punctuation."""

from __future__ import annotations

import re
from functools import cache

WORD = re.compile(r"\w+")
ARTICLES = ("a ", "an ", "the ")


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return WORD.findall(text.casefold())


def bare_answer(answer: str) -> str:
    """The words of an answer without a leading article; answers are the same if these are equal."""
    joined = " ".join(words(answer)) or answer
    return next((joined.removeprefix(article) for article in ARTICLES if joined.startswith(article)), joined)


@cache
def english_words(table: str) -> frozenset[str]:
    """A table of ``data/english.toml``, read when it is first needed."""
    from askbrief.english.lexicon import load  # here, to keep importing this module cheap

    return frozenset(load("english")[table].split())
