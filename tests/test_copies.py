"""Copies are not sources: what is a copy, what families there are, and what an answer tells of both."""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief import Answer, Index
from askbrief.answering.compose import Policy, compose, first
from askbrief.answering.provenance import independent
from askbrief.errors import IndexDamaged
from askbrief.indexing import operations as build
from askbrief.protocols import IndexReader
from askbrief.retrieve import retrieve
from askbrief.storage.db import duplicates as families
from askbrief.storage.db import writes
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.duplicates import packed, unpacked
from askbrief.text import near_copies as copies
from askbrief.text.near_copies import (
    SAMPLED,
    Sample,
    are_copies,
    containment,
    core,
    covered,
    jaccard,
    shingles,
    sketch,
)
from askbrief.text.words import words
from askbrief.types import AnswerText, Citation, Hit, Sentence, Source, Span
from conftest import NEWS, Archive, Cli, in_format_six, write
from test_database import entry

# -- what is a copy

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"]


def story(seed: int, length: int = 160) -> str:
    """A text of so many words, with figures in it and sentences of twelve words."""
    chance = Random(seed)  # noqa: S311
    made = [chance.choice(WORDS) if n % 11 else str(chance.randrange(10_000)) for n in range(length)]
    return ". ".join(" ".join(made[n : n + 12]).capitalize() for n in range(0, length, 12)) + "."


def exact(a: str, b: str) -> tuple[float, float]:
    """Jaccard similarity and containment of the runs of words of two texts."""
    one, other = set(shingles(a).tolist()), set(shingles(b).tolist())
    both = len(one & other)
    return both / len(one | other), both / min(len(one), len(other))


def spliced(seed: int, own: int, shared: int) -> tuple[str, str]:
    """Two texts with words of their own and words that they share."""
    common = story(seed, shared)
    return f"{story(seed + 1, own)} {common}", f"{common} {story(seed + 2, own)}"


@given(st.integers(0, 10**6), st.integers(1, 16), st.integers(1, 16))
def test_of_short_texts_the_similarity_is_exact(seed: int, own: int, shared: int) -> None:
    a, b = spliced(seed, own, shared)
    one, other = sketch(a).shingles, sketch(b).shingles
    assert one.size <= SAMPLED >= other.size
    assert (jaccard(one, other), containment(one, other)) == pytest.approx(exact(a, b))


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(20, 400), st.integers(20, 400))
def test_of_long_texts_the_similarity_is_estimated(seed: int, own: int, shared: int) -> None:
    a, b = spliced(seed, own, shared)
    estimated = jaccard(sketch(a).shingles, sketch(b).shingles)
    assert abs(estimated - exact(a, b)[0]) < 5 * 0.5 / SAMPLED**0.5


def test_the_estimate_is_neither_too_high_nor_too_low() -> None:
    pairs = [spliced(seed, 150, 40 + seed) for seed in range(300)]
    errors = [jaccard(sketch(a).shingles, sketch(b).shingles) - exact(a, b)[0] for a, b in pairs]
    assert abs(sum(errors) / len(errors)) < 0.01


@given(st.text(), st.text())
def test_copying_has_no_direction(a: str, b: str) -> None:
    one, other = sketch(a), sketch(b)
    assert are_copies(one, other) == are_copies(other, one)
    assert are_copies(one, one) == bool(words(a))


@given(st.text())
def test_sketches_come_back(text: str) -> None:
    assert unpacked(packed(sketch(text))) == sketch(text)


@pytest.mark.parametrize("blob", [b"", b"123", bytes(8)])
def test_an_altered_sketch_is_told(blob: bytes) -> None:
    with pytest.raises(IndexDamaged, match="--rebuild"):
        unpacked(blob)


