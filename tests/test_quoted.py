"""Quotations in an index: what goes in comes out, by speaker, subject, day and place; who speaks, counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief import Index
from askbrief.english.merged_speakers import merged
from askbrief.english.names import NameMatcher
from askbrief.errors import IndexMismatch
from askbrief.storage.db import documents, passages, writes
from askbrief.storage.db import integrity as whole
from askbrief.storage.db import quotations as quoted
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.migrations import MIGRATIONS
from askbrief.types import Document, Filter, ListPlace, Quotation, Speaker
from conftest import Archive, Cli, assert_line, write
from test_store_contract import dated

LENGTH = 12


def quotation(start: int, name: str | None = "Ann Lee", **fields: object) -> Quotation:
    """One at the start of a document's first sentence, with its cue and its speaker behind it."""
    plain = Quotation(start, start + 5, "direct", "said", (6, 10), (11, LENGTH), name, "mayor", 1, (1, 1))
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.create(tmp_path / FILE)) as opened:
        yield opened


def put(database: Database, name: str, *quotations: Quotation, date: str | None = None) -> None:
    with database.transaction():
        writes.put(database, replace(dated(name, 1, date), quotations=quotations, rules=1))


def listed(database: Database, wanted: Filter = Filter(), document: str | None = None) -> list[Quotation]:  # noqa: B008
    with closing(Database.open(database.path)) as reader:
        return [each.quotation for each in quoted.quotations(reader, wanted, document)]


KINDS = st.sampled_from(["direct", "mixed", "indirect"])
POLARITIES = st.sampled_from(["said", "denied", "asked"])
NAMES = st.one_of(st.none(), st.sampled_from(["Ann Lee", "Émile Zola", "O’Hara"]))
EXTENTS = st.tuples(st.integers(0, 5), st.integers(6, LENGTH))


@given(KINDS, POLARITIES, NAMES, NAMES, EXTENTS, EXTENTS, st.one_of(st.none(), EXTENTS))
def test_what_goes_in_comes_out(
    kind: str,
    polarity: str,
    name: str | None,
    role: str | None,
    content: tuple[int, int],
    cue: tuple[int, int],
    speaker: tuple[int, int] | None,
) -> None:
    database = Database.create(Path(":memory:"))
    one = Quotation(*content, kind, polarity, cue, speaker, name, role, 1, (1, 1))  # type: ignore[arg-type]
    put(database, "d", one)
    (found,) = quoted.quotations(database)
    text = documents.read(database, "d").text
    assert found.quotation == one
    assert (found.text, found.cue) == (text[slice(*content)], text[slice(*cue)])
    assert found.speaker == (None if speaker is None else text[slice(*speaker)])
    database.close()


def test_filters(database: Database) -> None:
    put(database, "new", quotation(0), quotation(1, "Bob Ray"), date="2024-02-01")
    put(database, "old", quotation(0, "Ann Lee"), date="2023-02-01")
    put(database, "undated", quotation(2, None))
    assert [q.start for q in listed(database)] == [0, 0, 1, 2]
    assert [q.name for q in listed(database, Filter(names=("Bob Ray",)))] == ["Bob Ray"]
    assert [q.start for q in listed(database, Filter(since="2024-01-01"))] == [0, 1]
    assert [q.start for q in listed(database, Filter(source="o*"))] == [0]
    assert [q.start for q in listed(database, document="undated")] == [2]


PLACES = [("2024-02-01", "new"), ("2023", "year"), ("2023-02-01", "old"), (None, "none"), (None, "other")]


