"""Files watched for changes, until Ctrl-C."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from askbrief.cli import terminal
from askbrief.cli.terminal import on_one_line
from askbrief.errors import AskbriefError, SourceError

MOST_NAMED = 3
"""Changed files that are named; of more, only the number is shown."""
QUIET_MS, BURST_MS = 300, 5000
"""Milliseconds without a change after which watched files are read, and after which they are in any case."""


def _note_changed(paths: Iterable[str]) -> None:
    """Print the time and the files that changed."""
    names = sorted({os.path.relpath(path) for path in paths})
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    named = ", ".join(names[:MOST_NAMED])
    terminal.note(on_one_line(f"{datetime.now().astimezone():%H:%M:%S} changed: {named}{more}"))


def watch_paths(wanted: list[str], named: Path | None, update: Callable[[], int]) -> None:
    """Update the index after each burst of changes; an error is printed, and the next burst tried."""
    from watchfiles import watch

    from askbrief.text.text_fragment import is_web

    paths = [path for path in wanted if not is_web(path)]
    if not paths or terminal.STDIN in paths:
        raise SourceError("nothing to watch", hint="name files and folders")
    bursts = watch(*paths, debounce=BURST_MS, step=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True)
    for number, changed in enumerate(bursts):
        if not number:  # the system reports changes since before the first
            terminal.note("note: watching for changes; Ctrl-C stops")
        try:
            if changed:
                _note_changed(path for _, path in changed)
                update()
        except AskbriefError as error:
            terminal.error(error.message, terminal.for_index(error.hint, named))
