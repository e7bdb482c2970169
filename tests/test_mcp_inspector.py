"""The command line of the Inspector, a client in JavaScript that others wrote. Slow: npm fetches it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Archive

INSPECTOR = "@modelcontextprotocol/inspector@0.15.0"
"""The newest that runs on Node 20."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm"),
    pytest.mark.skipif(not os.environ.get("ASKBRIEF_LONG"), reason="installs a package: set ASKBRIEF_LONG=1"),
]


@pytest.fixture(scope="module")
def inspector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Inspector's command, installed."""
    folder = tmp_path_factory.mktemp("inspector")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), INSPECTOR]
    if subprocess.run(install, capture_output=True, timeout=600, check=False).returncode:
        pytest.skip("npm can't install the Inspector")
    return folder / "node_modules" / ".bin" / "mcp-inspector"


def inspected(inspector: Path, index: Path, *words: str) -> Any:
    """What the Inspector prints of one request to a new process."""
    server = index.with_name("server.py")  # the Inspector takes options of a server for its own
    options = ["askbrief", "mcp", "--index", str(index), "--reader", "none"]
    server.write_text(f"import sys\nsys.argv = {options}\nfrom askbrief.cli import run\nrun()\n", "utf-8")
    command = [str(inspector), "--cli", sys.executable, str(server), *words]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_inspector_lists_calls_and_reads(inspector: Path, made: Archive) -> None:
    listed = inspected(inspector, made.index, "--method", "tools/list")
    assert [tool["name"] for tool in listed["tools"]][:2] == ["ask", "search"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in listed["tools"])
    call = ["--method", "tools/call", "--tool-name", "quotes", "--tool-arg", "speaker=Ilieva"]
    result = inspected(inspector, made.index, *call)
    assert not result.get("isError")
    quoted = result["structuredContent"]["quotations"][0]
    link = next(block for block in result["content"] if block["type"] == "resource_link")
    read = inspected(inspector, made.index, "--method", "resources/read", "--uri", link["uri"])
    assert read["contents"][0]["text"] == quoted["text"]
    templates = inspected(inspector, made.index, "--method", "resources/templates/list")
    assert len(templates["resourceTemplates"]) == 2


def test_the_inspector_is_told_errors_in_one_line(inspector: Path, made: Archive) -> None:
    call = ["--method", "tools/call", "--tool-name", "ask", "--tool-arg", "question=who?"]
    result = inspected(inspector, made.index, *call, "--tool-arg", "since=yesterday")
    assert result["isError"]
    assert "isn't a day" in result["content"][0]["text"]