@pytest.mark.parametrize("wanted", [Filter(), Filter(names=("Ann Lee",)), Filter(source="*o*")])
@pytest.mark.parametrize(
    "place", [*PLACES, ("1999", "x"), ("2023-02-01", "zebra"), ("2030", ""), (None, ""), (None, "zebra")]
)
def test_a_list_begins_at_any_place(
    database: Database, wanted: Filter, place: tuple[str | None, str]
) -> None:
    for date, name in PLACES:
        put(database, name, quotation(0), quotation(1, "Bob Ray"), date=date)
    every = list(quoted.quotations(database, wanted))

    def key(date: str | None, source: str) -> tuple[bool, str, str]:
        return date is None, date or "", source

    after = [each for each in every if key(each.document.date, each.document.source) >= key(*place)]
    assert list(quoted.quotations(database, wanted, start=ListPlace(*place))) == after
    assert quoted.count(database, wanted) == len(every)
    assert every == sorted(every, key=lambda each: key(each.document.date, each.document.source))


def test_the_end_of_a_long_list_takes_no_more_than_its_beginning(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(120):
        put(database, f"d{number:03}", quotation(0), quotation(1), date=f"2024-01-{number // 4 + 1:02}")
    read, whole = list[str](), documents.read

    def noted(database: Database, id_: str) -> Document:
        read.append(id_)
        return whole(database, id_)

    monkeypatch.setattr(documents, "read", noted)
    steps = []
    with closing(Database.open(database.path)) as reader:
        for start in (None, ListPlace("2024-01-08", "d030"), ListPlace("2024-01-16", "d060")):
            read.clear()
            counted = list[int]()
            with reader._connected() as held:
                held.connection.set_progress_handler(partial(counted.append, 1), 1)  # at each step of SQLite
            some = list(islice(quoted.quotations(reader, start=start), 8))
            assert [each.document.id for each in some[::2]] == read[:4]
            assert len(read) <= 5
            steps.append(len(counted))
    assert max(steps) < 1.2 * min(steps)


def test_a_document_takes_its_quotations_with_it(database: Database) -> None:
    put(database, "d", quotation(0))
    put(database, "d", quotation(3, "Bob Ray"))
    assert [(q.start, q.name) for q in listed(database)] == [(3, "Bob Ray")]
    with database.transaction():
        writes.delete(database, ["d"])
    assert listed(database) == []
    quoted.forget_speakers(database)
    assert database.rows("SELECT * FROM speakers") == []


def test_other_rules_find_them_anew_without_new_passages(database: Database) -> None:
    put(database, "d", quotation(0))
    assert (quoted.outdated(database, 1), quoted.outdated(database, 2)) == ([], ["d"])
    (before,) = {tuple(ids.tolist()) for ids, _ in passages.vectors(database)}
    spoken = [replace(s, speaker="Bob Ray") for s in documents.sentences(database, "d")]
    with database.transaction():
        writes.requote(database, "d", spoken, [quotation(2, "Bob Ray")], 2)
    assert (quoted.outdated(database, 2), listed(database)) == ([], [quotation(2, "Bob Ray")])
    assert {tuple(ids.tolist()) for ids, _ in passages.vectors(database)} == {before}
    assert {s.speaker for hit in passages.hits(database, before) for s in hit.sentences} == {"Bob Ray"}
    assert whole.fault(database) is None


def test_an_index_of_an_older_askbrief_says_what_it_lacks(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as old:
        old.executescript("".join(MIGRATIONS[:2]).replace("in_eight_bits(vector)", "vector"))
        old.execute("PRAGMA user_version = 2")
    with closing(Database.open(tmp_path / FILE)) as reader:
        with pytest.raises(IndexMismatch, match="askbrief compact"):
            list(quoted.quotations(reader))
        with pytest.raises(IndexMismatch, match="askbrief compact"):
            quoted.speakers(reader)
        with pytest.raises(IndexMismatch, match="askbrief compact"):
            passages.allowed(reader, Filter(names=()))
    with closing(Database.create(tmp_path / FILE)) as database:
        assert list(quoted.quotations(database)) == []


def test_a_document_with_two_forms_of_a_name_counts_once(database: Database) -> None:
    put(database, "d", quotation(0, "John Kirby"), quotation(2, "John F. Kirby"))
    put(database, "e", quotation(0, "John Kirby"))
    groups = NameMatcher().grouped(quoted.speaker_names(database))
    (kirby,) = merged(quoted.speakers(database), groups, partial(quoted.documents_quoting, database))
    assert (kirby.forms, kirby.quotations, kirby.documents) == (("John F. Kirby", "John Kirby"), 3, 2)


def speaker(name: str, count: int = 1, role: str = "", since: str | None = None) -> Speaker:
    return Speaker(name, (name,), role, count, 1, since, since)


def test_forms_of_a_name_are_one_where_nothing_speaks_against_it() -> None:
    speakers = [
        speaker("John Kirby", 2, since="2024-02-01"),
        speaker("John F. Kirby", 1, "spokesman"),
        speaker("Kirby", 3, since="2023-01-01"),
        speaker("Clinton", 5),
        speaker("Bill Clinton", 1),
        speaker("Hillary Clinton", 2),
    ]
    found = merged(speakers, NameMatcher().grouped([each.name for each in speakers]), documents=len)
    assert found[0] == Speaker(
        "John F. Kirby",
        ("John F. Kirby", "John Kirby", "Kirby"),
        "spokesman",
        6,
        3,
        "2023-01-01",
        "2024-02-01",
    )
    assert [each.name for each in found[1:]] == ["Clinton", "Hillary Clinton", "Bill Clinton"]


def test_of_some_documents_a_speaker_goes_by_the_fullest_name_of_all() -> None:
    known = ["Bill Clinton", "Clinton", "Hillary Clinton", "John F. Kirby", "Kirby"]
    found = merged([speaker("Clinton"), speaker("Kirby", 3)], NameMatcher().grouped(known), len)
    assert [(each.name, each.forms) for each in found] == [
        ("John F. Kirby", ("Kirby",)),
        ("Clinton", ("Clinton",)),
    ]


# -- the library and the commands

TALK = {
    "talk.txt": "Ann Lee, the mayor of Graz, opened the pier.\n\n"
    "“The pier was old and had to go,” Lee said.\n\n"
    "Bob Ray denied that the pier was dangerous.\n",
    "pier.md": "---\ndate: 2024-03-05\n---\n\nThe pier cost a fortune, according to Bob Ray.\n",
}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """An index of what was said about a pier."""
    root = tmp_path_factory.mktemp("talk")
    Index.update([write(root / "files", TALK)], root / "index", model=str(tiny_model))
    return root / "index"


def test_who_said_what(talk: Path) -> None:
    with Index.open(talk) as index:
        by_lee = index.quotations(speaker="lee")
        assert [(each.text, each.quotation.name) for each in by_lee] == [
            ("The pier was old and had to go,", "Ann Lee")
        ]
        assert [each.quotation.polarity for each in index.quotations(speaker="Ray")] == ["said", "denied"]
        about = index.quotations(about="costs of the piers")
        assert [each.document.date for each in about] == ["2024-03-05"]
        assert index.quotations(about="zebras") == []
        assert len(index.quotations(document="pier.md")) == 1
        assert [(each.name, each.quotations, each.documents) for each in index.speakers()] == [
            ("Bob Ray", 2, 2),
            ("Ann Lee", 1, 1),
        ]


def test_every_quotation_is_verbatim(talk: Path) -> None:
    with Index.open(talk) as index:
        for each in index.quotations():
            text, q = index.show(each.document.id)[0].text, each.quotation
            assert each.text == text[q.start : q.end]
            assert each.cue == text[slice(*q.cue)]
            assert each.text in text
            assert each.text.strip() == each.text != ""


def test_the_commands(cli: Cli, talk: Path) -> None:
    ran = cli("quotes", "--speaker", "Lee", "--json", "--index", talk)
    (told,) = ran.json
    assert (ran.code, told["kind"], told["polarity"]) == (0, "direct", "said")
    assert told["speaker"]["name"] == "Ann Lee"
    text = TALK["talk.txt"]
    for part in (told, told["cue"], told["speaker"]):
        assert text[part["start"] : part["end"]] == part["text"]
    assert (told["paragraph"], told["sentences"], told["document"]["title"] != "") == (2, [1, 1], True)
    ran = cli("quotes", "--about", "pier", "--index", talk)
    assert (ran.code, ran.err) == (0, "")
    assert "“The pier was old and had to go,”" in ran.out
    assert "Bob Ray [denied]:" in ran.out
    ran = cli("quotes", "--speaker", "Nobody", "--json", "--index", talk)
    assert (ran.code, ran.json) == (1, [])
    ran = cli("quotes", "--speaker", "Nobody", "--index", talk)
    assert (ran.code, ran.out) == (1, "")
    ran = cli("speakers", "--json", "--index", talk)
    assert [each["name"] for each in ran.json] == ["Bob Ray", "Ann Lee"]
    assert "Bob Ray" in cli("speakers", "--index", talk).out
    assert_line(cli("quotes", "--document", "none.txt", "--index", talk), "none.txt")
    assert_line(cli("quotes", "--since", "soon", "--index", talk), "soon")
    ran = cli("quotes", "-n", "1", "--index", talk)
    assert (ran.code, ran.err) == (0, "1 of 3 quotations\n")
    assert cli("quotes", "-n", "1", "--about", "pier", "--index", talk).err == "1 of 3 quotations\n"


def test_speakers_of_some_documents(cli: Cli, talk: Path) -> None:
    def listed(*options: str) -> tuple[int, list[tuple[str, int]]]:
        ran = cli("speakers", *options, "--json", "--index", talk)
        return ran.code, [(each["name"], each["quotations"]) for each in ran.json]

    assert listed("--since", "2024-01-01") == (0, [("Bob Ray", 1)])
    assert listed("--until", "2024-01-01") == (1, [])
    assert listed("--source", "*talk.t[!a]t") == (0, [("Ann Lee", 1), ("Bob Ray", 1)])
    assert listed("--name", "RAY") == (0, [("Bob Ray", 2)])
    assert listed("--name", "n le", "--source", "*.md") == (1, [])
    assert_line(cli("speakers", "--since", "soon", "--index", talk), "soon")
    ran = cli("speakers", "--since", "2025-01-01", "--index", talk)
    assert (ran.code, ran.out) == (1, "")
    assert "no matching speakers" in ran.err


def test_an_index_made_by_other_rules_is_brought_up_to_date(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(archive.index) as index:
        before = index.quotations()
    monkeypatch.setattr("askbrief.quotes.RULES", 99)
    monkeypatch.setattr("askbrief.quotes.quotations", lambda text, sentences: ())
    summary = Index.update([archive.files], archive.index)
    assert (before != [], summary.unchanged, summary.encoded) == (True, 3, 0)
    with Index.open(archive.index) as index:
        assert index.quotations() == []
        assert index.status(verify=True).whole


def test_a_long_text_is_searched_up_to_a_limit_and_says_so(
    cli: Cli, tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Ann Lee said: “The pier was old.”\n\nBob Ray said: “The pier was new.”\n"
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    for module in ("askbrief.quotes", "askbrief.quotes.extract"):
        monkeypatch.setattr(f"{module}.LONGEST", 40)
    ran = cli("index", tmp_path / "long.txt", "--index", tmp_path / "i", "--model", tiny_model)
    assert ran.code == 0
    assert "long.txt: only its first 40 characters are searched for quotations" in ran.err
    with Index.open(tmp_path / "i") as index:
        assert [each.quotation.name for each in index.quotations()] == ["Ann Lee"]
        (document,) = index.documents()
    assert "only the first 40 characters" in cli("show", document.id, "--index", tmp_path / "i").err
    assert Index.update([tmp_path / "long.txt"], tmp_path / "i").unchanged == 1
