"""Lanes: a few threads each, with a bounded queue, so that what is slow holds up only its like."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from askbrief.onnx_runtime import cores
from askbrief.serve.problems import busy

T = TypeVar("T")


class Lane:
    """Runs work in ``threads`` threads; at most ``queue`` more wait, for ``seconds`` with what is run.

    Threads can't be interrupted: what takes longer is given up by its client, and keeps its place till it
    ends.
    """

    def __init__(self, name: str, threads: int, queue: int, seconds: float) -> None:
        self._places = threading.Semaphore(threads + queue)
        self._pool = ThreadPoolExecutor(threads, f"askbrief-{name}")
        self._seconds = seconds
        self._running: set[Future[Any]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` returns. Raises what it raises, and Problem (503) if no place is free or it takes
        too long."""
        if not self._places.acquire(blocking=False):
            raise busy()
        try:
            future = self._pool.submit(work)
        except RuntimeError as error:  # closed
            self._places.release()
            raise busy("the server is stopping") from error
        self._running.add(future)
        future.add_done_callback(self._left)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # the work's own
            raise busy(f"there is no answer after {self._seconds:g} seconds") from error

    def _left(self, future: Future[Any]) -> None:
        self._running.discard(future)
        self._places.release()

    @property
    def idle(self) -> bool:
        """Whether nothing is run or waited for."""
        return not self._running

    def close(self) -> None:
        """Take no more work; what hasn't begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """One lane for questions, one for what only looks things up, one for drafts."""

    def __init__(self) -> None:
        self.ask = Lane("ask", 2 * cores(), 16, 60)
        self.look = Lane("look", 4, 64, 60)
        self.check = Lane("check", 1, 4, 300)

    @property
    def every(self) -> tuple[Lane, ...]:
        """All of them."""
        return self.ask, self.look, self.check

    def close(self) -> None:
        """Close all."""
        for lane in self.every:
            lane.close()
