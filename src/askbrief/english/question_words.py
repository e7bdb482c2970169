"""The tables of ``data/questions.toml``, read once."""

from __future__ import annotations

from functools import cache

from askbrief.english.lexicon import load


@cache
def table(name: str) -> tuple[str, ...]:
    """The words of a table, in its order."""
    return tuple(load("questions")[name].split())


@cache
def choice(name: str) -> str:
    """The words of a table as one group of a regular expression, the longest first."""
    return "(?:" + "|".join(sorted(table(name), key=lambda word: (-len(word), word))) + ")"


@cache
def alike() -> dict[str, str]:
    """Every word that has one to stand for it, with that one."""
    lines = [line.split() for line in load("questions")["alike"].strip().splitlines()]
    return {word: line[0] for line in lines for word in line}
