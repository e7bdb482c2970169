"""What the user excludes: ``--exclude`` patterns, and ``.askbriefignore`` files in the folders walked.

Patterns are those of ``.gitignore``: ``*.log``, ``drafts/``, ``/only-here.txt``, ``!keep.txt``. A file of
patterns applies to its folder and all below it; deeper files take precedence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import SourceError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".askbriefignore"
EXCLUDED = "--exclude"
"""The origin of patterns given with the command."""

LARGEST = 1 << 20
"""Bytes of a file of patterns."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns from ``origin`` that apply to all below ``folder``."""

    folder: Path
    patterns: GitIgnoreSpec
    lines: tuple[str, ...]
    origin: str


def why_excluded(rules: Iterable[Rules], path: Path, *, is_folder: bool) -> str | None:
    """Why a path is excluded; None if it isn't. Of ``rules``, those of ``EXCLUDED`` come first, then those of
    files, the deepest first."""
    for each in rules:
        name = os.path.relpath(path, each.folder).replace(os.sep, "/")
        if name.startswith("../"):
            continue
        found = each.patterns.check_file(f"{name}/" if is_folder else name)
        if found.include and found.index is not None:
            return f"{each.origin} says {each.lines[found.index]}"
        if found.include is False and each.origin != EXCLUDED:
            return None
    return None


def parse_rules(folder: Path, lines: Sequence[str], origin: str) -> tuple[Rules, ...]:
    """The rules of some lines for ``folder``; empty if there are no patterns.

    Raises:
        SourceError: a line is not a valid pattern.
    """
    patterns = tuple(line for line in lines if line.strip() and not line.startswith("#"))
    if not patterns:
        return ()

    from pathspec import GitIgnoreSpec  # here, because few commands need it

    try:
        return (Rules(folder, GitIgnoreSpec.from_lines(patterns), patterns, origin),)
    except ValueError as error:
        raise SourceError(
            f"{origin} has an invalid pattern: {error}", hint="write it as in .gitignore"
        ) from error


def found_in(folder: Path, known: tuple[Rules, ...]) -> tuple[Rules, ...]:
    """The rules that apply in ``folder``: those ``known`` from around it, and its own ``.askbriefignore``.

    Raises:
        SourceError: it can't be read; the folder must not be indexed without it.
    """
    path = folder / FILE
    if not path.is_file():
        return known
    try:
        with path.open("rb") as file:
            lines = file.read(LARGEST).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} can't be read ({error})", hint="save it as UTF-8, and allow reading it"
        ) from error
    found = (*parse_rules(folder, lines, str(path)), *known)
    return tuple(sorted(found, key=lambda each: each.origin != EXCLUDED))
