"""The word lists of ``data/questions.toml``."""

from __future__ import annotations

from functools import cache

from askbrief.english.lexicon import load


@cache
def table(name: str) -> tuple[str, ...]:
    """The words of a table, in order."""
    return tuple(load("questions")[name].split())


@cache
def choice(name: str) -> str:
    """A group of a regular expression that matches the words of a table, the longest first."""
    return "(?:" + "|".join(sorted(table(name), key=lambda word: (-len(word), word))) + ")"


@cache
def alike() -> dict[str, str]:
    """Words that another one stands for (“said” for “say”), with that one."""
    tables = load("questions")["alike"] + load("names")["places"]
    lines = [line.split() for line in tables.strip().splitlines()]
    return {word: line[0] for line in lines for word in line}
