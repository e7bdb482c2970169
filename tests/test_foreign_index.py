"""An index folder that somebody else made, perhaps to harm: nothing outside it is read or written, and what
isn't as askbrief makes it ends with one line."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from askbrief.embed import query_embedder
from askbrief.embed.graph_check import require_straight
from askbrief.embed.query_embedder import GRAPH, TENSORS, QueryEmbedder
from askbrief.errors import IndexDamaged
from askbrief.once import within
from askbrief.storage.db import connection
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.folder import OURS
from conftest import Archive, Cli, Ran, assert_line, process

WOLVES = "Who saw the wolves?"
READING = [["ask", WOLVES], ["status"], ["quotes"], ["search", "wolves"], ["show", "wolves.txt"]]
WRITING = [["index"], ["remove", "wolves.txt"], ["compact"], ["index", "--rebuild"]]


def run(cli: Cli, archive: Archive, *words: object) -> Ran:
    given = [archive.files] if words == ("index",) else []
    return cli(*words, *given, "--index", archive.index)


def names_of(folder: Path) -> list[str]:
    """Every file and folder of an index, by its path in it, and those that are only made now and then."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    made_sometimes = ["writer.lock", "writer.json", "manifest.json.new", "fetched.jsonl", "fetched.new"]
    return sorted(
        {*found, *made_sometimes, "answers.jsonl", "aliases.toml", "askbrief.db.damaged", "encoder-9"}
    )


def test_all_that_is_kept_in_a_folder_is_looked_at(made: Archive) -> None:
    assert all(name.startswith(OURS) for name in names_of(made.index))


def test_links_are_refused_wherever_they_lie_and_lead(archive: Archive, cli: Cli, tmp_path: Path) -> None:
    aside, elsewhere = tmp_path / "aside", tmp_path / "elsewhere"
    commands = READING + WRITING
    for number, name in enumerate(names_of(archive.index)):
        path = archive.index / name
        there = path.exists()
        if there:
            path.rename(aside)
            (shutil.copytree if aside.is_dir() else shutil.copy)(aside, elsewhere)
        else:
            elsewhere.write_bytes(b"mine")
        before = contents(elsewhere)
        path.symlink_to(elsewhere)
        assert_line(run(cli, archive, *commands[number % len(commands)]), f"{path} is a link")
        assert contents(elsewhere) == before
        path.unlink()
        if there:
            aside.rename(path)
        shutil.rmtree(elsewhere) if elsewhere.is_dir() else elsewhere.unlink()


def contents(path: Path) -> list[bytes]:
    """What is in a file, or in the files of a folder."""
    return [each.read_bytes() for each in (sorted(path.iterdir()) if path.is_dir() else [path])]


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_no_link_to_what_is_not_there_makes_a_file(
    archive: Archive, cli: Cli, tmp_path: Path, words: list[str]
) -> None:
    for name in ("writer.json", "manifest.json.new", "fetched.jsonl", "writer.lock", "keywords-9"):
        kept = (archive.index / name).exists() and (archive.index / name).read_bytes()
        (archive.index / name).unlink(missing_ok=True)
        (archive.index / name).symlink_to(tmp_path / "not there")
        assert_line(run(cli, archive, *words), "is a link")
        (archive.index / name).unlink()
        if kept is not False:
            (archive.index / name).write_bytes(kept)
    assert not (tmp_path / "not there").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    "words", [["ask", WOLVES], ["status"], ["compact"], ["verify", "--log"]], ids=" ".join
)
def test_pipes_are_not_waited_for(archive: Archive, words: list[str]) -> None:
    for name in ("manifest.json", "fetched.jsonl", "answers.jsonl", "aliases.toml", "askbrief.db-wal"):
        path = archive.index / name
        kept = path.read_bytes() if path.exists() else None
        path.unlink(missing_ok=True)
        os.mkfifo(path)
        ran = process(*words, "--index", archive.index)
        assert ran.returncode == 2
        assert len(ran.stderr.splitlines()) <= 2
        path.unlink()
        if kept is not None:
            path.write_bytes(kept)


# -- manifest and cards

OTHERS: tuple[Any, ...] = (None, -1, 1.5, 10**30, "x", "../x", "/etc", [], [[]], {}, {"a": 1}, True)
"""Values of every type, of which one at most fits in a place."""


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each object or list in some JSON, with the key of each of its values."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def test_a_manifest_of_other_types_and_names_is_told_in_a_line(archive: Archive, cli: Cli) -> None:
    path = archive.index / "manifest.json"
    whole = path.read_text()
    for number in range(sum(1 for _ in places(json.loads(whole)))):
        data = json.loads(whole)
        inside, key = list(places(data))[number]
        for other in (*OTHERS, 0 if isinstance(inside[key], str) else "0"):
            inside[key] = other
            path.write_text(json.dumps(data))
            assert_clear(cli("status", "--index", archive.index))
    for text in ("[" * 100_000, "9" * 5000, "null", '{"format": 2}', whole[:-9], ""):
        path.write_text(text)
        assert_line(cli("search", "wolves", "--index", archive.index), "manifest.json is damaged")


