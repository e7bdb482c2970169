"""An archive in PostgreSQL, on a real server: what commands do with it, what writers and readers see of one
another, and how it speaks of what is wrong. What it has in common with a folder is in
``test_store_contract.py``."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from askbrief.errors import AskbriefError, IndexClosed, IndexOutdated, OptionError
from askbrief.index_records import ModelCard, PreparedDocument
from askbrief.indexing import copying
from askbrief.options import no_progress
from askbrief.protocols import RunWriter
from askbrief.storage.db.passages import PassageWords
from askbrief.storage.reader import FolderReader
from askbrief.storage.search.keywords import KeywordIndex
from askbrief.storage.stores import FolderStore
from askbrief.text import source_pattern
from askbrief.types import Filter
from conftest import Archive, Cli, assert_line, write
from test_derive import MODEL, WORDS, encode
from test_derive import entry as random_entry

pytest.importorskip("psycopg", reason="needs psycopg: pip install -e '.[test]'")
pytest.importorskip("pgvector", reason="needs pgvector: pip install -e '.[test]'")

from askbrief.storage.postgres import postgres_writer, server_passages, server_schema
from askbrief.storage.postgres.postgres_reader import PostgresReader
from askbrief.storage.postgres.postgres_store import PostgresStore
from askbrief.storage.postgres.server_address import ServerAddress
from askbrief.storage.postgres.server_schema import COPIED, DISTRIBUTED, MIGRATIONS, shard_of

pytestmark = pytest.mark.usefixtures("own_cache")


class Fake:
    """The model of random documents."""

    card: ModelCard = MODEL

    def questions(self, texts: list[str]) -> np.ndarray:
        return encode(texts)


@contextmanager
def written(url: str) -> Iterator[RunWriter]:
    with PostgresStore(url).writing() as opened:
        yield opened.writer(Fake(), anew=False)


@contextmanager
def read(url: str) -> Iterator[PostgresReader]:
    store = PostgresStore(url)
    with closing(PostgresReader.open(store._address, store.folder)) as reader:
        yield reader


def entries(count: int, first: int = 0) -> list[PreparedDocument]:
    return [random_entry(f"d{seed}", Random(seed)) for seed in range(first, first + count)]  # noqa: S311


def ids(url: str) -> set[str]:
    with read(url) as archive:
        return {each.id for each in archive.documents()}


# -- commands


QUESTION = "what will it cost to rebuild the pier?"


@pytest.fixture
def stored(postgres: Any, made: Archive, tiny_model: Path, cli: Cli) -> str:
    """The URL of a database that has what the index of the three briefs has."""
    url: str = postgres.database()
    ran = cli("index", made.files, "--store", url, "--model", tiny_model)
    assert (ran.code, ran.err) == (0, "")
    assert "3 added" in ran.out
    return url


def alike(found: Any) -> Any:
    """What was printed, without how long it took and how well words match: stores weigh them alike, but not
    to the last digit."""
    if isinstance(found, list):
        return [alike(each) for each in found]
    if isinstance(found, float):
        return pytest.approx(found, abs=0.001)
    if not isinstance(found, dict):
        return found
    without = {"elapsed_ms"} | ({"score"} if "places" in found else set())
    return {name: alike(value) for name, value in found.items() if name not in without}


def test_commands_print_the_same_of_a_database_as_of_a_folder(
    made: Archive, stored: str, cli: Cli, tmp_path: Path
) -> None:
    draft, saved = tmp_path / "draft.md", tmp_path / "answer.json"
    draft.write_text("“The pier will cost a fortune,” Petra Ilieva said. “It will cost 4.5 million euros.”")
    saved.write_text(cli("ask", QUESTION, "--json", "--index", made.index).out)
    for command in (
        ["ask", QUESTION, "--json"],
        ["ask", "what did Ilieva say about the pier?", "--json", "--since", "2024-01-01"],
        ["ask", "who was elected pope?", "--json"],
        ["ask", QUESTION, "--json", "--speaker", "nobody of that name"],
        ["quotes", "--json"],
        ["quotes", "--json", "--speaker", "ilieva", "--about", "pier"],
        ["speakers", "--json"],
        ["show", "harbour", "--json"],
        ["show", "no such document"],
        ["search", '"northern pier" speaker:ilieva', "--json"],
        ["search", "pier OR wol*", "--facets", "--json", "--sort", "date"],
        ["check", draft, "--json"],
        ["verify", saved, "--json"],
    ):
        one, two = cli(*command, "--index", made.index), cli(*command, "--store", stored)
        assert one.code == two.code, (command, one, two)
        if one.code == 2:
            continue
        assert alike(one.json) == alike(two.json), command


def test_a_database_is_brought_up_to_date_like_a_folder(stored: str, cli: Cli, made: Archive) -> None:
    again = cli("index", made.files, "--store", stored)
    assert "no changes" in again.out or "3 unchanged" in again.out
    before = cli("status", "--json", "--store", stored).json
    assert (before["documents"], before["whole"], before["revision"]) == (3, True, 1)
    gone = cli("remove", "wolves.txt", "--store", stored)
    assert (gone.code, "1 removed" in gone.out) == (0, True), gone
    preview = cli("index", made.files, "--dry-run", "--store", stored)
    assert preview.out.count("wolves.txt") == 1
    assert "would be 1 added, 2 unchanged" in preview.out
    rebuilt = cli("index", "--rebuild", "--store", stored)
    assert "2 added" in rebuilt.out
    after = cli("status", "--json", "--store", stored).json
    assert (after["documents"], after["revision"]) == (2, 3)


def test_a_database_carries_the_encoder_of_its_model(
    stored: str, cli: Cli, own_cache: Callable[[str], None]
) -> None:
    own_cache("another machine")
    ran = cli("ask", QUESTION, "--json", "--store", stored)
    assert ran.code == 0
    assert "4.5 million euros" in ran.json["answer"]


# -- copies


def test_an_archive_goes_from_a_folder_to_a_database_and_back(
    postgres: Any, archive: Archive, cli: Cli, tmp_path: Path
) -> None:
    url, back = postgres.database(), tmp_path / "back"
    there = cli("copy", archive.index, url)
    assert (there.code, "3 documents copied, 0 unchanged" in there.out) == (0, True), there
    assert "0 documents copied, 3 unchanged" in cli("copy", archive.index, url).out
    assert "3 documents copied" in cli("copy", url, back).out
    for command in (["ask", QUESTION, "--json"], ["quotes", "--json"], ["search", "pier OR wol*", "--json"]):
        printed = [
            cli(*command, *where).json
            for where in (("--index", archive.index), ("--store", url), ("--index", back))
        ]
        assert alike(printed[0]) == alike(printed[1]) == alike(printed[2])
    for index in (archive.index, back):
        assert cli("status", "--verify", "--index", index).code == 0
    with closing(FolderReader.open(archive.index)) as one, closing(FolderReader.open(back)) as two:
        rows = [
            reader.database.rows("SELECT digest, substr(vector, 5) FROM passages ORDER BY digest")
            for reader in (one, two)
        ]
    assert rows[0] == rows[1]  # all but the size of their step, which half precision rounds
    again = cli("index", archive.files, "--index", back)
    assert "0 passages embedded" in again.out


def test_a_copy_that_was_interrupted_goes_on(
    postgres: Any, archive: Archive, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.database()
    monkeypatch.setattr(copying, "BATCH", 1)

    def interrupt(*progress: object) -> None:
        if progress[1] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copying.copy(FolderStore(archive.index), PostgresStore(url), interrupt)
    rest = copying.copy(FolderStore(archive.index), PostgresStore(url))
    assert (rest.documents, rest.unchanged) == (1, 2)
    assert cli("status", "--store", url).code == 0


def test_archives_of_two_models_are_not_mixed(
    stored: str, cli: Cli, tmp_path: Path, other_model: Path
) -> None:
    files, other = write(tmp_path / "files", {"a.txt": "The bridge is closed.\n"}), tmp_path / "other"
    assert cli("index", files, "--index", other, "--model", other_model).code == 0
    assert_line(cli("copy", other, stored), "was made with", "empty folder or database")
    assert_line(cli("copy", tmp_path / "nothing", stored), "no index in")


# -- the schema


def test_every_key_of_documents_holds_their_shard(postgres: Any) -> None:
    """What Citus demands of tables that it distributes: keys, uniqueness and references among them hold the
    column by which they are."""
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(3))
    name = _name(url)
    keys = postgres.sql(
        "SELECT t.relname, i.relname, array_agg(a.attname::text) FROM pg_index x "
        "JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (x.indkey) "
        "WHERE t.relnamespace = 'askbrief'::regnamespace AND x.indisunique GROUP BY 1, 2",
        database=name,
    )
    tables = {table for table, _, _ in keys}
    assert tables == {*DISTRIBUTED, *COPIED}
    assert {table for table, _, columns in keys if "shard" not in columns} == {*COPIED}
    references = postgres.sql(
        "SELECT conrelid::regclass::text, confrelid::regclass::text, array_agg(a.attname::text), "
        "array_agg(b.attname::text) FROM pg_constraint c, unnest(c.conkey, c.confkey) AS k (one, two) "
        "JOIN pg_attribute a ON a.attnum = k.one JOIN pg_attribute b ON b.attnum = k.two "
        "WHERE c.contype = 'f' AND a.attrelid = c.conrelid AND b.attrelid = c.confrelid "
        "AND c.connamespace = 'askbrief'::regnamespace GROUP BY c.oid, 1, 2",
        database=name,
    )
    assert len(references) == 4
    assert all("shard" in own and "shard" in other for _, _, own, other in references)
    others = postgres.sql(
        "SELECT c.relname FROM pg_class c WHERE relnamespace = 'askbrief'::regnamespace AND relkind = 'r' "
        "AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shard')",
        database=name,
    )
    assert {table for (table,) in others} == {*COPIED}
    triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    assert postgres.sql(triggers, database=name) == [(0,)]


def test_a_number_says_in_which_shard_its_document_is(postgres: Any) -> None:
    url = postgres.database()
    with written(url) as writer:
        for at in range(3):
            writer.add(entries(2, at * 2))
    with read(url) as archive:
        rows = archive._snapshot.rows(
            "SELECT d.shard, d.row, p.shard, p.id FROM askbrief.documents d JOIN askbrief.passages p "
            "ON p.document = d.row"
        )
    assert len({shard for shard, *_ in rows}) == 3
    assert all(shard == shard_of(row) == other == shard_of(passage) for shard, row, other, passage in rows)


# -- searching


def test_words_are_weighed_as_in_a_folder(postgres: Any) -> None:
    url, some = postgres.database(), entries(60)
    some = [
        replace(each, document=replace(each.document, title=f"{WORDS[number % 7]} {WORDS[number % 3]}"))
        for number, each in enumerate(some)
    ]
    with written(url) as writer:
        writer.add(some[:25])
        writer.add(some[25:])
    words = [
        PassageWords(number, each.document.title, each.document.text[p.start : p.end])
        for number, (each, p) in enumerate(((e, p) for e in some for p in e.passages), 1)
    ]
    keywords = KeywordIndex.of(words)
    texts = {each.id: each.text for each in words}
    for question in ("ferry harbour", "wolves and snow in the school", "harbuor", "nothing of it", "number7"):
        with read(url) as archive:
            found = archive.search_text(question, 40)
            here = sorted((round(score, 3), hit.text) for (_, score), hit in _with_hits(archive, found))
        there = sorted((round(score, 3), texts[id_]) for id_, score in keywords.search(question, 40))
        assert len(here) == len(there)
        assert [score for score, _ in here] == pytest.approx([score for score, _ in there], rel=0.02), (
            question
        )


def test_words_that_another_library_stemmed_are_reported(postgres: Any) -> None:
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(3))
    with read(url) as archive, warnings.catch_warnings():
        warnings.simplefilter("error")
        archive.search_text(WORDS[0], 5)
    postgres.sql("UPDATE askbrief.meta SET value = 'x' WHERE name = 'stems'", database=_name(url))
    with read(url) as archive, pytest.warns(IndexOutdated, match="askbrief index --rebuild"):
        archive.search_text(WORDS[0], 5)


def _with_hits(archive: PostgresReader, ranking: Sequence[tuple[int, float]]) -> Iterator[tuple[Any, Any]]:
    return zip(ranking, archive.hits([id_ for id_, _ in ranking]), strict=True)


def test_an_approximate_index_finds_what_passes_a_filter(
    postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few of many pass, in either direction of what is nearest."""
    monkeypatch.setattr(postgres_writer, "EXACT", 100)
    monkeypatch.setattr(server_passages, "FEW", 5)
    url = postgres.database()
    many = [
        replace(each, document=replace(each.document, date="2024-01-01" if at % 40 else "2025-01-01"))
        for at, each in enumerate(entries(600))
    ]
    with written(url) as writer:
        for begin in range(0, len(many), 150):
            writer.add(many[begin : begin + 300])
        writer.finish(no_progress)
    vector = encode([f"{WORDS[0]} {WORDS[1]}"])[0]
    with read(url) as archive:
        assert archive._approximate
        for wanted in (Filter(), Filter(since="2025-01-01"), Filter(source="d1*", until="2024-12-31")):
            near = archive.search_dense(vector, 10, wanted)
            true = server_passages.nearest(archive._snapshot, vector, 10, wanted, approximate=False)
            assert len(near) == 10
            assert [score for _, score in near] == pytest.approx([score for _, score in true], abs=0.02)
            assert dict(near) == pytest.approx(archive.cosines(vector, [id_ for id_, _ in near]), abs=1e-6)


