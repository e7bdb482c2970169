"""Patterns over source names: one meaning, whether a name is compared here or in the database.

``*`` stands for any characters, ``?`` for one, ``[abc]`` and ``[a-z]`` for one of these, ``[!abc]`` or
``[^abc]`` for any other; a bracket that is never closed is itself. Letters differ by case.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TypeAlias

Ranges: TypeAlias = list[tuple[str, str]]
"""Characters from one to another, both inclusive."""

NEGATED = ("!", "^")
_NOTHING = "["
"""What no text matches in SQLite."""
_NEVER = "(?!.*)"
"""What no text matches in PostgreSQL."""


def matches(pattern: str, name: str) -> bool:
    """Whether a source name matches a pattern."""
    return fnmatchcase(name, _for_fnmatch(pattern))


@lru_cache(maxsize=256)
def _for_fnmatch(pattern: str) -> str:
    """The pattern with the one way to negate brackets that fnmatch knows."""
    return "".join(f"[!{part[2:]}" if part.startswith("[^") else part for part in _parts(pattern))


def for_sqlite(pattern: str) -> str:
    """A pattern that means the same to SQLite's GLOB, which negates by ``[^`` alone, and to which a bracket
    that is never closed matches nothing."""
    parts = [_part_for_sqlite(part) for part in _parts(pattern)]
    return _NOTHING if None in parts else "".join(filter(None, parts))


def for_postgres(pattern: str) -> str:
    """A regular expression of PostgreSQL's that means the same."""
    return f"^{''.join(map(_part_for_postgres, _parts(pattern)))}$"


def _part_for_postgres(part: str) -> str:
    if part in ("*", "?"):
        return ".*" if part == "*" else "."
    if len(part) == 1:
        return _code(part)
    negated = part[1] in NEGATED
    ranges = _ranges(part[1 + negated : -1])
    if not ranges:
        return "." if negated else _NEVER
    listed = "".join(f"{_code(first)}-{_code(last)}" for first, last in ranges)
    return f"[{'^' * negated}{listed}]"


def _code(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _parts(pattern: str) -> Iterator[str]:
    """The pattern in its parts: single characters, and closed brackets."""
    at = 0
    while at < len(pattern):
        end = _closed(pattern, at) if pattern[at] == "[" else at + 1
        yield pattern[at:end]
        at = end


def _closed(pattern: str, at: int) -> int:
    """Where the bracket at ``at`` ends; just behind it if it is never closed."""
    first = at + 1 + pattern.startswith(NEGATED, at + 1)
    return pattern.find("]", first + 1) + 1 or at + 1  # one that comes first is among the characters


def _part_for_sqlite(part: str) -> str | None:
    """A part as SQLite reads it; None if no character is what its brackets say."""
    if len(part) == 1:
        return "[[]" if part == "[" else part
    negated = part[1] in NEGATED
    ranges = _for_brackets(_ranges(part[1 + negated : -1]))
    if not ranges:
        return "?" if negated else None
    if not negated and ranges[0] == ("^", "^"):
        return "^"
    listed = "".join(char if char == "]" else f"{char}-{last}" for char, last in ranges)
    return f"[{'^' if negated else ''}{listed}]"


def _ranges(listed: str) -> Ranges:
    """The characters in brackets. A range from a later to an earlier one holds none."""
    found, at = Ranges(), 0
    while at < len(listed):
        far = at + 2 if listed[at + 1 : at + 2] == "-" and at + 2 < len(listed) else at
        found.append((listed[at], listed[far]))
        at = far + 1
    return [(first, last) for first, last in found if first <= last]


def _for_brackets(ranges: Ranges) -> Ranges:
    """The same characters as SQLite can read them: ``]`` comes first and in no range, ``^`` not first."""
    for char in "]^":
        ranges = [part for each in ranges for part in _cut_at(each, char)]
    return sorted({*ranges}, key=lambda each: (each[0] != "]", each[0] == "^", each))


def _cut_at(characters: tuple[str, str], char: str) -> Ranges:
    """A range in parts of which one is ``char`` alone, if it is in it."""
    first, last = characters
    if not first <= char <= last:
        return [characters]
    before, after = (first, chr(ord(char) - 1)), (chr(ord(char) + 1), last)
    return [each for each in (before, (char, char), after) if each[0] <= each[1]]
