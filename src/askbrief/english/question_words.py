"""The tables of ``data/questions.toml``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def table(name: str) -> tuple[str, ...]:
    """The words of a table, in its order."""
    return tuple(_tables()[name].split())


@cache
def choice(name: str) -> str:
    """The words of a table as one group of a regular expression, the longest first."""
    return "(?:" + "|".join(sorted(table(name), key=lambda word: (-len(word), word))) + ")"


@cache
def alike() -> dict[str, str]:
    """Every word that has one to stand for it, with that one."""
    lines = [line.split() for line in _tables()["alike"].strip().splitlines()]
    return {word: line[0] for line in lines for word in line}


@cache
def _tables() -> dict[str, str]:
    text = resources.files("askbrief").joinpath("data", "questions.toml").read_text(encoding="utf-8")
    return {name: str(words) for name, words in tomllib.loads(text).items()}
