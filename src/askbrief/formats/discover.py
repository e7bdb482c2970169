"""Paths to files: patterns, the walk over folders, and the name under which a file is indexed."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from askbrief.errors import SourceError
from askbrief.formats import ignore, other_formats
from askbrief.formats.collections.unpack import is_collection
from askbrief.formats.ignore import Rules
from askbrief.formats.registry import FORMATS

STDIN_PATH = Path("-")
"""The path that means standard input."""
STDIN = "stdin"
"""What the source names of documents from standard input begin with."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, and the source name of its document; ``location`` if the document was indexed under
    another place than the file's."""

    path: Path
    source: str
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, folder or page that isn't indexed, and why; ``intended`` if that is no failure: the user
    excluded it, or it isn't a document. ``kind`` is "format" for all the files together whose formats aren't
    read."""

    source: str
    why: str
    intended: bool = False
    kind: Literal["", "format"] = ""


def find(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Iterator[FoundFile | Skipped]:
    """Every file to read among and under ``paths``, which are files, folders, patterns or ``STDIN_PATH``; in
    order, each once.

    A file is taken whatever its suffix. A folder is walked for documents and collections, without hidden
    files and folders. What a pattern of ``exclude`` or an ``.askbriefignore`` excludes is yielded as
    ``Skipped``, and so is what can't be listed; last, once, the number of files of other formats.

    Raises:
        SourceError: at once, if one of ``paths`` does not exist, or a pattern is invalid.
    """
    given = expand(paths)
    for path in given:
        _require(path)
    ignore.parse_rules(Path(), exclude, ignore.EXCLUDED)  # raises now, not when the first file is asked for
    return _walk(given, exclude)


def expand(paths: Iterable[Path]) -> list[Path]:
    """The paths, each pattern that the shell has left replaced by the paths that it matches."""
    expanded: list[Path] = []
    for path in paths:
        is_pattern = glob.has_magic(str(path)) and not os.path.lexists(path)
        matches = sorted(glob.glob(str(path), recursive=True)) if is_pattern else []  # noqa: PTH207
        expanded += map(Path, matches) if matches else [path]
    return expanded


def source_name(path: Path) -> str:
    """The path with forward slashes: relative to the current folder if it lies below it, else absolute.

    Bytes of a file name that are not UTF-8 are shown as ``\\xNN``, so that every name can be stored.
    """
    full = Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would follow links, and rename what they name)
    here = Path.cwd()
    name = (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _require(path: Path) -> None:
    if path == STDIN_PATH:
        return
    name = source_name(path)
    try:
        known = path.is_file() or path.is_dir()
        exists = known or path.exists()
    except OSError as error:
        raise SourceError(f"{name} can't be accessed: {error.strerror}", hint="allow access to it") from error
    if not exists:
        what = "no file matches" if glob.has_magic(name) else "no such file or folder:"
        raise SourceError(f"{what} {name}", hint="check the path and the current folder")
    if not known:
        raise SourceError(f"{name} is neither a file nor a folder", hint="save its content to a file first")


def _walk(paths: Sequence[Path], exclude: Sequence[str]) -> Iterator[FoundFile | Skipped]:
    """Depth first, names in order; with a stack, because folders may nest deeper than Python's calls."""
    seen: set[str] = set()
    others: Counter[str] = Counter()
    stack: list[tuple[Path, bool, tuple[Rules, ...]]] = [
        (path, True, _excluding(path, exclude)) for path in reversed(paths)
    ]
    while stack:
        path, named, rules = stack.pop()
        if path == STDIN_PATH:
            yield FoundFile(STDIN_PATH, STDIN)
            continue
        is_folder = path.is_dir()
        why = ignore.why_excluded(rules, path, is_folder=is_folder)
        if not (is_folder or named or path.suffix.lower() in FORMATS.by_suffix or is_collection(path.name)):
            passed = not why and path.is_file() and not other_formats.describes_folder(path.name)
            others[path.suffix.lower()] += passed
        elif why:
            yield Skipped(source_name(path), why, intended=True)
        elif not is_folder:
            yield from _file(path, seen)
        elif _first(path, seen):
            try:
                inside = sorted(entry.name for entry in os.scandir(path) if not entry.name.startswith("."))
                own = ignore.found_in(path, rules)
            except OSError as error:
                why = f"the folder can't be listed: {error.strerror}; allow reading it"
                yield Skipped(source_name(path), why)
            except SourceError as error:
                yield Skipped(source_name(path), str(error))
            else:
                stack.extend((path / name, False, own) for name in reversed(inside))
    if others := +others:
        first = next(source_name(path) for path in paths if path != STDIN_PATH)
        yield Skipped(first, other_formats.passed_over(others), intended=True, kind="format")


def _excluding(path: Path, exclude: Sequence[str]) -> tuple[Rules, ...]:
    """The patterns of ``--exclude``, relative to the path that was given (to its folder if it is a file), and
    to the current folder."""
    bases = (path if path.is_dir() else path.parent, Path.cwd())
    return tuple(each for base in bases for each in ignore.parse_rules(base, exclude, ignore.EXCLUDED))


def _file(path: Path, seen: set[str]) -> Iterator[FoundFile | Skipped]:
    if path.is_file():
        if _first(path, seen):
            yield FoundFile(path, source_name(path))
    elif path.is_symlink():
        yield Skipped(source_name(path), "the link is broken; repair or remove it")


def _first(path: Path, seen: set[str]) -> bool:
    """Whether the file or folder behind the path is new in this walk."""
    real = os.path.realpath(path)
    if real in seen:
        return False
    seen.add(real)
    return True
