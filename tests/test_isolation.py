"""A reader that crashes, hangs or eats all memory costs its file, and no other; one that does not, little."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from askbrief import Index, formats
from askbrief.check import read_draft
from askbrief.errors import SourceError
from askbrief.formats import html, registry, sandbox, text
from askbrief.formats.format import Format
from askbrief.formats.sandbox import Sandbox
from askbrief.types import Document
from conftest import write

FERRY = "The ferry to Bari sails again from Tuesday, the harbour master said on Monday."
PAGE = f"<html><head><title>Ferry</title></head><body><article><p>{FERRY}</p><p>It was full.</p></article>"

READER = """
import os, time, sys
from askbrief.errors import SourceError
from askbrief.formats import FORMATS, text
from askbrief.formats.format import Format
def read(data, source):
    told = data.decode()
    if told == "crash": os.kill(os.getpid(), 11)
    if told == "exit": os._exit(0)
    if told == "hang": time.sleep(600)
    if told == "spin":
        while True: pass
    if told == "eat": sum(len(bytes(10**8)) for _ in range(1)), bytearray(10**10)
    if told == "hoard": read.kept = bytearray(2 * 10**8)
    if told == "raise": raise KeyError("odd")
    if told == "refuse": raise SourceError(source + " holds no prose")
    if told == "print": print("x" * 10**6, flush=True); os.write(1, b"y" * 100)
    if told == "deep":
        def deeper(n): return deeper(n + 1)
        deeper(0)
    return text.read(data, source)
FORMATS.by_suffix[".odd"] = Format(read, (".odd",), ())
from askbrief.formats.sandbox_worker import serve; serve({memory})
"""


@pytest.fixture
def process() -> Iterator[Sandbox]:
    """A process that does what its files say."""
    made = Sandbox(memory=1 << 30, program=READER)
    yield made
    made.close()


def number(process: Sandbox) -> int | None:
    return process._process.pid if process._process else None


def read(process: Sandbox, told: str) -> Document:
    return process.read(told.encode(), ".odd", "a.odd").document


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("crash", "its reader crashed"), ("exit", "its reader crashed"),
        ("eat", "more than 1 GB of memory"), ("raise", "its reader failed (KeyError: 'odd')"),
        ("refuse", "a.odd holds no prose"), ("deep", "RecursionError"),
    ],
)  # fmt: skip
def test_one_file_is_lost_and_no_other(process: Sandbox, told: str, why: str) -> None:
    assert read(process, "Before.").text == "Before."
    with pytest.raises(SourceError) as caught:
        read(process, told)
    assert why in str(caught.value)
    assert str(caught.value).startswith("a.odd ")
    assert read(process, "After.").text == "After."


@pytest.mark.parametrize("told", ["hang", "spin"])
def test_a_file_that_takes_too_long_is_cut_off(
    process: Sandbox, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(process, "Before.").text == "Before."
    with monkeypatch.context() as patch:
        patch.setattr(process, "_seconds", 1.5)
        with pytest.raises(SourceError, match=r"took more than 1.5 seconds"):
            read(process, told)
    assert read(process, "After.").text == "After."


def test_one_process_reads_all_files(process: Sandbox) -> None:
    read(process, "One.")
    first = number(process)
    for told in ("Two.", "print", "refuse", "raise", "Three."):
        try:
            assert read(process, told).text == told
        except SourceError:
            assert told in ("refuse", "raise")
    assert number(process) == first


def test_what_an_earlier_file_left_is_no_fault_of_a_later(process: Sandbox) -> None:
    """The process has kept so much that the next file finds no room; a new one has it."""
    for _ in range(6):
        assert read(process, "hoard").text == "hoard"
    assert read(process, "x" * 10**6).text


def test_a_process_that_was_killed_is_started_anew(process: Sandbox) -> None:
    read(process, "One.")
    first = number(process)
    assert first
    os.kill(first, signal.SIGKILL)
    assert read(process, "Two.").text == "Two."
    assert number(process) != first


def test_it_ends_with_the_one_that_asks() -> None:
    program = (
        "from askbrief.formats import sandbox\n"
        f"sandbox.PROCESS.read({PAGE!r}.encode(), '.html', 'a.html')\n"
        "print(sandbox.PROCESS._process.pid, flush=True)\n"
        "import os; os._exit(1)"  # nothing that Python does at its end
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    pid = int(ran.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if (Path("/proc") / str(pid) / "stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("it still runs")


def test_it_may_be_asked_from_several_threads(process: Sandbox) -> None:
    texts = [f"Text number {n}." for n in range(40)]
    found: dict[str, str] = {}

    def ask(text: str) -> None:
        found[text] = read(process, text).text

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {text: text for text in texts}


def test_what_was_interrupted_is_no_reply_to_the_next(
    process: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(process, "One.")

    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(json, "loads", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read(process, "Two.")
    assert read(process, "Three.").text == "Three."


def test_a_file_called_as_a_library_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "struct.py", "lxml.py"):
        (tmp_path / name).write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    process = Sandbox()
    assert FERRY in process.read(PAGE.encode(), ".html", "a.html").document.text
    process.close()


# -- in the way of files


def test_a_document_comes_out_as_it_went_in(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.replace("<p>", "<p>🐺 “Šimić” "), encoding="utf-8")
    here = html.read((tmp_path / "a.html").read_bytes(), "a.html")
    assert formats.read(tmp_path / "a.html", "a.html") == here
    assert sandbox._document({**asdict_of(here), "pages": [0, 5]}) == replace(here, pages=(0, 5))


def asdict_of(document: Document) -> dict[str, Any]:
    import json
    from dataclasses import asdict

    told: dict[str, Any] = json.loads(json.dumps(asdict(document)))
    return told


def test_text_is_read_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PROCESS", None)
    files = {"a.txt": FERRY, "b.md": FERRY, "c.unknown": FERRY, "d.jsonl": f'{{"text": "{FERRY}"}}'}
    write(tmp_path, files)
    for name in ("a.txt", "b.md", "c.unknown"):
        assert formats.read(tmp_path / name, name).text == FERRY
    (record,) = formats.read_collection(tmp_path / "d.jsonl", "d.jsonl")
    assert isinstance(record, formats.DocumentRef)
    assert record.read("d.jsonl#1").text == FERRY


def elsewhere(*_: object) -> Any:
    raise AssertionError("read in this process")


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Makes ``.odd`` a format."""

    monkeypatch.setitem(formats.FORMATS.by_suffix, ".odd", Format(elsewhere, (".odd",), ()))
    made = Sandbox(program=READER)
    made.read(b"Started.", ".odd", "a.odd")
    monkeypatch.setattr(made, "_seconds", 15)
    monkeypatch.setattr(sandbox, "PROCESS", made)
    yield made
    made.close()


