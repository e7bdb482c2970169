"""Nothing is written outside the index and askbrief's own folders, whatever the libraries would do by
themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Archive

OPENED = """
import sys
from askbrief import Index
index = Index.open(sys.argv[1])
for _ in range(2):
    index.ask("what will it cost to rebuild the pier?")
"""


def ran(home: Path, *command: object) -> None:
    """Run a command as a user would whose home folder is ``home``: CI switches some telemetry off."""
    places = {"HOME": home, "XDG_CACHE_HOME": home / ".cache", "XDG_CONFIG_HOME": home / ".config"}
    environment = {
        name: value for name, value in os.environ.items() if name != "CI" and "TELEMETRY" not in name
    }
    environment |= {name: str(place) for name, place in places.items()}
    done = subprocess.run(
        [sys.executable, *map(str, command)], env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("program", ["ask", "library"])
def test_asking_leaves_no_file_in_the_home_folder(made: Archive, tmp_path: Path, program: str) -> None:
    if program == "ask":
        question = "what will it cost to rebuild the pier?"
        ran(tmp_path, "-m", "askbrief", "ask", question, "--index", made.index)
    else:
        ran(tmp_path, "-c", OPENED, made.index)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.model
def test_indexing_leaves_no_file_in_the_home_folder(tmp_path: Path) -> None:
    home, text = tmp_path / "home", tmp_path / "pier.txt"
    home.mkdir()
    text.write_text("The pier will be rebuilt for two million pounds, the council said.")
    ran(home, "-m", "askbrief", "index", text, "--index", tmp_path / "index")
    assert [path for path in home.rglob("*") if path.is_file()] == []
