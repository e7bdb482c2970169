"""Paths to files: the walk over folders, and the name under which a file is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askbrief.errors import SourceError


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and the name that its document will carry; ``location`` where it was kept before, if
    that is not where the file lies."""

    path: Path
    source: str
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that could not be looked into, and why."""

    source: str
    why: str


def walk(paths: Sequence[Path], wanted: Callable[[Path], bool]) -> Iterator[Found | Skipped]:
    """The files among and under ``paths``; in folders only those that are ``wanted``.

    Raises:
        SourceError: at once, if one of ``paths`` is neither a file nor a folder.
    """
    for path in paths:
        _require(path)
    return _walk(paths, wanted)


def source_name(path: Path) -> str:
    """The path with forward slashes: relative to the current folder where it lies below it, else absolute.

    Bytes of a file name that are not UTF-8 are shown as ``\\xNN``, so that every name can be stored.
    """
    full = Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would follow links, and rename what they name)
    here = Path.cwd()
    name = (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _require(path: Path) -> None:
    name = source_name(path)
    try:
        known = path.is_file() or path.is_dir()
        exists = known or path.exists()
    except OSError as error:
        raise SourceError(f"{name} can't be looked at: {error.strerror}; allow access to it") from error
    if not exists:
        raise SourceError(f"no such file or folder: {name}; check the path and the folder you are in")
    if not known:
        raise SourceError(f"{name} is neither a file nor a folder: save what it gives to a file first")


def _walk(paths: Sequence[Path], wanted: Callable[[Path], bool]) -> Iterator[Found | Skipped]:
    """Depth first, names in order, with a stack of its own: folders may nest deeper than Python's calls."""
    seen: set[str] = set()
    stack = [(path, True) for path in reversed(paths)]
    while stack:
        path, named = stack.pop()
        if path.is_dir():
            if not _first(path, seen):
                continue
            try:
                inside = sorted(entry.name for entry in os.scandir(path) if not entry.name.startswith("."))
            except OSError as error:
                why = f"the folder can't be listed: {error.strerror}; allow reading it"
                yield Skipped(source_name(path), why)
                continue
            stack.extend((path / name, False) for name in reversed(inside))
        elif named or wanted(path):
            yield from _file(path, seen)


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
