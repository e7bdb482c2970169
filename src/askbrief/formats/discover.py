"""Paths to files: patterns, the walk over folders, and the name under which a file is kept."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askbrief.errors import SourceError
from askbrief.formats import ignore
from askbrief.formats.ignore import Rules

PIPED = Path("-")
"""What stands for standard input among paths."""
STDIN = "stdin"
"""What the names of its documents begin with."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and the name that its document will carry; ``location`` where it was kept before, if
    that is not where the file lies."""

    path: Path
    source: str
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that could not be looked into, and why; ``meant``, where the user said so."""

    source: str
    why: str
    meant: bool = False


def walk(
    paths: Sequence[Path], wanted: Callable[[Path], bool], exclude: Sequence[str] = ()
) -> Iterator[Found | Skipped]:
    """The files among and under ``paths``; in folders only those that are ``wanted``, and none that a
    pattern of ``exclude`` or an ``.askbriefignore`` leaves out.

    Raises:
        SourceError: at once, if one of ``paths`` is neither a file, a folder nor a pattern that fits one.
    """
    given = expanded(paths)
    for path in given:
        _require(path)
    ignore.rules(Path(), exclude, ignore.EXCLUDED)  # raises now, not when the first file is asked for
    return _walk(given, wanted, exclude)


def expanded(paths: Iterable[Path]) -> list[Path]:
    """The paths, and in place of each pattern that the shell has left, those that it stands for."""
    return [path for written in paths for path in _expanded(written)]


def _expanded(path: Path) -> list[Path]:
    written = str(path)
    if path == PIPED or not glob.has_magic(written) or os.path.lexists(path):
        return [path]
    return [Path(each) for each in sorted(glob.glob(written, recursive=True))] or [path]  # noqa: PTH207


def source_name(path: Path) -> str:
    """The path with forward slashes: relative to the current folder where it lies below it, else absolute.

    Bytes of a file name that are not UTF-8 are shown as ``\\xNN``, so that every name can be stored.
    """
    full = Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would follow links, and rename what they name)
    here = Path.cwd()
    name = (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _require(path: Path) -> None:
    if path == PIPED:
        return
    name = source_name(path)
    try:
        known = path.is_file() or path.is_dir()
        exists = known or path.exists()
    except OSError as error:
        raise SourceError(f"{name} can't be looked at: {error.strerror}; allow access to it") from error
    if not exists:
        what = "no file fits the pattern" if glob.has_magic(name) else "no such file or folder:"
        raise SourceError(f"{what} {name}; check the path and the folder you are in")
    if not known:
        raise SourceError(f"{name} is neither a file nor a folder: save what it gives to a file first")


def _walk(
    paths: Sequence[Path], wanted: Callable[[Path], bool], exclude: Sequence[str]
) -> Iterator[Found | Skipped]:
    """Depth first, names in order, with a stack of its own: folders may nest deeper than Python's calls."""
    seen: set[str] = set()
    stack: list[tuple[Path, bool, tuple[Rules, ...]]] = [
        (path, True, _excluding(path, exclude)) for path in reversed(paths)
    ]
    while stack:
        path, named, rules = stack.pop()
        if path == PIPED:
            yield Found(PIPED, STDIN)
            continue
        is_folder = path.is_dir()
        if not (is_folder or named or wanted(path)):
            continue
        why = next(filter(None, (each.why(path, is_folder=is_folder) for each in rules)), None)
        if why:
            yield Skipped(source_name(path), why, meant=True)
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


def _excluding(path: Path, exclude: Sequence[str]) -> tuple[Rules, ...]:
    """The patterns of ``--exclude``, as they speak below the path that was given, or beside it where it is a
    file, and below the current folder, from which names are told."""
    if not exclude or path == PIPED:
        return ()
    bases = (path if path.is_dir() else path.parent, Path.cwd())
    found = (ignore.rules(base, exclude, ignore.EXCLUDED) for base in bases)
    return tuple(each for each in found if each is not None)


def _file(path: Path, seen: set[str]) -> Iterator[Found | Skipped]:
    if path.is_file():
        if _first(path, seen):
            yield Found(path, source_name(path))
    elif path.is_symlink():
        yield Skipped(source_name(path), "the link leads nowhere; mend or remove it")


def _first(path: Path, seen: set[str]) -> bool:
    """Whether the file or folder that the path leads to is met for the first time."""
    real = os.path.realpath(path)
    if real in seen:
        return False
    seen.add(real)
    return True
