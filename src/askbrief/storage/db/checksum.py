"""The checksum that protects a passage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from askbrief.types import Sentence


def of(document: Sequence[object], passage: Sequence[object], sentences: Iterable[Sentence]) -> bytes:
    """Digest of everything that a citation shows of a passage: what was altered on disk must never be
    cited."""
    cited = json.dumps([document, passage, [astuple(sentence) for sentence in sentences]])
    return hashlib.blake2b(cited.encode(), digest_size=16).digest()
