"""Files to documents: a file that is one, or a collection of many."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from askbrief.errors import SourceError
from askbrief.formats.collections.collection_limits import LIMITS, Budget, CollectionLimits
from askbrief.formats.collections.inside import documents_in, items_inside
from askbrief.formats.collections.items import CollectionItem, DocumentRef
from askbrief.formats.collections.unpack import is_collection_file, unpack
from askbrief.formats.discover import STDIN
from askbrief.formats.format import Contents
from askbrief.formats.record_fields import USUAL, Fields
from askbrief.formats.registry import parse_all
from askbrief.formats.xml_kinds import HEAD, SUFFIXES, holds_items, is_xml
from askbrief.types import Document

_LINES = re.compile(rb'\s*\{[ \t]*"')
_ARRAY = re.compile(rb'\s*(?:\[\s*)?\{\s*"')


def read(path: Path, source: str) -> Document:
    """The document in the file at ``path``, to be known as ``source``.

    Raises:
        SourceError: the file can't be read or decoded, or holds no prose.
    """
    return read_all(path, source).document


def read_all(path: Path, source: str) -> Contents:
    """The document in the file at ``path`` and those inside it, in one reading.

    Raises:
        SourceError: as ``read``.
    """
    with _naming(source):
        data = path.read_bytes()
    return parse_all(data, path.suffix.lower(), source)


def read_collection(
    path: Path, source: str, fields: Fields = USUAL, limits: CollectionLimits = LIMITS
) -> Iterator[CollectionItem]:
    """The documents in the collection at ``path``, each to be read before the next is taken.

    Raises:
        SourceError: the file can't be read, is damaged, or exceeds a limit; what was yielded before is valid.
    """
    with _naming(source):
        stream, size = path.open("rb"), path.stat().st_size
    with stream:
        yield from unpack(stream, source, fields, Budget(source, size, limits))


def read_one(path: Path, part: str, source: str, fields: Fields = USUAL) -> Document:
    """The document called ``part`` in the collection, or inside the document, at ``path``, known as
    ``source``.

    Raises:
        SourceError: as ``read_collection`` and ``read``, or the document is not there.
    """
    name = source.removesuffix(f"#{part}")
    many = is_collection_file(path)
    held = read_collection(path, name, fields) if many else items_inside(read_all(path, name))
    for each in held:
        if isinstance(each, DocumentRef) and part in (each.part, each.other):
            return each.read(source)
    raise SourceError(f"{source} is no longer in its file", hint="index again")


def read_stdin(fields: Fields = USUAL, limits: CollectionLimits = LIMITS) -> Iterator[CollectionItem]:
    """The documents in standard input: one text, or records if it looks like JSON. Those without a name are
    named by the digest of their text, so that the next input doesn't replace them.

    Raises:
        SourceError: it is empty, too large for one text, or its JSON breaks off; what was yielded before is
            valid.
    """
    budget = Budget(STDIN, sys.maxsize, limits)
    stream = budget.stream(sys.stdin.buffer)
    head = stream.peek(64)
    suffix = ".jsonl" if _LINES.match(head) else ".json" if _ARRAY.match(head) else ""
    if not suffix and holds_items(stream.peek(HEAD)):
        suffix = SUFFIXES[0]
    if not suffix:
        data = budget.read(stream)
        name = sha256(data).hexdigest()[:12]
        suffix = SUFFIXES[0] if is_xml(data) else ".txt"
        yield from documents_in(data, suffix, (name, name, True))
        return
    for each in unpack(stream, f"{STDIN}{suffix}", fields, budget):
        yield _named_by_text(each) if isinstance(each, DocumentRef) and not each.named else each


def _named_by_text(ref: DocumentRef) -> DocumentRef:
    try:
        name = ref.read(STDIN).sha256[:12]
    except SourceError:  # reported when it is read
        return ref
    return replace(ref, part=name, other=f"{name}~{ref.part}")


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Turn errors of the operating system into errors that name the file and a remedy."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(f"{source} has disappeared since it was found", hint="index again") from error
    except PermissionError as error:
        raise SourceError(
            f"{source} can't be read: permission denied", hint="allow it, or exclude the file"
        ) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{source} can't be read: {why}", hint="check the file and its disk") from error
