"""Question and text to the windows of tokens that a reading model reads, with the offsets of the tokens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

_ALONE = threading.Lock()
"""Held while a tokenizer is set and used: one that another thread uses can't be set."""

LONGEST_QUESTION = 64
"""Most tokens of a question that are read."""


@dataclass(frozen=True, slots=True)
class Window:
    """One input of a reading model: a question and a part of text number ``text``.

    ``ids`` and ``types`` are the model's inputs [tokens]. The tokens of the text are
    ``ids[first : first + len(offsets)]``; ``offsets`` [tokens of the text, 2] are their extents in it,
    without leading white space, and ``opens`` and ``closes`` [tokens of the text] say whether a word begins
    or ends.
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

    A text without tokens has no window.
    """
    with _ALONE:
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


def token_count(tokenizer: Tokenizer, word: str) -> int:
    """How many tokens a word is."""
    with _ALONE:
        return len(tokenizer.encode(word, add_special_tokens=False))


def _window(number: int, text: str, encoding: Encoding) -> Window | None:
    import numpy as np

    of = encoding.sequence_ids
    if 1 not in of:
        return None
    first, last = of.index(1), len(of) - 1 - of[::-1].index(1)
    extents = encoding.offsets[first : last + 1]
    offsets = np.array(extents, dtype=np.int64)
    for place, (start, end) in enumerate(extents):
        if text[start : start + 1].isspace():  # some tokenizers include it in the token after it
            offsets[place, 0] += _blanks(text, start, end)
    words = np.array(encoding.word_ids[first : last + 1], dtype=np.int64)
    seen = np.flatnonzero(offsets[:, 0] < offsets[:, 1])  # white space neither begins nor ends a word
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
    """The number of leading white space characters of a token."""
    return end - start - len(text[start:end].lstrip())