GLOBS = (
    "*",
    "d?",
    "d[1-3]*",
    "*[^a-c].txt",
    "a.b",
    "[]]x",
    "*(1)*",
    "ü*",
    "a\\b",
    "x+",
    "",
    "[",
    "*.TXT",
    "a b*",
)
NAMES = (
    "d1", "d22", "d4x", "a.b", "axb", "]x", "news (1).txt", "über.txt", "a\\b", "x+", "xx", "", "[", "c.txt",
    "a b c", "two\nlines.txt",
)  # fmt: skip


def test_patterns_mean_what_they_mean_in_a_folder(postgres: Any) -> None:
    with closing(postgres.connected()) as connection:
        for pattern in GLOBS:
            query = "SELECT name FROM unnest(%s::text[]) AS given (name) WHERE name ~ %s"
            found = connection.execute(query, (list(NAMES), source_pattern.for_postgres(pattern)))
            here = [name for name in NAMES if source_pattern.matches(pattern, name)]
            assert [name for (name,) in found] == here, pattern


# -- readers and writers


def test_a_reader_keeps_its_revision_until_it_moves_on(postgres: Any) -> None:
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(20))
        with read(url) as archive, ThreadPoolExecutor(6) as several:
            before = archive.search_text(WORDS[0], 50), archive.stats()
            assert archive.newest() is None
            writer.add(entries(20, 20))
            writer.delete(["d0", "d1", "d2"])
            moved = archive.newest()
            assert moved is not None
            with closing(moved) as after:
                assert after.stats().documents == 37
                assert after.stats().revision == before[1].revision + 2
            asked = [several.submit(archive.search_text, WORDS[0], 50) for _ in range(12)]
            assert all(each.result() == before[0] for each in asked)
            assert archive.stats() == before[1]
    with pytest.raises(IndexClosed):
        archive.stats()


