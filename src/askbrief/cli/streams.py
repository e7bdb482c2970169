"""The three streams of a process: in UTF-8 through pipes, open, and with errors of ours."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from askbrief.errors import StorageError

_OURS: list[io.TextIOWrapper] = []


def prepare() -> None:
    """Make the streams of this process what commands expect. Raises StorageError if standard output is
    closed.

    What the caller closed is opened as empty: else the next file that is opened, such as the database, would
    get the stream's number, and what a library prints would go into it.
    """
    missing = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name in missing:
        stream = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115, PTH123
        setattr(sys, name, stream)
    if "stdout" in missing:
        raise StorageError("standard output is closed", hint="leave it open")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding=_encoding(sys.stdin), errors="surrogateescape")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = Output(sys.stdout)
        _OURS.append(sys.stdout)


def drop() -> None:
    """Have nothing left to flush that can't be: the interpreter would report it and change the exit code."""
    for stream in filter(None, (*_OURS, sys.__stderr__)):  # typer may have wrapped sys.stdout
        try:
            stream.flush()
        except (OSError, StorageError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    _OURS.clear()


def _encoding(stream: io.TextIOWrapper) -> str:
    """UTF-8 for a pipe, whatever the system's encoding is; a terminal's own."""
    return stream.encoding if stream.isatty() else "utf-8"


class Output(io.TextIOWrapper):
    """Standard output that raises StorageError, but BrokenPipeError if nobody reads it any more."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        by_line, at_once = stream.line_buffering, stream.write_through
        encoding = _encoding(stream)  # before it is detached
        super().__init__(stream.detach(), encoding, "replace", line_buffering=by_line, write_through=at_once)

    def write(self, text: str) -> int:
        """Write as other streams do."""
        with _explained():
            return super().write(text)

    def flush(self) -> None:
        """Flush as other streams do."""
        with _explained():
            super().flush()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(
            f"standard output can't be written: {error.strerror or error}",
            hint="free some space, or write to another place",
        ) from error