REPORT = """Ferry aground

A ferry with 312 passengers ran aground off Sliema on Tuesday night, the harbour master said.

All of them were taken ashore by fishing boats before dawn. Four were treated for cold, and 19 cars were lost
when the lower deck was flooded. The master of the ship, Ivo Camilleri, was questioned by the police.

The company that runs the line had been warned in March that two of its ships needed new radar. It said that
an inquiry would be held, and that its other ships would go on sailing. The line carries 45,000 a month.
"""
BYLINES = "By Ann Brandt\n\n{}\n(Reporting by Ann Brandt; editing by Jo Sacco)\n"
COPIES = {
    "dateline": REPORT.replace("A ferry", "VALLETTA, May 3 (Reuters) - A ferry"),
    "headline": REPORT.replace("Ferry aground", "Hundreds saved at night as ship hits rocks in the dark"),
    "byline": BYLINES.format(REPORT),
    "cut": REPORT[: REPORT.index("The company")],
    "wrapped": REPORT.replace(", ", ",\n"),
    "edited": REPORT.replace("fishing boats", "boats").replace("would be held", "was under way"),
}
OTHERS = {
    "another report": """The ferry had 312 passengers when it hit rocks near Sliema in the dark on Tuesday.

The harbour master told reporters that fishermen had brought everybody to land by dawn. Four had to be
treated. 19 cars went down with the lower deck, and police were questioning Ivo Camilleri, its master.
""",
    "the same form": REPORT.replace("312", "96").replace("19", "7").replace("45,000", "8,100"),
    "a follow-up": """The ferry that ran aground off Sliema last week will be towed to Valletta on Friday.

Divers had sealed the hole below the lower deck, which was 11 metres long, its owner said. Two tugs were on
their way from Sicily. Insurers put the damage at 6 million euros. The line carries 45,000 people a month.
""",
}


@pytest.mark.parametrize("name", COPIES)
def test_what_an_editor_makes_of_a_story_is_a_copy(name: str) -> None:
    assert are_copies(sketch(REPORT), sketch(COPIES[name]))


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_reporter_makes_of_an_event_is_none(name: str) -> None:
    assert not are_copies(sketch(REPORT), sketch(OTHERS[name]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VALLETTA, May 3 (Reuters) - A ferry sank.", "a ferry sank"),
        ("LONDON — A ferry sank.", "a ferry sank"),
        ("New York (AP) – A ferry\nsank.", "a ferry sank"),
        ("A ferry - an old one - sank.", "a ferry an old one sank"),
        ("“No,” he said.", "no he said"),
        ("…", ""),
    ],
)
def test_the_core_of_a_sentence(text: str, expected: str) -> None:
    assert core(text) == expected


def test_days_are_no_figures() -> None:
    text = "On May 3, 2024 it fell 4.5 pct; marked 20 of 3 March 1999 and 2024-05-01, April 30 at 102-3/8."
    assert copies.figures(text) == {"4.5", "20", "102-3/8"}


