"""Containers: files that hold many documents, read as streams, each document as it comes.

*Collections* (JSON, CSV, mailboxes, WARC) give documents; *archives* (ZIP, tar) give files, which are
collections, archives or documents again. Nothing is ever written to disk, and a path that leads out of an
archive is a name and nothing else. What is taken of a container is bounded by ``Limits``.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from askbrief.errors import SourceError
from askbrief.formats.collections import archives, objects, tables
from askbrief.formats.collections import mbox as mail
from askbrief.formats.collections import warc as web
from askbrief.formats.collections.archives import Entry
from askbrief.formats.collections.document_ref import Bad, Container, Member, Parse, part
from askbrief.formats.collections.limits import Budget
from askbrief.formats.record_fields import Fields

__all__ = ["Bad", "Member", "Unpacking", "is_container"]

COLLECTIONS: dict[str, Callable[[Container], Iterator[Member | Bad]]] = {
    ".jsonl": objects.by_line,
    ".ndjson": objects.by_line,
    ".json": objects.in_array,
    ".csv": tables.rows,
    ".tsv": tables.rows,
    ".mbox": mail.messages,
    ".warc": web.pages,
}
ARCHIVES: dict[str, Callable[[IO[bytes], Budget], Iterator[Entry]]] = {
    ".zip": archives.zipped,
    ".tar": archives.tarred,
}
UNSEEN = "__MACOSX"
"""A folder that one system puts into its archives; no document is in it."""


def expanded(name: str) -> str:
    """The name of what a file that is compressed holds; any other name as it is."""
    lower = name.lower()
    return name[:-2] + "ar" if lower.endswith(".tgz") else name[:-3] if lower.endswith(".gz") else name


def suffix(name: str) -> str:
    """The suffix that tells what a file is, in lower case, that of compression left out."""
    return PurePosixPath(expanded(name)).suffix.lower()


def is_container(name: str, readable: Collection[str]) -> bool:
    """Whether a file of this name holds documents, be it one that is compressed; ``readable`` are the
    suffixes of documents."""
    told = suffix(name)
    return told in COLLECTIONS or told in ARCHIVES or (expanded(name) != name and told in readable)


@dataclass(frozen=True, slots=True)
class Unpacking:
    """How a container is taken apart: ``fields`` of its records, what parses a document, which suffixes it
    knows, and what is left of the limits."""

    fields: Fields
    parse: Parse
    readable: Collection[str]
    budget: Budget

    def members(self, stream: IO[bytes], name: str, depth: int = 1) -> Iterator[Member | Bad]:
        """The documents in a stream, which ``is_container`` by its name, in order.

        Raises:
            SourceError: it is damaged, or passes a limit; what was given before that stands.
        """
        try:
            yield from self._members(stream, name, depth)
        except SourceError:
            raise
        except Exception as error:  # whatever the libraries make of a file that was meant to harm, or is cut
            told = " ".join(str(error).split()) or type(error).__name__
            raise SourceError(f"{name} is damaged ({told}): what was read of it before is kept") from error

    def _members(self, stream: IO[bytes], name: str, depth: int) -> Iterator[Member | Bad]:
        if expanded(name) != name:
            stream, name = self.budget.stream(gzip.GzipFile(fileobj=stream)), expanded(name)
        told = suffix(name)
        if told in COLLECTIONS:
            buffered = stream if isinstance(stream, io.BufferedReader) else self.budget.stream(stream)
            yield from COLLECTIONS[told](Container(buffered, name, self.fields, self.budget, self.parse))
        elif told in ARCHIVES:
            for number, entry in enumerate(ARCHIVES[told](stream, self.budget), 1):
                yield from self._entry(entry, number, depth)
        else:
            inner = PurePosixPath(name).name
            yield from self._entry(Entry(inner, 0, lambda: stream), 1, depth)

    def _entry(self, entry: Entry, number: int, depth: int) -> Iterator[Member | Bad]:
        """The documents of a file in an archive; none where the walk over a folder would leave it out."""
        own, other, named = part(entry.name, number)
        hidden = any((p.startswith(".") and p.strip(".")) or p == UNSEEN for p in entry.name.split("/"))
        try:
            if hidden:
                return
            if is_container(entry.name, self.readable):
                self._require_depth(depth)
                for each in self.members(entry.open(), entry.name, depth + 1):
                    yield replace(each, part=f"{own}#{each.part}", other=f"{other}#{each.other}")
            elif suffix(entry.name) in self.readable:
                if entry.size > self.budget.limits.member:
                    raise SourceError(self.budget.too_large())  # noqa: TRY301
                data = self.budget.whole(entry.open())
                yield Member(own, other, named, partial(self.parse, data, suffix(entry.name)))
        except SourceError as error:
            yield Bad(own, other, named, str(error))
        self.budget.require()

    def _require_depth(self, depth: int) -> None:
        if depth >= self.budget.limits.depth:
            raise SourceError(f"it is an archive in {depth} others: unpack them, and index what comes out")
