"""A process that keeps an index in memory: commands are answered by it as they are without it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askbrief.cli import handover
from conftest import Archive, Ran, write

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no private sockets")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def start(runtime: Path) -> Iterator[Start]:  # noqa: ARG001 — sets the environment
    """Start a resident process of an index, and wait until it is ready."""
    begun: list[subprocess.Popen[str]] = []

    def started(index: Path, *more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "askbrief", "resident", "--index", str(index), *more]
        begun.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        assert begun[-1].stderr
        assert begun[-1].stderr.readline().startswith("ready: ")
        return begun[-1]

    yield started
    for each in begun:
        each.kill()
        each.wait()


def command(*words: object, imports: bool = False) -> list[str]:
    shown = ["-X", "importtime"] if imports else []
    return [sys.executable, *shown, "-m", "askbrief", *map(str, words)]


def ran(*words: object, imports: bool = False, stdin: str = "") -> Ran:
    done = subprocess.run(
        command(*words, imports=imports),
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_commands_give_what_they_give_without_it(
    made: Archive, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = (
        write(tmp_path / "drafts", {"draft.md": "“The northern pier is safe,” said Ann Lee.\n"}) / "draft.md"
    )
    asked = [
        ("ask", "who had seen five of them at the reservoir?"),
        ("ask", "--format", "markdown", "what will it cost to rebuild the pier?"),
        ("ask", "what is the airspeed of a swallow?"),
        ("ask", "--since", "yesterday", "what will it cost?"),
        ("ask", "--nonsense", "what will it cost?"),
        ("quotes",), ("speakers",), ("search", "reservoir"), ("check", draft), ("show", "nowhere"),
    ]  # fmt: skip
    where = ("--index", made.index)
    without = [ran(*words, *where) for words in asked]
    start(made.index)
    assert [ran(*words, *where) for words in asked] == without
    assert {each.code for each in without} >= {0, 1, 2}
    with_it = ran(*asked[0], *where, imports=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert "numpy" in ran(*asked[0], *where, imports=True).err
    assert "numpy" not in with_it.err
    assert with_it.out == without[0].out


def test_it_follows_the_newest_revision(archive: Archive, start: Start) -> None:
    start(archive.index)
    words = ("ask", "--threshold", "0", "which ship sank in the harbour of Burgas?", "--index", archive.index)
    assert "Zora" not in ran(*words).out
    write(archive.files, {"zora.txt": "The ship Zora sank in the harbour of Burgas.\n"})
    assert ran("index", archive.files, "--index", archive.index).code == 0
    assert "Zora" in ran(*words).out


def test_many_questions_are_asked_without_it(made: Archive, start: Start) -> None:
    start(made.index)
    found = ran(
        "ask", "-", "--index", made.index, stdin="what will it cost to rebuild the pier?\n", imports=True
    )
    assert found.json["question"]
    assert "numpy" in found.err


def test_a_client_that_is_gone_ends_its_request_alone(made: Archive, start: Start) -> None:
    resident = start(made.index)
    words = ("ask", "what will it cost to rebuild the pier?", "--index", made.index)
    for pause in (0.05, 0.1, 0.2):
        client = subprocess.Popen(command(*words), stdout=subprocess.DEVNULL)
        time.sleep(pause)
        client.kill()
        client.wait()
        assert ran(*words).code == 0
    assert resident.poll() is None


@pytest.mark.parametrize("ended", [signal.SIGINT, signal.SIGTERM, None])
def test_it_ends(made: Archive, start: Start, ended: signal.Signals | None) -> None:
    resident = start(made.index, "--idle", "0.01" if ended is None else "30")
    path = handover.socket_path(str(made.index))
    if ended:
        assert path
        assert Path(path).exists()
        resident.send_signal(ended)
    assert resident.wait(30) == 0
    assert path
    assert not Path(path).exists()
    assert ran("ask", "what will it cost to rebuild the pier?", "--index", made.index).code == 0


def test_one_of_a_killed_process_is_replaced_and_a_second_one_refused(made: Archive, start: Start) -> None:
    start(made.index).kill()
    start(made.index)
    second = ran("resident", "--index", made.index)
    assert second.code == 2
    assert "another process keeps" in second.err


def test_sockets_where_others_may_write_are_not_used(made: Archive, runtime: Path, start: Start) -> None:
    start(made.index)
    (folder,) = runtime.iterdir()
    folder.chmod(0o755)
    assert handover.socket_path(str(made.index)) is None
    assert ran("ask", "what will it cost to rebuild the pier?", "--index", made.index).code == 0
    refused = ran("resident", "--index", made.index)
    assert refused.code == 2
    assert "isn't private" in refused.err


@pytest.mark.usefixtures("runtime")
def test_an_index_that_is_not_there(tmp_path: Path) -> None:
    refused = ran("resident", "--index", tmp_path / "none")
    assert refused.code == 2
    assert "there is no index" in refused.err
