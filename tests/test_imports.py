"""What is imported by what, and when: the command line starts at once, stages know nothing of others."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import askbrief
from conftest import ROOT, Archive

PACKAGE = ROOT / "src" / "askbrief"

HEAVY = {
    "torch", "transformers", "sentence_transformers", "faiss", "onnxruntime", "numpy", "tantivy", "onnx",
    "trafilatura", "lxml", "pypdf", "defusedxml", "striprtf", "urllib3", "protego",
}  # fmt: skip

LEAVES = {"types", "errors", "settings", "graphs", "link", "copies", "origins"}
STAGES = {"fetch", "sources", "segment", "quotes", "encode", "index", "retrieve", "read", "evaluate"}
COMPOSERS = {
    "__main__",
    "answer",
    "api",
    "asking",
    "cli",
    "check",
    "verify",
    "index.account",
    "index.build",
    "index.incoming",
    "index.ingest",
    "index.pages",
}
SEAMS = {("index.store", "encode"), ("index.encoding", "encode")}
"""The index carries its query encoder, and opens it."""

ONLY = {
    "sqlite3": "index.connection",
    "faiss": "index.vectors",
    "onnxruntime": "graphs",
    "tantivy": "index.keywords",
    "urllib3": "fetch.transfer",
}


def modules() -> dict[str, Path]:
    """Each module of the package, named from within it, and its file."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> Iterator[str]:
    """The full name of each module that the file imports, wherever; both halves of ``from a import b``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def stages_imported(path: Path) -> set[str]:
    names = (name.split(".") for name in imported(path) if name.startswith("askbrief."))
    return {parts[1] for parts in names} & STAGES


def test_stages_do_not_import_sibling_stages() -> None:
    faults = []
    for name, path in modules().items():
        stage = name.split(".")[0]
        if stage not in STAGES or name in COMPOSERS:
            continue
        others = {other for other in stages_imported(path) - {stage} if (name, other) not in SEAMS}
        faults += [f"{name} imports {other}" for other in sorted(others)]
    assert faults == []


def test_leaves_import_no_stage() -> None:
    assert [name for name in LEAVES if stages_imported(modules()[name])] == []


def test_every_module_is_a_leaf_a_stage_or_a_composer() -> None:
    tops = {name.split(".")[0] for name in modules()} - {""}
    assert tops <= LEAVES | STAGES | {name.split(".")[0] for name in COMPOSERS}


@pytest.mark.parametrize("library", ONLY)
def test_one_module_alone_imports(library: str) -> None:
    importers = {
        name for name, path in modules().items() if library in {n.split(".")[0] for n in imported(path)}
    }
    assert importers == {ONLY[library]}


def test_exported_names() -> None:
    assert askbrief.__all__ == ["Answer", "AskbriefError", "Citation", "Index"]
    for name in askbrief.__all__:
        assert getattr(askbrief, name).__module__.startswith("askbrief.")
    with pytest.raises(AttributeError, match="Reader"):
        askbrief.Reader  # noqa: B018


def loaded_after(program: str, *arguments: object) -> set[str]:
    """Top-level modules that a new process has loaded when ``program`` is through."""
    tell = "\nimport sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    command = [sys.executable, "-c", program + tell, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return {name.split(".")[0] for name in ran.stderr.split()}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["ask", "--help"], ["--version"]])
def test_the_command_line_starts_without_anything_heavy(arguments: list[str]) -> None:
    program = "import sys, askbrief.cli as cli\nif sys.argv[1:]: assert cli.main() == 0"
    loaded = loaded_after(program, *arguments)
    assert "askbrief" in loaded
    assert HEAVY & loaded == set()


def test_asking_never_imports_torch(made: Archive) -> None:
    program = "import sys, askbrief.cli as cli\nassert cli.main() in (0, 1)"
    loaded = loaded_after(program, "ask", "what will it cost to rebuild the pier?", "--index", made.index)
    assert {"onnxruntime", "faiss", "tantivy"} <= loaded  # it did ask
    assert {"torch", "transformers", "sentence_transformers", "onnx", "scipy", "sklearn"} & loaded == set()
