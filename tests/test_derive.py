"""Search files that follow the database: whatever was added, removed and folded, what is found is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
import pytest

from askbrief.errors import IndexDamaged
from askbrief.index_records import ModelCard, PreparedDocument
from askbrief.storage import reader as store
from askbrief.storage.db import passages, writes
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.migrations import MIGRATIONS
from askbrief.storage.reader import FolderReader
from askbrief.storage.search import files as derive
from askbrief.storage.search import manifest
from askbrief.storage.search.files import SearchFiles
from askbrief.storage.search.vectors import VectorIndex, nearest
from askbrief.types import Document, Passage, Sentence

SIZE = 16
MODEL = ModelCard("fake", "0" * 64, SIZE, 96, 1.0, "encoder-0", {})
WORDS = ("ferry", "harbour", "wolves", "tram", "bridge", "snow", "storm", "market", "school", "river")


def encode(texts: list[str]) -> np.ndarray:
    """A unit vector for each text, the same for the same text, near for texts with words in common."""
    rows = np.zeros((len(texts), SIZE), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            row += np.random.default_rng(sum(map(ord, word))).normal(size=SIZE)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def entry(name: str, random: Random) -> PreparedDocument:
    """A document of one to three passages of random words."""
    count = random.randint(1, 3)
    texts = [" ".join([*random.choices(WORDS, k=4), f"number{random.randrange(30)}"]) for _ in range(count)]
    text = "\n".join(texts)
    starts = [sum(len(each) + 1 for each in texts[:number]) for number in range(len(texts))]
    sentences = tuple(
        Sentence(start, start + len(each), number, 1)
        for number, (start, each) in enumerate(zip(starts, texts, strict=True), 1)
    )
    passages = tuple(Passage(s.start, s.end, n, n + 1) for n, s in enumerate(sentences))
    document = Document(name, name, "", text, sha256(text.encode()).hexdigest(), ((0, len(text)),))
    digests = tuple(each.encode() for each in texts)
    return PreparedDocument(document, f"/{name}", sentences, passages, digests, encode(texts))


class Town:
    """An index that is written at random, by the parts that do so."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = Random(seed)  # noqa: S311
        self.database = Database.create(folder / FILE)
        self.database.set_model(MODEL)
        self.names: list[str] = []

    def change(self) -> None:
        """Add some documents in one commit, and take out or replace some."""
        with self.database.transaction():
            for name in self.random.sample(self.names, min(len(self.names), self.random.randint(0, 2))):
                if self.random.random() < 0.5:
                    writes.delete(self.database, [name])
                    self.names.remove(name)
                else:
                    writes.put(self.database, entry(name, self.random))
            for _ in range(self.random.randint(0, 4)):
                self.names.append(f"d{self.random.randrange(10**9)}")
                writes.put(self.database, entry(self.names[-1], self.random))

    def finish(self, *, anew: bool = False) -> None:
        SearchFiles(self.folder, self.database, anew=anew).finish(MODEL, encode)


@pytest.fixture
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    made = Town(tmp_path, getattr(request, "param", 0))
    yield made
    made.database.close()


def assert_finds_all(folder: Path, seed: int, *, share: float = 1.0) -> FolderReader:
    """Both searches give what comparing with everything in the database gives."""
    opened = FolderReader.open(folder)
    database, revision = opened.database, opened.snapshot
    texts = {id_: text for id_, _, text in passages.texts(database)}
    assert len(revision) == len(texts)
    found, wanted = 0, 0
    for question in encode([f"{WORDS[n]} {WORDS[(n + seed) % len(WORDS)]}" for n in range(5)]):
        expected = nearest(passages.vectors(database), question[None], 5)[0].tolist()
        expected = [id_ for id_ in expected if id_ >= 0]
        got = revision.nearest(question, 5)
        cosines = revision.cosines(question, [id_ for id_, _ in got])
        assert [score for _, score in got] == pytest.approx([cosines[id_] for id_, _ in got], abs=1e-5)
        best = revision.cosines(question, expected)
        found += sum(score >= min(best.values()) - 1e-6 for _, score in got) if best else 0
        wanted += len(expected)
    assert found >= share * wanted
    for word in (*WORDS[:3], "number7"):
        present = {id_ for id_, text in texts.items() if word in text.split()}
        assert {id_ for id_, _ in revision.worded(word, 10**4)} >= present
    return opened


@pytest.mark.parametrize("town", range(6), indirect=True)
def test_whatever_was_done_what_is_found_is_right(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "TAIL", 10)
    for turn in range(14):
        town.change()
        what = town.random.randrange(4)
        if what == 0:  # a writer that was killed before it could write search files
            pass
        elif what == 1:  # one that was killed after keywords had followed
            SearchFiles(town.folder, town.database).follow()
        else:
            town.finish(anew=what == 3)
        assert_finds_all(town.folder, turn).close()
    town.finish()
    opened = assert_finds_all(town.folder, 99)
    assert len(list(town.folder.glob("vectors-*"))) == len(list(town.folder.glob("keywords-*"))) == 1
    opened.close()


