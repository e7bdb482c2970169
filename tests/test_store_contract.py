"""What any store of an archive must do: a folder, a database of PostgreSQL's, and an engine in memory.

All are written to and searched with random documents, and asked everything that askbrief can be asked about
real text. A further store is one more parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Protocol
from unittest.mock import Mock

import numpy as np
import pytest

from askbrief.api import Index
from askbrief.index_records import PreparedDocument
from askbrief.indexing.embedding import IndexModel
from askbrief.options import DEFAULTS, AskOptions, no_progress
from askbrief.protocols import IndexReader, IndexWriter
from askbrief.query import Query, is_matched, parsed
from askbrief.retrieve import retrieve
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.lock import writing
from askbrief.storage.reader import FolderReader
from askbrief.storage.writer import FolderWriter
from askbrief.types import EVERYTHING, Filter, ListPlace, Source
from conftest import Archive
from memory_engine import MemoryEngine
from test_derive import MODEL, WORDS, encode
from test_derive import entry as random_entry

pytestmark = pytest.mark.usefixtures("own_cache")


class Engine(Protocol):
    """What keeps an archive, opened one way or the other."""

    def written(self) -> AbstractContextManager[IndexWriter]: ...

    def searched(self) -> AbstractContextManager[IndexReader]: ...


class InFolder:
    """SQLite, FAISS and tantivy in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def written(self) -> Iterator[IndexWriter]:
        with writing(self.folder) as database:
            database.set_model(MODEL)
            model = IndexModel(FolderDocuments(self.folder, database), DEFAULTS)
            writer = FolderWriter(self.folder, database, model)
            yield writer
            writer.finish()

    @contextmanager
    def searched(self) -> Iterator[IndexReader]:
        with closing(FolderReader.open(self.folder)) as reader:
            reader.__dict__["embedder"] = Words()
            yield reader


class InMemory:
    """Everything in a dictionary."""

    def __init__(self) -> None:
        self.engine = MemoryEngine(Words())

    @contextmanager
    def written(self) -> Iterator[IndexWriter]:
        yield self.engine

    @contextmanager
    def searched(self) -> Iterator[IndexReader]:
        yield self.engine


class Words:
    """Embeds the words of random documents."""

    dimension = MODEL.dimension

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return encode(list(texts))


class InPostgres:
    """A new database of a real server."""

    def __init__(self, server: Any) -> None:
        from askbrief.storage.postgres.postgres_store import PostgresStore

        self.store = PostgresStore(server.database())

    @contextmanager
    def written(self) -> Iterator[IndexWriter]:
        with self.store.writing() as opened:
            model = IndexModel(opened.documents, DEFAULTS)
            model.__dict__["card"] = MODEL
            writer = opened.writer(model, anew=False)
            yield writer
            writer.finish(no_progress)

    @contextmanager
    def searched(self) -> Iterator[IndexReader]:
        with closing(self.store.reader()) as reader:
            reader.__dict__["embedder"] = Words()
            yield reader


ENGINES = ("folder", "memory", "postgres")


def made_engine(name: str, request: pytest.FixtureRequest, folder: Path) -> Engine:
    """A new engine; PostgreSQL is started for the first that needs it."""
    if name == "postgres":
        return InPostgres(request.getfixturevalue("postgres"))
    return InFolder(folder) if name == "folder" else InMemory()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return made_engine(request.param, request, tmp_path)


def dated(name: str, seed: int, date: str | None = None) -> PreparedDocument:
    entry = random_entry(name, Random(seed))  # noqa: S311
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
            [hit.text for hit in archive.hits([id_ for id_, _ in found if found is dense or id_ in there])]
            for found in (dense, words)
        )


def passages(entries: Sequence[PreparedDocument]) -> list[str]:
    return sorted(e.document.text[p.start : p.end] for e in entries for p in e.passages)


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


@pytest.mark.parametrize(
    "query", [f'"{WORDS[0]} {WORDS[3]}" OR {WORDS[5][:3]}*', f"{WORDS[1]} NOT {WORDS[2]}"]
)
def test_exact_search_finds_what_matches_as_defined(engine: Engine, query: str) -> None:
    with engine.written() as writer:
        writer.add(TOWN)
        writer.delete({"d7"})
    tree = parsed(query)
    for wanted, kept in ((EVERYTHING, TOWN), (Filter(since="2024-01-10"), TOWN[9:])):
        with engine.searched() as archive:
            found = sorted(match.document.id for match in archive.search_exact(tree, wanted))
        expected = [e.document for e in kept if e.document.id != "d7" and matches(tree, e)]
        assert found == sorted(each.id for each in expected)