def test_writers_of_different_documents_write_at_once(postgres: Any) -> None:
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(1))

    def write_some(first: int) -> None:
        with written(url) as writer:
            for at in range(first, first + 30, 10):
                writer.add(entries(10, at))

    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(write_some, first) for first in (100, 200, 300, 400)]:
            done.result()
    with read(url) as archive:
        stats = archive.stats()
        assert (stats.documents, stats.revision) == (121, 13)
        assert archive.status(verify=True).whole


def test_writers_of_one_document_are_put_in_order(postgres: Any) -> None:
    """Each sees what the others have committed: whoever comes last, its document is there once."""
    url, begin = postgres.database(), threading.Barrier(4)
    with written(url) as writer:
        writer.add(entries(1))

    def write_same(seed: int) -> None:
        with written(url) as writer:
            for at in range(5):
                one = random_entry("same", Random(seed * 100 + at))  # noqa: S311
                begin.wait()
                writer.add([one])

    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(write_same, seed) for seed in range(4)]:
            done.result()
    assert ids(url) == {"d0", "same"}
    with read(url) as archive:
        assert (archive.stats().documents, archive.stats().revision) == (2, 21)
        assert archive.status(verify=True).whole


def test_nothing_half_done_is_kept(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(5))
        with read(url) as archive:
            before = archive.stats()
        with monkeypatch.context() as patch:
            patch.setattr(postgres_writer, "sketch", _fails)
            with pytest.raises(ZeroDivisionError):
                writer.add(entries(5, 3))
        with read(url) as archive:
            assert archive.stats() == before
        with suppress(ZeroDivisionError), writer.transaction():
            writer.clear()
            writer.add(entries(2, 50))
            assert ids(url) == {f"d{at}" for at in range(5)}
            _fails("")
        writer.add(entries(1, 90))
    assert ids(url) == {*(f"d{at}" for at in range(5)), "d90"}


