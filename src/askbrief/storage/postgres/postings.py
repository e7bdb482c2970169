"""BM25 over postings that are kept as rows: for each stem and segment, the passages that have it, packed.

A posting is a passage's place in the segment, how often the stem is in text and title, and how many stems
these have, eight bytes in all. The weights are tantivy's, so that both stores rank alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

from askbrief.storage.postgres.server_schema import PLACES
from askbrief.storage.search.keywords import TITLE_BOOST

if TYPE_CHECKING:
    import numpy as np

K1, B = 1.2, 0.75
"""BM25: how soon further occurrences of a word count less, and how much the length of a text counts."""

MOST = 255
"""Occurrences, and stems of a text, above which they count as so many."""


class Posting(NamedTuple):
    """Where a stem is: the passage's place in its segment, counts in text and title, and their lengths."""

    place: int
    text: int
    title: int
    length: int
    title_length: int


class Postings(NamedTuple):
    """The row of a stem in a segment: in how many texts and titles it is, and the postings, packed."""

    word: str
    texts: int
    titles: int
    packed: bytes


class Segment:
    """The postings of a batch of passages as they are collected; ``words`` and ``title_words`` are how many
    stems there are in all."""

    def __init__(self) -> None:
        self.words = 0
        self.title_words = 0
        self._of: dict[str, list[Posting]] = defaultdict(list)

    def add(self, place: int, text: Sequence[str], title: Sequence[str]) -> None:
        """Take in the stems of a passage's text, and of its title."""
        self.words += len(text)
        self.title_words += len(title)
        in_text, in_title = Counter(text), Counter(title)
        lengths = min(len(text), MOST), min(len(title), MOST)
        for word in in_text | in_title:
            counts = min(in_text[word], MOST), min(in_title[word], MOST)
            self._of[word].append(Posting(place, *counts, *lengths))

    def rows(self) -> Iterator[Postings]:
        """The rows to be stored, by word."""
        import numpy as np

        for word in sorted(self._of):
            found = np.array(self._of[word], dtype=_layout())
            texts, titles = int(np.count_nonzero(found["text"])), int(np.count_nonzero(found["title"]))
            yield Postings(word, texts, titles, found.tobytes())


def _layout() -> np.dtype:
    import numpy as np

    one = np.uint8
    return np.dtype([("place", "<u4"), ("text", one), ("title", one), ("length", one), ("title_length", one)])


@dataclass(frozen=True, slots=True)
class Totals:
    """How many passages the segments have, and how many stems in their texts and titles."""

    passages: int
    words: int
    title_words: int


class Found(NamedTuple):
    """A stored row: its word, its segment, its counts and its postings."""

    word: str
    segment: int
    texts: int
    titles: int
    packed: bytes


def ranked(
    words: Sequence[str], rows: Iterable[Found], totals: Totals, alike: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """Ids (int64) and BM25 (float32) of the passages with some of the ``words``, best first.

    ``alike`` are the words that stand for one that no passage has: any of them counts 1.
    """
    import numpy as np

    by_word: dict[str, list[Found]] = defaultdict(list)
    for row in rows:
        by_word[row.word].append(row)
    scores = _Scores()
    for word in words:
        if word in alike:
            scores.count(row for other in alike[word] for row in by_word[other] if row.texts)
        else:
            scores.add(by_word[word], totals)
    return scores.best(np.float32)


class _Scores:
    """The score of each passage so far, in an array for each segment."""

    def __init__(self) -> None:
        self._of: dict[int, np.ndarray] = {}

    def _segment(self, segment: int, places: np.ndarray) -> np.ndarray:
        import numpy as np

        need = int(places.max()) + 1
        known = self._of.get(segment)
        if known is None or len(known) < need:
            grown = np.zeros(need, dtype=np.float32)
            if known is not None:
                grown[: len(known)] = known
            self._of[segment] = known = grown
        return known

    def add(self, rows: Sequence[Found], totals: Totals) -> None:
        """Add what a word counts."""
        import numpy as np

        texts, titles = sum(row.texts for row in rows), sum(row.titles for row in rows)
        weight = _weight(texts, totals.passages) * (K1 + 1)
        boost = TITLE_BOOST * _weight(titles, totals.passages) * (K1 + 1)
        average = max(totals.words / max(totals.passages, 1), 1e-9)
        title_average = max(totals.title_words / max(totals.passages, 1), 1e-9)
        for row in rows:
            found = np.frombuffer(row.packed, dtype=_layout())
            score = weight * _share(found["text"], found["length"], average)
            if row.titles:
                score += boost * _share(found["title"], found["title_length"], title_average)
            self._segment(row.segment, found["place"])[found["place"]] += score

    def count(self, rows: Iterable[Found]) -> None:
        """Count 1 for each passage that has any of some words in its text."""
        import numpy as np

        places: dict[int, list[np.ndarray]] = defaultdict(list)
        for row in rows:
            found = np.frombuffer(row.packed, dtype=_layout())
            places[row.segment].append(found["place"][found["text"] > 0])
        for segment, some in places.items():
            each = np.unique(np.concatenate(some))
            self._segment(segment, each)[each] += 1

    def best(self, kind: type) -> tuple[np.ndarray, np.ndarray]:
        """Ids and scores of what has any, best first, and of equals the earliest."""
        import numpy as np

        ids: list[np.ndarray] = [np.empty(0, dtype=np.int64)]
        scores: list[np.ndarray] = [np.empty(0, dtype=kind)]
        for segment in sorted(self._of):
            some = self._of[segment]
            (places,) = np.nonzero(some)
            ids.append((segment << PLACES) + places.astype(np.int64))
            scores.append(some[places])
        every, of_each = np.concatenate(ids), np.concatenate(scores)
        order = np.argsort(-of_each, kind="stable")
        return every[order], of_each[order]


def _weight(having: int, passages: int) -> float:
    """The weight of a word that so many of the passages have."""
    return log(1 + (passages - having + 0.5) / (having + 0.5)) if having else 0.0


def _share(counts: np.ndarray, lengths: np.ndarray, average: float) -> np.ndarray:
    import numpy as np

    count = counts.astype(np.float32)
    share: np.ndarray = count / (count + K1 * (1 - B + B * lengths.astype(np.float32) / average))
    return share


def one_apart(word: str) -> set[str]:
    """Every word one letter away: one more, one less, another, or two that changed places."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = {a + b[1:] for a, b in parts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    other = {a + letter + b[1:] for a, b in parts if b for letter in letters}
    more = {a + letter + b for a, b in parts for letter in letters}
    return (less | swapped | other | more) - {word}
