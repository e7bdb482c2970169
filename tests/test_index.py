"""Files into an index and out again: what a run of the writer does, and what a reader then sees."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import askbrief.formats
from askbrief import Index
from askbrief.embed.models import PassageEmbedder
from askbrief.errors import (
    AskbriefError,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    NotFound,
    SourceError,
    StorageError,
)
from askbrief.indexing import operations as build
from askbrief.storage import lock as writing
from askbrief.storage.search import manifest
from conftest import NEWS, Archive, Cli, Ran, assert_line, process, write

WOLVES = "who had seen wolves at the reservoir?"
FERRY = "The ferry to Bari sails again from Tuesday.\n"


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that a model encodes during the test."""
    seen: list[str] = []
    encode = PassageEmbedder.embed

    def counting(self: PassageEmbedder, texts: Sequence[str]) -> Any:
        seen.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(PassageEmbedder, "embed", counting)
    return seen


def sources(index: Path) -> list[str]:
    with Index.open(index) as opened:
        return sorted(Path(each.source).name for each in opened.documents())


def first_cited(index: Path, question: str) -> str:
    """The text of the sentence nearest to a question, found through the whole of the reading half."""
    with Index.open(index) as opened:
        return opened.ask(question).citations[0].text


def whole(index: Path) -> bool:
    with Index.open(index) as opened:
        return opened.status().whole


# -- what a run does


def test_a_new_index_holds_what_was_given(made: Archive) -> None:
    assert sources(made.index) == sorted(NEWS)
    with Index.open(made.index) as index:
        state = index.status()
        for each in index.documents():
            document, sentences = index.show(each.id)
            assert document.text == NEWS[Path(each.source).name]
            assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest() == each.sha256
            assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert (state.documents, state.whole, state.fault) == (3, True, None)
    assert state.sentences >= 9
    assert state.passages >= 3


