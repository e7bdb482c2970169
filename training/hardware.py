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


def coarse() -> torch.dtype:
    """Give the type that encoders compute in: bfloat16 if the GPU or the processor multiplies it, else
    float32.

    A processor without such instructions takes a hundred times as long for a product in bfloat16.
    """
    native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if native or device().type == "cuda" else torch.float32


def autocast() -> AbstractContextManager[Any]:
    """Give the context in which matrix products run in the type that encoders compute in."""
    # Each weight is used once a batch, so a cache of cast weights gains nothing, and threads would share
    # it.
    return torch.autocast(device().type, coarse(), enabled=coarse() != torch.float32, cache_enabled=False)


@contextmanager
def side_by_side(count: int) -> Iterator[Map]:
    """Give a `map` over so many threads that use one core each; the plain one for a count of 1 or on a
    GPU."""
    if count < 2 or device().type == "cuda":
        yield map
        return
    with ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield pool.map
