"""What the database stores of a passage as bytes: its vector, where its sentences are, and its checksum."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from operator import attrgetter, length_hint
from typing import TYPE_CHECKING, Any

from askbrief.types import Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

STEP_BYTES = 4
"""The size of their step precedes the numbers of a stored vector."""

APART, ELSEWHERE, NAMED = 1, 2, 4
"""How a sentence may differ from one that follows the last in its paragraph, behind a blank, and that
nobody speaks."""

MOST_BITS = 63
"""Bits of a number that is read."""

LENGTH_SHIFT = 3
"""Bits of those marks; the length of the sentence is in one number with them."""


def packed_vector(vector: Vectors) -> bytes:
    """A vector as it is stored, a number in eight bits, behind the size of their step in 32: 388 bytes for
    MiniLM. No cosine moves by more than 3e-3, and half of them by less than 3e-4."""
    import numpy as np

    step = max(float(np.abs(vector).max()), 1e-9) / 127
    return struct.pack("<f", step) + np.round(vector / step).astype(np.int8).tobytes()


def vectors(blobs: Sequence[bytes]) -> Vectors:
    """Stored vectors as float32, one row a blob. Raises ValueError if they are not of one length."""
    import numpy as np

    rows = np.frombuffer(b"".join(blobs), dtype=np.int8).reshape(len(blobs), -1)
    if rows.shape[1] <= STEP_BYTES or any(len(blob) != rows.shape[1] for blob in blobs):
        raise ValueError("vectors of more than one length")
    steps = np.ascontiguousarray(rows[:, :STEP_BYTES]).view("<f4")
    return np.asarray(rows[:, STEP_BYTES:] * steps, dtype=np.float32)


def in_eight_bits(blob: bytes) -> bytes:
    """A vector stored in half precision, as the first format did, in today's form; called by a migration."""
    import numpy as np

    return packed_vector(np.frombuffer(blob, dtype="<f2").astype(np.float32))


def packed_sentences(sentences: Iterable[Sentence]) -> bytes:
    """Sentences in their order, mostly two bytes each: its length and, if it differs from what the one
    before lets expect, in what. Numbers go as in Protocol Buffers, seven bits a byte, the low ones first."""
    into = bytearray()
    names: dict[str, int] = {}
    end, paragraph, number = -1, 1, 0
    for s in sentences:
        apart = s.start != end + 1
        elsewhere = (s.paragraph, s.number) != (paragraph, number + 1)
        marks = apart * APART | elsewhere * ELSEWHERE | (s.speaker is not None) * NAMED
        _put(into, s.end - s.start << LENGTH_SHIFT | marks)
        if apart:
            _put(into, s.start - end)
        if elsewhere:
            _put(into, s.paragraph - paragraph)
            _put(into, s.number)
        if s.speaker is not None:
            _put_name(into, s.speaker, names)
        end, paragraph, number = s.end, s.paragraph, s.number
    return bytes(into)


def _put_name(into: bytearray, name: str, names: dict[str, int]) -> None:
    """The number of a name among those so far; behind a new one, the name itself."""
    new = name not in names
    _put(into, names.setdefault(name, len(names)))
    if new:
        spelt = name.encode()
        _put(into, len(spelt))
        into += spelt


def _put(into: bytearray, value: int) -> None:
    while value > 0x7F:
        into.append(value & 0x7F | 0x80)
        value >>= 7
    into.append(value)


def sentences(blob: bytes) -> tuple[Sentence, ...]:
    """The sentences that were stored. Raises ValueError or TypeError for what is none."""
    left = iter(blob)
    names: list[str] = []
    found: list[Sentence] = []
    end, paragraph, number = -1, 1, 0
    while length_hint(left):
        head = _number(left)
        start = end + (_number(left) if head & APART else 1)
        paragraph, number = (
            (paragraph + _number(left), _number(left)) if head & ELSEWHERE else (paragraph, number + 1)
        )
        end = start + (head >> LENGTH_SHIFT)
        speaker = _name(left, names) if head & NAMED else None
        found.append(Sentence(start, end, paragraph, number, speaker))
    return tuple(found)


def _number(left: Iterator[int]) -> int:
    value = 0
    for shift, byte in zip(range(0, MOST_BITS, 7), left, strict=False):
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
    raise ValueError("bytes of sentences that hold no number")


def _name(left: Iterator[int], names: list[str]) -> str:
    which = _number(left)
    if which == len(names):
        size = _number(left)
        spelt = bytes(islice(left, size))
        if len(spelt) == size:
            names.append(spelt.decode())
    if which >= len(names):
        raise ValueError("bytes of sentences that name nobody")
    return names[which]


_fields = attrgetter(*(each.name for each in fields(Sentence)))
"""What ``astuple`` gives of a sentence, in a tenth of the time: each question checks hundreds of them."""


def checksum(
    columns: Sequence[object], pages: str | None, passage: Sequence[object], sentences: Iterable[Sentence]
) -> bytes:
    """Digest of everything that a citation shows of a passage (start, end, text) and of its document (the
    columns ``CITED``, and ``pages``, where its pages or the cues of a recording begin): what was altered on
    disk must never be cited. A document without what later formats added has the checksum of the first; what
    told its date counts only if it is shown."""
    *before, url, language, dated = columns
    document = (*before, url, language, pages) if url or language or pages else tuple(before)
    document += (dated,) if dated == "capture" else ()
    cited = json.dumps([document, passage, [_fields(sentence) for sentence in sentences]])
    return hashlib.blake2b(cited.encode(), digest_size=16).digest()


class PackedSentences:
    """An aggregate for SQLite over (start, end, paragraph, number, speaker): the rows of a passage, in their
    order, as ``packed_sentences``. Older formats kept a row a sentence."""

    def __init__(self) -> None:
        self._rows: list[Sentence] = []

    def step(self, *row: Any) -> None:
        """Take in a row."""
        self._rows.append(Sentence(*row))

    def finalize(self) -> Any:
        """What they come to."""
        return packed_sentences(self._rows)
