"""Documents within a document: messages that a mail forwards or quotes, articles of an export."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from askbrief.errors import SourceError
from askbrief.formats.collections.items import CollectionItem, DocumentRef, LeftOut
from askbrief.formats.document import renamed
from askbrief.formats.registry import parse_inside


def documents_inside(data: bytes, suffix: str, before: str = "", other: str = "") -> Iterator[CollectionItem]:
    """The documents in the bytes of one besides itself, and what is left out of it; each is named by its
    number, after ``before``, or ``other`` if that name is taken. Nothing if the bytes can't be read: that is
    reported of the document itself."""
    try:
        documents, left_out = parse_inside(data, suffix, "it")
    except SourceError:
        return
    for number, document in enumerate(documents, 1):
        yield DocumentRef(f"{before}{number}", f"{other}{number}", True, partial(renamed, document))
    yield from (LeftOut("attachments of messages", what) for what in left_out)