def _fails(text: str) -> Any:
    raise ZeroDivisionError(text)


KILLED = """
import sys
from test_postgres import entries, written
with written(sys.argv[1]) as writer:
    for at in range(0, 10_000, 3):
        writer.add(entries(3, at))
        print(at, flush=True)
"""


def test_what_a_killed_writer_had_committed_is_there(postgres: Any) -> None:
    """It is killed three times, wherever it is; what it said was stored is, and nothing is stored in part."""
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(3))
    for _ in range(3):
        paths = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, url],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        ) as killed:
            assert killed.stdout
            for _ in range(4):
                assert killed.stdout.readline()
            killed.kill()
            said = [int(line) for line in killed.stdout.read().split()]
        last = max(said, default=9)
        there = ids(url)
        assert {f"d{at}" for at in range(last + 3)} <= there
        assert len(there) % 3 == 0
        with read(url) as archive:
            assert archive.status(verify=True).whole


def test_a_batch_with_one_place_twice_keeps_the_last(postgres: Any) -> None:
    url = postgres.database()
    first, second = entries(2)
    same = replace(second, location=first.location)
    with written(url) as writer:
        writer.add([first, same])
    assert ids(url) == {second.document.id}


# -- URLs, and what is wrong


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@localhost/news",
        "postgresql://localhost/news?password=secret",
        "postgres://localhost/news?sslmode=require&sslpassword=secret",
    ],
)
def test_a_password_on_the_command_line_is_refused(url: str, cli: Cli) -> None:
    ran = cli("status", "--store", url)
    assert_line(ran, "password", "~/.pgpass")
    assert "secret" not in ran.err


