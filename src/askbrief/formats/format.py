"""What a format declares: its suffixes and media types, how to recognise it, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askbrief.types import Document


@dataclass(frozen=True, slots=True)
class Format:
    """A format of documents; its module declares it as ``FORMAT``, and ``registry`` lists it.

    ``read(data, source)`` returns the document or raises SourceError. ``suffixes`` and ``media_types`` are in
    lower case. ``recognise`` decides for content of which nobody states the type. ``text``: the content is
    text, in an encoding that a server may name. ``trusted``: read in this process instead of the sandbox.
    ``inside`` returns the further documents in a file, and what its parts are that were left out.
    """

    read: Callable[[bytes, str], Document]
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    recognise: Callable[[bytes], bool] = lambda data: False
    text: bool = False
    trusted: bool = False
    inside: Callable[[bytes, str], tuple[list[Document], list[str]]] | None = None
