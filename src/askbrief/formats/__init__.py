"""Sources: bytes in, Document out; one small file a format.

A new format is a new file with a ``read(data, source)`` and a line in ``READERS``; ``find`` picks its
suffix up from there. What every format owes: the document's text is what citations are checked against,
and its paragraphs lie in it in order, without overlap and without surrounding whitespace.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from askbrief.errors import SourceError
from askbrief.formats import collections as containers
from askbrief.formats import docx, epub, html, mail, markdown, odt, rtf, text
from askbrief.formats import sandbox as isolated
from askbrief.formats.collections import Bad, Member, Unpacking
from askbrief.formats.collections.limits import LIMITS, Budget, Limits
from askbrief.formats.discover import PIPED, STDIN, Found, Skipped, expanded, walk
from askbrief.formats.mojibake import garbled
from askbrief.formats.pdf import reader as pdf
from askbrief.formats.record_fields import USUAL, Fields
from askbrief.formats.stdin import piped
from askbrief.types import Document

__all__ = [
    "PIPED", "READERS", "STDIN", "USUAL", "Bad", "Fields", "Found", "Limits", "Member", "Skipped", "expanded",
    "find", "from_stdin", "garbled", "holds_many", "members", "one_of", "parse", "read",
]  # fmt: skip

READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".txt": text.read,
    ".text": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".odt": odt.read,
    ".epub": epub.read,
    ".rtf": rtf.read,
    ".eml": mail.read,
}
"""Suffix, in lower case, to what reads it. A named file of any other suffix is read as plain text."""

TRUSTED = frozenset({text.read, markdown.read})
"""What is read in this process."""


def read(path: Path, source: str) -> Document:
    """The document in the file at ``path``, known from now on as ``source``.

    Raises:
        SourceError: the file can't be read or decoded, or holds no prose.
    """
    with _told(source):
        data = path.read_bytes()
    return parse(data, path.suffix.lower(), source)


def parse(data: bytes, suffix: str, source: str) -> Document:
    """The document in some bytes, of the format that ``suffix`` tells; plain text where it tells none.

    Formats whose readers are much code, most of it not ours, are read in another process.

    Raises:
        SourceError: they can't be decoded, hold no prose, or their reader can't be done with them.
    """
    reader = READERS.get(suffix, text.read)
    if reader in TRUSTED:
        return reader(data, source)
    return isolated.PROCESS.read(data, suffix, source)


def holds_many(path: Path) -> bool:
    """Whether the file at ``path`` is, by its name, one that holds many documents."""
    return containers.is_container(path.name, READERS)


def members(
    path: Path,
    source: str,
    fields: Fields = USUAL,
    limits: Limits = LIMITS,
) -> Iterator[Member | Bad]:
    """The documents in the file at ``path``, each to be read before the next is asked for.

    Raises:
        SourceError: the file can't be read, is damaged, or passes a limit; what was given before stands.
    """
    with _told(source):
        stream, size = path.open("rb"), path.stat().st_size
    with stream:
        unpacking = Unpacking(fields, parse, READERS, Budget(source, size, limits))
        yield from unpacking.members(stream, source)


def one_of(path: Path, part: str, source: str, fields: Fields = USUAL) -> Document:
    """One document of the file at ``path``, known as ``source``.

    Raises:
        SourceError: as ``members`` and ``parse``, or it is not there.
    """
    for member in members(path, source.removesuffix(f"#{part}"), fields):
        if isinstance(member, Member) and part in (member.part, member.other):
            return member.read(source)
    raise SourceError(f"{source} is not in its file any more")


def from_stdin(fields: Fields = USUAL, limits: Limits = LIMITS) -> Iterator[Member | Bad]:
    """The documents in standard input: one text, or records where it looks like JSON.

    Raises:
        SourceError: it is empty, or its JSON breaks off; what was given before stands.
    """
    budget = Budget(STDIN, sys.maxsize, limits)
    return piped(budget.stream(sys.stdin.buffer), Unpacking(fields, parse, READERS, budget))


@contextmanager
def _told(source: str) -> Iterator[None]:
    """What the system says of a file, in our words."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(f"{source} is gone: it was there a moment ago; index again") from error
    except PermissionError as error:
        raise SourceError(f"{source} can't be read: permission denied; allow it, or skip it") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{source} can't be read: {why}; check the file and its disk") from error


def find(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Iterator[Found | Skipped]:
    """Every file to read under the files, folders and patterns given, in order, each once; ``PIPED`` stands
    for standard input.

    A file is taken as given; a folder is walked for the suffixes in ``READERS`` and for containers, without
    its hidden files and folders. What can't be looked into is yielded as ``Skipped`` and does not stop the
    rest; what a pattern of ``exclude`` or an ``.askbriefignore`` leaves out is, too, as ``meant``.

    Raises:
        SourceError: at once, if one of ``paths`` does not exist, or a pattern can't be read.
    """
    return walk(paths, lambda path: path.suffix.lower() in READERS or holds_many(path), exclude)
