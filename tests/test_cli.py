"""The command line: exit codes, what goes where, the JSON contracts, pipes, prompts and interruptions."""

from __future__ import annotations

import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest
from filelock import FileLock

from askbrief.cli import terminal
from askbrief.indexing.run_report import Summary
from askbrief.present import run_summary
from conftest import NEWS, ROOT, Archive, Cli, Ran, assert_line, process

WOLVES = "who said that he had seen five of them at the reservoir?"
ZEBRA = "which zebra sings in Oslo?"

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals as POSIX has them")


@pytest.fixture
def index(made: Archive, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index that commands take without being told."""
    monkeypatch.setenv("ASKBRIEF_INDEX", str(made.index))
    return made.index


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes on standard input."""

    def put(data: bytes) -> None:
        stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape")
        monkeypatch.setattr(sys, "stdin", stream)

    return put


# -- exit codes and streams


@pytest.mark.usefixtures("index")
def test_answered(cli: Cli) -> None:
    ran = cli("ask", WOLVES)
    assert (ran.code, ran.err) == (0, "")
    assert "A café owner, Bruno Šimić, said that he had seen five of them at the reservoir." in ran.out
    assert "wolves.txt" in ran.out
    assert "paragraph 2, sentence 1 · characters 50–129" in ran.out


@pytest.mark.usefixtures("index")
def test_the_threshold_is_a_probability_that_can_be_set(cli: Cli) -> None:
    own = cli("ask", "--json", WOLVES).json["confidence"]
    assert cli("ask", WOLVES, "--threshold", own).code == 0
    assert cli("ask", WOLVES, "--threshold", min(1, own + 0.0001)).code == (0 if own == 1 else 1)
    assert cli("ask", ZEBRA, "--threshold", "0").code == 0


@pytest.mark.usefixtures("index")
def test_the_reader_can_be_chosen(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    scored = cli("ask", "--json", "--reader", "none", WOLVES).json
    assert scored["citations"][0]["text"].startswith("A café owner")
    read = cli("ask", "--json", WOLVES).json
    assert scored["confidence"] != read["confidence"]
    monkeypatch.setenv("ASKBRIEF_READER", "none")
    assert cli("ask", "--json", WOLVES).json["confidence"] == scored["confidence"]


def test_reading_is_evaluated_without_an_index(cli: Cli, tmp_path: Path) -> None:
    gold = tmp_path / "squad.json"
    text = "The harbour of Varna reopened on Monday after three weeks of repairs."
    qas = [
        {
            "question": "When did the harbour of Varna reopen?",
            "answers": [{"text": "Monday", "answer_start": 33}],
        },
        {"question": "Who won the football match in Madrid?", "answers": [], "is_impossible": True},
    ]
    gold.write_text(json.dumps({"data": [{"paragraphs": [{"context": text, "qas": qas}]}]}), encoding="utf-8")
    words = ("eval", gold, "--task", "read", "--index", tmp_path / "none", "--json", "--rows")
    found = cli(*words).json
    assert (found["task"], found["n"], found["reader"], found["model"]) == ("read", 2, "askbrief-large", None)
    assert {"exact", "f1", "HasAns_f1", "NoAns_f1", "best_f1", "auroc_no_answer"} <= set(found["metrics"])
    assert found["rows"][0]["confidence"] > found["rows"][1]["confidence"]
    assert_line(cli(*words, "--reader", "none"), "no index")


@pytest.mark.usefixtures("index")
def test_not_found(cli: Cli) -> None:
    ran = cli("ask", ZEBRA)
    assert ran.code == 1
    assert ran.err == "hint: `askbrief search 'zebra OR sings OR Oslo'` finds every place with these words\n"
    assert ran.out.startswith("The archive does not say.\n")
    assert "Nearest passages, which do not answer:" in ran.out
    assert "likely" not in ran.out


@pytest.mark.parametrize(
    "words", [("who said that he", "had seen five of them", "at the reservoir?"), (WOLVES,)]
)
@pytest.mark.usefixtures("index")
def test_a_question_needs_no_quotes(cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("ask", "--json", *words).json["question"] == WOLVES


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ask", WOLVES, "--nope"], "--nope"),
        (["nope"], "nope"),
        (["ask", WOLVES, "-k", "0"], "-k"),
        (["ask", WOLVES, "-k", "many"], "'-k'"),
        (["ask", WOLVES, "--since", "last week"], "since is 'last week', which isn't a day"),
        (["ask", WOLVES, "--until", "2024-02-30"], "2024-02-30"),
        (["ask", WOLVES, "--threshold", "2"], "threshold is 2"),
        (["ask", WOLVES, "--threshold", "likely"], "--threshold"),
        (["ask", WOLVES, "--reader", "./no/such/reader"], "./no/such/reader"),
        (["show"], "DOCUMENT"),
        (["remove"], "DOCUMENT"),
        (["show", "nothing"], "no document 'nothing'"),
        (["show", ".txt"], "names 2 documents"),
        (["index", "--model"], "--model"),
    ],
)
@pytest.mark.usefixtures("index")
def test_wrong_use_is_one_line(cli: Cli, words: list[str], told: str) -> None:
    assert_line(cli(*words), told)


def test_debug_gives_the_traceback_and_the_line(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("--debug", "ask", WOLVES), ("ask", WOLVES, "--debug")):
        ran = cli(*words, "--index", tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Traceback")
        assert f"\nerror: no index in {tmp_path}" in ran.err
    monkeypatch.setenv("ASKBRIEF_DEBUG", "1")
    assert "Traceback" in cli("ask", WOLVES, "--index", tmp_path).err
    monkeypatch.setenv("ASKBRIEF_DEBUG", "")
    assert_line(cli("ask", WOLVES, "--index", tmp_path), "no index")


@pytest.mark.usefixtures("index")
def test_a_fault_of_ours_is_one_line_too(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("askbrief.api.Index.reading", fault)
    ran = cli("ask", WOLVES)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: RuntimeError: two lines\nhint: this is a bug in askbrief")


def test_the_default_index(made: Archive, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert_line(cli("status"), "no index in index")
    monkeypatch.chdir(made.index.parent)
    assert cli("status", "--json").json["documents"] == 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKBRIEF_INDEX", str(made.index))
    assert cli("status", "--json").json["documents"] == 3
    assert_line(cli("status", "--index", tmp_path / "other"), "other")


def test_index_takes_seeds_where_nothing_is_named(
    archive: Archive, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive.files.parent)
    assert_line(cli("index", "--index", archive.index), "no path given and no seeds/")
    archive.files.rename(archive.files.with_name("seeds"))
    ran = cli("index", "--index", archive.index)
    assert (ran.code, ran.err) == (0, "")
    assert "3 added" in ran.out
    assert "; 0 passages embedded" in ran.out


def test_one_of_a_kind_is_no_plural() -> None:
    done = run_summary(Summary(added=1, encoded=1, documents=1, sentences=2, passages=1), Path("index"))
    assert done == "index: 1 added; 1 passage embedded in 0.0 s; now 1 document, 2 sentences, 1 passage"


def test_index_tells_what_it_did_on_standard_output(archive: Archive, cli: Cli) -> None:
    ran = cli("index", archive.files, "--index", archive.index)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{archive.index}: 3 unchanged; 0 passages embedded in ")
    assert "now 3 documents, " in ran.out
    assert "1 removed" in cli("remove", "wolves.txt", "--index", archive.index).out


# -- JSON


def typed(value: Any) -> Any:
    """A value's types, by key: what a program that reads the JSON relies on."""
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    return None if value is None else type(value).__name__


CITED = {
    "text": "str", "start": "int", "end": "int", "paragraph": "int", "sentences": ["int", "int"],
    "answer": {"text": "str", "start": "int", "end": "int"}, "speaker": "str", "score": "float",
    "document": {"id": "str", "title": "str", "source": "str", "date": None, "sha256": "str", "url": None,
                 "language": None, "dated": None},
    "speech": {"kind": "str", "polarity": "str", "by": "str"}, "link": None, "page": None, "copies": "int",
    "also_in": [], "superseded": None, "time": None,
}  # fmt: skip
ANSWERED = {
    "question": "str", "answered": "bool", "confidence": "float", "answer": "str", "citations": [CITED],
    "elapsed_ms": {"retrieve": "float", "read": "float", "total": "float"}, "sources": "int",
    "note": None, "understood": None, "digest": "bool", "parts": [],
    "searched": "int", "search": None,
}  # fmt: skip


@pytest.mark.usefixtures("index")
def test_ask_json(cli: Cli) -> None:
    ran = cli("ask", WOLVES, "--json", "--source", "*wolves*", "--speaker", "šimić")
    told = ran.json
    assert (ran.code, ran.err) == (0, "")
    assert typed(told) == ANSWERED
    assert list(told) == list(ANSWERED)
    assert list(told["citations"][0]) == list(CITED)
    text = NEWS["wolves.txt"]
    (citation,) = told["citations"]
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert text[citation["answer"]["start"] : citation["answer"]["end"]] == citation["answer"]["text"]
    assert told["answer"] == citation["answer"]["text"]
    assert 0 <= told["confidence"] == citation["score"] <= 1
    assert "Šimić" in ran.out  # as it is written, not as an escape


@pytest.mark.usefixtures("index")
def test_ask_json_without_an_answer(cli: Cli) -> None:
    ran = cli("ask", ZEBRA, "--json", "--until", "2024-05-31")
    told = ran.json
    assert (ran.code, told["answered"], told["answer"]) == (1, False, None)
    assert told["citations"]
    for citation in told["citations"]:
        assert citation["answer"]["text"] in citation["text"]
        assert citation["document"]["date"] == "2024-05-02"


@pytest.mark.usefixtures("index")
def test_show_json(cli: Cli) -> None:
    told = cli("show", "harbour.txt", "--json").json
    assert list(told) == ["document", "text", "paragraphs"]
    more: dict[str, Any] = {"date": "str", "author": None, "site": None, "pages": [], "garbled": "int"}
    more |= {"dated": {"from": "str", "precision": "str"}, "details": {}, "times": []}
    assert typed(told["document"]) == {**CITED["document"], **more}  # type: ignore[dict-item]
    assert told["text"] == NEWS["2024-05-02-harbour.txt"]
    assert {typed(p)["start"] for p in told["paragraphs"]} == {"int"}
    pieces = [[told["text"][s["start"] : s["end"]] for s in p["sentences"]] for p in told["paragraphs"]]
    assert pieces[1] == [
        "The harbour of Varna reopened on Monday after three weeks of repairs.",
        "Eleven boats were lost.",
    ]
    assert [list(p) for p in told["paragraphs"]] == [["start", "end", "sentences"]] * 3


def test_status_json(index: Path, cli: Cli) -> None:
    told = cli("status", "--json").json
    expected = {
        "index": "str", "documents": "int", "sentences": "int", "passages": "int", "model": "str",
        "revision": "int", "bytes": "int", "whole": "bool", "fault": None, "agreement": "float",
        "verified": "bool",
    }  # fmt: skip
    assert typed(told) == expected
    assert (told["documents"], told["revision"], told["whole"]) == (3, 1, True)
    assert told["bytes"] == sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    listed = cli("status", "--json", "--documents").json["listed"]
    assert sorted(Path(each["source"]).name for each in listed) == sorted(NEWS)


# -- for people


@pytest.mark.usefixtures("index")
def test_show_numbers_paragraphs_and_sentences(cli: Cli) -> None:
    out = cli("show", "harbour.txt").out
    assert out.startswith("Harbour reopens\n")
    assert "    2:2  Eleven boats were lost.\n" in out
    assert "sha256 " in out
    assert "2024-05-02" in out


@pytest.mark.usefixtures("index")
def test_show_marks_a_place(cli: Cli) -> None:
    out = cli("show", "harbour.txt:2:2").out
    assert [line for line in out.splitlines() if line.startswith(">")] == [">   2:2  Eleven boats were lost."]
    assert cli("show", "harbour.txt:2").out.count("\n>") == 2
    ran = cli("show", "harbour.txt:2:9")
    assert (ran.code, ran.out) == (2, "")
    assert "has no 2:9\nhint: its last sentence is 3:2" in ran.err
    assert "no document" in cli("show", "nowhere.txt:1").err


def test_status_for_people(index: Path, cli: Cli) -> None:
    out = cli("status", "--documents").out
    assert "documents  3\n" in out
    assert "intact     yes\n" in out
    assert out.count(".txt") == 2
    (index / "manifest.json").rename(index / "kept")
    try:
        ran = cli("status")
        assert (ran.code, "intact     no: manifest.json is missing; run `askbrief compact`" in ran.out) == (
            2,
            True,
        )
    finally:
        (index / "kept").rename(index / "manifest.json")


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 KB"), (53_248, "53.2 KB"), (999_499, "999 KB"),
     (999_500, "1 MB"), (1_234_567, "1.23 MB"), (2 * 10**9, "2 GB"), (5 * 10**15, "5e+03 TB")],
)  # fmt: skip
def test_sizes(count: int, expected: str) -> None:
    assert terminal.size(count) == expected


def test_a_document_can_not_steer_the_terminal(archive: Archive, cli: Cli) -> None:
    text = "[bold]Breaking[/nope] :wolf: news\n\nThe bell \x1b[31mrang\x07 twice in Ulm\r\nand stopped.\n"
    (archive.files / "[x].txt").write_text(text, encoding="utf-8", newline="")
    assert cli("index", archive.files, "--index", archive.index).code == 0
    for words in (["ask", "what rang twice in Ulm?"], ["show", "[x].txt"], ["status", "--documents"]):
        ran = cli(*words, "--index", archive.index)
        assert ran.code in (0, 1), ran
        assert "\x1b" not in ran.out
        assert "\x07" not in ran.out
        assert "[bold]Breaking[/nope] :wolf: news" in ran.out
    assert (
        "The bell ␛[31mrang␇ twice in Ulm"
        in cli("ask", "what rang twice in Ulm?", "--index", archive.index).out
    )
    told = cli("ask", "what rang twice in Ulm?", "--json", "--index", archive.index)
    assert any(citation["text"] in text for citation in told.json["citations"])


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
def test_the_name_of_a_file_stays_on_its_line(archive: Archive, cli: Cli) -> None:
    (archive.files / "ulm\n\u202etxt.txt").write_text("The bell rang twice in Ulm.\n", encoding="utf-8")
    told = cli("index", archive.files, "--index", archive.index, "--dry-run").out
    assert cli("index", archive.files, "--index", archive.index).code == 0
    for words in (["ask", "what rang twice in Ulm?"], ["show", "txt.txt"], ["status", "--documents"]):
        told += cli(*words, "--index", archive.index).out
    assert told.count("ulm␊\ufffdtxt.txt") == 4
    assert "\u202e" not in told


# -- many questions


@pytest.mark.usefixtures("index")
def test_questions_a_line(cli: Cli, feed: Callable[[bytes], None]) -> None:
    feed(f"{WOLVES}\n\n{ZEBRA}\nкто это?\n\udcff?\n{'word ' * 501}\n".encode("utf-8", "surrogateescape"))
    ran = cli("ask", "-")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (2, "")
    assert [line.get("answered") for line in lines] == [True, None, False, None, None, None]
    assert [set(line) for line in lines if "error" in line] == [{"question", "error"}] * 4
    assert [line["question"] for line in lines[:3]] == [WOLVES, "", ZEBRA]
    for line, told in zip([lines[1], *lines[3:]], ["empty", "Cyrillic", "UTF-8", "501 words"], strict=True):
        assert told in line["error"]


@pytest.mark.parametrize(("lines", "code"), [([WOLVES, ZEBRA], 0), ([ZEBRA], 1), ([], 1), ([WOLVES, "?"], 2)])
@pytest.mark.usefixtures("index")
def test_exit_codes_of_many_questions(
    cli: Cli, feed: Callable[[bytes], None], lines: list[str], code: int
) -> None:
    feed("".join(f"{line}\n" for line in lines).encode())
    ran = cli("ask", "-", "-k", "2")
    assert (ran.code, len(ran.out.splitlines())) == (code, len(lines))


@pytest.mark.usefixtures("index")
def test_a_byte_order_mark_is_no_part_of_a_question(cli: Cli, feed: Callable[[bytes], None]) -> None:
    feed(f"\ufeff{WOLVES}\n".encode())
    assert json.loads(cli("ask", "-").out)["question"] == WOLVES


@pytest.mark.usefixtures("index")
def test_no_question_and_no_terminal(cli: Cli, feed: Callable[[bytes], None]) -> None:
    feed(b"")
    assert_line(cli("ask"), "no question", "standard input")


COMMAND = [sys.executable, "-c", "from askbrief.cli import run; run()"]


def line_of(stream: IO[bytes], seconds: float = 60) -> bytes:
    """The next line of a pipe that is kept open; the test fails where none comes."""
    assert select.select([stream], [], [], seconds)[0], "nothing came"
    return stream.readline()


@posix
@pytest.mark.usefixtures("index")
def test_each_question_is_answered_as_it_comes() -> None:
    with subprocess.Popen([*COMMAND, "ask", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        for question in (WOLVES, ZEBRA, "Łódź?"):
            running.stdin.write(f"{question}\n".encode())
            running.stdin.flush()
            assert json.loads(line_of(running.stdout))["question"] == question
        running.stdin.close()
        assert running.wait(30) == 0


# -- processes, pipes and signals


@pytest.mark.usefixtures("index")
def test_a_real_process() -> None:
    ran = process("ask", WOLVES, "--json", env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Šimić" in json.loads(ran.stdout)["citations"][0]["text"]
    ran = process("ask", ZEBRA)
    assert (ran.returncode, "\x1b" in ran.stdout + ran.stderr) == (1, False)
    assert ran.stderr.startswith("hint: `askbrief search ")
    ran = process("status", "--index", "nowhere")
    assert_line(Ran(ran.returncode, ran.stdout, ran.stderr), "no index in nowhere")


@pytest.mark.usefixtures("index")
def test_the_installed_command() -> None:
    command = Path(sys.executable).with_name("askbrief")
    ran = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.startswith("askbrief ")


@posix
@pytest.mark.parametrize(
    "words",
    [["ask", "-"], ["status", "--documents"], ["ask", WOLVES], ["show", "wolves.txt"], ["quotes", "--json"],
     ["--help"]],
)  # fmt: skip
@pytest.mark.usefixtures("index")
def test_a_reader_that_goes_away(words: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        with suppress(BrokenPipeError):  # it may have ended
            running.stdin.write(f"{WOLVES}\n{WOLVES}\n".encode())
            running.stdin.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141


def shell(line: str, *words: object) -> subprocess.CompletedProcess[str]:
    """A line of sh in which ``"$@"`` is a command line of askbrief."""
    command = ["sh", "-c", line, "sh", *COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["status"], ["show", "wolves.txt", "--json"], ["--help"]])
@pytest.mark.usefixtures("index")
def test_output_that_has_no_room(words: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    ran = shell('"$@" >/dev/full', *words)
    assert_line(Ran(ran.returncode, ran.stdout, ran.stderr), "standard output can't be written", "space")


@posix
def test_closed_streams_harm_nothing(archive: Archive) -> None:
    words = ("index", archive.files, "--index", archive.index)
    ran = shell('"$@" >&-', *words)
    assert_line(Ran(ran.returncode, ran.stdout, ran.stderr), "standard output is closed")
    (archive.files / "ferry.txt").write_text("The ferry to Bari was sold.\n", encoding="utf-8")
    assert shell('"$@" <&- 2>&-', *words[:1], archive.files / "wolves.txt", *words[2:]).returncode == 0
    ran = shell('"$@" <&-', "ask", "-", "--index", archive.index)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")
    status = json.loads(process("status", "--json", "--verify", "--index", archive.index).stdout)
    assert (status["whole"], status["documents"]) == (True, 3)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-"])
def test_an_error_that_can_not_be_printed_is_an_error(to: str, tmp_path: Path) -> None:
    assert shell(f'"$@" {to}', "status", "--index", tmp_path).returncode == 2


@posix
def test_what_could_not_be_followed_at_once_is_followed_later(archive: Archive) -> None:
    """A burst while another writes is tried again; a folder that is removed and made again is watched."""
    words = ["index", str(archive.files), "--watch", "--index", str(archive.index)]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout
        assert watching.stderr
        timer = threading.Timer(240, watching.kill)
        timer.start()
        assert "3 unchanged" in watching.stdout.readline()
        assert "watching" in watching.stderr.readline()
        with FileLock(archive.index / "writer.lock"):
            (archive.files / "more.txt").write_text("The ferry to Bari sails again.\n", encoding="utf-8")
            assert "changed: " in watching.stderr.readline()
            assert "is being written by" in watching.stderr.readline()
        assert "1 added" in watching.stdout.readline()
        shutil.move(archive.files, archive.files.with_name("aside"))
        time.sleep(2)
        shutil.move(archive.files.with_name("aside"), archive.files)
        (archive.files / "last.txt").write_text("The tunnel to Brig is open.\n", encoding="utf-8")
        while "1 added" not in (line := watching.stdout.readline()):
            assert line
        (archive.files / "last.txt").unlink()
        while "1 removed" not in (line := watching.stdout.readline()):
            assert line
        timer.cancel()
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=60)
        assert watching.returncode == 130


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes as Linux lists them")
def test_ctrl_c_ends_processes_that_embed(tmp_path: Path, tiny_model: Path) -> None:
    """The terminal sends it to all of them: one line is printed, and none is left."""
    (tmp_path / "news").mkdir()
    for number in range(400):
        (tmp_path / "news" / f"{number}.txt").write_text(f"Boat {number} was lost off Varna.\n" * 40)
    words = [
        "index",
        tmp_path / "news",
        "--model",
        tiny_model,
        "--workers",
        "2",
        "--index",
        tmp_path / "index",
    ]
    with subprocess.Popen(
        [*COMMAND, *map(str, words)], stderr=subprocess.PIPE, start_new_session=True
    ) as run:
        timer = threading.Timer(240, run.kill)
        timer.start()
        tasks = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        while run.poll() is None and len(tasks.read_text().split()) < 3:  # two, and what counts semaphores
            time.sleep(0.1)
        children = [int(each) for each in tasks.read_text().split()]
        time.sleep(2)
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=100)
        timer.cancel()
    assert run.returncode == 130
    assert told.decode().splitlines()[-1].startswith("interrupted")
    assert b"Traceback" not in told
    deadline = time.monotonic() + 20
    while (
        left := [each for each in children if Path(f"/proc/{each}").exists()]
    ) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


@posix
def test_files_are_followed_as_they_come_and_go(archive: Archive) -> None:
    """A burst of changes is one update; the next mends what was harmed between."""
    words = ["index", str(archive.files), "--watch", "--index", str(archive.index)]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout
        assert watching.stderr
        assert "3 unchanged" in watching.stdout.readline()
        assert "watching" in watching.stderr.readline()
        (archive.files / "wolves.txt").rename(archive.files / "foxes.txt")
        (archive.files / "copy.txt").write_text(NEWS["wolves.txt"], encoding="utf-8")
        line = watching.stdout.readline()
        assert "1 added" in line
        assert "1 moved" in line
        (archive.index / "manifest.json").unlink()
        (archive.files / "copy.txt").unlink()
        assert "1 removed" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=30) == 130
        *changes, last = watching.stderr.read().splitlines()
        assert last == "interrupted; what was committed is kept"
        assert changes
        assert all(re.match(r"\d\d:\d\d:\d\d changed: .*(copy|wolves|foxes)\.txt", line) for line in changes)
    assert process("status", "--verify", "--index", archive.index).returncode == 0


@posix
@pytest.mark.usefixtures("index")
def test_an_interruption_is_one_line() -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(f"{WOLVES}\n".encode())
        running.stdin.flush()
        assert line_of(running.stdout)
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr.read() == b"interrupted\n"


HELD = """
import sys, time
from askbrief.cli import run
from askbrief.cli import {module} as command

class Stubborn:
    def __del__(self):
        print("ready", flush=True)
        time.sleep(60)

def held(*_, **__):
    {hold}

command.{function} = held
run()
"""
HOLDS = {
    "while it waits": 'print("ready", flush=True); time.sleep(60)',
    "while an object is released": "Stubborn(); time.sleep(60)",
}


@posix
@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
@pytest.mark.parametrize(("module", "function"), [("status", "opened"), ("evaluate", "folder")])
def test_an_interruption_is_one_line_wherever_it_comes(hold: str, module: str, function: str) -> None:
    program = HELD.format(module=module, function=function, hold=hold)
    words = {"status": "status", "evaluate": "eval"}[module]
    with subprocess.Popen(
        [sys.executable, "-c", program, words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdout
        assert running.stderr
        assert line_of(running.stdout) == b"ready\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr.read() == b"interrupted\n"


class Terminal:
    """A command that believes that it talks to somebody."""

    def __init__(self, *words: str, **environment: str) -> None:
        import pty

        self.seen = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLUMNS": "400"} | environment)
            os.execv(sys.executable, [*COMMAND, *words])  # noqa: S606

    def until(self, text: str, seconds: float = 60) -> str:
        """What has come since, up to ``text``."""
        ends = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < ends, f"{text!r} did not come: {self.seen!r}"
            if select.select([self.descriptor], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.descriptor, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    break
        before, found, self.seen = self.seen.partition(text)
        assert found, before
        return before

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def interrupt(self, told: str) -> None:
        """Ctrl-C until it is told: readline misses a signal that comes just before it waits for a key."""
        while told not in self.seen:
            self.type("\x03")
            with suppress(AssertionError):
                self.until(told, seconds=3)
                return

    def ends(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.descriptor)
        return code


@posix
@pytest.mark.usefixtures("index")
def test_a_prompt_with_history(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    asked = Terminal("ask", **home)
    asked.until("? ")
    asked.type(f"{WOLVES}\n")
    asked.until("seen five of them")
    asked.until("? ")
    asked.type("?!\n")
    asked.until("has no words")
    for word in ("help", "?"):
        asked.until("\n? ")
        asked.type(f"{word}\n")
        asked.until("Type a question")
    asked.until("\n? ")
    asked.type("\x04")
    assert asked.ends() == 0

    again = Terminal("ask", **home)
    again.until("? ")
    again.type("\x1b[A" * 4 + "\n")  # up, to the question before the others
    again.until("seen five of them")
    again.until("? ")
    again.type("\n")
    assert again.ends() == 0

    for word in ("quit", " Exit "):
        last = Terminal("ask", **home)
        last.until("\n? ")
        last.type(f"{word}\n")
        assert last.ends() == 0


@posix
@pytest.mark.usefixtures("index")
def test_a_prompt_where_no_history_can_be_kept() -> None:
    asked = Terminal("ask", HOME="/dev/null", XDG_STATE_HOME="/dev/null/state")
    asked.until("? ")
    asked.type(f"{WOLVES}\n")
    asked.until("seen five of them")
    asked.until("? ")
    asked.interrupt("interrupted")
    assert asked.ends() == 130


@posix
@pytest.mark.parametrize("colours", [True, False])
@pytest.mark.usefixtures("index")
def test_colours_on_a_terminal_unless_none_are_wanted(colours: bool) -> None:
    asked = Terminal("ask", WOLVES, **({} if colours else {"NO_COLOR": "1"}))
    shown = asked.until("likely")
    assert asked.ends() == 0
    assert ("\x1b[1;32m" in shown) == colours  # bold green: the answering words
    assert ("\x1b[1m" in shown) != colours


def test_a_terminal_can_open_what_is_cited(made: Archive, index: Path) -> None:
    asked = Terminal("ask", WOLVES, "--index", str(index))
    shown = asked.until("likely")
    assert asked.ends() == 0
    assert f";{(made.files / 'wolves.txt').as_uri()}\x1b\\" in shown


@posix
@pytest.mark.parametrize("works", [True, False])
def test_open_shows_the_cited_place_in_the_browser(made: Archive, tmp_path: Path, works: bool) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\nexit {0 if works else 1}\n', encoding="utf-8")
    browser.chmod(0o700)
    env = {**os.environ, "BROWSER": f"{browser} %s", "PATH": "/usr/bin:/bin"}
    env.pop("DISPLAY", None)
    place = (made.files / "wolves.txt").as_uri()
    ran = process("ask", WOLVES, "--open", "--index", made.index, env=env)
    assert ran.returncode == 0
    assert opened.read_text(encoding="utf-8").splitlines() == [place]
    assert (f"the place is {place}" in ran.stderr) == (not works)
    opened.unlink()
    ran = process("ask", ZEBRA, "--open", "--index", made.index, env=env)
    assert ran.returncode == 1
    assert "nothing to open" in ran.stderr
    assert not opened.exists()


@pytest.mark.usefixtures("index")
def test_no_escape_codes_in_pipes() -> None:
    for words in (["ask", WOLVES], ["ask", ZEBRA], ["show", "wolves.txt"], ["status"], ["--help"]):
        ran = process(*words, env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"})
        assert "\x1b" not in ran.stdout + ran.stderr
        assert ran.stdout
        assert ran.stdout.count("\n") < 60


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("index", "Files, folders"),
        ("ask", "The question."),
        ("show", "Id, source"),
        ("remove", "Ids, source"),
    ],
)
def test_help_says_what_a_command_takes(cli: Cli, command: str, told: str) -> None:
    assert told in cli(command, "--help").out
