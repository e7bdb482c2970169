"""What the user excludes: ``--exclude`` patterns, and ``.askbriefignore`` files in the folders walked.

Patterns are those of ``.gitignore``: ``*.log``, ``drafts/``, ``/only-here.txt``, ``!keep.txt``. A file of
patterns applies to its folder and all below it; deeper files take precedence.
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
"""The origin of patterns given with the command."""

LARGEST = 1 << 20
"""Bytes of a file of patterns."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns from ``origin`` that apply to all below ``folder``; ``above`` are those of a folder around it,
    which decide if these match nothing."""

    folder: Path
    patterns: GitIgnoreSpec
    lines: tuple[str, ...]
    origin: str
    above: Rules | None = None

    def why(self, path: Path, *, is_folder: bool) -> str | None:
        """Why a path is excluded; None if it isn't."""
        rules: Rules | None = self
        while rules is not None:
            why = rules._why(path, is_folder=is_folder)
            if why is not None:
                return why or None
            rules = rules.above
        return None

    def _why(self, path: Path, *, is_folder: bool) -> str | None:
        """Why these patterns exclude a path; empty if they include it, None if they don't match it."""
        name = os.path.relpath(path, self.folder).replace(os.sep, "/")
        if name.startswith("../"):
            return None
        found = self.patterns.check_file(f"{name}/" if is_folder else name)
        if found.include is None or found.index is None:
            return None
        return f"{self.origin} says {self.lines[found.index]}" if found.include else ""


def rules(folder: Path, lines: Sequence[str], origin: str, above: Rules | None = None) -> Rules | None:
    """The rules of some lines for ``folder``; None if there are no patterns.

    Raises:
        SourceError: a line is not a valid pattern.
    """
    from pathspec import GitIgnoreSpec

    kept = tuple(line for line in lines if line.strip() and not line.startswith("#"))
    if not kept:
        return None
    try:
        return Rules(folder, GitIgnoreSpec.from_lines(kept), kept, origin, above)
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
    around = next((each for each in known if each.origin != EXCLUDED), None)
    own = rules(folder, lines, str(path), around)
    return known if own is None else (*(each for each in known if each is not around), own)
