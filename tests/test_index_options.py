"""What `askbrief index` takes beside paths: a look before it is done, a report, what is left out, a pipe."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askbrief import Index, formats
from askbrief.embed import models
from askbrief.errors import SourceError
from askbrief.formats import Skipped
from conftest import NEWS, Archive, Cli, assert_line, process, write

FERRY = "The ferry to Bari sails again from Tuesday.\n"


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file of a folder with its size and time, but for what SQLite keeps for whoever reads."""
    there = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm")
    there = (path for path in there if not (path.suffix == ".db-wal" and path.stat().st_size == 0))
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in there}


def held(index: Path) -> list[str]:
    with Index.open(index) as opened:
        return [Path(each.source).name for each in opened.documents()]


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes it an error to look for a model."""

    def refuse(*given: object) -> Any:
        raise AssertionError(given)

    monkeypatch.setattr(models, "locate", refuse)
    monkeypatch.setattr(models, "load", refuse)


# -- a look before it is done


def change(files: Path) -> None:
    """One of each kind of change."""
    write(files, {"ferry.txt": FERRY, "2024-06-07-bridge.md": "The bridge is open.\n", "bad.txt": "\0\1\2"})
    (files / "wolves.txt").rename(files / "animals.txt")
    (files / "2024-05-02-harbour.txt").unlink()


@pytest.mark.usefixtures("no_model")
def test_a_dry_run_lists_what_would_be_done_and_does_nothing(archive: Archive, cli: Cli) -> None:
    change(archive.files)
    before = files_of(archive.index)
    ran = cli("index", archive.files, "--dry-run", "--index", archive.index)
    assert (ran.code, ran.err) == (2, "")
    lines = [line.split(maxsplit=1) for line in ran.out.splitlines()]
    assert [(what, Path(rest).name) for what, rest in lines if what in ("added", "changed", "removed")] == [
        ("changed", "2024-06-07-bridge.md"), ("added", "ferry.txt"), ("removed", "2024-05-02-harbour.txt"),
    ]  # fmt: skip
    assert any(
        what == "moved" and "animals.txt from " in rest and "wolves.txt" in rest for what, rest in lines
    )
    assert any(what == "skipped" and "bad.txt is binary" in rest for what, rest in lines)
    assert "would be 1 added, 1 changed, 1 moved, 1 removed, 1 skipped; nothing was written" in ran.out
    assert files_of(archive.index) == before
    assert held(archive.index) == sorted(NEWS)


def test_a_dry_run_says_what_the_run_then_does(archive: Archive) -> None:
    change(archive.files)
    write(archive.files, {"n.jsonl": '{"id": 1, "text": "One."}\n{"no": 1}\n'})
    told = Index.update([archive.files], archive.index, dry_run=True)
    ran = Index.update([archive.files], archive.index, listed=True)
    assert told.changes
    assert sorted(told.changes, key=str) == sorted(ran.changes or (), key=str)
    assert told.skipped == ran.skipped
    again = Index.update([archive.files], archive.index, dry_run=True)
    assert (again.changes, again.unchanged) == ((), 4)


def test_a_dry_run_of_a_changed_container_tells_each_document(archive: Archive) -> None:
    path = archive.files / "n.jsonl"
    path.write_text('{"id": 1, "text": "One."}\n{"id": 2, "text": "Two."}\n', encoding="utf-8")
    Index.update([archive.files], archive.index)
    path.write_text('{"id": 2, "text": "Now two."}\n{"id": 3, "text": "Three."}\n', encoding="utf-8")
    told = Index.update([archive.files], archive.index, dry_run=True)
    changes = [(each.what, each.source.rpartition("#")[2]) for each in told.changes or ()]
    assert changes == [("changed", "2"), ("added", "3"), ("removed", "1")]


@pytest.mark.usefixtures("no_model")
def test_a_dry_run_without_an_index_makes_none(tmp_path: Path, cli: Cli) -> None:
    write(tmp_path / "news", NEWS)
    ran = cli("index", tmp_path / "news", "--dry-run", "--index", tmp_path / "index")
    assert (ran.code, ran.out.count("added    ")) == (0, 3)
    assert not (tmp_path / "index").exists()


@pytest.mark.usefixtures("no_model")
def test_a_dry_run_of_a_rebuild_tells_what_would_go(archive: Archive, cli: Cli) -> None:
    wolves = archive.files / "wolves.txt"
    out = cli("index", wolves, "--rebuild", "--dry-run", "--index", archive.index).out
    assert "would be 1 added, 2 removed" in out
    out = cli("index", "--rebuild", "--dry-run", "--index", archive.index).out
    assert "would be 3 added; nothing was written" in out
    assert held(archive.index) == sorted(NEWS)


# -- a report


@pytest.mark.parametrize("dry", [True, False])
def test_a_report_tells_the_same_as_json(archive: Archive, cli: Cli, tmp_path: Path, dry: bool) -> None:
    change(archive.files)
    path = tmp_path / "report.json"
    dryly = ["--dry-run"] * dry
    ran = cli("index", archive.files, "--report", path, *dryly, "--index", archive.index)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert ran.code == 2
    assert list(told) == ["index", "dry_run", "added", "changed", "moved", "unchanged", "removed", "excluded",
                          "encoded", "garbled", "changes", "skipped", "left_out"]  # fmt: skip
    assert (told["dry_run"], told["added"], told["changed"], told["moved"], told["removed"]) == (
        dry,
        1,
        1,
        1,
        1,
    )
    assert (told["encoded"] == 0) is dry
    changes = {Path(each["source"]).name: each for each in told["changes"]}
    assert changes["ferry.txt"]["what"] == "added"
    assert Path(changes["animals.txt"]["was"]).name == "wolves.txt"
    assert [(Path(each["source"]).name, "binary" in each["why"]) for each in told["skipped"]] == [
        ("bad.txt", True)
    ]


def test_a_report_is_written_over_an_earlier_one_and_over_nothing_else(
    archive: Archive, cli: Cli, tmp_path: Path
) -> None:
    report, own = tmp_path / "report.json", tmp_path / "own.json"
    own.write_text('{"mine": 1}')
    for _ in range(2):
        assert cli("index", archive.files, "--report", report, "--index", archive.index).code == 0
    ran = cli("index", archive.files, "--report", own, "--index", archive.index)
    assert_line(ran, "own.json exists and isn't a report")
    assert own.read_text() == '{"mine": 1}'


def test_a_report_that_can_not_be_written_is_told(archive: Archive, cli: Cli, tmp_path: Path) -> None:
    ran = cli(
        "index", archive.files, "--report", tmp_path / "no" / "r.json", "--dry-run", "--index", archive.index
    )
    assert_line(ran, "r.json", "can't be written")


# -- what is left out

TREE = {
    "a.txt": "A.", "a.log.txt": "A.", "drafts/b.txt": "B.", "deep/drafts/c.txt": "C.", "deep/keep.txt": "K.",
    "deep/er/d.txt": "D.", "deep/er/only.txt": "O.",
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path / "tree", TREE)


def found(*paths: Path, exclude: tuple[str, ...] = ()) -> list[str]:
    """The names of what is found, in order, with a minus before what is left out on purpose."""
    names = []
    for each in formats.find(paths, exclude):
        left_out = isinstance(each, Skipped)
        assert not isinstance(each, Skipped) or each.intended
        names.append(f"-{Path(each.source).name}" if left_out else Path(each.source).name)
    return names


ALL = ["a.log.txt", "a.txt", "c.txt", "d.txt", "only.txt", "keep.txt", "b.txt"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ((), ALL),
        (("*.log.txt",), ALL[1:]),
        (("drafts/",), [n for n in ALL if n not in ("b.txt", "c.txt")]),
        (("/drafts",), [n for n in ALL if n != "b.txt"]),
        (("deep/**/*.txt", "!keep.txt"), ["a.log.txt", "a.txt", "keep.txt", "b.txt"]),
        (("*.txt", "!a.txt"), ["a.txt"]),
        (("", "# no pattern", "nothing*"), ALL),
        (("deep", "drafts/", "a*"), []),
    ],
)
def test_patterns_leave_out(tree: Path, exclude: tuple[str, ...], left: list[str]) -> None:
    assert [name for name in found(tree, exclude=exclude) if name[0] != "-"] == left


def test_a_pattern_fits_a_name_as_it_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree.parent)
    assert "-drafts" in found(Path("tree"), exclude=("tree/drafts/",))
    assert found(Path("tree/a.txt"), Path("tree/deep"), exclude=("a.txt", "er")) == [
        "-a.txt", "c.txt", "-er", "keep.txt",
    ]  # fmt: skip


def test_a_file_of_patterns_speaks_for_its_folder(tree: Path) -> None:
    write(
        tree,
        {".askbriefignore": "*.log.txt\ndrafts/\n", "deep/.askbriefignore": "# own\ner/*\n!er/only.txt\n"},
    )
    assert found(tree) == ["-a.log.txt", "a.txt", "-drafts", "-d.txt", "only.txt", "keep.txt", "-drafts"]
    write(tree, {"deep/.askbriefignore": "!drafts/\n"})
    assert "c.txt" in found(tree)  # the deeper one goes before
    assert "c.txt" not in found(tree, exclude=("drafts",))  # but not before what the command says


def test_a_file_of_patterns_that_can_not_be_read_hides_its_folder(tree: Path) -> None:
    (tree / "deep" / ".askbriefignore").write_bytes(b"\xff\xfe\x00")
    skipped = [each for each in formats.find([tree]) if isinstance(each, Skipped)]
    assert [(Path(each.source).name, each.intended) for each in skipped] == [("deep", False)]


def test_why_something_is_left_out_is_listed(tree: Path, tiny_model: Path, cli: Cli) -> None:
    write(tree, {".askbriefignore": "drafts/\n"})
    where = ("--index", tree.parent / "index")
    out = cli("index", tree, "--exclude", "a.*", "--dry-run", *where).out
    assert f"{tree}/a.txt: --exclude says a.*\n" in out
    assert f"{tree}/drafts: {tree}/.askbriefignore says drafts/\n" in out
    ran = cli("index", tree, "--exclude", "a.*", "--model", tiny_model, *where)
    assert (ran.code, ran.err) == (0, "")
    assert "3 added, 4 excluded;" in ran.out
    assert held(tree.parent / "index") == ["d.txt", "only.txt", "keep.txt"]


def test_what_is_held_of_what_is_left_out_stays(archive: Archive) -> None:
    summary = Index.update([archive.files], archive.index, exclude=["wolves*"])
    assert (summary.excluded, summary.unchanged, summary.removed) == (1, 2, 0)
    assert held(archive.index) == sorted(NEWS)


def test_all_left_out_is_told(archive: Archive, cli: Cli) -> None:
    assert_line(
        cli("index", archive.files, "--exclude", "*", "--index", archive.index),
        "all that is there is excluded",
    )


# -- patterns that no shell has expanded


def test_patterns_among_paths(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tree / "*.txt") == ["a.log.txt", "a.txt"]
    assert found(tree / "**" / "[cd].txt") == ["c.txt", "d.txt"]
    monkeypatch.chdir(tree)
    assert found(Path("d*")) == ["c.txt", "d.txt", "only.txt", "keep.txt", "b.txt"]
    with pytest.raises(SourceError, match=r"no file matches .*x\*"):
        found(tree / "x*")
    write(tree, {"[1].txt": "One."})
    assert found(tree / "[1].txt") == ["[1].txt"]  # a file of that name is that file


def test_what_is_gone_from_folders_that_a_pattern_names_is_taken_out(archive: Archive) -> None:
    (archive.files / "wolves.txt").unlink()
    assert Index.update([archive.files.parent / "new*"], archive.index).removed == 1


# -- standard input

Pipe = Callable[[bytes], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Puts bytes into standard input."""
    return lambda data: monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    )


