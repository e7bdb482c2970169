"""The figures in the README and under docs/ are those of the result files that they name."""

from __future__ import annotations

import runpy

from conftest import ROOT


def test_the_tables_show_what_their_result_files_hold() -> None:
    figures = runpy.run_path(str(ROOT / "benchmarks" / "figures.py"))
    page, readme, scaling = (
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("docs/benchmarks.md", "README.md", "docs/scaling.md")
    )
    files = figures["named"](page)
    assert files.keys() == figures["measured"]().keys(), "run benchmarks/figures.py: more has been measured"
    assert figures["block"](files) in page
    assert "-uncommitted" not in page
    chosen = figures["chosen"](files)
    assert chosen in readme
    assert chosen.count("\n") <= 2 + 12
    assert figures["curves"](files["scale"], files["speed"]) in scaling
