"""Risky formats, read in a process of their own with limits of time and memory.

One process is used for all files, and started anew when it dies. It costs a copy of the bytes each way.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.sandbox_protocol import receive, send
from askbrief.types import Document

SECONDS = 60.0
"""For one file: a book of a thousand pages takes about ten."""

MEMORY = 4 << 30
"""Bytes of addresses, of which far fewer are used: libraries set aside much that they never touch."""

PROGRAM = "from askbrief.formats.sandbox_worker import serve; serve({memory})"


class Isolated:
    """Reads files in another process; may be asked from several threads, one after another."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, program: str = PROGRAM) -> None:
        self._seconds = seconds
        self._memory = memory
        self._program = program.format(memory=memory)
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._lock = threading.Lock()

    def read(self, data: bytes, suffix: str, source: str) -> Document:
        """The document in some bytes of the format of ``suffix``.

        Raises:
            SourceError: as its reader does; or that reader died, took too long or too much memory.
        """
        with self._lock:
            used = self._served > 0
            told = self._asked(suffix, source, data)
            if used and ("died" in told or "memory" in told):  # perhaps of what earlier files have left there
                self._close()
                told = self._asked(suffix, source, data)
            if "memory" in told:
                self._close()
        if "document" in told:
            return _document(told["document"])
        raise SourceError(told["error"] if "error" in told else f"{source} can't be read: {self._why(told)}")

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._close()

    def _why(self, told: dict[str, Any]) -> str:
        if "late" in told:
            what = f"it took more than {self._seconds:g} seconds"
        elif "memory" in told:
            what = f"it took more than {self._memory / 2**30:.2g} GB of memory"
        elif "died" in told:
            what = "what reads it crashed on it"
        else:
            what = f"what reads it failed on it ({told['fault']})"
        return f"{what}; save it in another format, or leave it out"

    def _asked(self, suffix: str, source: str, data: bytes) -> dict[str, Any]:
        """What the process says, or what has become of it."""
        process = self._started()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _kill, (process, late))
        timer.start()
        try:
            send(process.stdin, suffix.encode(), source.encode("utf-8", "replace"), data)  # type: ignore[arg-type]
            told: dict[str, Any] = json.loads(receive(process.stdout))  # type: ignore[arg-type]
        except (OSError, EOFError):
            self._close()
            return {"late": True} if late.is_set() else {"died": True}
        except BaseException:  # its reply, when it comes, would be taken for that to the next
            self._close()
            raise
        finally:
            timer.cancel()
        self._served += 1
        return told

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._close()
            # -P: a file beside the archive that is called as a library is must not be taken for it
            command: Sequence[str] = [sys.executable, "-P", "-c", self._program]
            self._process = subprocess.Popen(  # noqa: S603 — our own program
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._process

    def _close(self) -> None:
        process, self._process, self._served = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what it had not read yet can't be flushed any more
                stream.close()  # type: ignore[union-attr]


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _document(told: dict[str, Any]) -> Document:
    paragraphs = tuple((start, end) for start, end in told.pop("paragraphs"))
    return Document(paragraphs=paragraphs, pages=tuple(told.pop("pages")), **told)


PROCESS = Isolated()
"""The one that all files of a run are read in; started when the first needs it."""

atexit.register(PROCESS.close)