@pytest.mark.parametrize("url", ["http://localhost/news", "news", "postgresql://host:port/news", "://"])
def test_what_is_no_url_of_a_database_is_refused(url: str, cli: Cli) -> None:
    assert_line(cli("status", "--store", url), "postgresql://USER@HOST/DATABASE")


def test_two_archives_are_refused(cli: Cli, made: Archive) -> None:
    assert_line(
        cli("status", "--index", made.index, "--store", "postgresql://localhost/news"), "--index", "--store"
    )


@pytest.mark.parametrize(
    ("url", "environment", "mode"),
    [
        ("postgresql://db.example.org/news", {}, "require"),
        ("postgresql://localhost,db.example.org/news", {}, "require"),
        ("postgresql:///news?host=db.example.org", {}, "require"),
        ("postgresql:///news", {"PGHOST": "db.example.org"}, "require"),
        ("postgresql:///news?service=desk", {}, "require"),
        ("postgresql://db.example.org/news?sslmode=verify-full", {}, "verify-full"),
        ("postgresql://db.example.org/news?sslmode=disable", {}, "disable"),
        ("postgresql://db.example.org/news", {"PGSSLMODE": "verify-full"}, None),
        ("postgresql://localhost/news", {}, None),
        ("postgresql://127.0.0.1:5433/news", {}, None),
        ("postgresql://[::1]/news", {}, None),
        ("postgresql:///news?host=/run/postgresql", {}, None),
    ],
)
def test_the_connection_is_encrypted_off_this_machine(
    url: str, environment: dict[str, str], mode: str | None
) -> None:
    assert ServerAddress.parse(url, environment).parameters.get("sslmode") == mode


def test_a_url_has_the_parts_that_libpq_reads() -> None:
    parsed = ServerAddress.parse("postgresql://desk%40paper@[::1]:5433,b/the%20news?application_name=x", {})
    assert parsed.parameters == {
        "host": "::1,b", "port": "5433,", "user": "desk@paper", "dbname": "the news", "application_name": "x",
        "sslmode": "require",
    }  # fmt: skip
    with pytest.raises(OptionError):
        ServerAddress.parse("postgresql://localhost/news?broken", {})


def test_what_is_wrong_with_a_server_is_one_line(postgres: Any, cli: Cli, tmp_path: Path) -> None:
    gone = f"postgresql:///news?host={tmp_path}"
    assert_line(cli("status", "--store", gone), "can't be reached")
    missing = postgres.url("no_such_database")
    assert_line(cli("status", "--store", missing), "no_such_database")
    empty = postgres.database()
    assert_line(cli("ask", "who?", "--store", empty), "no archive in", "`askbrief index PATH --store")
    assert_line(cli("remove", "x", "--store", empty), "no archive in")


