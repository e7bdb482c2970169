"""The description of the API is true: schemathesis calls a running server by it, rightly and wrongly."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import Archive
from test_serve_process import running

pytestmark = pytest.mark.slow

UNSTATED = "positive_data_acceptance,negative_data_rejection"
"""What a schema can't state is refused too: a question without words, days the wrong way round, a cursor of
another list, a query with a parenthesis left open. An empty value is one that is not given, as forms
send it."""
EXAMPLES = 20
"""Calls of each operation and phase."""


def test_the_server_does_what_its_description_says(made: Archive, tmp_path: Path) -> None:
    command = shutil.which("schemathesis")
    if command is None:
        pytest.skip("needs schemathesis: pip install askbrief[browser]")
    with running(made.index) as (_, address):
        options = ["--max-examples", str(EXAMPLES), "--seed", "1", "--exclude-checks", UNSTATED]
        found = subprocess.run(
            [command, "run", f"{address}openapi.json", *options],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,  # it keeps what failed in its folder
        )
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-1000:]
