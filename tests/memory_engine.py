"""An archive in memory that fills the storage protocol by looking at everything: it shows what is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from askbrief.errors import NotFound
from askbrief.index_records import PreparedDocument, Stats, Status, StoredSource
from askbrief.protocols import Embedder
from askbrief.query import Query, is_matched
from askbrief.text import source_pattern
from askbrief.types import (
    EVERYTHING,
    Document,
    Extent,
    Filter,
    FilterFit,
    Hit,
    ListPlace,
    Match,
    Quotation,
    Quoted,
    Ranking,
    Sentence,
    Source,
    Speaker,
)

LAST = {4: "-12-31", 7: "-31", 10: ""}
"""What makes a date the last day that it may be, by its length."""


@dataclass
class MemoryEngine:
    """Fills ``IndexReader`` and ``IndexWriter``; each document is a duplicate group of its own."""

    embedder: Embedder
    stored: dict[str, tuple[list[int], PreparedDocument]] = field(default_factory=dict)
    revision: int = 0
    next: int = 1
    location: str = "memory"

    # -- writing

    def add(self, documents: Sequence[PreparedDocument]) -> None:
        for document in documents:
            first = 1 + max(
                (max(ids, default=0) for ids, _ in self.stored.values()), default=self.revision * 1000
            )
            ids = list(range(first, first + len(document.passages)))
            self.stored.pop(document.location, None)
            self.stored[document.location] = (ids, document)
        self.revision += 1

    def delete(self, ids: Collection[str]) -> None:
        self.stored = {at: each for at, each in self.stored.items() if each[1].document.id not in ids}
        self.revision += 1

    # -- searching

    def search_dense(self, vector: np.ndarray, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        scores = self.cosines(vector, [id_ for id_, _, _ in self._passages(wanted)])
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:k]

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        counts = {
            id_: float(sum(word in _hit(entry, number).text.split() for word in question.split()))
            for id_, entry, number in self._passages(wanted)
        }
        return sorted(((i, n) for i, n in counts.items() if n), key=lambda item: (-item[1], item[0]))[:k]

    def search_exact(self, query: Query, wanted: Filter = EVERYTHING) -> list[Match]:
        passing = [entry for _, entry in self.stored.values() if _passes(entry.document, wanted)]
        return [
            Match(source, 0.0)
            for entry in passing
            if is_matched(query, source := Source.of(entry.document), entry.document.text, entry.sentences)
        ]

    def fit(self, wanted: Filter) -> FilterFit:
        every = [entry.document for _, entry in self.stored.values()]
        named = [each for each in every if _passes(each, Filter(source=wanted.source))]
        passing = [each for each in named if _passes(each, wanted)]
        dates = [each.date for each in named if each.date]
        undated = len(named) - len(dates)
        example = min((each.source for each in every), default=None)
        counts = (len(every), len(passing), len(named), undated)
        return FilterFit(*counts, min(dates, default=None), max(dates, default=None), example)

    def cosines(self, vector: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        rows = {id_: entry.vectors[number] for id_, entry, number in self._passages()}
        return {id_: float(rows[id_] @ vector) for id_ in ids if id_ in rows}

    def hits(self, ids: Sequence[int]) -> list[Hit]:
        found = {id_: (entry, number) for id_, entry, number in self._passages()}
        return [_hit(*found[id_]) for id_ in ids]

    def duplicate_groups(self, ids: Sequence[int]) -> dict[int, int]:
        groups = {id_: list(self.stored).index(entry.location) for id_, entry, _ in self._passages()}
        return {id_: groups[id_] for id_ in ids}

    def duplicates(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        del document, wanted
        return []

    def _passages(self, wanted: Filter = EVERYTHING) -> Iterator[tuple[int, PreparedDocument, int]]:
        for ids, entry in self.stored.values():
            if not _passes(entry.document, wanted):
                continue
            spoken = [_extent(q) for q in entry.quotations if _spoken_by(q, wanted)]
            for number, id_ in enumerate(ids):
                passage = entry.passages[number]
                said = any(start < passage.end and passage.start < end for start, end in spoken)
                if said or wanted.names is None:
                    yield id_, entry, number

    # -- documents and quotations

    def documents(self, start: str = "", limit: int | None = None) -> list[Source]:
        every = (Source.of(entry.document) for _, entry in self.stored.values())
        found = sorted((each for each in every if each.source >= start), key=lambda each: each.source)
        return found[:limit]

    def document(self, id_: str) -> Document:
        return self._entry(id_).document

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        return self._entry(id_).sentences

    def _entry(self, id_: str) -> PreparedDocument:
        for _, entry in self.stored.values():
            if entry.document.id == id_:
                return entry
        raise NotFound(f"no document {id_!r} in {self.location}")

    def stored_source(self, cited: Source) -> StoredSource | None:
        for name in ("id", "source", "sha256"):
            for _, entry in self.stored.values():
                if getattr(entry.document, name) == getattr(cited, name):
                    return StoredSource(entry.document.id, entry.document.source, entry.location)
        return None

    def quotations(
        self, wanted: Filter = EVERYTHING, document: str | None = None, start: ListPlace | None = None
    ) -> Iterator[Quoted]:
        entries = [entry for _, entry in self.stored.values() if document in (None, entry.document.id)]
        for entry in sorted(entries, key=lambda each: _by_date(each.document)):
            if start and _by_date(entry.document) < _by_date(start):
                continue
            text = entry.document.text
            for q in entry.quotations if _passes(entry.document, wanted) else ():
                if not _spoken_by(q, wanted):
                    continue
                own = [s for s in entry.sentences if s.paragraph == q.paragraph]
                first, last = (next(s for s in own if s.number == n) for n in q.sentences)
                yield Quoted.of(q, Source.of(entry.document), text, (first.start, last.end))

    def quotation_count(self, wanted: Filter = EVERYTHING, document: str | None = None) -> int:
        return len(list(self.quotations(wanted, document)))

    def speakers(self, wanted: Filter = EVERYTHING) -> list[Speaker]:
        quoted = self.quotations(replace(wanted, names=None))
        said = [(each.quotation, each.document) for each in quoted if each.quotation.name]
        counts = Counter(q.name for q, _ in said)
        found = []
        for name, count in counts.items():
            assert name
            own = [(q.role or "", document) for q, document in said if q.name == name]
            dates = [document.date for _, document in own if document.date]
            documents = len({document.id for _, document in own})
            span = (min(dates, default=None), max(dates, default=None))
            found.append(Speaker(name, (name,), max(role for role, _ in own), count, documents, *span))
        return found

    def speaker_names(self) -> list[str]:
        return sorted({speaker.name for speaker in self.speakers()})

    def documents_quoting(self, names: Sequence[str], wanted: Filter = EVERYTHING) -> int:
        return len({each.document.id for each in self.quotations(replace(wanted, names=tuple(names)))})

    # -- the archive itself

    def stats(self) -> Stats:
        held = [entry for _, entry in self.stored.values()]
        counts = (len(held), sum(len(e.sentences) for e in held), sum(len(e.passages) for e in held))
        return Stats(*counts, self.revision)

    def status(self, *, verify: bool = False) -> Status:
        stats = self.stats()
        counts = (stats.documents, stats.sentences, stats.passages)
        return Status(
            self.location, *counts, None, stats.revision, 0, whole=True, fault=None, verified=verify
        )

    def newest(self) -> MemoryEngine | None:
        return None

    def close(self) -> None:
        """There is nothing to release."""


def _hit(entry: PreparedDocument, number: int) -> Hit:
    document, passage = entry.document, entry.passages[number]
    own = entry.sentences[passage.first : passage.last]
    text = document.text[passage.start : passage.end]
    return Hit(
        Source.of(document),
        passage.start,
        passage.end,
        text,
        own,
        0.0,
        pages=document.pages,
        times=document.times,
    )


def _extent(quotation: Quotation) -> Extent:
    start, end = quotation.cue
    return min(start, quotation.start), max(end, quotation.end)


def _passes(document: Document, wanted: Filter) -> bool:
    date = document.date
    if (wanted.since or wanted.until) and date is None:
        return False
    first, last = f"{date}-01-01"[:10], f"{date}{LAST.get(len(date or ''), '')}"
    return (
        (wanted.since is None or first >= wanted.since)
        and (wanted.until is None or last <= wanted.until)
        and (wanted.source is None or source_pattern.matches(wanted.source, document.source))
    )


def _spoken_by(quotation: Quotation, wanted: Filter) -> bool:
    return wanted.names is None or quotation.name in wanted.names


def _by_date(place: Document | ListPlace) -> tuple[bool, str, str]:
    return place.date is None, place.date or "", place.source
