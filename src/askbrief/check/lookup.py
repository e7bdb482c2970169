"""Search an archive for a quotation: by its words, by the words around it, and by its meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askbrief.check.attributed_document import AttributedDocument
from askbrief.check.draft import DraftQuotation
from askbrief.check.folded_words import FoldedWord, folded_words
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


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive to check against; ``speaks`` says whether it quotes anybody by a name."""

    index: IndexReader
    speaks: Callable[[str], bool]
    names: NameMatcher
    _read: dict[str, AttributedDocument] = field(default_factory=dict)

    def document(self, id_: str) -> AttributedDocument:
        """The document with this id, read once."""
        if id_ not in self._read:
            self._read[id_] = AttributedDocument(self.index.document(id_), self.index.sentences(id_))
        return self._read[id_]

    def searches(self, quotation: DraftQuotation) -> Iterator[list[Hit]]:
        """Passages that may have a quotation, the most promising search first. Each search runs when its
        result is needed, and returns what the ones before it did not."""
        seen: set[int] = set()
        folded = [word.folded for word in quotation.pattern if isinstance(word, FoldedWord)]
        sense = " ".join(folded)
        vector = self.index.embedder.embed([sense])[0]
        for query in _windows(folded):
            yield self._fetched(vector, self.index.search_text(query, BY_WORDS), seen)
        yield self._fetched(vector, self.index.search_text(quotation.around, BESIDE), seen)
        yield self._fetched(vector, self.index.search_dense(vector, BESIDE), seen)

    def _fetched(self, vector: Vectors, found: Iterable[tuple[int, float]], seen: set[int]) -> list[Hit]:
        """The passages found that are new and still in the index."""
        new = [id_ for id_, _ in found if id_ not in seen]
        seen.update(new)
        present = self.index.cosines(vector, new)
        return self.index.hits([id_ for id_ in new if id_ in present])


def _windows(folded: Sequence[str]) -> list[str]:
    """The queries for a quotation: all its words, or windows from beginning to end."""
    last = max(0, len(folded) - WINDOW)
    count = min(MOST_WINDOWS, -(-len(folded) // WINDOW))
    starts = [last * n // max(1, count - 1) for n in range(count)]
    return [" ".join(folded[start : start + WINDOW]) for start in dict.fromkeys(starts)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive sentences of a document, and their words in the form in which they are compared."""

    document: AttributedDocument
    sentences: tuple[Sentence, ...]
    words: tuple[FoldedWord, ...]

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


def stretches(archive: Archive, hits: Iterable[Hit], length: int) -> list[Stretch]:
    """The sentences in and around ``hits`` that may have a quotation of ``length`` characters, in the order
    of the hits; overlapping stretches are one."""
    reach = 2 * length + SLACK
    extents: dict[str, list[Extent]] = {}
    for hit in hits:
        extents.setdefault(hit.document.id, []).append((hit.start - reach, hit.end + reach))
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
    found = folded_words(document.text, inside[0].start, inside[-1].end)
    return Stretch(document, inside, found)
