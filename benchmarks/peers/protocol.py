"""How a peer is measured, in a process of its own: ``index FOLDER MODEL < texts`` or ``ask FOLDER MODEL <
questions``, one JSON string a line; what it took is printed as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

NEAREST = 10


class Peer(Protocol):
    """What is measured."""

    def prepare(self) -> None:
        """Load what encodes passages."""

    def index(self, texts: list[str]) -> None:
        """Encode the texts and keep them on disk."""

    def load(self) -> None:
        """Load what answers."""

    def ask(self, question: str) -> list[str]:
        """The texts that are found."""


def run(kind: Callable[[str, str], Peer], words: Sequence[str]) -> None:
    """Do as the words say and print the seconds, or the milliseconds of each question, and the memory."""
    what, folder, model = words
    lines = [json.loads(line) for line in sys.stdin]
    peer = kind(folder, model)
    if what == "index":
        Path(folder).mkdir(parents=True, exist_ok=True)
        peer.prepare()
        began = time.perf_counter()
        peer.index(lines)
        told: dict[str, Any] = {"seconds": time.perf_counter() - began}
    else:
        peer.load()
        told = {"milliseconds": [], "found": 0}
        for question in lines:
            began = time.perf_counter()
            told["found"] += bool(peer.ask(question))
            told["milliseconds"].append(1000 * (time.perf_counter() - began))
    told["resident_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))
