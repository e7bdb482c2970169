"""Sources: bytes in, Document out; one small file a format.

A new format is a new file with a ``read(data, source)`` and a line in ``READERS``; ``find`` picks its
suffix up from there. What every format owes: the document's text is what citations are checked against,
and its paragraphs lie in it in order, without overlap and without surrounding whitespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from askbrief.errors import SourceError
from askbrief.sources import docx, epub, html, mail, markdown, odt, pdf, rtf, text
from askbrief.sources.find import Found, Skipped, walk
from askbrief.types import Document

__all__ = ["READERS", "Found", "Skipped", "find", "read"]

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


def read(path: Path, source: str) -> Document:
    """The document in the file at ``path``, known from now on as ``source``.

    Raises:
        SourceError: the file can't be read or decoded, or holds no prose.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{source} is gone: it was there a moment ago; index again") from error
    except PermissionError as error:
        raise SourceError(f"{source} can't be read: permission denied; allow it, or skip it") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{source} can't be read: {why}; check the file and its disk") from error
    return READERS.get(path.suffix.lower(), text.read)(data, source)


def find(paths: Sequence[Path]) -> Iterator[Found | Skipped]:
    """Every file to read under the files and folders given, in order, each once.

    A file is taken as given; a folder is walked for the suffixes in ``READERS``, without its hidden
    files and folders. What can't be looked into is yielded as ``Skipped`` and does not stop the rest.

    Raises:
        SourceError: at once, if one of ``paths`` does not exist.
    """
    return walk(paths, frozenset(READERS))
