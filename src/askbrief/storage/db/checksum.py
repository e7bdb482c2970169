"""The checksum that protects a passage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from askbrief.types import Sentence


def of(
    columns: Sequence[object], pages: str | None, passage: Sequence[object], sentences: Iterable[Sentence]
) -> bytes:
    """Digest of everything that a citation shows of a passage (start, end, text) and of its document, given
    the columns ``CITED``: what was altered on disk must never be cited. A document without what later formats
    added has the checksum of the first."""
    *before, url, language = columns
    document = (*columns, pages) if url or language or pages else before
    cited = json.dumps([document, passage, [astuple(sentence) for sentence in sentences]])
    return hashlib.blake2b(cited.encode(), digest_size=16).digest()
