"""Colloquial words of a question as the words that news has for them."""

from __future__ import annotations

import re
from functools import cache

from askbrief.english.lexicon import load


def in_plain_words(question: str) -> str:
    """The question with colloquial words and phrases ("two million quid") replaced by the words of news ("two
    million pounds"), as `data/colloquial.toml` has them.

    A word with a capital stays, unless it is the first: it is a name.
    """
    pattern, plain = _table()

    def replaced(found: re.Match[str]) -> str:
        named = found.start() > 0 and found[0][0].isupper() and not question.isupper()
        return found[0] if named else plain[found[0].lower()]

    return pattern.sub(replaced, question)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all colloquial words and phrases, the longest first, and what each stands for."""
    plain = {word: meaning for table in load("colloquial").values() for word, meaning in table.items()}
    words = sorted(plain, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, words))})(?![\w’'-])", re.IGNORECASE), plain