def assert_clear(ran: Ran) -> None:
    """An answer or an error that is no fault of askbrief's own."""
    assert ran.code in (0, 1, 2), ran
    assert "bug in askbrief" not in ran.err


@pytest.mark.parametrize(
    "name", ["../keywords", "/etc", "keywords/../..", "askbrief.db", "", ".", "keywords-\n"]
)
def test_a_manifest_names_search_files_alone(archive: Archive, cli: Cli, name: str) -> None:
    path = archive.index / "manifest.json"
    data = json.loads(path.read_text())
    elsewhere = archive.files / "keywords"
    shutil.copytree(archive.index / data["keywords"], elsewhere)
    for change in (
        {"keywords": name},
        {"vectors": {**data["vectors"], "file": name}},
        {"model": {**data["model"], "encoder": name}},
        {"files": {name: {"bytes": 1, "sha256": ""}}},
    ):
        path.write_text(json.dumps({**data, **change}))
        if change != {"model": {**data["model"], "encoder": ""}}:
            assert_line(cli("ask", WOLVES, "--reader", "none", "--index", archive.index), "is damaged")
    assert sorted(elsewhere.iterdir())


# -- the database


def altered(archive: Archive, *statements: str) -> None:
    """Run statements in the database of an index, its schema's own too."""
    with closing(sqlite3.connect(archive.index / FILE)) as database:
        database.executescript("PRAGMA writable_schema = ON;" + ";".join(statements))
        database.commit()


SCHEMAS = {
    "a view": "ALTER TABLE told RENAME TO other; CREATE VIEW told AS WITH RECURSIVE n(x) AS "
    "(SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x document, '' url, '' author, '' site, '' language, "
    "'' pages, '' dated, '' details, '' times FROM n",
    "a trigger": "CREATE TRIGGER harm AFTER UPDATE ON meta BEGIN DELETE FROM documents; END",
    "another trigger": "DROP TRIGGER passages_removed; "
    "CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN SELECT 1; END",
    "a computed column": "ALTER TABLE documents ADD COLUMN more AS (instr(text, text || text))",
    "a further column": "ALTER TABLE documents ADD COLUMN more",
    "a table less": "DROP TABLE sketches",
    "an index more": "CREATE INDEX harm ON documents (length(text))",
    "a table of a module": "CREATE VIRTUAL TABLE harm USING fts5(a)",
    "a later format's number": "PRAGMA user_version = 5",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_is_not_ours_is_not_used(archive: Archive, cli: Cli, name: str) -> None:
    altered(archive, SCHEMAS[name])
    for words in (["status"], ["ask", WOLVES, "--reader", "none"], ["remove", "wolves.txt"]):
        assert_line(cli(*words, "--index", archive.index), "isn't as askbrief makes it")


def test_a_database_of_another_program_is_not_written(tmp_path: Path, cli: Cli, archive: Archive) -> None:
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / FILE)) as database:
        database.executescript("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)")
    before = (tmp_path / "other" / FILE).read_bytes()
    assert cli("index", archive.files, "--index", tmp_path / "other").code == 2
    assert (tmp_path / "other" / FILE).read_bytes() == before


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_journal_is_not_rolled_back(archive: Archive, cli: Cli, words: list[str]) -> None:
    (archive.index / f"{FILE}-journal").write_bytes(b"x" * 600)
    assert_line(run(cli, archive, *words), "-journal isn't a file that askbrief makes")


KINDS: tuple[Any, ...] = (None, -1, 2**63 - 1, 1.5, "x", "9" * 5000, "[[1]]", "[" * 3000, b"\xff" * 300)
COMMANDS = (["ask", WOLVES, "--reader", "none"], ["status"], ["quotes"], ["show", "wolves.txt"], ["speakers"])


def columns_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
        return [
            (table, row[1])
            for (table,) in tables.fetchall()
            if not table.startswith("sqlite_")
            for row in database.execute(f"PRAGMA table_info({table})")
        ]


LAX = (
    "UPDATE sqlite_master SET sql = replace(replace(replace(replace(sql, ' NOT NULL', ''), 'TEXT', 'BLOB'), "
    "' INTEGER', ' BLOB'), ' BLOB PRIMARY KEY', ' INTEGER PRIMARY KEY') WHERE type = 'table'"
)
"""Lets any value into any column, but for the numbers of rows."""


def put(path: Path, statement: str, value: Any) -> None:
    """Write a value that the schema doesn't allow, and leave the schema as it was."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        kept = database.execute("SELECT sql, name FROM sqlite_master WHERE type = 'table'").fetchall()
        database.execute(LAX)
    with closing(sqlite3.connect(path, isolation_level=None)) as database, suppress(sqlite3.Error):
        database.execute(statement, (value,))
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.executemany("UPDATE sqlite_master SET sql = ? WHERE name = ?", kept)


def test_values_of_other_kinds_are_told_in_a_line(archive: Archive, cli: Cli) -> None:
    path = archive.index / FILE
    whole = path.read_bytes()
    for number, (table, column) in enumerate(columns_of(path)):
        for at, value in enumerate(KINDS):
            path.write_bytes(whole)
            put(path, f'UPDATE OR IGNORE {table} SET "{column}" = ?', value)  # noqa: S608 — our own names
            words = COMMANDS[(number + at) % len(COMMANDS)]
            assert_clear(cli(*words, "--index", archive.index))


def test_pages_that_name_one_another_end(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query without an end stands for pages in circles: both are cut off by the steps that they take."""
    monkeypatch.setattr(connection, "LEAST_STEPS", 3)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with closing(Database.open(archive.index / FILE)) as database:
        with pytest.raises(IndexDamaged, match="longer than its size allows"):
            database.one(endless)
        assert database.stats().documents == 3


