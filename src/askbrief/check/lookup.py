"""Search an archive for a quotation: by its words, by the words around it, and by its meaning."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from askbrief.check.align import words_line
from askbrief.check.attributed_document import AttributedDocument
from askbrief.check.draft import DraftQuotation
from askbrief.check.folded_words import FoldedWord
from askbrief.english.names import NameMatcher
from askbrief.text.extents import touched
from askbrief.types import Extent, Hit, Sentence, Source

if TYPE_CHECKING:
    from askbrief.protocols import IndexReader
    from askbrief.types import Vectors

BY_WORDS = 30
"""Passages fetched by the words of a quotation, and by each window of a long one."""
BESIDE = 15
"""Passages fetched by the sentences around it, and by its meaning."""
WINDOW = 40
"""Most words in one search."""
MOST_WINDOWS = 5
"""Most windows of a long quotation, spread over it: any unaltered one finds the original."""
SLACK = 500
"""Characters around a passage in which the quotation may begin or end, beyond twice its length."""


class CandidatePassage(NamedTuple):
    """A passage that may have a quotation: its document, by id, and its extent there."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive to check against; ``speaks`` says whether it quotes anybody by a name.

    What is read of it is kept: a draft has many quotations from few documents.
    """

    index: IndexReader
    speaks: Callable[[str], bool]
    names: NameMatcher
    _read: dict[str, AttributedDocument] = field(default_factory=dict)
    _passages: dict[int, CandidatePassage | None] = field(default_factory=dict)

    def document(self, id_: str) -> AttributedDocument:
        """The document with this id, read once."""
        if id_ not in self._read:
            self._read[id_] = AttributedDocument(self.index.document(id_), self.index.sentences(id_))
        return self._read[id_]

    def by_words(self, quotation: DraftQuotation, seen: set[int]) -> Iterator[list[CandidatePassage]]:
        """Passages that may have a quotation, by its words and those around it, the most promising search
        first. Each search runs when its result is needed, and returns what is not ``seen`` yet."""
        for query in _windows([word.folded for word in _folded(quotation)]):
            yield self._new(self.index.search_text(query, BY_WORDS), seen)
        yield self._new(self.index.search_text(quotation.around, BESIDE), seen)

    def by_meaning(self, vector: Vectors, seen: set[int]) -> list[CandidatePassage]:
        """The passages that are nearest to a quotation with the embedding ``vector``, and not
        ``seen`` yet."""
        return self._new(self.index.search_dense(vector, BESIDE), seen)

    def embedded(self, quotations: Sequence[DraftQuotation]) -> Vectors:
        """The embeddings of quotations, a row each, all made at once."""
        return self.index.embedder.embed([words_line(_folded(one)) for one in quotations])

    def _new(self, ranking: Iterable[tuple[int, float]], seen: set[int]) -> list[CandidatePassage]:
        """The passages found that are new and still in the index."""
        new = [id_ for id_, _ in ranking if id_ not in seen]
        seen.update(new)
        self._look_up([id_ for id_ in new if id_ not in self._passages])
        return [found for id_ in new if (found := self._passages[id_])]

    def _look_up(self, ids: Sequence[int]) -> None:
        """Read the passages ``ids`` from the index, as far as they are there."""
        if not ids:
            return
        present = self.index.cosines(self._any_vector(), ids)
        here = [id_ for id_ in ids if id_ in present]
        found = (CandidatePassage(hit.document.id, hit.start, hit.end) for hit in self.index.hits(here))
        self._passages.update(dict.fromkeys(ids))
        self._passages.update(zip(here, found, strict=True))

    def _any_vector(self) -> Vectors:
        """A vector to ask ``cosines`` with which passages there are."""
        import numpy as np

        return np.zeros(self.index.embedder.dimension, dtype=np.float32)


def _folded(quotation: DraftQuotation) -> list[FoldedWord]:
    return [word for word in quotation.pattern if isinstance(word, FoldedWord)]


def _windows(folded: Sequence[str]) -> list[str]:
    """The queries for a quotation: all its words, or windows from beginning to end."""
    last = max(0, len(folded) - WINDOW)
    count = min(MOST_WINDOWS, -(-len(folded) // WINDOW))
    starts = [last * n // max(1, count - 1) for n in range(count)]
    return [" ".join(folded[start : start + WINDOW]) for start in dict.fromkeys(starts)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive sentences of a document, their words in the form in which they are compared, and these as
    one line."""

    document: AttributedDocument
    sentences: tuple[Sentence, ...]
    words: tuple[FoldedWord, ...]
    line: str

    @property
    def hit(self) -> Hit:
        """The stretch as a hit, so that it can be cited."""
        about = self.document.content
        start, end = self.sentences[0].start, self.sentences[-1].end
        source = Source.of(about)
        return Hit(
            source,
            start,
            end,
            about.text[start:end],
            self.sentences,
            0.0,
            pages=about.pages,
            times=about.times,
        )


def stretches(archive: Archive, passages: Iterable[CandidatePassage], length: int) -> list[Stretch]:
    """The sentences in and around ``passages`` that may have a quotation of ``length`` characters, in the
    order of the passages; overlapping stretches are one."""
    reach = 2 * length + SLACK
    extents: dict[str, list[Extent]] = {}
    for id_, start, end in passages:
        extents.setdefault(id_, []).append((start - reach, end + reach))
    return [
        _stretch(archive.document(id_), extent) for id_, found in extents.items() for extent in _merged(found)
    ]


def _merged(extents: Iterable[Extent]) -> list[Extent]:
    merged: list[Extent] = []
    for start, end in sorted(extents):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _stretch(document: AttributedDocument, extent: Extent) -> Stretch:
    inside = tuple(touched(document.sentences, *extent))
    words = document.words
    first = bisect_left(words, inside[0].start, key=lambda word: word.start)
    past = bisect_right(words, inside[-1].end, key=lambda word: word.end)
    found = words[first:past]
    return Stretch(document, inside, found, words_line(found))
