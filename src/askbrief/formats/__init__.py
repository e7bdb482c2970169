"""Formats: files found and read into documents; one small module per format, listed in ``registry``.

What every format owes: the document's text is what citations are checked against, and its paragraphs lie in
the text in order, without overlap and without whitespace around them.
"""

from __future__ import annotations

from askbrief.formats.collections.collection_limits import CollectionLimits
from askbrief.formats.collections.inside import items_inside
from askbrief.formats.collections.items import OTHER_FORMATS, CollectionItem, DocumentRef, LeftOut
from askbrief.formats.collections.unpack import is_collection, is_collection_file
from askbrief.formats.discover import STDIN, STDIN_PATH, FoundFile, Skipped, expand, find
from askbrief.formats.mojibake import garbled
from askbrief.formats.other_formats import passed_over
from askbrief.formats.reading import (
    read,
    read_all,
    read_collection,
    read_one,
    read_stdin,
)
from askbrief.formats.record_fields import USUAL, Fields
from askbrief.formats.registry import FORMATS, draft_blocks, parse, parse_all

__all__ = [
    "FORMATS", "OTHER_FORMATS", "STDIN", "STDIN_PATH", "USUAL", "CollectionItem", "CollectionLimits",
    "DocumentRef", "Fields", "FoundFile", "LeftOut", "Skipped", "draft_blocks", "expand", "find", "garbled",
    "is_collection", "is_collection_file", "items_inside", "parse", "parse_all", "passed_over", "read",
    "read_all", "read_collection", "read_one", "read_stdin",
]  # fmt: skip
