"""Files watched for changes, until Ctrl-C."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from askbrief.cli import terminal
from askbrief.errors import AskbriefError, SourceError
from askbrief.visible_text import on_one_line

MOST_NAMED = 3
"""Changed files that are named; of more, only the number is shown."""
FIRST_PAUSE, LONGEST_PAUSE, GONE = 0.5, 60.0, 60.0
"""Seconds, about, until an update that failed is tried again, at first and at most, and for which something
that is watched may be gone: editors and synchronisation remove files and make them again."""
QUIET_MS, BURST_MS = 300, 5000
"""Milliseconds without a change after which watched files are read, and after which they are in any case."""


def _note_changed(paths: Iterable[str]) -> None:
    """Print the time and the files that changed."""
    names = sorted({os.path.relpath(path) for path in paths})
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    named = ", ".join(names[:MOST_NAMED])
    terminal.note(on_one_line(f"{datetime.now().astimezone():%H:%M:%S} changed: {named}{more}"))


def watch_paths(wanted: list[str], named: Path | str | None, update: Callable[[], int]) -> None:
    """Update the index after each burst of changes. An error is printed, and the update tried again, after
    longer and longer pauses, until it succeeds: a change is reported only once.

    Raises SourceError if nothing is to be watched, or if what is watched has gone for good.
    """
    from watchfiles import watch

    from askbrief.text.text_fragment import is_web

    paths = [path for path in wanted if not is_web(path)]
    if not paths or terminal.STDIN in paths:
        raise SourceError("nothing to watch", hint="name files and folders")
    due, failures, told = 0.0, 0, False
    while True:
        _await(paths)
        before = _identities(paths)
        bursts = watch(*paths, debounce=BURST_MS, step=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True)
        for changed in bursts:
            if not told:  # the system reports changes since before the first
                terminal.note("note: watching for changes; Ctrl-C stops")
                told = True
            if changed or (failures and time.monotonic() >= due):
                try:
                    if changed:
                        _note_changed(path for _, path in changed)
                    update()
                    failures = 0
                except AskbriefError as error:
                    terminal.error(error.message, terminal.for_index(error.hint, named))
                    failures += 1
                    due = time.monotonic() + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 10))
            if _identities(paths) != before:  # made anew: the system watches what was there before
                failures, due = failures or 1, 0.0
                break


def _identities(paths: Sequence[str]) -> list[tuple[int, int] | None]:
    """Which files and folders are at some paths; None for those that are gone."""
    found: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            stat = Path(path).stat()
            found.append((stat.st_dev, stat.st_ino))
        except OSError:
            found.append(None)
    return found


def _await(paths: Sequence[str]) -> None:
    """Wait until all paths are there. Raises SourceError for one that doesn't come back."""
    end = time.monotonic() + GONE
    while missing := [path for path in paths if not Path(path).exists()]:
        if time.monotonic() > end:
            raise SourceError(
                f"{missing[0]} is gone, so that it can't be watched",
                hint="make it again, and start `askbrief index --watch` anew",
            )
        time.sleep(QUIET_MS / 1000)
