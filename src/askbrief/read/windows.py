"""Question and text to the token windows that a reading model sees, with each token's place in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

_BLANK = re.compile(r"\s")

LONGEST_QUESTION = 64
"""Tokens of a question that are read."""


@dataclass(frozen=True, slots=True)
class Window:
    """One input of a reading model: a question and a part of text number ``text``.

    ``ids`` and ``types`` are the model's inputs [tokens]. The text's own tokens are
    ``ids[first : first + len(offsets)]``; ``offsets`` [own tokens, 2] are their characters in the text,
    without blanks before them, and ``opens`` and ``closes`` [own tokens] tell where a word begins and ends.
    """

    text: int
    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    first: int
    offsets: NDArray[np.int64]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def windows(
    tokenizer: Tokenizer, question: str, texts: Sequence[str], length: int, overlap: int
) -> list[Window]:
    """The windows of every text, of at most ``length`` tokens; neighbours share ``overlap`` tokens.

    Of a text without tokens there is none.
    """
    tokenizer.no_padding()
    tokenizer.no_truncation()
    asked = tokenizer.encode(question, add_special_tokens=False)
    if len(asked) > LONGEST_QUESTION:
        question = question[: asked.offsets[LONGEST_QUESTION - 1][1]]
    tokenizer.enable_truncation(length, stride=overlap, strategy="only_second")
    encodings = tokenizer.encode_batch([(question, text) for text in texts])
    return [
        window
        for number, encoding in enumerate(encodings)
        for part in (encoding, *encoding.overflowing)
        if (window := _window(number, texts[number], part)) is not None
    ]


def _window(number: int, text: str, encoding: Encoding) -> Window | None:
    import numpy as np

    places = [place for place, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    if not places:
        return None
    first, last = places[0], places[-1]
    offsets = np.array(encoding.offsets[first : last + 1], dtype=np.int64)
    blanks = [blank.start() for blank in _BLANK.finditer(text)]
    for place in np.flatnonzero(np.isin(offsets[:, 0], blanks)):  # some tokenizers count them to the token
        offsets[place, 0] += _blanks(text, *offsets[place])
    words = np.array(encoding.word_ids[first : last + 1], dtype=np.int64)
    seen = np.flatnonzero(offsets[:, 0] < offsets[:, 1])  # a blank neither begins nor ends a word
    changes = words[seen][1:] != words[seen][:-1]
    opens, closes = np.zeros((2, len(words)), dtype=np.bool_)
    opens[seen] = np.concatenate([[True], changes])[: len(seen)]
    closes[seen] = np.concatenate([changes, [True]])[: len(seen)]
    return Window(
        number,
        np.array(encoding.ids, dtype=np.int64),
        np.array(encoding.type_ids, dtype=np.int64),
        first,
        offsets,
        opens,
        closes,
    )


def _blanks(text: str, start: int, end: int) -> int:
    """How many characters of a token are blanks before it."""
    return end - start - len(text[start:end].lstrip())