def filled(town: Town, passages: int) -> Town:
    while town.database.stats().passages < passages:
        town.change()
    return town


def test_a_large_archive_is_searched_by_lists(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "EXACT", 200)
    monkeypatch.setattr(derive, "TAIL", 20)
    monkeypatch.setattr(derive, "GROWN", 0.05)
    filled(town, 600).finish()
    kept = manifest.read(town.folder)
    assert kept is not None
    assert kept.vectors.probes > 0
    assert kept.vectors.recall > 0.9
    assert kept.vectors.count == kept.vectors.trained == town.database.stats().passages
    assert_finds_all(town.folder, 1, share=0.9).close()

    town.change()  # a few: they stay in the database
    town.finish()
    again = manifest.read(town.folder)
    assert again is not None
    assert again.vectors == kept.vectors
    assert again.stamp != kept.stamp
    opened = assert_finds_all(town.folder, 2, share=0.9)
    assert len(opened.snapshot.tail) > 0

    some = np.array(sorted(id_ for ids, _ in passages.vectors(opened.database) for id_ in ids.tolist())[::3])
    question = encode(["ferry wolves"])[0]
    exact = sorted(opened.snapshot.cosines(question, some.tolist()).items(), key=lambda item: -item[1])[:5]
    assert opened.snapshot.nearest(question, 5, some) == exact
    monkeypatch.setattr("askbrief.storage.search.snapshot.FEW", 0)  # too many to be compared one by one
    among = opened.snapshot.nearest(question, 5, some)
    assert len(among) == 5
    assert {id_ for id_, _ in among} <= set(some.tolist())
    opened.close()

    filled(town, 700).finish()  # many: they are added to the lists that there are
    grown = manifest.read(town.folder)
    assert grown is not None
    assert (grown.vectors.trained, grown.vectors.probes) == (kept.vectors.trained, kept.vectors.probes)
    assert grown.vectors.count == town.database.stats().passages
    assert_finds_all(town.folder, 3, share=0.9).close()
    filled(town, 1300).finish()  # so many that new lists are found
    anew = manifest.read(town.folder)
    assert anew is not None
    assert anew.vectors.trained == anew.vectors.count
    assert_finds_all(town.folder, 4, share=0.9).close()


def test_a_large_archive_without_search_files_says_how_to_make_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "EXACT", 10)
    filled(town, 20)
    opened = FolderReader.open(town.folder)
    with pytest.raises(IndexDamaged, match="askbrief compact"):
        _ = opened.snapshot
    opened.close()
    town.finish()
    assert_finds_all(town.folder, 0).close()


def test_a_reader_of_an_older_commit_finds_what_it_held(town: Town) -> None:
    filled(town, 30).finish()
    reader = FolderReader.open(town.folder)
    before = {text for _, _, text in passages.texts(reader.database)}
    for _ in range(3):
        town.change()
        SearchFiles(town.folder, town.database).follow()
    for word in WORDS:
        found = passages.vectors_at(reader.database, [id_ for id_, _ in reader.snapshot.worded(word, 100)])[0]
        assert {hit.text for hit in passages.hits(reader.database, found.tolist())} <= before
    assert len(reader.snapshot.nearest(encode(["ferry"])[0], 1000)) == len(reader.snapshot)
    reader.close()


def test_the_first_format_is_carried_over(tmp_path: Path) -> None:
    vector = encode(["ferry harbour"])[0]
    with sqlite3.connect(tmp_path / FILE) as old:
        old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        old.execute("INSERT INTO documents VALUES (1, 'a', 'a', '/a', '', NULL, '', '[]', 'ferry harbour')")
        old.execute(
            "INSERT INTO passages VALUES (7, 1, 0, 13, 0, 1, x'00', x'00', ?)",
            (vector.astype("<f2").tobytes(),),
        )
    old.close()
    with closing(Database.create(tmp_path / FILE)) as database:
        ((ids, vectors),) = passages.vectors(database)
        assert ids.tolist() == [7]
        assert np.abs(vectors[0] - vector).max() < 0.01
        assert database.last_at(database.stamp()) == 7
        writes.delete(database, ["a"])
        assert database.removed() == [7]


def test_nearest_is_what_sorting_gives() -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(50, SIZE)).astype(np.float32)
    blocks = [(np.arange(0, 20), vectors[:20]), (np.arange(20, 50), vectors[20:])]
    expected = np.argsort(-(vectors @ vectors[3]))[:7]
    assert nearest(blocks, vectors[3][None], 7)[0].tolist() == expected.tolist()
    assert len(VectorIndex.exact(blocks, SIZE)) == 50