def test_an_archive_of_a_newer_askbrief_is_left_alone(postgres: Any, cli: Cli, made: Archive) -> None:
    url = postgres.database()
    with written(url) as writer:
        writer.add(entries(1))
    postgres.sql(
        f"UPDATE askbrief.meta SET value = '{len(MIGRATIONS) + 1}' WHERE name = 'format'",  # noqa: S608
        database=_name(url),
    )
    for command in (["status"], ["index", made.files]):
        assert_line(cli(*command, "--store", url), "newer askbrief", "upgrade askbrief")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def roles(postgres: Any) -> Iterator[None]:
    postgres.sql("CREATE ROLE asker LOGIN", "CREATE ROLE owner LOGIN")
    yield
    for role in ("asker", "owner"):
        for (name,) in postgres.sql("SELECT datname FROM pg_database WHERE datallowconn"):
            postgres.sql(f"DROP OWNED BY {role}", database=name)
    postgres.sql("DROP ROLE asker", "DROP ROLE owner")


@pytest.mark.usefixtures("roles")
def test_a_role_that_may_only_read_can_ask(postgres: Any, stored: str, cli: Cli, made: Archive) -> None:
    name = _name(stored)
    as_asker = postgres.url(name, "asker")
    assert_line(cli("ask", QUESTION, "--store", as_asker), "permission denied", "grant")
    postgres.sql(
        "GRANT USAGE ON SCHEMA askbrief TO asker",
        "GRANT SELECT ON ALL TABLES IN SCHEMA askbrief TO asker",
        database=name,
    )
    assert cli("ask", QUESTION, "--store", as_asker).code == 0
    assert cli("search", "pier", "--store", as_asker).code == 0
    write(made.files.parent / "more", {"more.txt": "Another brief about the harbour.\n"})
    refused = cli("index", made.files.parent / "more", "--store", as_asker)
    assert_line(refused, "permission denied")


@pytest.mark.usefixtures("roles")
def test_a_missing_extension_is_one_line(postgres: Any, cli: Cli, made: Archive) -> None:
    url = postgres.database()
    postgres.sql(f"GRANT CREATE ON DATABASE {_name(url)} TO owner")
    ran = cli("index", made.files, "--store", postgres.url(_name(url), "owner"))
    assert_line(ran, "vector", "CREATE EXTENSION vector")


def test_an_old_pgvector_is_one_line(
    postgres: Any, cli: Cli, made: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_schema, "PGVECTOR", (99, 0))
    url = postgres.database()
    assert_line(cli("index", made.files, "--store", url), "too old", "CREATE EXTENSION vector")
    assert_line(cli("status", "--store", url), "no archive in")  # nothing was made


def test_text_that_is_not_utf8_is_refused(postgres: Any, cli: Cli, made: Archive) -> None:
    postgres.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert_line(cli("index", made.files, "--store", postgres.url("latin")), "LATIN1", "UTF8")


def test_a_query_that_takes_too_long_is_one_line(postgres: Any, stored: str, cli: Cli) -> None:
    postgres.sql(f"ALTER DATABASE {_name(stored)} SET statement_timeout = '1ms'")
    ran = cli("status", "--verify", "--store", stored)
    if ran.code:  # a fast server may be through before
        assert_line(ran, "statement")


def test_a_server_that_ends_a_connection_is_one_line(postgres: Any, stored: str) -> None:
    with read(stored) as archive:
        postgres.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'askbrief'"
        )
        with pytest.raises(AskbriefError) as raised:
            archive.stats()
    assert "\n" not in str(raised.value)
    assert raised.value.hint


def test_an_altered_text_is_reported_and_never_cited(postgres: Any, stored: str, cli: Cli) -> None:
    postgres.sql(
        "UPDATE askbrief.documents SET text = replace(text, '4.5 million', '9.5 million')",
        database=_name(stored),
    )
    state = cli("status", "--json", "--store", stored)
    assert (state.code, state.json["whole"]) == (2, False)
    assert_line(cli("ask", QUESTION, "--store", stored), "damaged")


def test_the_log_of_answers_needs_a_folder(stored: str, cli: Cli) -> None:
    assert_line(cli("ask", QUESTION, "--save", "--store", stored), "index folder", "--store")
    assert_line(cli("verify", "--log", "--store", stored), "index folder", "--store")
