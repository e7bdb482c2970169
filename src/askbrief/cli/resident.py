"""askbrief resident: models and index stay in memory, for commands that are handed over (``handover``).

One request is run at a time, with the streams, folder and environment of the process that sent it.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from askbrief._version import __version__
from askbrief.cli import handover, streams, terminal
from askbrief.cli.entry import main
from askbrief.cli.shared_options import IndexFolder, folder, keep_open, option
from askbrief.errors import IndexMissing, OptionError, StorageError

IDLE = 30
"""Minutes without a request after which it ends."""
BACKLOG = 64
FIRST = 65_536
"""Bytes of a request that are read with its streams."""
ENDING = (signal.SIGINT, signal.SIGTERM)
FOLLOWED = 1.0
"""Seconds between two looks for a folder that is gone."""


def resident(
    index: IndexFolder = None,
    idle: Annotated[float, option("--idle", "Minutes without a question after which it ends.", "N")] = IDLE,
) -> int:
    """Keep models and index in memory, so that other commands begin at once.

    Those of this user find it by themselves, and answer as without it. It follows the newest revision, and
    ends after half an hour without a question, or with Ctrl-C.
    """
    if not idle > 0:
        raise OptionError(f"`--idle` must be above 0, not {idle:g}", hint="give minutes")
    where = folder(index).absolute()
    with keep_open() as kept, _listening(where) as (listener, path):
        terminal.note_warnings(where)
        archive = kept.open(where)
        archive.ask("What did they say about it?")  # loads the models
        _Resident(listener, path, where, 60 * idle).serve()
    return 0


@contextlib.contextmanager
def _listening(index: Path) -> Iterator[tuple[socket.socket, Path]]:
    """A socket for commands on an index, private to the user. Raises StorageError."""
    path = _private(index)
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as other:
        other.connect(str(path))
        raise StorageError(f"another process keeps {index} in memory", hint="end it first")
    path.unlink(missing_ok=True)  # of one that was killed
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(BACKLOG)
        try:
            yield listener, path
        finally:
            path.unlink(missing_ok=True)


def _private(index: Path) -> Path:
    """Where to listen, in a folder that is made private to the user."""
    if not hasattr(os, "getuid"):
        raise StorageError("this system has no private sockets", hint="ask without a resident process")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 — checked by socket_path
    sockets = runtime / f"askbrief-{os.getuid()}"
    try:
        sockets.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        hint = "set XDG_RUNTIME_DIR"
        raise StorageError(f"{sockets} can't be made: {error.strerror}", hint=hint) from error
    path = handover.socket_path(str(index))
    if path is None:
        if not index.is_dir():
            raise IndexMissing(f"there is no index in {index}", hint="run `askbrief index`")
        mode = stat.filemode(sockets.lstat().st_mode)
        raise StorageError(f"{sockets} ({mode}) isn't private to you", hint="set XDG_RUNTIME_DIR")
    return Path(path)


@dataclass(frozen=True, slots=True)
class _Request:
    """A command line with the folder, the environment and the streams that it is run in."""

    folder: str
    given: list[str]
    environment: dict[str, str]
    streams: tuple[int, ...]


class _Resident:
    """Runs the requests that come to a socket, until none has come for ``idle`` seconds, the index folder is
    gone, or Ctrl-C."""

    def __init__(self, listener: socket.socket, path: Path, index: Path, idle: float) -> None:
        self._listener = listener
        self._path = path
        self._index = index
        self._idle = idle
        self._running = threading.Lock()
        """Held while a request is run that its client may give up."""
        self._given_up = False

    def serve(self) -> None:
        """Run requests."""
        before = {each: signal.signal(each, _interrupt) for each in ENDING}
        self._listener.settimeout(min(FOLLOWED, self._idle))
        last = time.monotonic()
        try:
            terminal.note(f"ready: commands for {self._index} are answered from memory; Ctrl-C ends this")
            while time.monotonic() - last < self._idle and self._is_found():
                with contextlib.suppress(TimeoutError, ConnectionError):
                    connection, _ = self._listener.accept()
                    last = time.monotonic()
                    with connection:
                        self._answer(connection)
        except KeyboardInterrupt:
            pass
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _is_found(self) -> bool:
        return handover.socket_path(str(self._index)) == str(self._path)

    def _answer(self, connection: socket.socket) -> None:
        request = _received(connection)
        try:
            code = None if request is None else self._run(request, connection)
        except KeyboardInterrupt:
            if not self._given_up:
                raise
            code = None
        connection.sendall(handover.DECLINED if code is None else handover.DONE + bytes([code]))

    def _run(self, request: _Request, connection: socket.socket) -> int | None:
        """The exit code of a request; None if it is declined."""
        self._given_up = False
        watch = threading.Thread(target=self._watch, args=(connection,), daemon=True)
        watch.start()
        try:
            with _as_client(request), self._running:
                return main(request.given, streams.prepare, hand_over=False)
        except handover.Declined:
            return None
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)  # ends the watch
            watch.join()

    def _watch(self, connection: socket.socket) -> None:
        """Interrupt the request that is run if its client is gone."""
        with contextlib.suppress(OSError):
            connection.recv(1)
        if self._running.locked():
            self._given_up = True
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _interrupt(*_: object) -> None:
    """End the request that is run, and this process if there is none."""
    raise KeyboardInterrupt


def _received(connection: socket.socket) -> _Request | None:
    """A request; None if it is of another user or another version of askbrief."""
    if hasattr(socket, "SO_PEERCRED"):
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        if int.from_bytes(credentials[4:8], sys.byteorder) != os.getuid():
            return None
    connection.settimeout(FOLLOWED)
    data, descriptors, _, _ = socket.recv_fds(connection, FIRST, 3)
    length = int.from_bytes(data[: handover.LENGTH], "big")
    body = bytearray(data[handover.LENGTH :])
    while len(body) < min(length, handover.LONGEST) and (more := connection.recv(length - len(body))):
        body += more
    connection.settimeout(None)
    version, file, where, count, *rest = (os.fsdecode(part) for part in bytes(body).split(b"\0"))
    if (version, file) != (__version__, handover.__file__) or len(descriptors) != 3:
        for each in descriptors:
            os.close(each)
        return None
    environment = dict(pair.split("=", 1) for pair in rest[int(count) :])
    return _Request(where, rest[: int(count)], environment, tuple(descriptors))


@contextlib.contextmanager
def _as_client(request: _Request) -> Iterator[None]:
    """Have the streams, the folder and the environment of a request, and give back our own."""
    own = [os.dup(number) for number in range(3)]
    own_streams, own_environment = (sys.stdin, sys.stdout, sys.stderr), dict(os.environ)
    own_folder = Path.cwd()
    try:
        for number, each in enumerate(request.streams):
            os.dup2(each, number)
            os.close(each)
        sys.stdin, sys.stdout = _stream(0, "r"), _stream(1, "w")
        sys.stderr = _stream(2, "w", "backslashreplace")
        _set_environment(request.environment)
        os.chdir(request.folder)
        yield
    finally:
        streams.drop()
        for number, each in enumerate(own):
            os.dup2(each, number)
            os.close(each)
        sys.stdin, sys.stdout, sys.stderr = own_streams
        _set_environment(own_environment)
        os.chdir(own_folder)


def _stream(number: int, mode: str, errors: str = "strict") -> io.TextIOWrapper:
    """A stream as Python makes it at its start."""
    by_line = mode == "w" and (number == 2 or os.isatty(number))
    raw = open(number, f"{mode}b", closefd=False)  # noqa: SIM115 — not ours to close
    return io.TextIOWrapper(raw, errors=errors, line_buffering=by_line)


def _set_environment(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
