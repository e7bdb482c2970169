"""Where and how exactly the model computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch

Map = Callable[..., Iterable[Any]]


def device() -> torch.device:
    """Give the GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast() -> AbstractContextManager[Any]:
    """Give the context in which matrix products run in bfloat16."""
    # Each weight is used once a batch, so a cache of cast weights gains nothing, and threads would share
    # it.
    return torch.autocast(device().type, torch.bfloat16, cache_enabled=False)


@contextmanager
def side_by_side(count: int) -> Iterator[Map]:
    """Give a `map` over so many threads that use one core each; the plain one for a count of 1 or on a
    GPU."""
    if count < 2 or device().type == "cuda":
        yield map
        return
    with ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield pool.map