def test_a_passage_is_covered_by_copies_that_tell_all_of_it() -> None:
    half, whole = REPORT[: len(REPORT) // 2], COPIES["dateline"]
    assert covered(half, [whole])
    assert not covered(whole, [half])
    assert covered(whole, [half, REPORT])
    assert covered(COPIES["headline"], [REPORT])
    for wrong, right in (("Four were", "Five were"), ("312", "321"), ("Ivo Camilleri", "Ivan Vella")):
        assert not covered(REPORT.replace(wrong, right), [REPORT])  # a correction is read
    assert not covered("", [REPORT])


# -- families


def partition(database: Database) -> set[frozenset[str]]:
    """The families, each as the names of its documents."""
    found = defaultdict(set)
    for source, family in database.rows(
        "SELECT d.source, s.family FROM documents d JOIN sketches s ON s.document = d.row"
    ):
        found[family].add(source)
    assert len(set().union(*found.values())) == database.stats().documents
    return {frozenset(family) for family in found.values()}


def marks(database: Database) -> set[tuple[int, int]]:
    """What stands in the table of marks, which must be what the sketches say."""
    stored = set(database.rows("SELECT mark, family FROM marks"))
    rows = database.rows("SELECT family, sketch FROM sketches")
    assert stored == {(mark, family) for family, blob in rows for mark in unpacked(blob).marks}
    return stored


LONG = [word for word in story(1, 400).split() if word.isalpha()]
CHAIN = {  # most of each in the next, so that the first and the last have little in common
    f"part{n}": " ".join(LONG[n * 30 : n * 30 + 100]) for n in range(4)
}
POOL = {
    **CHAIN,
    **{name: COPIES[name] for name in ("cut", "dateline", "edited")},
    **{f"other {name}": OTHERS[name] for name in OTHERS},
    "report": REPORT,
    "short": "Snow fell.",
    "short again": "Snow fell",
    "none": "…",
    "none again": "…",
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.create(tmp_path / FILE)) as made:
        yield made


def put(database: Database, names: Sequence[str], texts: dict[str, str] = POOL) -> None:
    for name in names:
        with database.transaction():
            writes.put(database, entry(name, [texts[name]]))


def test_families_do_not_depend_on_the_order(tmp_path: Path) -> None:
    found = set()
    for number in range(8):
        names = sorted(POOL)
        Random(number).shuffle(names)  # noqa: S311
        with closing(Database.create(tmp_path / f"{number}.db")) as database:
            put(database, names)
            marks(database)
            found.add(frozenset(partition(database)))
    assert found == {
        frozenset(
            {
                frozenset(CHAIN),
                frozenset({"cut", "dateline", "edited", "report"}),
                frozenset({"short", "short again"}),
                *(frozenset({name}) for name in ("none", "none again", *(f"other {o}" for o in OTHERS))),
            }
        )
    }


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(sorted(POOL)), st.sampled_from(["put", "delete", *sorted(POOL)]))))
def test_families_do_not_depend_on_what_happened(history: list[tuple[str, str]]) -> None:
    """Whatever was put in, taken out and changed, what is left is in the families that it makes alone."""
    held: dict[str, str] = {}
    with TemporaryDirectory() as folder, closing(Database.create(Path(folder) / FILE)) as database:
        for name, what in history:
            with database.transaction():
                if what == "delete":
                    held.pop(name, None)
                    writes.delete(database, [name[::-1]])
                else:
                    held[name] = POOL[name if what == "put" else what]
                    writes.put(database, entry(name, [held[name]]))
        marks(database)
        with closing(Database.create(Path(folder) / "alone.db")) as alone:
            put(alone, sorted(held), held)
            assert partition(database) == partition(alone)


def test_what_only_joined_two_leaves_them_apart(database: Database) -> None:
    put(database, list(CHAIN))
    with database.transaction():
        writes.delete(database, ["part1"[::-1]])
    assert partition(database) == {frozenset({"part0"}), frozenset({"part2", "part3"})}
    with database.transaction():
        writes.clear(database)
    assert (partition(database), marks(database)) == (set(), set())