def test_texts_that_are_piped_in_stand_side_by_side(archive: Archive, cli: Cli, pipe: Pipe) -> None:
    where = ("--index", archive.index)
    for text in (FERRY, "The pier is closed.\n", FERRY):
        pipe(text.encode())
        assert cli("index", "-", *where).code == 0
    named = [name for name in held(archive.index) if name.startswith("stdin#")]
    assert len(named) == 2
    assert cli("show", named[0], "--json", *where).json["text"] in (FERRY, "The pier is closed.\n")
    assert cli("index", archive.files, *where).code == 0
    assert cli("index", "--rebuild", *where).code == 0
    assert set(named) < set(held(archive.index))
    assert cli("verify", "--help").code == 0


@pytest.mark.parametrize(
    "written",
    [
        '{"id": "x", "text": "One."}\n{"text": "Two."}\n',
        '[{"id": "x", "text": "One."}, {"text": "Two."}]',
        '\n{\n  "articles": [{"id": "x", "text": "One."}, {"text": "Two."}]\n}',
    ],
)
def test_records_that_are_piped_in(archive: Archive, cli: Cli, pipe: Pipe, written: str) -> None:
    for text in (written, written.replace("One", "Now one")):
        pipe(text.encode())
        ran = cli("index", "-", "--index", archive.index)
        assert (ran.code, ran.err) == (0, "")
    named = [name for name in held(archive.index) if name.startswith("stdin#")]
    assert len(named) == 2
    assert cli("show", "stdin#x", "--json", "--index", archive.index).json["text"] == "Now one."