# -- the query encoder


def graph(*nodes: Any, **more: Any) -> Any:
    """A graph from tokens to whatever is called ``out``."""
    tokens = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    return helper.make_graph(list(nodes), "g", [tokens], [out], **more)


def model(made: Any, **more: Any) -> Any:
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)]
    return helper.make_model(made, opset_imports=imports, ir_version=9, **more)


def looping() -> Any:
    inner = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["goes on"])],
        "body",
        [
            helper.make_tensor_value_info("n", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("goes on", TensorProto.BOOL, [])],
    )
    return model(graph(helper.make_node("Loop", ["", ""], [], body=inner)))


def with_functions() -> Any:
    own = helper.make_function(
        "own",
        "Twice",
        ["a"],
        ["b"],
        [helper.make_node("Add", ["a", "a"], ["b"])],
        [helper.make_opsetid("", 18)],
    )
    return model(graph(helper.make_node("Twice", ["x"], ["out"], domain="own")), functions=[own])


def with_numbers_elsewhere() -> Any:
    numbers = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    numbers.external_data.add(key="location", value="../../askbrief.db")
    return model(graph(helper.make_node("Identity", ["w"], ["out"]), initializer=[numbers]))


@pytest.mark.parametrize(
    ("make", "told"),
    [(looping, "Loop"), (with_functions, "operators of its own"), (with_numbers_elsewhere, "another file")],
)
def test_graphs_that_may_have_no_end_are_not_loaded(
    tmp_path: Path, make: Callable[[], Any], told: str
) -> None:
    onnx.save(make(), tmp_path / GRAPH) if make is not with_numbers_elsewhere else (
        tmp_path / GRAPH
    ).write_bytes(make().SerializeToString())
    with pytest.raises(ValueError, match=told):
        require_straight(tmp_path / GRAPH, TENSORS)


def test_bytes_that_are_no_graph_are_refused_or_empty(tmp_path: Path) -> None:
    whole = looping().SerializeToString()
    for cut in range(len(whole)):
        (tmp_path / GRAPH).write_bytes(whole[:cut])
        with suppress(ValueError):
            require_straight(tmp_path / GRAPH, TENSORS)
    (tmp_path / GRAPH).write_bytes(b"\xff" * 30)
    with pytest.raises(ValueError, match="breaks off"):
        require_straight(tmp_path / GRAPH, TENSORS)


def with_graph(made: Archive, tmp_path: Path, nodes: list[Any], **more: Any) -> QueryEmbedder:
    """The query encoder of an index with another graph."""
    (encoder,) = made.index.glob("encoder-*")
    folder = tmp_path / "encoder"
    shutil.copytree(encoder, folder)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "inputs": ["input_ids"]}))
    onnx.save(model(graph(*nodes, **more)), folder / GRAPH)
    return QueryEmbedder(folder)


def test_a_graph_that_wants_more_memory_than_there_is_for_it_ends(made: Archive, tmp_path: Path) -> None:
    size = helper.make_tensor("size", TensorProto.INT64, [1], [10**12])
    large = helper.make_node("ConstantOfShape", ["size"], ["large"])
    total = helper.make_node("ReduceSum", ["large"], ["out"])
    encoder = with_graph(made, tmp_path, [large, total], initializer=[size])
    with pytest.raises(IndexDamaged, match="can't be run"):
        encoder.embed(["who?"])


def test_a_graph_that_gives_no_vectors_is_refused(made: Archive, tmp_path: Path) -> None:
    encoder = with_graph(
        made, tmp_path, [helper.make_node("Cast", ["input_ids"], ["out"], to=TensorProto.FLOAT)]
    )
    with pytest.raises(IndexDamaged, match="no vectors of its dimension"):
        encoder.embed(["who?"])


def test_an_encoder_that_takes_too_long_is_left(made: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder,) = made.index.glob("encoder-*")
    encoder = QueryEmbedder(folder)
    assert np.isfinite(encoder.embed(["who?"])).all()
    monkeypatch.setattr(query_embedder, "SECONDS", 0.1)
    monkeypatch.setattr(encoder, "_embedded", lambda texts: time.sleep(5))
    with pytest.raises(IndexDamaged, match=r"takes longer than 0\.1 seconds"):
        encoder.embed(["who?"])


def test_what_a_library_panics_with_is_an_error() -> None:
    class Panic(BaseException):
        pass

    def panics() -> None:
        raise Panic("out of bounds")

    with pytest.raises(RuntimeError, match="out of bounds"):
        within(5, panics)
