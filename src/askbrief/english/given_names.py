"""Whether a first name is a man's or a woman's, by the world's names in ``data/first_names.toml``."""

from __future__ import annotations

from functools import cache

from askbrief.english.lexicon import load
from askbrief.english.spelling import bare


def pronoun(name: str) -> str | None:
    """“he” or “she” for a first name; None if it is unknown, or both men and women have it.

    A double name goes by its first half unless it is listed: Anne-Marie, Jean-Claude.
    """
    word = bare(name)
    return _known(word) or (_known(word.partition("-")[0]) if "-" in word else None)


def _known(word: str) -> str | None:
    return next((pronoun for pronoun, names in _names().items() if word in names), None)


@cache
def _names() -> dict[str, frozenset[str]]:
    return {pronoun: frozenset(names.split()) for pronoun, names in load("first_names").items()}
