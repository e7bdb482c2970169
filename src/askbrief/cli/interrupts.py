"""Ctrl-C: an interruption that can be cleaned up after, then one that ends the process where it is."""

from __future__ import annotations

import os
import signal
import sys
import time

TYPE_CHECKING = False  # typing's own would take as long to import as all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

INTERRUPTED = 130
"""The exit code: 128 and the number of the signal, as shells have it."""

ECHO = 0.5
"""Seconds within which a second signal is the same keystroke: wrappers pass on what the terminal has sent."""


class Interrupts:
    """The first Ctrl-C raises KeyboardInterrupt, the second calls ``leave``, which must not return.

    To leave at any point is safe, since an index survives a process that is killed, and it is needed: a
    library may swallow the exception, and while an object is released Python prints it and goes on.
    """

    def __init__(self, leave: Callable[[], NoReturn]) -> None:
        self._leave = leave
        self._first: float | None = None
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the caller has it ignored
            signal.signal(signal.SIGINT, self._interrupt)
            sys.unraisablehook = self._unraisable

    def _interrupt(self, *_: object) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = now
            raise KeyboardInterrupt
        if now - self._first > ECHO:
            self._leave()

    def _unraisable(self, raised: Any) -> None:
        if isinstance(raised.exc_value, KeyboardInterrupt):
            self._leave()
        sys.__unraisablehook__(raised)


def leave() -> NoReturn:
    """End the process, and those that embed for it, without what Python does at an exit: that may wait for
    threads, and prints a traceback if it is interrupted."""
    processes = sys.modules.get("multiprocessing")
    for child in processes.active_children() if processes else ():
        child.kill()
    os._exit(INTERRUPTED)
