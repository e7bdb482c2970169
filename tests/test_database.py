"""What goes into the database comes out as it was, or not at all; and filters choose what they say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.errors import IndexDamaged, IndexMismatch, IndexMissing, NotFound
from askbrief.index_records import PreparedDocument
from askbrief.storage.db import documents, passages, writes
from askbrief.storage.db import integrity as whole
from askbrief.storage.db.codec import packed_sentences, sentences
from askbrief.storage.db.database import Database
from askbrief.storage.db.migrations import MIGRATIONS
from askbrief.storage.document_lookup import named
from askbrief.types import Document, Filter, Passage, Quotation, Sentence
from conftest import in_format_six


def entry(
    name: str,
    pieces: list[str],
    *,
    day: str | None = None,
    speakers: tuple[str | None, ...] = (),
    vector: int = 0,
) -> PreparedDocument:
    """A document of one paragraph, a sentence and a passage to each of ``pieces``."""
    text = " ".join(pieces)
    starts = [sum(len(piece) + 1 for piece in pieces[:n]) for n in range(len(pieces))]
    extents = [(start, start + len(piece)) for start, piece in zip(starts, pieces, strict=True)]
    said = dict(enumerate(speakers))
    document = Document(name[::-1], name, f"Title of {name}", text, sha256(text.encode()).hexdigest(),
                        ((0, len(text)),), day)  # fmt: skip
    vectors = np.zeros((len(pieces), 8), dtype=np.float32)
    vectors[:, vector] = 1
    return PreparedDocument(
        document,
        f"/{name}",
        tuple(Sentence(a, b, 1, n + 1, said.get(n)) for n, (a, b) in enumerate(extents)),
        tuple(Passage(a, b, n, n + 1) for n, (a, b) in enumerate(extents)),
        tuple(sha256(piece.encode()).digest()[:16] for piece in pieces),
        vectors,
        quotations=tuple(
            Quotation(a, b, "indirect", "said", (a, a + 1), None, said[n], None, 1, (n + 1, n + 1))
            for n, (a, b) in enumerate(extents)
            if said.get(n)
        ),
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.create(tmp_path / "askbrief.db")) as made:
        yield made


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction():
        writes.put(
            database,
            entry("a/one.txt", ["One says so.", "Two."], day="2024-05-01", speakers=("Eva Šimić", None)),
        )
        writes.put(database, entry("b/two.txt", ["Three."], day="2024-06-07", speakers=("John Kirby",)))
        writes.put(database, entry("b/[three].md", ["Four.", "Five."]))
    return database


def found(database: Database, wanted: Filter) -> list[str]:
    return [hit.text for hit in passages.hits(database, passages.allowed(database, wanted).tolist())]


EVERYTHING = ["One says so.", "Two.", "Three.", "Four.", "Five."]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), EVERYTHING),
        (Filter(since="2024-05-01"), EVERYTHING[:3]),
        (Filter(since="2024-05-02"), ["Three."]),
        (Filter(until="2024-05-01"), EVERYTHING[:2]),
        (Filter(since="2024-05-01", until="2024-06-07"), EVERYTHING[:3]),
        (Filter(since="2024-06-08"), []),
        (Filter(source="b/*"), EVERYTHING[2:]),
        (Filter(source="*.txt"), EVERYTHING[:3]),
        (Filter(source="b/[[]three].md"), EVERYTHING[3:]),
        (Filter(source="two.txt"), []),
        (Filter(names=("John Kirby",)), ["Three."]),
        (Filter(names=("Eva Šimić", "Nobody")), ["One says so."]),
        (Filter(names=("John Kirby",), until="2024-05-31"), []),
        (Filter(names=()), []),
        (Filter(source="x' OR 1 --"), []),
    ],
)
def test_filters(filled: Database, wanted: Filter, expected: list[str]) -> None:
    with closing(Database.open(filled.path)) as reader:
        assert found(reader, wanted) == expected


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)


@settings(max_examples=60)
@given(st.lists(text, min_size=1, max_size=6), st.one_of(st.none(), text))
def test_what_is_stored_comes_back(pieces: list[str], speaker: str | None) -> None:
    """Offsets count characters, also beyond the first plane, combining, and in every kind of break."""
    put = entry("some.txt", pieces, speakers=(speaker,))
    with TemporaryDirectory() as folder, closing(Database.create(Path(folder) / "a.db")) as database:
        with database.transaction():
            writes.put(database, put)
        assert documents.read(database, put.document.id) == put.document
        assert documents.sentences(database, put.document.id) == put.sentences
        hits = passages.hits(database, all_ids(database))
        assert [hit.text for hit in hits] == pieces
        assert [hit.sentences for hit in hits] == [(sentence,) for sentence in put.sentences]
        assert [(hit.start, hit.end) for hit in hits] == [(p.start, p.end) for p in put.passages]
        assert [(row[1], row[2]) for row in passages.texts(database)] == [
            (put.document.title, p) for p in pieces
        ]


numbers = st.integers(0, 300)
places = st.lists(st.tuples(numbers, numbers, numbers, numbers, st.one_of(st.none(), text)), max_size=8)


@given(places)
def test_sentences_come_back_from_their_bytes(steps: list[tuple[int, int, int, int, str | None]]) -> None:
    """Wherever the next one stands behind the last, in whatever paragraph, and whoever speaks."""
    put: list[Sentence] = []
    end, paragraph = 0, 1
    for gap, length, further, number, speaker in steps:
        end, paragraph = end + gap + length, paragraph + further
        put.append(Sentence(end - length, end, paragraph, number, speaker))
    assert sentences(packed_sentences(put)) == tuple(put)


def test_documents_whose_ids_are_the_same_are_told_apart(tmp_path: Path) -> None:
    one, other = entry("d", ["One."]), entry("d", ["Other."])
    other = replace(other, location="/other", document=replace(other.document, source="other.txt"))
    with closing(Database.create(tmp_path / "one.db")) as database:
        for each in (one, other, other):
            with database.transaction():
                writes.put(database, each)
        hits = passages.hits(database, all_ids(database))
        assert {hit.document.source: hit.text for hit in hits} == {
            one.document.source: "One.",
            "other.txt": "Other.",
        }
        assert len({hit.document.id for hit in hits}) == 2
        assert (
            named(documents.listed(database), "other.txt", "here").id
            == hits[-1].document.id
            != one.document.id
        )
        assert (whole.fault(database), database.stats().documents) == (None, 2)


def test_a_run_of_sentences_takes_two_bytes_each() -> None:
    run = [Sentence(100 * n, 100 * n + 99, 1, n + 1) for n in range(50)]
    assert len(packed_sentences(run)) == 2 * len(run)


def test_a_database_with_a_row_for_each_sentence_is_read_and_carried_over(filled: Database) -> None:
    ids = all_ids(filled)
    before, stats = passages.hits(filled, ids), filled.stats()
    filled.close()
    in_format_six(filled.path)
    with closing(Database.open(filled.path)) as reader:
        assert (passages.hits(reader, ids), reader.stats(), whole.fault(reader)) == (before, stats, None)
        assert found(reader, Filter(names=("John Kirby",))) == ["Three."]
        assert passages.samples(reader, 5) == EVERYTHING
    with closing(Database.create(filled.path)) as writer:
        assert (passages.hits(writer, ids), writer.stats(), whole.fault(writer)) == (before, stats, None)
        assert writer.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
        assert writer.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sentences%'") == [(0,)]


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_vectors_come_back_to_within_eight_bits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vector = rng.normal(size=(3, 384)).astype(np.float32)
    vector /= np.linalg.norm(vector, axis=1, keepdims=True)
    put = entry("v.txt", ["a", "b", "c"])
    put = PreparedDocument(put.document, put.location, put.sentences, put.passages, put.digests, vector)
    with TemporaryDirectory() as folder, closing(Database.create(Path(folder) / "a.db")) as database:
        with database.transaction():
            writes.put(database, put)
        (stored_ids, stored), *others = passages.vectors(database)
        assert not others
        assert stored.dtype == np.float32
        assert np.abs((stored - vector) @ vector.T).max() < 3e-3
        some, at = passages.vectors_at(database, [int(stored_ids[2]), 999, int(stored_ids[0])])
        assert some.tolist() == [stored_ids[0], stored_ids[2]]
        assert np.array_equal(at, stored[[0, 2]])
        assert [ids.tolist() for ids, _ in passages.vectors(database, int(stored_ids[0]))] == [
            stored_ids[1:].tolist()
        ]
        again = passages.vectors_of(database, [*put.digests, b"another"])
        assert np.array_equal(np.stack([again[digest] for digest in put.digests]), stored)
        assert len(again) == 3


def test_a_document_takes_the_place_of_one_of_its_name_or_its_file(filled: Database) -> None:
    moved = entry("a/one.txt", ["Six."])
    with filled.transaction():
        writes.put(filled, PreparedDocument(moved.document, "/elsewhere", *(getattr(moved, n) for n in
                   ("sentences", "passages", "digests", "vectors"))))  # fmt: skip
    stats = filled.stats()
    assert (stats.documents, stats.sentences, stats.passages) == (3, 4, 4)
    assert found_all(filled) == ["Three.", "Four.", "Five.", "Six."]


def all_ids(database: Database) -> list[int]:
    return [id_ for ids, _ in passages.vectors(database) for id_ in ids.tolist()]


def found_all(database: Database) -> list[str]:
    return [piece for _, _, piece in passages.texts(database)]


def test_ids_of_passages_are_never_used_again(filled: Database) -> None:
    before = all_ids(filled)
    with filled.transaction():
        writes.delete(filled, [source.id for source in documents.listed(filled)])
        writes.put(filled, entry("c", ["Seven."]))
    assert min(all_ids(filled)) > max(before)


def test_a_transaction_is_all_or_nothing(filled: Database) -> None:
    stamp, revision = filled.stamp(), filled.revision()

    def fails() -> None:
        with filled.transaction():
            writes.put(filled, entry("d", ["Eight."]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert (found_all(filled), filled.stamp(), filled.revision()) == (EVERYTHING, stamp, revision)
    with filled.transaction():
        writes.delete(filled, ["none"])
    assert filled.revision() == revision + 1
    assert filled.stamp() != stamp


def test_a_reader_sees_one_revision(filled: Database) -> None:
    with closing(Database.open(filled.path)) as reader:
        stamp = reader.stamp()
        with filled.transaction():
            writes.clear(filled)
        assert (found_all(reader), reader.stamp()) == (EVERYTHING, stamp)
    assert found_all(filled) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/one.txt", "a/one.txt"),
        ("one.txt", "a/one.txt"),
        ("txt.owt/b", "b/two.txt"),  # the whole id
        ("owt/b", "b/two.txt"),  # its end
        ("].md", "b/[three].md"),
    ],
)
def test_documents_are_found_by_name(filled: Database, name: str, expected: str) -> None:
    assert named(documents.listed(filled), name, "here").source == expected


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "no document ''"), ("none", "no document"), (".txt", "2 documents"), ("*", "no doc")],
)
def test_names_that_are_none_or_many(filled: Database, name: str, told: str) -> None:
    with pytest.raises(NotFound, match=told):
        named(documents.listed(filled), name, "here")


ALTERATIONS = {
    "text": "UPDATE documents SET text = replace(text, 'so', 'no')",
    "title": "UPDATE documents SET title = 'Another' WHERE row = 1",
    "date": "UPDATE documents SET date = '1999-01-01' WHERE row = 1",
    "speaker": "UPDATE passages SET sentences = replace(sentences, 'Eva', 'Ava') WHERE id = 1",
    "a sentence longer": "UPDATE passages SET sentences = x'6402' WHERE id = 1",
    "passage": 'UPDATE passages SET "end" = "end" - 1 WHERE document = 1',
    "a sentence gone": "UPDATE passages SET sentences = x'' WHERE id = 1",
    "sentences that break off": "UPDATE passages SET sentences = x'81' WHERE id = 1",
    "sentences that name nobody": "UPDATE passages SET sentences = x'0c09' WHERE id = 1",
    "sentences that are no bytes": "UPDATE passages SET sentences = 7 WHERE id = 1",
    "a passage gone": "DELETE FROM passages WHERE document = 1",
}


@pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_passage_is_refused(filled: Database, statement: str) -> None:
    ids = all_ids(filled)
    with sqlite3.connect(filled.path) as other:
        other.execute(statement)
    with (
        closing(Database.open(filled.path)) as reader,
        pytest.raises(IndexDamaged, match=r"askbrief\.db is damaged"),
    ):
        passages.hits(reader, ids[:1])
    with closing(Database.open(filled.path)) as reader:
        assert [hit.text for hit in passages.hits(reader, ids[2:])] == EVERYTHING[2:]


@pytest.mark.parametrize(
    "value",
    [bytes(11), bytes(12), b"\x00\x00\x80\x7f" + b"\x01" * 8, b"\x00\x00\xc0\x7f" + b"\x01" * 8, b""],
    ids=["short", "zero", "infinite", "no number", "empty"],
)
def test_an_altered_vector_is_refused(filled: Database, value: bytes) -> None:
    with sqlite3.connect(filled.path) as other:
        other.execute("UPDATE passages SET vector = ? WHERE id = 2", (value,))
    with pytest.raises(IndexDamaged, match="a vector was"):
        list(passages.vectors(filled))
    with pytest.raises(IndexDamaged, match="a vector was"):
        passages.vectors_at(filled, [2])


def test_an_altered_text_is_found_by_the_check(filled: Database) -> None:
    assert whole.fault(filled) is None
    with sqlite3.connect(filled.path) as other:
        other.execute("UPDATE documents SET text = replace(text, 'Four', 'Fuor')")
    assert whole.fault(filled) == "the text of b/[three].md was altered"
    with pytest.raises(IndexDamaged, match=r"\[three\]"):
        documents.read(filled, "dm.]eerht[/b")
    assert documents.read(filled, "txt.owt/b").text == "Three."


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = 'x' WHERE name = 'revision'",
        "DELETE FROM meta",
        "DROP TABLE meta",
        "INSERT INTO meta VALUES ('model', '{')",
        "INSERT INTO meta VALUES ('model', '7')",
    ],
)
def test_a_damaged_meta_table_is_told(filled: Database, statement: str) -> None:
    with sqlite3.connect(filled.path) as other:
        other.execute(statement)
    with pytest.raises(IndexDamaged, match="--rebuild"), closing(Database.open(filled.path)) as reader:
        reader.model()


def test_migrations_are_counted_and_refused_when_newer(filled: Database, tmp_path: Path) -> None:
    with sqlite3.connect(filled.path) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        other.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for way in (Database.open, Database.create):
        with pytest.raises(IndexMismatch, match="newer askbrief"):
            way(filled.path)
    sqlite3.connect(tmp_path / "new.db").close()
    (tmp_path / "new.db").touch()
    with pytest.raises(IndexMissing, match="holds nothing yet"):
        Database.open(tmp_path / "new.db")
