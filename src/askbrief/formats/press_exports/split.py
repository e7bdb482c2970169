"""The articles of an export, by the line that begins or ends each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from askbrief.formats.document import BLANK, Block, cleaned
from askbrief.formats.press_exports import article
from askbrief.formats.press_exports.field_labels import BEGINS, ENDS, label
from askbrief.types import Document, Extent

_MENTION = re.compile(rb"document", re.IGNORECASE)
_BEGINS, _ENDS = (re.compile(rf"^[ \t]*(?:{form})[ \t]*\r?$", re.MULTILINE) for form in (BEGINS, ENDS))


def may_be_export(data: bytes) -> bool:
    """Whether a text may be an export, by its bytes: it speaks of a document."""
    return _MENTION.search(data.replace(b"\0", b"")) is not None


def documents(text: str, source: str) -> list[Document]:
    """The articles in the text of an export, the first under the name of the file; none if it isn't one.

    Raises:
        SourceError: an article holds no letter and no digit.
    """
    found = _articles(text)
    names = (f"{source}#{number}" if number else source for number in range(len(found)))
    return [
        article.read(text[start:end].strip(BLANK), name)
        for (start, end), name in zip(found, names, strict=True)
    ]


def documents_of(blocks: Iterable[Block], source: str) -> list[Document]:
    """As ``documents``, of the text of an office file.

    Raises:
        SourceError: as ``documents``.
    """
    return documents("\n\n".join(filter(None, (cleaned(block.text) for block in blocks))), source)


def _articles(text: str) -> list[Extent]:
    """The extent of each article; what is before the first belongs to it, and what is after the last too."""
    ends = [found.end() for found in _ENDS.finditer(text)]
    if len(ends) > 1 or (ends and any(label(line.strip(BLANK)) for line in text.splitlines())):
        return list(pairwise([0, *ends[:-1], len(text)]))
    begins = [*_BEGINS.finditer(text)]
    if len(begins) > 1 and len({found["all"] or found["of"] for found in begins}) == 1:
        return list(pairwise([0, *(found.start() for found in begins[1:]), len(text)]))
    return []
