"""What every command prints with: two streams, JSON, and texts that can't control the terminal."""

from __future__ import annotations

import re
import shlex
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from askbrief.errors import IndexOutdated, SourceError, StorageError
from askbrief.visible_text import on_one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from askbrief.errors import QueryError
    from askbrief.types import Source

STDIN = "-"
"""The name of standard input in place of a file's."""

_COMMAND = re.compile(r"`(askbrief \w+\b(?! --help)[^`]*)`")
"""A command in a hint."""

_BEFORE = 60
"""Characters of a query that are shown on either side of what is wrong with it."""

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def console(*, errors: bool = False) -> Console:
    """A console that neither wraps nor decorates what goes into a pipe."""
    from rich.console import Console

    terminal = (sys.stderr if errors else sys.stdout).isatty()
    return Console(stderr=errors, highlight=False, markup=False, emoji=False, soft_wrap=not terminal)


def note(line: str) -> None:
    """Print a line on standard error; what can't be printed there doesn't end a command."""
    with suppress(OSError):
        print(line, file=sys.stderr)


def note_other_languages(documents: Iterable[Source]) -> None:
    """Say on standard error which documents are not in English, whose quotations the rules may miss."""
    from askbrief.english.languages import not_in_english

    named = not_in_english(documents)
    if named:
        note(f"note: not in English, for which alone quotations and speakers are found reliably: {named}")


def note_warnings(index: str | Path | None) -> None:
    """From now on, print warnings about the index as notes, each once; commands in them name the index."""
    warnings.filterwarnings("once", category=IndexOutdated)
    others = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, IndexOutdated):
            note(f"note: {for_index(on_one_line(str(message)), index)}")
        else:
            others(message, category, *where, **more)

    warnings.showwarning = show


def error(message: str, hint: str | None = None) -> None:
    """Print an error and its hint on standard error, a line each."""
    for label, line in (("error", message), ("hint", hint)):
        if line:
            note(f"{label}: {on_one_line(' '.join(line.split()))}")


def for_index(hint: str | None, index: str | Path | None) -> str | None:
    """The hint, with its commands for the index that the user named with ``--index`` or ``--store``, if
    any."""
    if hint is None or index is None:
        return hint
    option, named = ("--store" if "://" in str(index) else "--index"), shlex.quote(str(index))
    return _COMMAND.sub(lambda found: f"`{found[1]} {option} {named}`", hint)


def as_json(document: Any, *, lines: bool = False) -> None:
    """Print a document as JSON: on one line if ``lines``, indented otherwise."""
    from askbrief.present import to_json

    print(to_json(document, lines=lines), flush=lines)


def put(text: str) -> None:
    """Print a text that ends its last line itself."""
    sys.stdout.write(text)


def query_error(error: QueryError) -> None:
    """Print an error of a query, with the query and what of it is wrong marked below, and the hint."""
    note(f"error: {error.message}")
    line = on_one_line(error.query)
    begin = max(0, error.start - _BEFORE)
    shown = line[begin : error.end + _BEFORE]
    note(f"  {shown}")
    note(f"  {' ' * (error.start - begin)}{'^' * (error.end - error.start)}")
    if error.hint:
        note(f"hint: {error.hint}")


def read_input(name: str, hint: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises SourceError with the hint."""
    if name == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{name} can't be read: {why}", hint=hint) from error


def require_report(path: Path, begins: str) -> None:
    """Raise StorageError if what an option is to write over is anything but an earlier report, which
    ``begins`` so: a mistyped name would cost a draft or a source."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = file.read(len(begins))
    except OSError:  # there is none, or writing it will say what is wrong
        return
    if found and found != begins:
        raise StorageError(
            f"{path} exists and isn't a report", hint="choose another name for the report, or delete the file"
        )


def write_file(path: Path, text: str) -> None:
    """Write a file that an option names. Raises StorageError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{path} can't be written: {error.strerror}", hint="choose another path"
        ) from error


def link(address: str) -> str | None:
    """The address as a terminal may be told to open it: of the web, or of a file, with all that could end the
    sequence that tells it percent-encoded; None for any other."""
    if not address.startswith(("http://", "https://", "file:///")):
        return None
    return "".join(
        character if "!" <= character <= "~" else quote(character, safe="", errors="replace")
        for character in address
    )


def size(count: int) -> str:
    """A number of bytes with its unit, as "53.2 KB"."""
    power = 0
    while power < len(_UNITS) - 1 and count >= 999.5 * 1000**power:  # what would be rounded to 1000
        power += 1
    return f"{count / 1000**power:.3g} {_UNITS[power]}"


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback (activity, done, total) that draws bars; it does nothing without a terminal."""
    if not sys.stderr.isatty():
        yield lambda activity, done, total: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),  # moves also while one file takes long
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    # Documents are read in bursts, so speed is measured over minutes.
    with Progress(*columns, console=console(errors=True), transient=True, speed_estimate_period=300) as bar:
        tasks: dict[str, TaskID] = {}

        def show(activity: str, done: int, total: int) -> None:
            if activity not in tasks:
                tasks[activity] = bar.add_task(activity, total=None, rate="")
            task = bar.tasks[bar.task_ids.index(tasks[activity])]
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            known = total if total > 1 or 0 < total <= done else None
            bar.update(tasks[activity], completed=done, total=known, rate=rate)

        yield show
