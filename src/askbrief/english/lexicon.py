"""The word lists of English in ``data/*.toml``."""

from __future__ import annotations

from functools import cache
from typing import Any

from askbrief.packaged import packaged

ARTICLES = frozenset(("a", "an", "the"))


@cache
def load(name: str) -> dict[str, Any]:
    """The tables in ``data/NAME.toml``, read once."""
    import tomllib  # here, to keep importing this module cheap

    return tomllib.loads(packaged(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def table(name: str) -> tuple[str, ...]:
    """The words of a table of ``data/questions.toml``, in order."""
    return tuple(load("questions")[name].split())


@cache
def choice(name: str) -> str:
    """A group of a regular expression that matches the words of such a table, the longest first."""
    return "(?:" + "|".join(sorted(table(name), key=lambda word: (-len(word), word))) + ")"


@cache
def british() -> dict[str, str]:
    """The British spelling of words, by the American one."""
    pairs = [line.split() for line in load("spelling")["british"].strip().splitlines()]
    return {other + end: word + end for word, other in pairs for end in ("", "s", "ed", "ing", "hood", "ful")}


@cache
def alike() -> dict[str, str]:
    """Words that another one stands for (“said” for “say”), with that one."""
    tables = load("questions")["alike"] + load("names")["places"]
    lines = [line.split() for line in tables.strip().splitlines()]
    return {word: line[0] for line in lines for word in line}
