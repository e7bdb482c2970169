"""Where in an archive a quotation may stand: passages by its words, by the words around it, by its sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askbrief.check.attributions import AttributedDocument
from askbrief.check.draft import Quoted
from askbrief.check.words import Word, words
from askbrief.english.names import NameMatcher
from askbrief.types import Extent, Hit, Sentence, Source

if TYPE_CHECKING:
    from askbrief.protocols import IndexReader
    from askbrief.types import Vectors

BY_WORDS = 30
"""Passages taken for the words of a quotation, and for each window of a long one."""
BESIDE = 15
"""Passages taken for the sentences around it, and for its sense."""
WINDOW = 40
"""Words of a quotation that are searched for at once."""
MOST_WINDOWS = 5
"""Windows of a long quotation, spread over it: any one that is unaltered finds its original."""
SLACK = 500
"""Characters on either side of a passage in which its quotation may begin or end, beyond twice its length."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive that is checked against; ``speaks`` says whether it quotes anybody of a name, ``names``
    compares names."""

    index: IndexReader
    speaks: Callable[[str], bool]
    names: NameMatcher
    _read: dict[str, AttributedDocument] = field(default_factory=dict)

    def document(self, id_: str) -> AttributedDocument:
        """The document ``id_``, read once."""
        if id_ not in self._read:
            self._read[id_] = AttributedDocument(self.index.document(id_), self.index.sentences(id_))
        return self._read[id_]

    def searches(self, quotation: Quoted) -> Iterator[list[Hit]]:
        """Passages in which a quotation may stand, the likeliest search first: each is made when it is asked
        for, and gives what those before it did not."""
        seen: set[int] = set()
        folded = [word.folded for word in quotation.pattern if isinstance(word, Word)]
        sense = " ".join(folded)
        vector = self.index.embedder.embed([sense])[0]
        for query in _windows(folded):
            yield self._fetched(vector, self.index.search_text(query, BY_WORDS), seen)
        yield self._fetched(vector, self.index.search_text(quotation.around, BESIDE), seen)
        yield self._fetched(vector, self.index.search_dense(vector, BESIDE), seen)

    def _fetched(self, vector: Vectors, found: Iterable[tuple[int, float]], seen: set[int]) -> list[Hit]:
        """The passages found that are new and still there."""
        new = [id_ for id_, _ in found if id_ not in seen]
        seen.update(new)
        present = self.index.cosines(vector, new)
        return self.index.hits([id_ for id_ in new if id_ in present])


def _windows(folded: Sequence[str]) -> list[str]:
    """The words that are searched for: all of them, or windows from the beginning to the end."""
    last = max(0, len(folded) - WINDOW)
    count = min(MOST_WINDOWS, -(-len(folded) // WINDOW))
    starts = [last * n // max(1, count - 1) for n in range(count)]
    return [" ".join(folded[start : start + WINDOW]) for start in dict.fromkeys(starts)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of whole sentences of a document, and its words as they are compared."""

    document: AttributedDocument
    sentences: tuple[Sentence, ...]
    words: tuple[Word, ...]

    @property
    def hit(self) -> Hit:
        """The stretch as something to be cited from."""
        about = self.document.content
        start, end = self.sentences[0].start, self.sentences[-1].end
        source = Source.of(about)
        return Hit(source, start, end, about.text[start:end], self.sentences, 0.0, pages=about.pages)


def stretches(archive: Archive, hits: Iterable[Hit], length: int) -> list[Stretch]:
    """The sentences in and around ``hits`` where a quotation of ``length`` characters may stand, those that
    overlap as one, in the order of the hits."""
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
    start, end = extent
    inside = tuple(s for s in document.sentences if s.start < end and start < s.end)
    found = words(document.text, inside[0].start, inside[-1].end)
    return Stretch(document, inside, found)