def matches(query: Query, entry: PreparedDocument) -> bool:
    return is_matched(query, Source.of(entry.document), entry.document.text, entry.sentences)


@pytest.fixture(params=ENGINES[1:])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return made_engine(request.param, request, tmp_path)


def test_retrieval_gives_the_same_hits_as_from_a_folder(tmp_path: Path, other: Engine) -> None:
    found = []
    for engine in (InFolder(tmp_path), other):
        with engine.written() as writer:
            writer.add(TOWN)
            writer.delete({"d7"})
        with engine.searched() as archive, ThreadPoolExecutor(1) as beside:
            dense = Mock(wraps=archive)
            dense.search_text.side_effect = lambda *_: []  # engines may weigh words as they like
            hits = retrieve(dense, QUESTION, 5, beside=beside)
        found.append([(hit.document.id, hit.start, hit.text, hit.sentences) for hit in hits])
    assert found[0] == found[1]


# -- everything that askbrief can be asked, on real text


class Exactly:
    """An engine of which nothing can be had but what the protocol names."""

    def __init__(self, engine: IndexReader) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        if name not in vars(IndexReader):
            raise AttributeError(f"{name} is not in the protocol")
        return getattr(self._engine, name)


@contextmanager
def both(archive: Archive, engine: Engine) -> Iterator[tuple[Index, Index]]:
    """The index in a folder, and its documents in another engine, each through the protocol alone."""
    with closing(FolderReader.open(archive.index)) as reader:
        with engine.written() as writer:
            stored = FolderDocuments(archive.index, reader.database)
            writer.add([stored.prepared(each) for each in stored.below("")])
        with engine.searched() as searched:
            vars(searched)["embedder"] = reader.embedder
            with Index(Exactly(reader)) as one, Index(Exactly(searched)) as two:
                yield one, two


QUESTIONS = (
    "what will it cost to rebuild the pier?",
    "what did Ilieva say about the pier?",
    "who was elected pope?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_engine_gives_the_same_answer(made: Archive, other: Engine, question: str) -> None:
    with both(made, other) as (one, two):
        first, second = one.ask(question), two.ask(question)
    assert (first.answered, first.answer) == (second.answered, second.answer)
    if not first.answered:  # the nearest passages depend on how an engine weighs words
        return
    assert [(c.document, c.start, c.text, c.speaker, c.speech) for c in first.citations] == [
        (c.document, c.start, c.text, c.speaker, c.speech) for c in second.citations
    ]


def test_every_engine_does_whatever_an_index_can_be_asked(made: Archive, other: Engine) -> None:
    draft = "“The pier will cost a fortune,” Petra Ilieva said."
    with both(made, other) as (one, two):
        for ask in (
            lambda index: index.documents(),
            lambda index: index.documents(index.documents()[1].source, 1),
            lambda index: [index.show(source.id) for source in index.documents()],
            lambda index: index.quotations(),
            lambda index: index.quotations(speaker="ilieva", about="pier"),
            lambda index: index.quotations(document=index.documents()[0].source),
            lambda index: index.speakers(),
            lambda index: index.speakers(source="*[!x]", since="2024-01-01", name="a"),
            lambda index: index.quotation_count(AskOptions(speaker="ilieva")),
            lambda index: list(index.each_quotation(AskOptions(), start=ListPlace("2024-03-01", ""))),
            lambda index: {hit.document.id for hit in index.search("pier OR wol*").hits},
            lambda index: [hit.places for hit in index.search('"northern pier" speaker:ilieva').hits],
            lambda index: index.search("the", sort="date", facets=True).facets,
            lambda index: index.check(draft),
            lambda index: index.verify(index.ask(QUESTIONS[0])),
            lambda index: index.ask(QUESTIONS[0], source="nothing*").answered,
            lambda index: len(index.hits(QUESTIONS[0], speaker="ilieva")),
        ):
            assert ask(one) == ask(two)
        states = (one.status(), two.status(verify=True))
        assert len({(state.documents, state.sentences, state.passages, state.whole) for state in states}) == 1
        assert not two.refresh()
