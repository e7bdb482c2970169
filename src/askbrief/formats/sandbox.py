"""Formats that aren't trusted, read in another process with limits of time and memory.

One process serves all files, and is restarted when it dies. It costs a copy of the bytes each way.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.document import Block
from askbrief.formats.format import Contents
from askbrief.types import Document

SECONDS = 60.0
"""For one file: a book of a thousand pages takes about ten."""

MEMORY = 4 << 30
"""Bytes of address space, of which far fewer are used: libraries reserve much that they never touch."""

PROGRAM = "from askbrief.formats.sandbox_worker import serve; serve({memory})"


class Sandbox:
    """Reads files in another process; safe to use from several threads, which take turns."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, program: str = PROGRAM) -> None:
        self._seconds = seconds
        self._memory = memory
        self._program = program.format(memory=memory)
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._lock = threading.RLock()

    def read(self, data: bytes, suffix: str, source: str) -> Contents:
        """The document in some bytes and those inside it, read as the format of ``suffix``.

        Raises:
            SourceError: as its reader does; or the reader crashed, took too long or too much memory.
        """
        reply = self._reply(data, suffix=suffix, source=source, draft=False)
        first, *others = map(_document, reply["documents"])
        return Contents(first, others, reply["left_out"])

    def blocks(self, data: bytes, suffix: str, source: str) -> list[Block]:
        """All that a draft in the format of ``suffix`` shows. Raises SourceError as ``read``."""
        reply = self._reply(data, suffix=suffix, source=source, draft=True)
        return [Block(*each) for each in reply["blocks"]]

    def _reply(self, data: bytes, *, source: str, **head: Any) -> dict[str, Any]:
        """What the process makes of some bytes. Raises SourceError."""
        head["source"] = source
        with self._lock:
            used = self._served > 0
            reply = self._request(head, data)
            if used and not reply.keys().isdisjoint({"died", "memory"}):  # perhaps due to earlier files
                self.close()
                reply = self._request(head, data)
            if "memory" in reply:
                self.close()
        if "error" in reply:
            raise SourceError(reply["error"], hint=reply["hint"])
        if reply.keys().isdisjoint({"documents", "blocks"}):
            hint = "save it in another format, or leave it out"
            raise SourceError(f"{source} can't be read: {self._why(reply)}", hint=hint)
        return reply

    def _why(self, reply: dict[str, Any]) -> str:
        if "late" in reply:
            return f"it took more than {self._seconds:g} seconds"
        if "memory" in reply:
            return f"it took more than {self._memory / 2**30:.2g} GB of memory"
        if "died" in reply:
            return "its reader crashed"
        return f"its reader failed ({reply['fault']})"

    def _request(self, head: dict[str, Any], data: bytes) -> dict[str, Any]:
        """The reply of the process, or what happened to it."""
        process = self._started()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _kill, (process, late))
        timer.start()
        try:
            line = json.dumps({**head, "size": len(data)})
            process.stdin.writelines([line.encode(), b"\n", data])  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            reply: dict[str, Any] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
        except (OSError, ValueError):  # no reply, or half a one
            self.close()
            return {"late": True} if late.is_set() else {"died": True}
        except BaseException:  # a late reply would be taken for the next one
            self.close()
            raise
        finally:
            timer.cancel()
        self._served += 1
        return reply

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P: a file beside the archive must not shadow a library of its name
            self._process = subprocess.Popen(  # noqa: S603 — our own program
                [sys.executable, "-P", "-c", self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process, self._served = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # unread input can't be flushed
                stream.close()  # type: ignore[union-attr]


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _document(reply: dict[str, Any]) -> Document:
    paragraphs = tuple((start, end) for start, end in reply.pop("paragraphs"))
    times = tuple((start, time) for start, time in reply.pop("times"))
    return Document(paragraphs=paragraphs, pages=tuple(reply.pop("pages")), times=times, **reply)


PROCESS = Sandbox()
"""The sandbox of all files of a run; started when it is first needed."""

atexit.register(PROCESS.close)
