"""What the user leaves out: ``--exclude`` patterns, and ``.askbriefignore`` files in the folders walked.

Patterns are those of ``.gitignore``: ``*.log``, ``drafts/``, ``/only-here.txt``, ``!keep.txt``. A file of
them speaks for the folder that it lies in and all below it, the deeper one first.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import SourceError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".askbriefignore"
EXCLUDED = "--exclude"
"""The origin of patterns that were given with the command."""

LARGEST = 1 << 20
"""Bytes of a file of patterns."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns that speak for all below ``folder``, which come from ``origin``; ``above`` is the file of
    patterns around it that is asked where this one says nothing."""

    folder: Path
    patterns: GitIgnoreSpec
    lines: tuple[str, ...]
    origin: str
    above: Rules | None = None

    def why(self, path: Path, *, is_folder: bool) -> str | None:
        """Why a path is left out; None where it is not."""
        rules: Rules | None = self
        while rules is not None:
            told = rules._told(path, is_folder=is_folder)
            if told is not None:
                return told or None
            rules = rules.above
        return None

    def _told(self, path: Path, *, is_folder: bool) -> str | None:
        """Why these patterns leave a path out; empty where they keep it, None where they say nothing."""
        name = os.path.relpath(path, self.folder).replace(os.sep, "/")
        if name.startswith("../"):
            return None
        found = self.patterns.check_file(f"{name}/" if is_folder else name)
        if found.include is None or found.index is None:
            return None
        return f"{self.origin} says {self.lines[found.index]}" if found.include else ""


def rules(folder: Path, lines: Sequence[str], origin: str, above: Rules | None = None) -> Rules | None:
    """What the lines of patterns say of ``folder``; None where there are none.

    Raises:
        SourceError: a line is no pattern.
    """
    from pathspec import GitIgnoreSpec

    kept = tuple(line for line in lines if line.strip() and not line.startswith("#"))
    if not kept:
        return None
    try:
        return Rules(folder, GitIgnoreSpec.from_lines(kept), kept, origin, above)
    except ValueError as error:
        raise SourceError(
            f"{origin} has a pattern that can't be read: {error}; write it as in .gitignore"
        ) from error


def found_in(folder: Path, known: tuple[Rules, ...]) -> tuple[Rules, ...]:
    """What speaks for what lies in ``folder``: what is ``known`` to, and its own ``.askbriefignore``, which
    goes before those of the folders around it.

    Raises:
        SourceError: it can't be read; to index what it leaves out would not do.
    """
    path = folder / FILE
    if not path.is_file():
        return known
    try:
        with path.open("rb") as file:
            lines = file.read(LARGEST).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} can't be read ({error}): save it as UTF-8, and allow reading it"
        ) from error
    around = next((each for each in known if each.origin != EXCLUDED), None)
    own = rules(folder, lines, str(path), around)
    return known if own is None else (*(each for each in known if each is not around), own)
