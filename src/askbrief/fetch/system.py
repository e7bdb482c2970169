"""What this package needs from the system."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, by the system's resolver. Raises OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class System:
    """Name lookup, clocks and sleep."""

    lookup: Callable[[str, int], list[str]] = look_up
    now: Callable[[], float] = time.monotonic
    date: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
