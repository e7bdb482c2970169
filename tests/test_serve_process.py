"""The server as a process: its address, its end, and what it says if it can't begin."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import Archive, Cli, assert_line

COMMAND = [sys.executable, "-c", "from askbrief.cli import run; run()", "serve", "--port", "0"]


@contextmanager
def running(index: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        [*COMMAND, "--reader", "none", "--index", str(index)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert line.startswith("serving "), line
        yield process, line.split(" on ")[1].split(";")[0]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def got(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=60) as reply:  # noqa: S310
        return json.loads(reply.read())


def test_a_running_answer_is_sent_before_the_server_ends(made: Archive) -> None:
    with running(made.index) as (process, address):
        assert got(f"{address}api/status")["documents"] == 3
        found: list[Any] = []
        asked = threading.Thread(
            target=lambda: found.append(got(f"{address}api/ask?question=how+many+boats"))
        )
        asked.start()
        process.send_signal(signal.SIGTERM)
        asked.join(timeout=60)
        assert process.wait(timeout=60) == 0
        assert not found or found[0]["citations"]


def test_the_first_ctrl_c_ends_it_as_any_command(made: Archive) -> None:
    with running(made.index) as (process, address):
        got(f"{address}api/documents")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_a_port_that_is_taken_is_a_line(made: Archive, cli: Cli) -> None:
    with running(made.index) as (_, address):
        port = address.rstrip("/").rpartition(":")[2]
        assert_line(cli("serve", "--index", made.index, "--port", port), f"port {port}", "--port")


def test_another_address_without_a_token_is_a_line(made: Archive, cli: Cli) -> None:
    assert_line(cli("serve", "--index", made.index, "--host", "192.0.2.1"), "ASKBRIEF_TOKEN")
    assert_line(cli("serve", "--index", made.index, "--port", 70_000), "70000")


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "jinja2"])
def test_without_the_extra_it_says_how_to_install_it(
    missing: str, made: Archive, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("askbrief.serve", f"{missing}."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert_line(cli("serve", "--index", made.index), missing, "pip install 'askbrief[serve]'")
