"""Questions that compare two things that they name ("Who spent more, Labour or UKIP?")."""

from __future__ import annotations

import re

from askbrief.english.lexicon import choice

_COMPARATIVE = re.compile(rf"\b{choice('comparatives')}\b", re.IGNORECASE)
_NO_THING = re.compile(rf"(?:not|neither|{choice('comparatives')})\W*", re.IGNORECASE)
_NAMED = r"[\w’'$€£%.&-]+(?: (?!or\b)[\w’'$€£%.&-]+){0,6}?"
_AT_END = re.compile(rf"(?P<asked>.+?)[,:;–—-]+ ?(?P<first>{_NAMED}),? or (?P<second>{_NAMED})\W*$")
_IN_PAIRS = re.compile(
    rf"(?P<asked>.+) (?P<first>(?P<word>in|at|by|for|from|with|on|of) {_NAMED}),? or "
    rf"(?P<second>(?:(?P=word) )?{_NAMED})\W*$",
    re.IGNORECASE,
)


def alternatives(question: str) -> tuple[str, str] | None:
    """The two things that a question compares, as it names them; None if it compares none.

    A question that only offers a choice ("in Rome or Milan?") compares nothing.
    """
    found = _match(question)
    if found is None or not _COMPARATIVE.search(found["asked"]):
        return None
    first, second = found["first"], found["second"]
    return None if _NO_THING.fullmatch(second) else (first, second)


def about(question: str, thing: str) -> str:
    """The question as one on ``thing`` alone, of the two that it compares."""
    found = _match(question)
    return f"{found['asked'].rstrip(' ,')}, {thing}?" if found else question


def _match(question: str) -> re.Match[str] | None:
    return _AT_END.match(question) or _IN_PAIRS.match(question)
