"""Footnotes: each begins with its mark, and is a paragraph; what refers to it is no part of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from askbrief.formats.pdf.lines import Line
from askbrief.formats.pdf.raised_figures import RAISED

SIGNS = "*†‡§"

_NOTE = re.compile(r"(?P<mark>\d{1,3}|[*†‡§]{1,3})[.)]?\s+\S")
_REFERENCE = re.compile(
    r"(?P<before>[^\s\d]|\d)(?P<mark>[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,;] ?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*|(?<=\S)[*†‡§]{1,3}(?=\s|$))"
)
_POWER = re.compile(r"(?:(?<!\d)10|\b(?:[kcdm]?m|ft|mi|yd|in))$")
"""What is before a power rather than the mark of a note: 10⁶, km²."""
_ENDS = frozenset(".,;:!?…”’\"')]")
_FIGURES = {raised: figure for figure, raised in RAISED.items()}


def mark(line: str) -> str | None:
    """The mark that a line begins with, as a note does."""
    found = _NOTE.match(line)
    return found["mark"] if found else None


def begins_next(first: str, line: str) -> bool:
    """Whether a line begins the note after the one that begins with the line ``first``."""
    one, other = mark(first), mark(line)
    if one is None or other is None:
        return False
    if one.isdecimal() and other.isdecimal():
        return int(other) == int(one) + 1
    return not one.isdecimal() and not other.isdecimal()


def marks(paragraphs: Iterable[list[Line]], size: float) -> set[str]:
    """The marks of the notes of a document: paragraphs in type smaller than a size that begin with one."""
    found = (mark(each[0].text) for each in paragraphs if each[0].size < size)
    return {each for each in found if each}


def without_references(text: str, known: set[str]) -> str:
    """A line without the raised figures that refer to notes: those of known notes, and any after a
    sentence."""

    def kept(found: re.Match[str]) -> str:
        before, raised = found["before"], found["mark"]
        power = _POWER.search(text, max(0, found.start() - 3), found.start() + 1)
        referred = set(re.split(r"[,;] ?", raised.translate(_FIGURES)))
        after_sentence = before in _ENDS and raised[0] not in SIGNS
        return before if (after_sentence or referred <= known) and not power else found[0]

    return _REFERENCE.sub(kept, text)
