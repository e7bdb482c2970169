"""How the time of some work grows with its size, without a word about seconds."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import process_time

TRIES = 5


def assert_linear(work: Callable[[int], Callable[[], object]], small: int, large: int) -> None:
    """Fail unless the time of `work(size)()` grows about as its size does.

    What grows with the square has an exponent of 2 in every try; noise of the machine doesn't last for all.
    """
    exponents: list[float] = []
    while len(exponents) < TRIES:
        less, more = (min(_seconds(work(size)) for _ in range(3)) for size in (small, large))
        exponents.append(math.log(more / less) / math.log(large / small))
        if exponents[-1] < 1.5:
            return
    raise AssertionError(f"the time grows with the power {min(exponents):.2f} of the size")


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return max(process_time() - began, 1e-6)
