"""The process that reads files of risky formats for another: what hangs or dies here ends no run.

It is started by ``isolated``, takes requests from standard input and gives replies, a length before each, and
ends with its input. Replies are JSON: nothing that comes out of a harmful file is ever run by who asked.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict

from askbrief.errors import SourceError
from askbrief.formats.sandbox_protocol import receive, send


def serve(memory: int) -> None:
    """Answer requests until there are none; ``memory`` is the most bytes that this process may have."""
    _limit(memory)
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no reply
    requests = sys.stdin.buffer
    with suppress(EOFError, BrokenPipeError):
        while True:
            suffix, source, data = (receive(requests) for _ in range(3))
            send(replies, json.dumps(_answered(suffix.decode(), source.decode(), data)).encode())


def _answered(suffix: str, source: str, data: bytes) -> dict[str, object]:
    from askbrief.formats.registry import FORMATS

    try:
        return {"document": asdict(FORMATS.by_suffix[suffix].read(data, source))}
    except SourceError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # a library that gives up on a file in a way of its own
        told = " ".join(str(error).split())[:200]
        return {"fault": f"{type(error).__name__}: {told}" if told else type(error).__name__}


def _limit(memory: int) -> None:
    """Let the system refuse what is beyond the limit, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, least in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        with suppress(ValueError, OSError):  # a system may know the limit and not let it be set
            resource.setrlimit(what, (least if hard < 0 else min(least, hard), hard))
