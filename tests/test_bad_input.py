"""What people give it by mistake: each thing one clear line that names it, the rest taken, nothing lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import askbrief.formats
from askbrief import Index
from conftest import NEWS, Archive, Cli, Ran, assert_line, process, write
from growth import assert_linear

WOLVES = "who said that he had seen five of them at the reservoir?"

BINARY = {
    "nul.txt": b"Text with a \x00 in it.",
    "picture.md": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "paper.txt": b"%PDF-1.7 ...",
    "controls.txt": b"\x01\x02\x03\x04\x05 text",
}
UNTOLD = {
    "mixed.txt": b"Caf\xe9 \x81\x8d\x8f \xff\xfe\xfd" * 3,
    "half.txt": "Кот спал.".encode("utf-16") + b"\x00",
}
EMPTY = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\r\n\xc2\xa0",
    "rule.md": b"---\n\n***\n",
    "marks.txt": b"!!! ...\n",
}


def held(index: Path) -> list[str]:
    with Index.open(index) as opened:
        return sorted(Path(source.source).name for source in opened.documents())


# -- no index, nothing to index


@pytest.mark.parametrize("words", [["ask", "who?"], ["status"], ["show", "x"], ["remove", "x"], ["eval"]])
def test_no_index_yet(words: list[str], tmp_path: Path, cli: Cli) -> None:
    if words == ["eval"]:
        words = ["eval", str(Path(__file__).parent.parent / "eval" / "gold.jsonl")]
    assert_line(
        cli(*words, "--index", tmp_path / "none"), f"no index in {tmp_path / 'none'}", "askbrief index"
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.mkdir(),
        lambda path: (path / "inner").mkdir(parents=True),
        lambda path: write(path, {"picture.png": "x", ".hidden.txt": "Hidden.", ".git/a.txt": "Hidden."}),
    ],
)
def test_a_folder_without_texts(tmp_path: Path, cli: Cli, make: object) -> None:
    make(tmp_path / "folder")  # type: ignore[operator]
    ran = cli("index", tmp_path / "folder", "--index", tmp_path / "index")
    assert_line(ran, "nothing to index", "no file of a known kind")
    assert not (tmp_path / "index").exists()


def test_a_path_that_is_not_there(archive: Archive, cli: Cli) -> None:
    write(archive.files, {"ferry.txt": "The ferry sails.\n"})
    ran = cli("index", archive.files, archive.files / "nope.txt", "--index", archive.index)
    assert_line(ran, "no such file or folder", "nope.txt")
    assert held(archive.index) == sorted(NEWS)


# -- files


@pytest.mark.parametrize("rebuild", [False, True])
def test_bad_files_do_not_stop_the_others(archive: Archive, cli: Cli, rebuild: bool) -> None:
    bad = BINARY | UNTOLD | EMPTY
    for name, data in bad.items():
        (archive.files / name).write_bytes(data)
    if sys.platform != "win32":
        (archive.files / "broken.txt").symlink_to("nowhere")
        bad["broken.txt"] = b""
    write(archive.files, {"zebra.txt": "A zebra sang in Oslo.\n"})
    words = ["index", archive.files, "--index", archive.index, *(["--rebuild"] if rebuild else [])]
    ran = cli(*words)
    lines = ran.err.splitlines()
    assert ran.code == 2
    assert all(line.startswith("skipped: ") for line in lines)
    for name in bad:
        assert [name in line for line in lines].count(True) == 1, name
    assert len(lines) == len(bad)
    assert f"{len(bad)} skipped" in ran.out
    assert held(archive.index) == sorted([*NEWS, "zebra.txt"])
    assert cli("ask", "which zebra sang in Oslo?", "--index", archive.index).code == 0


@pytest.mark.parametrize(
    ("files", "told"), [(BINARY, "binary"), (UNTOLD, "save it as UTF-8"), (EMPTY, "put text into it")]
)
def test_why_a_file_was_skipped(archive: Archive, cli: Cli, files: dict[str, bytes], told: str) -> None:
    for name, data in files.items():
        path = archive.files / name
        path.write_bytes(data)
        ran = cli("index", path, "--index", archive.index)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert name in ran.err
        assert told in ran.err or "binary" in ran.err, ran.err
    assert held(archive.index) == sorted(NEWS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_other_encodings_are_told_and_cited_as_they_are(archive: Archive, cli: Cli, encoding: str) -> None:
    text = "The café in Besançon was closed on Friday, the “owner” said. Nobody was hurt.\n"
    (archive.files / "other.txt").write_bytes(text.encode(encoding))
    assert cli("index", archive.files, "--index", archive.index).code == 0
    shown = cli("show", "other.txt", "--json", "--index", archive.index).json["text"]
    assert shown.lstrip("\ufeff") == text
    told = cli("ask", "when was the café in Besançon closed?", "--json", "--index", archive.index).json
    citation = told["citations"][0]
    assert shown[citation["start"] : citation["end"]] == citation["text"]
    assert "Besançon" in citation["text"]


def test_a_file_that_vanishes(archive: Archive, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    write(archive.files, {"a.txt": "Snow fell.\n", "gone.txt": "Gone.\n", "z.txt": "Rain fell.\n"})
    read = askbrief.formats.read_all

    def vanishing(path: Path, source: str) -> object:
        if path.name == "gone.txt":
            path.unlink()
        return read(path, source)

    monkeypatch.setattr(askbrief.formats, "read_all", vanishing)
    ran = cli("index", archive.files, "--index", archive.index)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "gone.txt has disappeared" in ran.err
    assert held(archive.index) == sorted([*NEWS, "a.txt", "z.txt"])


def test_a_file_that_was_taken_and_is_bad_now_is_kept(archive: Archive, cli: Cli) -> None:
    (archive.files / "wolves.txt").write_bytes(b"\x00")
    ran = cli("index", archive.files, "--index", archive.index)
    assert (ran.code, "wolves.txt" in ran.err) == (2, True)
    assert cli("ask", WOLVES, "--index", archive.index).code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="privileges are dropped as Linux does it")
def test_files_and_folders_that_may_not_be_read(archive: Archive) -> None:
    from test_index import unprivileged

    write(archive.files, {"locked.txt": "Locked.\n", "shut/in.txt": "Shut in.\n"})
    (archive.files / "locked.txt").chmod(0)
    (archive.files / "shut").chmod(0)
    ran = unprivileged("index", archive.files, "--index", archive.index)
    (archive.files / "shut").chmod(0o755)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 2
    assert "locked.txt can't be read: permission denied" in ran.err
    assert "shut: the folder can't be listed" in ran.err
    assert "3 unchanged, 2 skipped" in ran.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_neither_file_nor_folder(archive: Archive, cli: Cli) -> None:
    os.mkfifo(archive.files / "pipe.txt")
    assert_line(
        cli("index", archive.files / "pipe.txt", "--index", archive.index), "pipe.txt", "neither a file"
    )
    assert cli("index", archive.files, "--index", archive.index).code == 0


def long_line(sentences: int) -> str:
    return " ".join(f"Item {n} was sold for {n % 97} euros in town {n % 31}." for n in range(sentences))


def test_a_line_of_megabytes_takes_time_in_proportion(tmp_path: Path) -> None:
    """Reading and cutting, all but the model: a line four times as long takes about four times as long."""
    from askbrief import formats, quotes
    from askbrief.text import group_passages, split_sentences

    def work(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.txt"
        path.write_text(long_line(count), encoding="utf-8")

        def read_and_cut() -> None:
            document = formats.read(path, path.name)
            found = split_sentences(document.text, document.paragraphs)
            cut = quotes.with_speakers(found, quotes.quotations(document.text, found))
            passages = group_passages(
                document.text, cut, lambda texts: [len(text) // 4 for text in texts], 200
            )
            assert len(cut) == count
            assert passages[-1].last == count

        return read_and_cut

    assert_linear(work, 2_500, 10_000)


def test_a_long_line_without_any_mark_is_taken(archive: Archive, cli: Cli) -> None:
    """Data in one line: it has no sentences to speak of, and must hold up nothing."""
    write(archive.files, {"data.txt": "0123456789abcdef" * 20_000, "words.txt": "word and " * 20_000})
    ran = cli("index", archive.files, "--index", archive.index)
    assert (ran.code, "2 added" in ran.out) == (0, True), ran
    assert cli("ask", WOLVES, "--index", archive.index).code == 0
    with Index.open(archive.index) as index:
        for name in ("data.txt", "words.txt"):
            document, sentences = index.show(name)
            assert max(s.end - s.start for s in sentences) <= 2000
            pieces = "".join(document.text[s.start : s.end] for s in sentences)
            assert "".join(pieces.split()) == "".join(document.text.split())


# -- questions


QUESTIONS = {
    "": "is empty",
    "  \t ": "is empty",
    "??": "has no words",
    "word " * 10_000: "49999 characters",
    "что сказал Кирби?": "Cyrillic letters, the archive in Latin",
    "谁看见了狼？": "the archive in Latin",
}


@pytest.mark.parametrize(
    ("question", "told"), QUESTIONS.items(), ids=[told[:8] for told in QUESTIONS.values()]
)
def test_questions_that_can_not_be_asked(made: Archive, cli: Cli, question: str, told: str) -> None:
    assert_line(cli("ask", question, "--index", made.index), told)
    assert_line(cli("ask", question, "--json", "--index", made.index), told)


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are never bytes there")
def test_a_question_that_is_not_utf_8(made: Archive) -> None:
    ran = process(
        "ask", os.fsdecode(b"who is \xff?"), "--index", made.index, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )
    assert_line(Ran(ran.returncode, ran.stdout, ran.stderr), "not UTF-8")


@pytest.mark.parametrize(
    "question",
    ["a" * 5000, "who said it? " * 150, "'; DROP TABLE documents; --", "\\x00 %s {} $(ls) <b>", "-1"],
)
def test_questions_that_are_odd_and_can_be_asked(made: Archive, cli: Cli, question: str) -> None:
    ran = cli("ask", "--json", "--index", made.index, "--", question)
    assert ran.code in (0, 1), ran
    assert ran.json["question"] == question.strip()
    assert held(made.index) == sorted(NEWS)


@pytest.mark.parametrize("question", ["of", "the the the of", "a " * 400, "Is it?", "who is he?"])
def test_questions_of_function_words_alone_are_not_answered(made: Archive, cli: Cli, question: str) -> None:
    ran = cli("ask", "--json", "--index", made.index, "--", question)
    assert (ran.code, ran.json["answered"]) == (1, False)


@pytest.mark.parametrize("question", ["What did he say?", "Who said that?"])
def test_questions_about_what_was_said_need_no_other_word(question: str) -> None:
    from askbrief.answering.unknown_words import all_unknown

    assert not all_unknown(question, [], lambda words: [], lambda name: [])


# -- models


def test_a_model_that_can_not_be_had(archive: Archive, cli: Cli, tmp_path: Path) -> None:
    words = ("index", archive.files, "--index", tmp_path / "new", "--model")
    assert_line(cli(*words, "nobody/nothing"), "model 'nobody/nothing' is not a local folder", "--model")
    assert_line(cli(*words, archive.files), "no model weights", str(archive.files))
    assert_line(
        cli("index", "--rebuild", "--model", "nobody/nothing", "--index", archive.index), "nobody/nothing"
    )
    assert held(archive.index) == sorted(NEWS)
    assert cli("ask", WOLVES, "--index", archive.index).code == 0


def test_an_index_folder_that_is_a_file(tmp_path: Path, cli: Cli, archive: Archive) -> None:
    (tmp_path / "file").write_text("x")
    assert_line(cli("ask", WOLVES, "--index", tmp_path / "file"), "no index")
    assert_line(cli("index", archive.files, "--index", tmp_path / "file"), "can't be written")
    assert_line(cli("index", archive.files, "--index", tmp_path / "file" / "inner"), "can't be written")
    assert (tmp_path / "file").read_text() == "x"
