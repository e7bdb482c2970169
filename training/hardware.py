"""Where and how exactly the model computes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import torch


def device() -> torch.device:
    """Give the GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast() -> AbstractContextManager[Any]:
    """Give the context in which matrix products run in bfloat16."""
    # Each weight is used once a batch, so a cache of cast weights gains nothing, and threads would share
    # it.
    return torch.autocast(device().type, torch.bfloat16, cache_enabled=False)