def test_a_second_run_encodes_nothing_and_changes_nothing(archive: Archive, encoded: list[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in archive.index.rglob("*.faiss")}
    first = Index.update([archive.files], archive.index)
    assert (first.unchanged, first.added, first.changed, first.encoded) == (3, 0, 0, 0)
    assert encoded == []
    assert first.revision == Index.update([archive.files], archive.index).revision == 1
    assert {path: path.stat().st_mtime_ns for path in archive.index.rglob("*.faiss")} == before


def test_an_added_file_is_all_that_is_encoded(archive: Archive, encoded: list[str]) -> None:
    write(archive.files, {"ferry.txt": FERRY})
    summary = Index.update([archive.files], archive.index)
    assert (summary.added, summary.unchanged, summary.documents, summary.revision) == (1, 3, 4, 2)
    assert encoded == [FERRY.strip()]
    assert first_cited(archive.index, "when does the ferry to Bari sail?") == FERRY.strip()


def test_a_changed_file_replaces_what_it_was(archive: Archive) -> None:
    write(archive.files, {"wolves.txt": "Wolves have left the hills for good, the ranger Ada Conti said.\n"})
    summary = Index.update([archive.files], archive.index)
    assert (summary.changed, summary.unchanged, summary.documents) == (1, 2, 3)
    assert "Ada Conti" in first_cited(archive.index, "who said that wolves have left the hills?")
    with Index.open(archive.index) as index:
        assert "Šimić" not in "".join(index.show(each.id)[0].text for each in index.documents())


def test_files_that_are_gone_from_a_folder_are_taken_out(archive: Archive) -> None:
    (archive.files / "wolves.txt").unlink()
    one = Index.update([archive.files / "2024-05-02-harbour.txt"], archive.index)
    assert (one.removed, one.documents) == (0, 3)  # nobody asked for the folder
    summary = Index.update([archive.files], archive.index)
    assert (summary.removed, summary.unchanged, summary.documents) == (1, 2, 2)
    assert "wolves.txt" not in sources(archive.index)
    assert whole(archive.index)


def test_files_that_moved_are_known_again(archive: Archive, encoded: list[str]) -> None:
    below = archive.files / "animals"
    below.mkdir()
    (archive.files / "wolves.txt").rename(below / "wolves in Trento.txt")
    write(archive.files, {"copy.txt": NEWS["wolves.txt"]})
    summary = Index.update([archive.files], archive.index)
    assert (summary.moved, summary.added, summary.removed, summary.unchanged) == (1, 1, 0, 2)
    assert encoded == []
    assert {"wolves in Trento.txt", "copy.txt"} < set(sources(archive.index))
    assert summary.documents == 4
    assert whole(archive.index)


def test_a_file_is_read_again_where_its_state_may_have_changed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    wolves = archive.files / "wolves.txt"
    before = wolves.stat()
    long_ago = before.st_mtime_ns - 10**12
    for path in archive.files.iterdir():
        os.utime(path, ns=(long_ago, long_ago))
    read: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        if path.parent == archive.files:
            read.append(path.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert Index.update([archive.files], archive.index).unchanged == 3
    assert set(read) == set(NEWS)
    read.clear()
    assert Index.update([archive.files], archive.index).unchanged == 3
    assert read == []  # size and time are as they were
    wolves.write_text(NEWS["wolves.txt"].replace("five", "nine"), encoding="utf-8")
    assert Index.update([archive.files], archive.index).changed == 1
    assert set(read) == {"wolves.txt"}
    read.clear()
    assert Index.update([archive.files], archive.index).unchanged == 3
    assert set(read) == {"wolves.txt"}  # it was written a moment ago: it may be written again


@pytest.mark.skipif(sys.platform != "linux", reason="permissions are set as Linux does it")
def test_files_that_can_not_be_looked_at_are_not_taken_for_gone(archive: Archive) -> None:
    below = archive.files / "below"
    write(below, {"ferry.txt": FERRY})
    assert Index.update([archive.files], archive.index).documents == 4
    below.chmod(0)
    try:
        unprivileged("index", archive.files, "--index", archive.index)
        assert "ferry.txt" in sources(archive.index)
    finally:
        below.chmod(0o755)


def test_a_removed_document_is_found_no_more(archive: Archive) -> None:
    with Index.open(archive.index) as index:
        assert "reservoir" in index.ask(WOLVES).citations[0].text
        assert index.remove("wolves.txt").removed == 1
        assert all("reservoir" not in citation.text for citation in index.ask(WOLVES).citations)
    assert (archive.files / "wolves.txt").exists()
    assert whole(archive.index)


def test_removing_needs_no_model(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askbrief.embed.models.locate", lambda name: pytest.fail(f"looked for {name}"))
    build.remove(archive.index, ["wolves.txt"])
    assert "wolves.txt" not in sources(archive.index)


def test_all_documents_can_be_removed_and_others_added(archive: Archive) -> None:
    with Index.open(archive.index) as index:
        index.remove(*NEWS)
        with pytest.raises(IndexMissing, match="no document"):
            index.ask(WOLVES)
        index.add(archive.files / "wolves.txt")
        assert "reservoir" in index.ask(WOLVES).citations[0].text


def test_removing_names_one_document_or_none(archive: Archive) -> None:
    for name, told in (("nothing.txt", "no document"), (".txt", "names 2 documents"), ("", "no document")):
        with pytest.raises(NotFound, match=told):
            build.remove(archive.index, ["wolves.txt", name])
    assert sources(archive.index) == sorted(NEWS)


def test_removing_from_nothing_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        build.remove(tmp_path / "none", ["x"])
    assert not (tmp_path / "none").exists()


def test_a_paragraph_seen_before_keeps_its_vector(archive: Archive, encoded: list[str]) -> None:
    write(archive.files, {"copy.txt": NEWS["wolves.txt"]})
    summary = Index.update([archive.files], archive.index)
    assert (summary.added, summary.encoded) == (1, 0)
    assert encoded == []
    with sqlite3.connect(archive.index / "askbrief.db") as database:
        rows = database.execute("SELECT digest, vector FROM passages").fetchall()
    assert len(rows) > len(set(rows)) == len({digest for digest, _ in rows})


# -- starting over


def test_rebuild_without_paths_reads_all_that_is_held_again(archive: Archive, encoded: list[str]) -> None:
    write(archive.files, {"wolves.txt": "Wolves have left the hills.\n"})
    (archive.files / "2024-05-02-harbour.txt").unlink()
    summary = Index.update([], archive.index, rebuild=True)
    assert (summary.added, summary.documents, summary.skipped) == (3, 3, ())
    assert len(encoded) == summary.encoded == summary.passages
    with Index.open(archive.index) as index:
        assert index.show("wolves.txt")[0].text == "Wolves have left the hills.\n"
        assert index.show("harbour.txt")[0].text == NEWS["2024-05-02-harbour.txt"]  # its file is gone
        assert index.show("harbour.txt")[0].date == "2024-05-02"
        assert "4.5 million" in index.ask("how many million euros will it cost?").citations[0].text
    assert whole(archive.index)


def test_rebuild_keeps_what_can_not_be_read_any_more(archive: Archive) -> None:
    (archive.files / "wolves.txt").write_bytes(b"\x00\x01\x02")
    summary = Index.update([], archive.index, rebuild=True)
    assert [Path(skipped.source).name for skipped in summary.skipped] == ["wolves.txt"]
    assert "stays" in summary.skipped[0].why
    assert sources(archive.index) == sorted(NEWS)


def test_rebuild_with_paths_holds_these_alone(archive: Archive) -> None:
    summary = Index.update([archive.files / "wolves.txt"], archive.index, rebuild=True)
    assert (summary.documents, sources(archive.index)) == (1, ["wolves.txt"])
    assert whole(archive.index)


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01", b" \n\t "])
def test_rebuild_from_nothing_keeps_the_index(
    archive: Archive, tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "bad").mkdir()
    if content is not None:
        (tmp_path / "bad" / "a.txt").write_bytes(content)
    with pytest.raises(SourceError, match="nothing"):
        Index.update([tmp_path / "bad"], archive.index, rebuild=True)
    assert sources(archive.index) == sorted(NEWS)
    assert "reservoir" in first_cited(archive.index, WOLVES)


def test_rebuild_of_an_empty_index_without_paths_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no document"):
        Index.update([], tmp_path / "index", rebuild=True)


def test_a_vanished_file_does_not_stop_a_rebuild(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive.files)
    read = askbrief.formats.read_all

    def vanishing(path: Path, source: str) -> Any:
        if path.name == "wolves.txt":
            path.unlink()
        return read(path, source)

    monkeypatch.setattr(askbrief.formats, "read_all", vanishing)
    summary = Index.update([Path()], archive.index, rebuild=True)
    assert (summary.documents, sources(archive.index)) == (3, sorted(NEWS))


# -- models


def test_another_model_is_refused_with_the_way_to_have_it(archive: Archive, other_model: Path) -> None:
    write(archive.files, {"ferry.txt": FERRY})
    with pytest.raises(IndexMismatch, match=f"askbrief index --rebuild --model {other_model}"):
        Index.update([archive.files], archive.index, model=str(other_model))
    assert sources(archive.index) == sorted(NEWS)


def test_rebuild_with_another_model_encodes_all_anew(archive: Archive, other_model: Path) -> None:
    with Index.open(archive.index) as index:
        old = index.status().model
    summary = Index.update([], archive.index, model=str(other_model), rebuild=True)
    assert summary.encoded == summary.passages
    with Index.open(archive.index) as index:
        new = index.status().model
        assert old
        assert new
        assert (new.name, new.sha256 != old.sha256) == (str(other_model), True)
        assert "reservoir" in index.ask(WOLVES).citations[0].text
    assert [path.name for path in archive.index.glob("encoder-*")] == [new.encoder]
    assert Index.update([archive.files], archive.index).unchanged == 3  # the index keeps to its model


def test_a_model_changed_under_its_name_is_noticed(
    archive: Archive, tmp_path: Path, tiny_model: Path
) -> None:
    mine = shutil.copytree(tiny_model, tmp_path / "model")
    index = tmp_path / "own"
    Index.update([archive.files], index, model=str(mine))
    weights = mine / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    write(archive.files, {"ferry.txt": FERRY})
    with pytest.raises(IndexMismatch, match="--rebuild"):
        Index.update([archive.files], index)
    assert sources(index) == sorted(NEWS)


# -- names


ODD = ["two words.txt", "ćevap — “1”.txt", "[b]old[.txt", "new\nline.txt", "a%20b&c.txt", "-rf.txt", "кіт.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_odd_file_names(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    files = write(tmp_path / "files", {name: f"The cat number {n} sat.\n" for n, name in enumerate(ODD)})
    Path(os.fsdecode(os.fsencode(files) + b"/\xff\xfe.txt")).write_text(
        "The last cat sat.\n", encoding="utf-8"
    )
    index = tmp_path / "index"
    assert Index.update([files], index, model=str(tiny_model)).added == len(ODD) + 1
    assert Index.update([files], index).unchanged == len(ODD) + 1
    with Index.open(index) as opened:
        names = [source.source for source in opened.documents()]
    assert len(names) == len(ODD) + 1
    for name in names:
        shown = cli("show", "--json", "--index", index, "--", name)
        assert shown.json["document"]["source"] == name
        assert cli("show", "--index", index, "--", name).code == 0
    assert cli("status", "--documents", "--index", index).code == 0
    assert cli("ask", "what did the cat do?", "--index", index).code in (0, 1)
    assert cli("remove", "--index", index, "--", *names[1:]).code == 0
    with Index.open(index) as opened:
        assert [source.source for source in opened.documents()] == names[:1]


def test_two_files_of_one_relative_name_are_both_kept(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    for folder in ("one", "two"):
        write(tmp_path / folder, {"a.txt": f"This is the text of {folder}.\n"})
        monkeypatch.chdir(tmp_path / folder)
        Index.update([Path("a.txt")], index, model=str(tiny_model))
    with Index.open(index) as opened:
        first, second = sorted(opened.documents(), key=lambda source: len(source.source))
        assert (first.source, second.source) == ("a.txt", str(tmp_path / "two" / "a.txt"))
        assert first.id != second.id
        assert opened.show("a.txt")[0].text == "This is the text of one.\n"
    monkeypatch.chdir(tmp_path / "two")
    assert Index.update([Path("a.txt")], index).unchanged == 1
    assert Index.update([], index, rebuild=True).documents == 2


# -- files that are not as they should be


def store_files(index: Path) -> list[str]:
    return sorted(
        path.relative_to(index).as_posix()
        for path in index.rglob("*")
        if path.is_file() and path.stat().st_size
    )


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path, at: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= 0x10
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut_in_half, flip, os.remove], ids=lambda harm: harm.__name__)
def test_a_harmed_file_is_told_or_does_not_matter(
    archive: Archive, tmp_path: Path, cli: Cli, encoded: list[str], harm: Any
) -> None:
    """Each file of the index in turn: an answer as before, or one line; then ``index`` mends all but one."""
    ask = ("ask", WOLVES, "--json", "--index")
    expected = cli(*ask, archive.index).json["citations"]
    files = store_files(archive.index)
    assert {"askbrief.db", "manifest.json"} < set(files)
    assert len([name for name in files if "/" in name]) > 4  # those of the encoder and of tantivy
    told = set()
    for number, name in enumerate(files):
        index = shutil.copytree(archive.index, tmp_path / f"harmed-{number}")
        harm(index / name)
        ran = cli(*ask, index)
        if ran.code == 2:
            assert_line(ran, "run `askbrief ", str(index))
            told.add(name.split("/")[0].split("-")[0])
            assert cli("status", "--index", index).code == 2, name
        else:
            assert ran.json["citations"] == expected, name
            if name.startswith("vectors"):  # so few are compared as the database has them
                assert cli("status", "--verify", "--index", index).code == 2
        mended = cli("index", archive.files, "--index", index)
        if name == "askbrief.db":
            if mended.code == 0 and (again := cli(*ask, index)).code != 2:
                assert again.json["citations"] == expected
            continue
        assert mended.code == 0, (name, mended)
        if name.startswith(("vectors", "keywords")) and not name.endswith(".managed.json"):
            assert "rebuilt" in mended.err
        assert cli("status", "--index", index).code == 0, name
        assert cli(*ask, index).json["citations"] == expected
    assert told >= {"encoder", "keywords"}
    assert encoded == []  # mended from the database


@pytest.mark.parametrize("page", range(24))
def test_a_flipped_bit_in_the_database_is_never_cited(archive: Archive, cli: Cli, page: int) -> None:
    """Anywhere in the file: an answer as before, or one line that says what is damaged."""
    ask = ("ask", WOLVES, "--json", "--index", archive.index)
    expected = cli(*ask).json["citations"]
    (archive.index / "manifest.json").unlink()  # so that vectors and keywords come from the database too
    flip(archive.index / "askbrief.db", (page + 0.37) / 24)
    ran = cli(*ask)
    if ran.code == 2:
        assert_line(ran, "askbrief index")
    else:
        assert {c["start"]: c["text"] for c in ran.json["citations"]} == {
            c["start"]: c["text"] for c in expected
        }


def test_a_damaged_database_is_started_over_with_sources_alone(archive: Archive, cli: Cli) -> None:
    database = archive.index / "askbrief.db"
    cut_in_half(database)
    damaged = database.read_bytes()
    assert_line(cli("index", archive.files, "--index", archive.index), "askbrief index --rebuild")
    assert_line(cli("index", "--rebuild", "--index", archive.index), "with your sources")
    assert database.read_bytes() == damaged
    remade = cli("index", archive.files, "--rebuild", "--index", archive.index)
    assert (remade.code, "3 added" in remade.out) == (0, True), remade
    assert (archive.index / "askbrief.db.damaged").read_bytes() == damaged
    assert cli("status", "--index", archive.index).code == 0


@pytest.mark.parametrize("harm", [os.remove, lambda path: path.write_bytes(b"")])
def test_a_lost_database_is_not_hidden_by_a_new_one(archive: Archive, cli: Cli, harm: Any) -> None:
    harm(archive.index / "askbrief.db")
    assert_line(cli("index", archive.files, "--index", archive.index), "askbrief.db", "--rebuild")
    assert_line(cli("ask", WOLVES, "--index", archive.index), "askbrief index")


def test_search_files_of_another_database_are_never_taken(
    archive: Archive, tiny_model: Path, tmp_path: Path
) -> None:
    """The same number of commits is not the same commit: here another database is put in its place."""
    write(tmp_path / "others", {"a.txt": FERRY, "b.txt": "Snow fell on the pass.\n", "c.txt": "Rain fell.\n"})
    Index.update([tmp_path / "others"], tmp_path / "other", model=str(tiny_model))
    shutil.copy(tmp_path / "other" / "askbrief.db", archive.index / "askbrief.db")
    assert not whole(archive.index)
    assert first_cited(archive.index, "where does the ferry sail to?") == FERRY.strip()
    Index.update([tmp_path / "others"], archive.index)
    assert whole(archive.index)


# -- versions


def edited(index: Path, **changes: object) -> None:
    path = index / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize("command", [["ask", WOLVES], ["index"], ["index", "--rebuild"]])
def test_a_newer_manifest_is_refused(archive: Archive, cli: Cli, command: list[str]) -> None:
    edited(archive.index, format=manifest.FORMAT + 1)
    paths = [archive.files] if command[0] == "index" else []
    assert_line(cli(*command, *paths, "--index", archive.index), "newer askbrief", "upgrade")


@pytest.mark.parametrize("command", [["ask", WOLVES], ["status"], ["index"], ["index", "--rebuild"]])
def test_a_newer_database_is_refused(archive: Archive, cli: Cli, command: list[str]) -> None:
    with sqlite3.connect(archive.index / "askbrief.db") as database:
        database.execute("PRAGMA user_version = 99")
    paths = [archive.files] if command[0] == "index" else []
    assert_line(cli(*command, *paths, "--index", archive.index), "newer askbrief", "format 99")


# -- what lies behind, elsewhere, or out of reach


def test_without_a_manifest_the_database_answers(archive: Archive, cli: Cli) -> None:
    expected = first_cited(archive.index, WOLVES)
    (archive.index / "manifest.json").unlink()
    before = store_files(archive.index)
    assert first_cited(archive.index, WOLVES) == expected
    state = cli("status", "--json", "--index", archive.index)
    assert (state.code, state.json["whole"], state.json["fault"]) == (2, False, "manifest.json is missing")
    assert set(store_files(archive.index)) - {"askbrief.db-shm"} == set(before) - {"askbrief.db-shm"}
    Index.update([archive.files], archive.index)
    assert whole(archive.index)


def test_search_files_that_lie_behind_are_caught_up_in_memory(archive: Archive, tmp_path: Path) -> None:
    old = shutil.copytree(archive.index, tmp_path / "old")
    write(archive.files, {"ferry.txt": FERRY})
    Index.update([archive.files], archive.index)
    for path in archive.index.iterdir():
        if path.name.startswith(("vectors", "keywords", "manifest")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in old.iterdir():
        if path.name.startswith(("vectors", "keywords", "manifest")):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, archive.index / path.name)
    assert first_cited(archive.index, "when does the ferry to Bari sail?") == FERRY.strip()
    with Index.open(archive.index) as index:
        assert "behind" in (index.status().fault or "")
    Index.update([archive.files], archive.index)
    assert whole(archive.index)


def test_a_reader_keeps_its_revision_while_a_writer_works(archive: Archive) -> None:
    with Index.open(archive.index) as reader:
        build.remove(archive.index, ["wolves.txt"])
        write(archive.files, {"ferry.txt": FERRY})
        Index.update([archive.files / "ferry.txt"], archive.index)
        assert [Path(each.source).name for each in reader.documents()] == sorted(NEWS)
        assert "reservoir" in reader.ask(WOLVES).citations[0].text
    assert "wolves.txt" not in sources(archive.index)


def test_what_a_reader_kept_from_being_folded_is_folded_later(archive: Archive) -> None:
    write(archive.files, {"ferry.txt": FERRY})
    log = archive.index / "askbrief.db-wal"
    with Index.open(archive.index) as index:
        index.add(archive.files)
        assert not log.exists() or log.stat().st_size == 0
        assert "ferry" in index.ask("when does the ferry to Bari sail?").citations[0].text


def test_a_copied_folder_answers_the_same(made: Archive, tmp_path: Path) -> None:
    copy = shutil.copytree(made.index, tmp_path / "elsewhere")
    with Index.open(made.index) as one, Index.open(copy) as other:
        assert one.ask(WOLVES).citations == other.ask(WOLVES).citations
        assert other.status().whole


def _without_privilege() -> None:
    """What a process does before it becomes a command that permissions hold for, even if root runs it."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def unprivileged(*words: object) -> Ran:
    """A command line run by one who may do no more than files and folders permit."""
    if sys.platform != "linux":
        pytest.skip("permissions are set, and privileges dropped, as Linux does it")
    ran = process(*words, preexec_fn=_without_privilege)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def readonly(path: Path) -> None:
    """Let nobody write what is in ``path``."""
    for each in [*path.rglob("*"), path]:
        each.chmod(0o555 if each.is_dir() else 0o444)


def test_a_folder_that_can_not_be_written_is_read(archive: Archive, cli: Cli) -> None:
    expected = cli("ask", WOLVES, "--json", "--index", archive.index)
    readonly(archive.index)
    ran = unprivileged("ask", WOLVES, "--json", "--index", archive.index)
    assert (ran.code, ran.err) == (expected.code, "")
    assert ran.json["citations"] == expected.json["citations"]
    assert unprivileged("status", "--json", "--index", archive.index).json["whole"]
    assert_line(unprivileged("index", archive.files, "--index", archive.index), "can't be written")
    assert_line(unprivileged("index", archive.files, "--index", archive.index / "new"), "can't be written")


def test_what_a_killed_writer_left_in_the_log_is_read_where_nothing_can_be_written(archive: Archive) -> None:
    """SQLite does not look into the log of a file that it is told is immutable."""
    writer = sqlite3.connect(archive.index / "askbrief.db", isolation_level=None)
    writer.execute("UPDATE meta SET value = '7' WHERE name = 'revision'")
    readonly(archive.index)
    try:
        assert unprivileged("status", "--json", "--index", archive.index).json["revision"] == 7
    finally:
        writer.close()


def test_files_that_may_not_be_read_are_named(archive: Archive) -> None:
    for name in ("askbrief.db", "manifest.json"):
        (archive.index / name).chmod(0)
        assert_line(unprivileged("ask", WOLVES, "--index", archive.index), name, "can't be")
        (archive.index / name).chmod(0o644)
    archive.index.chmod(0)
    assert_line(unprivileged("ask", WOLVES, "--index", archive.index), str(archive.index))
    archive.index.chmod(0o755)


def test_a_second_writer_is_told(archive: Archive, cli: Cli) -> None:
    from filelock import FileLock

    with FileLock(archive.index / manifest.LOCK), writing._owned(archive.index):
        told = f"another process (number {os.getpid()} on "
        assert_line(cli("index", archive.files, "--index", archive.index), told, "try again")
        (archive.index / manifest.OWNER).write_text("{}")
        assert_line(cli("remove", "wolves.txt", "--index", archive.index), "another process")
        with pytest.raises(IndexLocked):
            build.remove(archive.index, ["wolves.txt"])
        assert cli("ask", WOLVES, "--index", archive.index).code in (0, 1)
    assert cli("index", archive.files, "--index", archive.index).code == 0
    assert not (archive.index / manifest.OWNER).exists()


def test_compacting_gives_room_back_and_changes_nothing(archive: Archive, cli: Cli) -> None:
    write(archive.files, {"long.txt": "\n\n".join(f"Number {n} came before {n + 1}." for n in range(2000))})
    Index.update([archive.files], archive.index)
    build.remove(archive.index, ["long.txt"])
    expected = cli("ask", WOLVES, "--json", "--index", archive.index).json["citations"]
    before = manifest.size(archive.index)
    told = cli("compact", "--index", archive.index)
    assert told.code == 0
    assert "before" in told.out
    assert manifest.size(archive.index) < before
    assert cli("ask", WOLVES, "--json", "--index", archive.index).json["citations"] == expected
    assert whole(archive.index)
    with Index.open(archive.index) as opened:
        assert opened.compact()[1] <= before
        assert "reservoir" in opened.ask(WOLVES).citations[0].text
    assert_line(cli("compact", "--index", archive.index / "none"), "no index")


def test_every_error_of_an_index_is_ours() -> None:
    for kind in (IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, NotFound, SourceError, StorageError):
        assert issubclass(kind, AskbriefError)
