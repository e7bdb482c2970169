"""What a hint says to run works if it is typed so, for the index that the user named."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from askbrief.cli import terminal
from conftest import Archive, Ran, assert_line, process

WOLVES = "who said that he had seen five of them at the reservoir?"


def commands(text: str) -> list[list[str]]:
    """The command lines that a text has in backticks, as a shell takes them."""
    return [shlex.split(found) for found in re.findall(r"`askbrief ([^`]+)`", text)]


def ran(*words: object, cwd: Path) -> Ran:
    done = process(*words, cwd=cwd)
    return Ran(done.returncode, done.stdout, done.stderr)


def damage_manifest(archive: Archive) -> None:
    (archive.index / "manifest.json").write_text("{", encoding="utf-8")


def damage_search_files(archive: Archive) -> None:
    next(archive.index.glob("keywords-*/meta.json")).write_bytes(b"x")


def lose_database(archive: Archive) -> None:
    (archive.index / "askbrief.db").write_bytes(b"")


def damage_database(archive: Archive) -> None:
    (archive.index / "askbrief.db").write_bytes(b"x" * 100_000)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (damage_manifest, ["ask", WOLVES]),
        (damage_manifest, ["status"]),
        (damage_search_files, ["ask", WOLVES]),
        (lose_database, ["ask", WOLVES]),
        (damage_database, ["status"]),
        (damage_database, ["quotes"]),
    ],
)
def test_a_damaged_index_is_repaired_by_what_its_hint_says(
    archive: Archive, tmp_path: Path, harm: Callable[[Archive], None], words: list[str]
) -> None:
    """The index has a blank in its name, and the commands are run where there are no seeds."""
    index = archive.index.rename(tmp_path / "my index")
    archive = Archive(archive.files, index)
    harm(archive)
    named = ("--index", index)
    failed = ran(*words, *named, cwd=tmp_path)
    assert failed.code == 2
    for _ in range(3):  # one remedy may reveal the next
        remedies = commands(failed.out + failed.err)
        assert remedies, failed
        assert all(remedy[-2:] == ["--index", str(index)] for remedy in remedies)
        remedy = [str(archive.files) if word == "PATH" else word for word in remedies[-1]]
        failed = ran(*remedy, cwd=tmp_path)
        if failed.code == 0:
            break
    assert ran("ask", WOLVES, *named, cwd=tmp_path).code == 0
    assert "intact     yes" in ran("status", *named, cwd=tmp_path).out


def test_a_missing_index_and_a_document_that_is_not_there(archive: Archive, tmp_path: Path) -> None:
    failed = ran("ask", WOLVES, "--index=new", cwd=tmp_path)
    assert commands(failed.err) == [["index", "PATH", "--index", "new"]]
    failed = ran("show", "nothing", "--index", archive.index, cwd=tmp_path)
    (remedy,) = commands(failed.err)
    assert "wolves.txt" in ran(*remedy, cwd=tmp_path).out


def test_only_commands_get_the_index() -> None:
    hint = "run `askbrief ask --help`, or `askbrief status`, with `--allow-private`"
    assert terminal.for_index(hint, "a b") == (
        "run `askbrief ask --help`, or `askbrief status --index 'a b'`, with `--allow-private`"
    )
    assert terminal.for_index(hint, None) == hint


@pytest.mark.parametrize(
    ("address", "hint"), [("ftp://x.example/a.txt", "download it"), ("file:///a.txt", "give its path")]
)
def test_addresses_of_other_kinds(tmp_path: Path, address: str, hint: str) -> None:
    failed = ran("index", address, "--index", "new", cwd=tmp_path)
    assert_line(failed, f"{address} can't be fetched: only http:// and https:// are supported", hint)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", [b"", b"\x00\x01 binary"])
def test_a_run_that_stores_nothing_leaves_no_index(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "bad.txt").write_bytes(text)
    assert ran("index", "bad.txt", "--index", "new", cwd=tmp_path).code == 2
    assert not (tmp_path / "new").exists()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "aliases.toml").write_text("", encoding="utf-8")
    assert ran("index", "bad.txt", "--index", "new", cwd=tmp_path).code == 2
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["aliases.toml"]
    assert_line(ran("status", "--index", "new", cwd=tmp_path), "no index in new")
