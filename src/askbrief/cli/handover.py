"""Commands that read are handed to a resident process, if the user keeps one for the index (``resident``).

It shares this process's streams, folder and environment, and runs the same command, so nothing but the time
differs. If it can't be reached, is of another version or declines, the command is run here. Little is
imported: that time is what this saves.
"""

from __future__ import annotations

import os
import stat
import sys

from askbrief._version import __version__

TYPE_CHECKING = False  # as in ``interrupts``
if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

COMMANDS = frozenset(("ask", "search", "quotes", "speakers", "check", "verify", "show"))
"""What may be handed over: they write nothing into an index."""
DONE, DECLINED = b"=", b"-"
"""How a reply begins; an exit code in one byte follows the first."""
LENGTH = 4
"""Bytes that state how long a request is."""
LONGEST = 16_000_000
"""Bytes of a request: the command line and the environment."""


class Declined(BaseException):
    """A command that only the process can run that the user started, as a prompt; nothing was printed yet."""


def socket_path(index: str) -> str | None:
    """Where a resident process of this user would listen for an index folder; None if there can be none.

    The folder of the sockets is private. An index is known by its place on the disk, so other names of the
    folder lead to the same process, and a folder that was replaced to none.
    """
    if not hasattr(os, "getuid"):
        return None
    runtime = os.environ.get("XDG_RUNTIME_DIR") or "/tmp"  # noqa: S108 — the folder in it is checked
    folder = f"{runtime}/askbrief-{os.getuid()}"
    try:
        found, private = os.stat(index), os.lstat(folder)  # noqa: PTH116
    except OSError:
        return None
    if not stat.S_ISDIR(private.st_mode) or private.st_uid != os.getuid() or private.st_mode & 0o077:
        return None
    return f"{folder}/{found.st_dev:x}-{found.st_ino:x}"


def handed_over(given: Sequence[str], index: str) -> int | None:
    """The exit code of a command that the resident process of an index folder has run; None if none did."""
    if given[0] not in COMMANDS:
        return None
    path = socket_path(index)
    if path is None or not os.path.exists(path):  # noqa: PTH110
        return None
    import socket

    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        sys.stdout.flush()
        socket.send_fds(connection, [request(given)], [0, 1, 2])
    except (OSError, ValueError):
        return None
    return _reply(connection)


def request(given: Sequence[str]) -> bytes:
    """A request to run a command as this process would: its version, folder, arguments and environment."""
    parts = [__version__, __file__, os.getcwd(), str(len(given)), *given]  # noqa: PTH109
    parts += [f"{name}={value}" for name, value in os.environ.items()]
    body = b"\0".join(map(os.fsencode, parts))
    return len(body).to_bytes(LENGTH, "big") + body


def _reply(connection: socket) -> int | None:
    try:
        reply = connection.recv(2)
    finally:
        connection.close()  # also on Ctrl-C: the other side gives up then
    return reply[1] if len(reply) > 1 and reply[:1] == DONE else None
