"""What any engine that keeps an archive must do: ours, on disk, and a list, which shows what is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
import pytest

from askbrief.indexing.embedding import Encoding, IndexModel, silent
from askbrief.protocols import Searched, Stats, Written
from askbrief.retrieve import retrieve
from askbrief.storage.db.schema import EVERYTHING, Entry, Filter
from askbrief.storage.lock import writing
from askbrief.storage.reader import Store
from askbrief.storage.search import manifest
from askbrief.storage.writer import Writer
from askbrief.types import Hit, Ranking, Source
from test_derive import MODEL, WORDS, encode
from test_derive import entry as made


class Engine(Protocol):
    """What keeps an archive, opened one way or the other."""

    def written(self) -> AbstractContextManager[Written]: ...

    def searched(self) -> AbstractContextManager[Searched]: ...


class OnDisk:
    """SQLite, FAISS and tantivy in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def written(self) -> Iterator[Written]:
        with writing(self.folder) as database:
            database.set_model(manifest.as_json(MODEL))
            writer = Writer(self.folder, database, IndexModel(self.folder, database, Encoding(), silent))
            yield writer
            writer.finish()

    @contextmanager
    def searched(self) -> Iterator[Searched]:
        with closing(Store.open(self.folder)) as store:
            yield store


class Listed:
    """An archive in a list, searched by looking at everything."""

    @contextmanager
    def written(self) -> Iterator[Written]:
        yield self

    @contextmanager
    def searched(self) -> Iterator[Searched]:
        yield self

    def __init__(self) -> None:
        self.entries: dict[str, tuple[list[int], Entry]] = {}
        self.next, self.revision = 1, 0

    def add(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            ids = list(range(self.next, self.next + len(entry.passages)))
            self.next += len(ids)
            self.entries[entry.location] = (ids, entry)
        self.revision += 1

    def delete(self, ids: Collection[str]) -> None:
        self.entries = {where: held for where, held in self.entries.items() if held[1].document.id not in ids}
        self.revision += 1

    def _passages(self, wanted: Filter = EVERYTHING) -> Iterator[tuple[int, Entry, int]]:
        for ids, entry in self.entries.values():
            if wanted.since is None or (entry.document.date or "") >= wanted.since:
                yield from ((id_, entry, number) for number, id_ in enumerate(ids))

    def search_dense(self, vector: np.ndarray, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        scores = self.cosines(vector, [id_ for id_, _, _ in self._passages(wanted)])
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:k]

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        counts = {
            id_: float(sum(word in _hit(entry, number).text.split() for word in question.split()))
            for id_, entry, number in self._passages(wanted)
        }
        return sorted(((i, n) for i, n in counts.items() if n), key=lambda item: (-item[1], item[0]))[:k]

    def cosines(self, vector: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        rows = {id_: entry.vectors[number] for id_, entry, number in self._passages()}
        return {id_: float(rows[id_] @ vector) for id_ in ids if id_ in rows}

    def get(self, ids: Sequence[int]) -> list[Hit]:
        there = {id_: (entry, number) for id_, entry, number in self._passages()}
        return [_hit(*there[id_]) for id_ in ids]

    def families(self, ids: Sequence[int]) -> dict[int, int]:
        held = {i: list(self.entries).index(e.location) for i, e, _ in self._passages()}
        return {id_: held[id_] for id_ in ids}

    def copies(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        del document, wanted  # each document is a family of its own here
        return []

    def stats(self) -> Stats:
        held = [entry for _, entry in self.entries.values()]
        counts = (len(held), sum(len(e.sentences) for e in held), sum(len(e.passages) for e in held))
        return Stats(*counts, self.revision)


def _hit(entry: Entry, number: int) -> Hit:
    document, passage = entry.document, entry.passages[number]
    about = Source(document.id, document.title, document.source, document.date, document.sha256)
    own = entry.sentences[passage.first : passage.last]
    return Hit(about, passage.start, passage.end, document.text[passage.start : passage.end], own, 0.0)


@pytest.fixture(params=["on disk", "listed"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return OnDisk(tmp_path) if request.param == "on disk" else Listed()


def dated(name: str, seed: int, date: str | None = None) -> Entry:
    entry = made(name, Random(seed))  # noqa: S311
    return replace(entry, document=replace(entry.document, date=date))


TOWN = [dated(f"d{seed}", seed, f"2024-01-{seed + 1:02}") for seed in range(20)]
QUESTION = f"{WORDS[0]} {WORDS[3]}"
VECTOR = encode([QUESTION])[0]


def texts(engine: Engine, k: int = 100, wanted: Filter = EVERYTHING) -> tuple[list[str], list[str]]:
    """What both searches find, as texts."""
    with engine.searched() as archive:
        dense = archive.search_dense(VECTOR, k, wanted)
        words = archive.search_text(QUESTION, k, wanted)
        there = archive.cosines(VECTOR, [id_ for id_, _ in words])
        return tuple(  # type: ignore[return-value]
            [hit.text for hit in archive.get([id_ for id_, _ in found if found is dense or id_ in there])]
            for found in (dense, words)
        )


def passages(entries: Sequence[Entry]) -> list[str]:
    return sorted(_hit(e, n).text for e in entries for n in range(len(e.passages)))


def test_what_was_added_is_found_and_what_was_deleted_is_not(engine: Engine) -> None:
    with engine.written() as writer:
        writer.add(TOWN[:12])
        writer.add(TOWN[12:])
    assert sorted(texts(engine)[0]) == passages(TOWN)
    assert set(texts(engine)[1]) == {t for t in passages(TOWN) if {*t.split()} & {*QUESTION.split()}}
    with engine.written() as writer:
        writer.delete({"d3", "d4"})
        again = replace(dated("d5", 99), location=TOWN[5].location)
        writer.add([again])
        held = writer.stats()
    left = [e for e in TOWN if e.document.id not in {"d3", "d4", "d5"}] + [again]
    assert sorted(texts(engine)[0]) == passages(left)
    with engine.searched() as archive:
        assert archive.stats() == held
    assert (held.documents, held.passages) == (len(left), len(passages(left)))


def test_the_right_k_come_back_through_a_filter(engine: Engine) -> None:
    with engine.written() as writer:
        writer.add(TOWN)
    late = [e for e in TOWN if (e.document.date or "") >= "2024-01-18"]
    dense, words = texts(engine, 4, Filter(since="2024-01-18"))
    best = sorted(late, key=lambda e: -float(max(e.vectors @ VECTOR)))[0]
    assert (len(dense), set(dense) - set(passages(late))) == (min(4, len(passages(late))), set())
    assert dense[0] in passages([best])
    assert set(words) <= set(passages(late))


def test_retrieval_gives_the_same_hits_from_both(tmp_path: Path) -> None:
    found = []
    for engine in (OnDisk(tmp_path), Listed()):
        with engine.written() as writer:
            writer.add(TOWN)
            writer.delete({"d7"})
        with engine.searched() as archive, ThreadPoolExecutor(1) as beside:
            hits = retrieve(
                lambda n: archive.search_dense(VECTOR, n),
                lambda _: [],
                lambda ids: archive.cosines(VECTOR, ids),
                archive.get,
                5,
                beside,
            )
        found.append([(hit.document.id, hit.start, hit.text, hit.sentences) for hit in hits])
    assert found[0] == found[1]