@pytest.mark.usefixtures("odd")
def test_a_run_goes_on(tmp_path: Path, tiny_model: Path) -> None:
    files = {
        "a.odd": "One.",
        "b.odd": "crash",
        "c.odd": "hang",
        "d.odd": "raise",
        "e.odd": "Five.",
        "f.txt": "Six.",
    }
    summary = Index.update([write(tmp_path / "news", files)], tmp_path / "index", model=str(tiny_model))
    assert summary.added == 3
    reasons = {Path(each.source).name: each.why for each in summary.skipped}
    assert list(reasons) == ["b.odd", "c.odd", "d.odd"]
    assert all("can't be read" in why and "\n" not in why for why in reasons.values())


@pytest.mark.usefixtures("odd")
def test_a_container_goes_on(tmp_path: Path, tiny_model: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, told in {"a.odd": "One.", "b.odd": "crash", "c.odd": "Three."}.items():
            archive.writestr(name, told)
    summary = Index.update([tmp_path / "a.zip"], tmp_path / "index", model=str(tiny_model))
    assert (summary.added, len(summary.skipped)) == (2, 1)
    assert "a.zip#b.odd: can't be read: its reader crashed" in summary.skipped[0].why


DRAFTED = "[('> ' + read(data, source).text, True, True)]"


@pytest.mark.parametrize(
    ("told", "why"),
    [("hang", "more than 3 seconds"), ("crash", "its reader crashed"), ("refuse", "a.odd holds no prose")],
)
def test_a_draft_is_read_in_a_process_of_its_own(
    odd: Sandbox, monkeypatch: pytest.MonkeyPatch, told: str, why: str
) -> None:
    drafting = READER.replace('(".odd",), ()', f'(".odd",), (), draft=lambda data, source: {DRAFTED}')
    monkeypatch.setattr(sandbox, "Sandbox", partial(Sandbox, program=drafting))
    shared = number(odd)
    known = formats.FORMATS.by_suffix[".odd"]
    monkeypatch.setitem(formats.FORMATS.by_suffix, ".odd", replace(known, draft=elsewhere))
    assert read_draft(b"Well.", "a.odd").text == "> > Well."
    if told == "hang":
        monkeypatch.setattr(registry, "DRAFT_SECONDS", 3.0)
    with pytest.raises(SourceError, match=why):
        read_draft(told.encode(), "a.odd")
    assert number(odd) == shared


def seconds(read: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        read()
    return (time.perf_counter() - started) / times


def test_it_costs_little() -> None:
    """Both ways together, for a page of the usual size; a page itself takes some ten milliseconds."""
    process = Sandbox(program=READER)
    data = ("A sentence of some length stands here, and another. " * 4 + "\n\n").encode() * 500  # 100 kB
    process.read(data, ".odd", "a.odd")
    here = seconds(lambda: text.read(data, "a.odd"), 5)
    there = seconds(lambda: process.read(data, ".odd", "a.odd"), 5)
    process.close()
    assert there - here < 0.05
