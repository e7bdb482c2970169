"""The process in which files are read that aren't trusted: a crash here doesn't end a run.

``sandbox`` starts it. It reads requests from standard input, each a line of JSON and the bytes of a file, and
writes each reply as a line of JSON, so that the main process executes nothing from a malicious file.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from askbrief.errors import SourceError


def serve(memory: int) -> None:
    """Answer requests until the input ends; ``memory`` limits this process, in bytes."""
    _limit(memory)
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library may print
    requests = sys.stdin.buffer
    with suppress(BrokenPipeError):
        while line := requests.readline():
            head = json.loads(line)
            data = requests.read(head["size"])
            reply = _answered(head, data)
            replies.write(json.dumps(reply).encode() + b"\n")
            replies.flush()


def _answered(head: dict[str, Any], data: bytes) -> dict[str, object]:
    try:
        return _contents(head, data)
    except SourceError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # libraries raise anything
        why = " ".join(str(error).split())[:200]
        return {"fault": f"{type(error).__name__}: {why}" if why else type(error).__name__}


def _contents(head: dict[str, Any], data: bytes) -> dict[str, object]:
    from askbrief.formats.registry import FORMATS

    read, source = FORMATS.by_suffix[head["suffix"]], head["source"]
    if head["draft"] and read.draft:
        return {"blocks": read.draft(data, source)}
    found = read.contents(data, source)
    documents = [asdict(each) for each in (found.document, *found.inside)]
    return {"documents": documents, "left_out": [*found.left_out]}


def _limit(memory: int) -> None:
    """Let the system enforce the limit, if it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, least in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        with suppress(ValueError, OSError):  # a system may know the limit and not let it be set
            resource.setrlimit(what, (least if hard < 0 else min(least, hard), hard))
