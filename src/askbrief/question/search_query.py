"""The words of a question as a query of exact search, to be offered if the archive does not answer it."""

from __future__ import annotations

import re

from askbrief.english.stemming import Token, tokens
from askbrief.question.question_words import WH

MOST_WORDS = 12
"""Words that are searched for."""

_ASKS = re.compile(WH, re.IGNORECASE)
_OPERATORS = ("AND", "OR", "NOT")


def search_query(question: str) -> str | None:
    """The content words of a question, any of which may match; names that are written behind one another are
    a phrase. None if it has no such words."""
    words = [token for token in tokens(question) if not token.stop and not _ASKS.fullmatch(token.text)]
    groups: list[list[Token]] = []
    for word in words[:MOST_WORDS]:
        before = groups[-1][-1] if groups else None
        if before and _is_name(before) and _is_name(word) and question[before.end : word.start].isspace():
            groups[-1].append(word)
        else:
            groups.append([word])
    clauses = dict.fromkeys(_clause(group) for group in groups)
    return " OR ".join(clauses) or None


def _is_name(token: Token) -> bool:
    return token.text[:1].isupper() and token.start > 0


def _clause(group: list[Token]) -> str:
    words = " ".join(token.text for token in group)
    return f'"{words}"' if len(group) > 1 or words in _OPERATORS else words
