"""The URIs of documents and of places in them: ``askbrief://document/ID#char=START,END`` (RFC 5147)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from askbrief.errors import OptionError
from askbrief.types import Extent

WHOLE = "askbrief://document/{id}"
PART = "askbrief://document/{id}#char={start},{end}"
"""Templates (RFC 6570)."""

_URI = re.compile(r"askbrief://document/([^/?#]{1,600})(?:#char=(\d{1,12}),(\d{1,12}))?", re.ASCII)


class DocumentPlace(NamedTuple):
    """A document by its id, and the characters of its text that are meant: all of them if None."""

    id: str
    extent: Extent | None


def document_uri(id_: str, extent: Extent | None = None) -> str:
    """The URI of a document, or of characters of its text."""
    named = quote(id_, safe="")
    return WHOLE.format(id=named) if extent is None else PART.format(id=named, start=extent[0], end=extent[1])


def place(uri: str) -> DocumentPlace:
    """What a URI names. Raises OptionError for one of another form."""
    found = _URI.fullmatch(uri)
    if found is None:
        raise OptionError("that is no document's address", hint=f"give one as {PART}")
    id_, start, end = found.groups()
    return DocumentPlace(unquote(id_), None if start is None else (int(start), int(end)))
