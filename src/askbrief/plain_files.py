"""Files of a folder that somebody else may have made: read if they are plain, made anew in no other's place.

A link would have another file read or written over in its place; a pipe would be waited for without end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)
READ, APPEND = os.O_RDONLY, os.O_WRONLY | os.O_APPEND | os.O_CREAT
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def kind_of_other(mode: int) -> str | None:
    """What something with this mode is, if it is neither a plain file nor a folder; None if it is."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return "a link" if stat.S_ISLNK(mode) else "a pipe, a socket or a device"


def descriptor(path: Path, flags: int) -> int:
    """A descriptor of the plain file at ``path``. Raises OSError, also for a link, a pipe or a device."""
    opened = os.open(path, flags | _SAFELY | _BINARY, 0o666)
    if stat.S_ISREG(os.fstat(opened).st_mode):
        return opened
    os.close(opened)
    raise OSError(errno.EINVAL, "it isn't a plain file", str(path))


def read(path: Path, most: int) -> bytes:
    """The bytes of a plain file. Raises OSError, also for one of more than ``most`` bytes."""
    with os.fdopen(descriptor(path, READ), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return data


def replace(path: Path, data: bytes, *, synced: bool = False) -> None:
    """Put a file with these bytes at ``path``, in the place of what is there, whatever that is; it is on the
    disk itself if ``synced``. Raises OSError."""
    path.unlink(missing_ok=True)
    with os.fdopen(descriptor(path, NEW), "wb") as file:
        file.write(data)
        if synced:
            file.flush()
            os.fsync(file.fileno())


def append(path: Path, data: bytes) -> None:
    """Put bytes at the end of a plain file, which is made if there is none, in one step: those of two
    processes don't mix. Raises OSError."""
    file = descriptor(path, APPEND)
    try:
        os.write(file, data)
    finally:
        os.close(file)
