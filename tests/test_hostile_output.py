"""Every command prints an archive whose every field would steer a terminal, end a line or a link, or turn the
order of writing: on a terminal, in pipes, as JSON and in files, what arrives is harmless."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.cli import terminal
from conftest import Archive, Cli, write

HARM = "\x1b]8;;https://evil.example/\x1b\\x\x1b[2J\x07\x9b31m\x9c\u202e\u2066\r"
"""Sequences of C0 and of C1, an end of a link, overrides of direction, and a return."""

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What may not be printed, but for line ends and tabs."""

OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b\x07]*;[!-~]*\x1b\\")
"""What is printed on a terminal on purpose: colours, and links whose address can't end them."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Archive:
    """An index of a record, a mail and a subtitle with ``HARM`` in each field and name."""
    root = tmp_path_factory.mktemp("hostile")
    record = {
        "id": f"7{HARM}",
        "title": f"Pier {HARM} opens",
        "author": f"Ann {HARM} Lee",
        "date": f"2024-05-02{HARM}",
        "url": f"https://example.org/{HARM}",
        "language": f"en{HARM}",
        "text": f"“The pier {HARM} is open,” mayor Petra {HARM} Ilieva said. It cost {HARM} ten euros.",
    }
    mail = f"Subject: Pier {HARM[:20]}\nFrom: Ann <a@example.org>\n\nThe pier is open, {HARM} he said.\n"
    spoken = f"1\n00:00:01,000 --> 00:00:04,000\nMs LIND: The pier {HARM} is open.\n"
    quoted = f"Petra Ilieva said: “The pier {HARM} is shut.”\n"
    records = json.dumps(record) + "\n"
    named = {"a.jsonl": records, "b.eml": mail, "c.srt": spoken, "d\u202e\x9b.txt": quoted}
    files = write(root / "news", named)
    Index.update([files], root / "index", model=str(tiny_model))
    with closing(sqlite3.connect(root / "index" / "askbrief.db")) as database:  # as another program may
        database.execute("UPDATE speakers SET role = role || ?", (HARM,))
        database.execute("UPDATE told SET site = ?, author = ?", (HARM, HARM))
        database.commit()
    return Archive(files, root / "index")


DRAFT = f"“The pier {HARM} is open,” Petra {HARM} Ilieva said. “We are all {HARM} doomed,” he said.\n"

COMMANDS = {
    "ask": ["ask", "Is the pier open?", "--reader", "none", "--threshold", "0"],
    "ask with harm": ["ask", f"What did Petra Ilieva say {HARM} about the pier?", "--reader", "none"],
    "search": ["search", "pier", "--facets"],
    "a wrong search": ["search", f'"pier {HARM}'],
    "quotes": ["quotes"],
    "speakers": ["speakers"],
    "status": ["status", "--documents"],
    "show": ["show", "c.srt"],
    "show nothing": ["show", f"x{HARM}"],
    "remove nothing": ["remove", f"x{HARM}"],
    "check": ["check", "DRAFT"],
    "verify": ["verify", "ANSWER"],
    "no source": ["ask", "Is the pier open?", "--reader", "none", "--source", f"x{HARM}"],
    "no speaker": ["quotes", "--speaker", f"x{HARM}"],
}
WITH_JSON = ("ask", "search", "quotes", "speakers", "status", "show", "check", "verify")
FORMATS = ("ask", "search", "quotes", "check")


def given(words: list[str], hostile: Archive, folder: Path) -> list[object]:
    """The words of a command, with the files that they name."""
    draft = write(folder, {"draft.md": DRAFT}) / "draft.md"
    citation = {
        "text": f"The pier {HARM}", "start": 0, "end": 9, "paragraph": 1, "sentences": [1, 1],
        "speaker": HARM, "answer": {"text": HARM, "start": 0, "end": 1},
        "document": {"id": HARM, "source": f"x{HARM}", "sha256": HARM, "title": HARM},
    }  # fmt: skip
    answer = folder / "answer.json"
    answer.write_text(json.dumps({"question": HARM, "answer": HARM, "citations": [citation]}), "utf-8")
    files: dict[str, object] = {"DRAFT": draft, "ANSWER": answer}
    return [*(files.get(word, word) for word in words), "--index", hostile.index]


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_that_is_printed_steers_a_terminal(
    name: str, hostile: Archive, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = given(COMMANDS[name], hostile, tmp_path)
    for forced in ("", "1"):  # in a pipe, and as on a terminal
        monkeypatch.setenv("FORCE_COLOR", forced) if forced else monkeypatch.delenv("FORCE_COLOR", False)
        ran = cli(*words)
        assert ran.code in (0, 1, 2)
        assert ran.out + ran.err
        assert "bug in askbrief" not in ran.err
        assert not CONTROLS.search(OURS.sub("", ran.out) if forced else ran.out), name
        assert not CONTROLS.search(ran.err), name


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_is_plain_and_whole(name: str, hostile: Archive, cli: Cli, tmp_path: Path) -> None:
    ran = cli(*given(COMMANDS[name], hostile, tmp_path), "--json")
    assert ran.code in (0, 1)
    assert not CONTROLS.search(ran.out)
    assert ran.json


@pytest.mark.parametrize("format_", ["markdown", "html", "csv"])
@pytest.mark.parametrize("name", FORMATS)
def test_exports_hold_no_controls(
    name: str, format_: str, hostile: Archive, cli: Cli, tmp_path: Path
) -> None:
    ran = cli(*given(COMMANDS[name], hostile, tmp_path), "--format", format_)
    assert ran.code in (0, 1)
    assert ran.out
    assert not CONTROLS.search(ran.out.replace("\r\n", "\n"))


def test_a_report_holds_no_controls(hostile: Archive, cli: Cli, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    ran = cli(*given(COMMANDS["check"], hostile, tmp_path), "--report", report)
    assert ran.code in (0, 1)
    assert not CONTROLS.search(report.read_text("utf-8"))


def test_links_that_are_opened_are_of_the_web_or_files(hostile: Archive) -> None:
    with Index.open(hostile.index, reader="none") as index:
        citations = index.ask("Is the pier open?", threshold=0.0).citations
    addresses = [terminal.link(each.link) for each in citations if each.link]
    assert all(address is None or re.fullmatch(r"[!-~]+", address) for address in addresses)