def test_fields_of_records_that_are_piped_in(archive: Archive, cli: Cli, pipe: Pipe) -> None:
    pipe(b'{"k": 1, "words": "One."}\n{"k": 2}\n')
    ran = cli("index", "-", "--text-field", "words", "--id-field", "k", "--index", archive.index)
    assert (ran.code, "stdin#2: has no field 'words'" in ran.err) == (2, True)
    assert "stdin#1" in held(archive.index)


@pytest.mark.parametrize("data", [b"", b" \n", b"\0\1", b'{"text": "cut', b'[{"text": "One."}, {"te'])
def test_bad_input_in_a_pipe_is_told(archive: Archive, cli: Cli, pipe: Pipe, data: bytes) -> None:
    pipe(data)
    ran = cli("index", "-", "--index", archive.index)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("skipped: stdin")


def test_a_pipe_of_a_real_process(archive: Archive) -> None:
    ran = process("index", "-", "--index", archive.index, input=FERRY, env={**os.environ})
    assert (ran.returncode, "1 added" in ran.stdout) == (0, True)
    assert process("index", "-", "--watch", "--index", archive.index, input=FERRY).returncode == 2


# -- texts that were decoded wrongly before

SPOILT = "The cafÃ© wasn’t open, the mayor said.\n"


def test_a_text_decoded_wrongly_before_is_told_and_kept_as_it_is(archive: Archive, cli: Cli) -> None:
    write(archive.files, {"cafe.txt": SPOILT, "ferry.txt": FERRY})
    report = archive.files.parent / "report.json"
    told = cli("index", str(archive.files), "--index", str(archive.index), "--report", str(report))
    assert told.code == 0
    (note,) = told.err.splitlines()
    assert "cafe.txt was decoded wrongly before (it has 'Ã©')" in note
    written = json.loads(report.read_text(encoding="utf-8"))
    signs = {Path(each["source"]).name: each.get("garbled") for each in written["changes"]}
    assert (written["garbled"], signs) == (1, {"cafe.txt": "Ã©", "ferry.txt": None})
    shown = cli("show", "cafe.txt", "--index", str(archive.index))
    assert "cafÃ© wasn’t" in shown.out
    assert "it has 'Ã©', and 1 such signs in all" in shown.err
    shown = cli("show", "cafe.txt", "--json", "--index", str(archive.index))
    assert shown.json["document"]["garbled"] == 1


def test_a_text_decoded_wrongly_before_is_told_in_a_dry_run(archive: Archive, cli: Cli) -> None:
    write(archive.files, {"cafe.txt": SPOILT})
    told = cli("index", str(archive.files), "--index", str(archive.index), "--dry-run")
    assert "cafe.txt (decoded wrongly before: 'Ã©')" in told.out
