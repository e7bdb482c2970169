"""The README's figures are those of the result files that it names."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_readme_shows_what_its_result_files_hold() -> None:
    figures = runpy.run_path(str(ROOT / "benchmarks" / "figures.py"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    files = figures["named"](readme)
    table = figures["block"](files)
    assert table in readme
    assert files.keys() == figures["measured"]().keys(), "run benchmarks/figures.py: more has been measured"
    assert "-uncommitted" not in table
    scaling = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert figures["curves"](files["scale"], files["speed"]) in scaling