def test_what_is_undone_leaves_no_family(database: Database) -> None:
    put(database, ["report"])

    def fails() -> None:
        with database.transaction():
            writes.put(database, entry("cut", [POOL["cut"]]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert partition(database) == {frozenset({"report"})}
    marks(database)


def test_a_mark_of_very_many_families_is_not_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "MOST", 2)
    database.execute("PRAGMA foreign_keys = OFF")
    own = [replace(sketch(story(n)), marks=frozenset({7})) for n in range(5)]
    looked_at: list[int] = []
    monkeypatch.setattr(
        families.DuplicateGroups, "_holds_copy", lambda _, family, __: looked_at.append(family)
    )
    for row, each in enumerate(own, 1):
        families.DuplicateGroups(database).join(row, each)
    assert looked_at == [1, 1, 2]


# -- indexes made before there were families


def old(index: Path) -> None:
    """Put an index back to the format that had no families."""
    in_format_six(index / FILE)
    with sqlite3.connect(index / FILE) as database:
        for table in ("sketches", "marks", "told", "containers"):
            database.execute(f"DROP TABLE {table}")
        database.execute("DROP INDEX documents_by_rules")
        database.execute("DELETE FROM meta WHERE name = 'sketched'")
        database.execute("PRAGMA user_version = 3")
    database.close()


QUESTION = "how many passengers were on the ferry that ran aground?"
FILES = {
    "2024-05-05-mirror.txt": COPIES["dateline"],
    "2024-05-03-wire.txt": REPORT,
    "undated.txt": COPIES["cut"],
    "2024-05-04-other.txt": OTHERS["another report"],
}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A report, two copies of it and another report, among the briefs.

    With the packaged encoder: how probable each answer is depends on how near its passage is to the question.
    """
    root = tmp_path_factory.mktemp("copies")
    files = write(root / "news", NEWS | FILES)
    Index.update([files], root / "index")
    return Archive(files, root / "index")


@pytest.fixture
def copied(indexed: Archive, tmp_path: Path) -> Path:
    """An index of one's own."""
    return shutil.copytree(indexed.index, tmp_path / "own")


def told(index: Path, **named: str) -> Answer:
    with Index.open(index) as opened:
        return opened.ask(QUESTION, threshold=0.05, **named)  # type: ignore[arg-type]


def undated(answer: Answer) -> list[Citation]:
    """The citations without what told the dates of their documents, which old indexes don't keep."""
    return [
        replace(
            each,
            document=replace(each.document, dated=None),
            also_in=tuple(replace(copy, dated=None) for copy in each.also_in),
        )
        for each in answer.citations
    ]


def names(sources: Sequence[Source]) -> list[str]:
    return [Path(source.source).name for source in sources]


def test_an_index_without_families_answers_and_gets_them_when_written(copied: Path) -> None:
    expected = told(copied)
    old(copied)
    before = told(copied)
    assert (before.answered, before.answer) == (True, expected.answer)
    assert {citation.copies for citation in before.citations} == {0}
    summary = build.remove(copied, [])
    assert summary.encoded == 0
    assert undated(told(copied)) == undated(expected)


def test_what_is_cut_off_goes_on_from_there(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askbrief.storage.db.writes.BATCH", 2)
    with closing(Database.create(copied / FILE)) as database:
        expected = partition(database)
    old(copied)
    done: list[int] = []

    def stops(now: int, total: int) -> None:
        assert total == len(NEWS | FILES) - sum(done)
        if now == 2:  # the first two are in a batch that is committed
            done.append(now)
            raise KeyboardInterrupt

    for _ in range(2):
        with closing(Database.create(copied / FILE)) as database, pytest.raises(KeyboardInterrupt):
            writes.find_duplicates(database, stops)
    with closing(Database.create(copied / FILE)) as database:
        writes.find_duplicates(database, lambda _, total: done.append(total))
        assert (done, partition(database)) == ([2, 2, 3, 3, 3, 3], expected)


# -- asking


def test_an_answer_in_copies_is_cited_once_from_the_earliest(indexed: Archive) -> None:
    answer = told(indexed.index)
    assert answer.answer == "312"
    wires = [c for c in answer.citations if "Tuesday night" in c.text]
    assert names([c.document for c in wires]) == ["2024-05-03-wire.txt"]
    assert names(wires[0].also_in) == ["2024-05-05-mirror.txt", "undated.txt"]
    assert wires[0].copies == 2
    with Index.open(indexed.index) as opened:
        for citation in answer.citations:
            text = opened.show(citation.document.id)[0].text
            assert text[citation.start : citation.end] == citation.text
            assert citation.answer
            assert text[citation.answer.start : citation.answer.end] == citation.answer.text


def test_independent_reports_of_one_fact_are_counted(indexed: Archive) -> None:
    answer = told(indexed.index)
    assert sorted(names([c.document for c in answer.citations])) == [
        "2024-05-03-wire.txt",
        "2024-05-04-other.txt",
    ]
    assert answer.sources == 2
    alone = told(indexed.index, source="*wire*")
    assert (alone.answer, alone.sources) == ("312", 1)


@pytest.mark.parametrize(
    ("wanted", "cited", "others"),
    [
        ({"since": "2024-05-05"}, "2024-05-05-mirror.txt", ["2024-05-03-wire.txt", "undated.txt"]),
        ({"source": "*undated*"}, "undated.txt", ["2024-05-03-wire.txt", "2024-05-05-mirror.txt"]),
        ({"source": "*r?r.txt"}, "2024-05-05-mirror.txt", ["2024-05-03-wire.txt", "undated.txt"]),
    ],
)
def test_a_copy_that_passes_a_filter_stands_for_the_original(
    indexed: Archive, wanted: dict[str, str], cited: str, others: list[str]
) -> None:
    answer = told(indexed.index, **wanted)
    assert names([citation.document for citation in answer.citations]) == [cited]
    assert names(answer.citations[0].also_in) == others
    assert answer.answer == "312"


def test_without_the_original_the_next_is_the_original(copied: Path) -> None:
    build.remove(copied, ["2024-05-03-wire.txt"])
    wires = [c for c in told(copied).citations if "Tuesday night" in c.text]
    assert [(names([c.document]), names(c.also_in)) for c in wires] == [
        (["2024-05-05-mirror.txt"], ["undated.txt"])
    ]


def test_copies_do_not_crowd_out_other_documents(indexed: Archive) -> None:
    with Index.open(indexed.index) as opened:
        found = opened.hits(QUESTION, k=3)
        every = opened.hits(QUESTION, k=100)
        assert len(every) < opened.status().passages
    opening = [Path(h.document.source).name for h in every if "312" in h.text]
    # What the copy with a dateline tells, the original told before; the shorter copy came first of all.
    assert opening == ["undated.txt", "2024-05-03-wire.txt", "2024-05-04-other.txt"]
    assert [Path(h.document.source).name for h in found] == opening


def test_the_command_line_tells_of_copies_and_sources(indexed: Archive, cli: Cli) -> None:
    command = ("ask", QUESTION, "--threshold", "0.05", "--index", indexed.index)
    ran = cli(*command)
    assert ran.code == 0
    assert "also in 2 copies: " in ran.out
    assert ran.out.index("2024-05-05-mirror.txt (2024-05-05)") < ran.out.index("undated.txt")
    assert "\n2 independent sources\n" in ran.out
    answer = cli(*command, "--json").json
    assert answer["sources"] == 2
    assert {c["copies"]: len(c["also_in"]) for c in answer["citations"]} == {2: 2, 0: 0}
    one = next(c for c in answer["citations"] if c["copies"])
    assert set(one["also_in"][0]) == set(one["document"])


# -- by hand


def hit(name: str, text: str, date: str | None = None, group: int | None = None) -> Hit:
    """A passage of one sentence."""
    sentence = Sentence(0, len(text), 1, 1)
    return Hit(
        Source(name, name, name, date, ""), 0, len(text), text, (sentence,), 1.0, duplicate_group=group
    )


def composed(hits: list[Hit], words: str, policy: Policy = Policy(0.5), score: float = 0.9) -> Answer:  # noqa: B008
    spans = [
        Span(n, at, at + len(words), score - n / 100)
        for n, each in enumerate(hits)
        if (at := each.text.find(words)) >= 0
    ]
    return compose("how many?", hits, spans, policy)


SAID = "Eleven boats were lost in the storm."


@pytest.mark.parametrize(
    ("texts", "families_", "sources"),
    [
        ([SAID, "The storm sank eleven boats: Eleven, he said."], [1, 2], 2),
        ([SAID, "The storm sank some boats: Eleven, he said."], [1, 1], 1),  # of one family
        ([SAID, SAID], [1, 2], 1),  # of one sentence
        ([SAID, "Eleven boats were lost in the storm, he said."], [1, 2], 1),
        ([SAID, "He counted: Eleven.", "Lost were these: Eleven small craft."], [None, None, None], 3),
        ([SAID, "He counted: Twelve."], [1, 2], 1),
    ],
)
def test_what_is_independent(texts: list[str], families_: list[int | None], sources: int) -> None:
    hits = [hit(f"{n}", text, group=f) for n, (text, f) in enumerate(zip(texts, families_, strict=True))]
    assert composed(hits, "Eleven").sources == sources


def test_what_does_not_pass_the_threshold_corroborates_nothing() -> None:
    hits = [hit("a", SAID), hit("b", "He counted: Eleven.")]
    assert composed(hits, "Eleven", Policy(0.895)).sources == 1
    refused = composed(hits, "Eleven", Policy(0.95))
    assert (refused.answered, refused.sources) == (False, 0)


def test_articles_aside_answers_are_the_same_and_long_ones_are_of_one_source() -> None:
    def citation(name: str, text: str) -> Citation:
        answer = AnswerText(text, 0, len(text))
        return Citation(
            f"{text} {name}", 0, len(text) + 1, 1, (1, 1), answer, None, 0.9, hit(name, "").document
        )

    short = [citation("alpha beta gamma delta", "The mayor"), citation("one two three four", "mayor")]
    assert independent(short[0].answer, short, {}) == 2
    long = "we will rebuild the northern pier before the winter"
    longer = [citation(f"{n} {story(n, 40)}", long) for n in range(2)]
    assert independent(longer[0].answer, longer, {}) == 1


def test_copies_that_differ_in_the_sentence_are_cited_each() -> None:
    hits = [hit("a", SAID, group=1), hit("b", SAID.replace("boats", "ships"), group=1)]
    answer = composed(hits, "Eleven")
    assert [c.document.id for c in answer.citations] == ["a", "b"]
    assert answer.sources == 1


@pytest.mark.parametrize("order", permutations(range(3)))
def test_the_earliest_that_may_be_cited_is(order: tuple[int, ...]) -> None:
    mine = composed([hit("mine", SAID, "2024-05-09", 1)], "Eleven").citations[0]
    held = [
        (hit("first", "LONDON — " + SAID, "2024-05-01", 1), False),
        (hit("second", SAID.replace(" ", "\n"), "2024-05-02", 1), True),
        (hit("late", SAID, None, 1), True),
    ]
    found = first(mine, [held[n] for n in order], None)
    assert (found.document.id, found.copies, [s.id for s in found.also_in]) == (
        "second",
        3,
        ["first", "mine", "late"],
    )
    assert found.text == SAID.replace(" ", "\n")
    assert found.answer == mine.answer
    assert first(mine, [held[n] for n in order], ("Nobody",)).document.id == "mine"


def test_what_a_copy_says_otherwise_is_not_told_to_be_in_it() -> None:
    mine = composed([hit("mine", SAID, "2024-05-09", 1)], "Eleven").citations[0]
    assert (
        first(mine, [(hit("other", SAID.replace("Eleven", "Twelve"), "2024-05-01", 1), True)], None) == mine
    )


@given(st.lists(st.integers(0, 40), unique=True, max_size=40), st.integers(1, 12), st.booleans())
def test_without_copies_retrieval_is_what_it_was(ids: list[int], k: int, known: bool) -> None:
    index = MagicMock(IndexReader)
    index.search_dense.return_value = [(id_, 1 - n / 100) for n, id_ in enumerate(ids)]
    index.search_text.return_value, index.cosines.return_value = [], {}
    index.hits.side_effect = lambda wanted: [hit(f"{id_}", SAID) for id_ in wanted]

    def found(groups: dict[int, int]) -> list[Hit]:
        index.duplicate_groups.return_value = groups
        with ThreadPoolExecutor(1) as beside:
            return retrieve(index, "who", k, beside=beside)

    each = found({id_: id_ for id_ in ids} if known else {})
    assert [h.document.id for h in each] == [f"{id_}" for id_ in ids[:k]]
    if ids:
        assert [h.document.id for h in found(dict.fromkeys(ids, 7))] == [f"{ids[0]}"]


def test_samples_of_nothing() -> None:
    empty = Sample(frozenset(), 0)
    assert (jaccard(empty, empty), containment(empty, sketch(REPORT).figures)) == (1.0, 1.0)
