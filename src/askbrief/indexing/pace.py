"""How much is done at a time, so that progress is reported and work is kept at least so often."""

from __future__ import annotations

import time


def now() -> float:
    """Seconds by the clock that paces a run."""
    return time.monotonic()


class Pace:
    """``count`` items take about so many ``seconds``, as far as those before show."""

    def __init__(self, seconds: float, most: int) -> None:
        self.count = 1
        self._seconds = seconds
        self._most = most

    def took(self, number: int, seconds: float) -> None:
        """Some items took so many seconds; the next are at most twice as many."""
        fitting = int(number / max(seconds, 1e-6) * self._seconds)
        self.count = max(1, min(2 * self.count, self._most, fitting))
