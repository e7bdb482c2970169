"""What a format declares: its suffixes and media types, how to recognise it, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from askbrief.types import Document

if TYPE_CHECKING:
    from askbrief.formats.document import Block


class Contents(NamedTuple):
    """All that a file holds: its document, further documents ``inside`` it, such as the messages that a mail
    forwards, and what the parts are that were left out."""

    document: Document
    inside: Sequence[Document] = ()
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A format of documents; its module declares it as ``FORMAT``, and ``registry`` lists it.

    ``read(data, source)`` returns the document or raises SourceError. ``suffixes`` and ``media_types`` are in
    lower case. ``recognise`` decides for content of which nobody states the type. ``text``: the content is
    text, in an encoding that a server may name. ``trusted``: read in this process instead of the sandbox.
    ``read_all``, of a format whose files may hold further documents, returns these too. ``draft``, of a
    format in which drafts are written, returns all that the file shows, as blocks.
    """

    read: Callable[[bytes, str], Document]
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    recognise: Callable[[bytes], bool] = lambda data: False
    text: bool = False
    trusted: bool = False
    read_all: Callable[[bytes, str], Contents] | None = None
    draft: Callable[[bytes, str], Sequence[Block]] | None = None

    def contents(self, data: bytes, source: str) -> Contents:
        """All that a file holds, in one reading. Raises SourceError as ``read``."""
        return self.read_all(data, source) if self.read_all else Contents(self.read(data, source))
