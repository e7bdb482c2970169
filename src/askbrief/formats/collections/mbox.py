"""Mailboxes: the messages of a file, each begun by a line with “From ”."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from askbrief.formats.collections.document_ref import Bad, Container, Member, part

MESSAGE = ".eml"
"""What reads a message by itself."""


def messages(container: Container) -> Iterator[Member | Bad]:
    """A document a message, known by its number."""
    for number, data in enumerate(_messages(container), 1):
        container.budget.entry()
        if data is None:
            yield Bad(*part(number, number), f"message {number}: {container.budget.too_large()}")
        else:
            yield Member(*part(number, number), partial(container.parse, data, MESSAGE))


def _messages(container: Container) -> Iterator[bytes | None]:
    """The bytes of each message, without the line that begins it; None for one that is too large."""
    most = container.budget.limits.member
    parts: list[bytes] = []
    size, begun, blank = 0, False, True
    while line := container.stream.readline(most):
        if blank and line.startswith(b"From "):
            if begun:
                yield b"".join(parts) if size <= most else None
            parts, size, begun = [], 0, True
        elif begun:
            size += len(line)
            if size <= most:
                parts.append(line[1:] if line.startswith(b">From ") else line)
        blank = not line.strip()
    if begun:
        yield b"".join(parts) if size <= most else None
