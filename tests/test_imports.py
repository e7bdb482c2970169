"""What is imported by what, and when: the command line starts at once, layers know nothing of those above."""

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

ONLY = {
    "sqlite3": "storage.db.connection",
    "faiss": "storage.search.vectors",
    "pgvector": "storage.postgres.server_vectors",
    "psycopg": "storage.postgres.server_connection",
    "onnxruntime": "onnx_runtime",
    "tantivy": "storage.search.keywords",
    "urllib3": "fetch.http",
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


def test_each_package_imports_those_below_it() -> None:
    """As ``pyproject.toml`` declares the layers, and without a circle anywhere."""
    from importlinter.cli import lint_imports

    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


def test_one_command_alone_speaks_the_protocol_of_assistants() -> None:
    """To import its SDK alone takes as long as to answer a question."""
    sdk = {"mcp", "mcp_types", "anyio"}
    importers = {name for name, path in modules().items() if sdk & {n.split(".")[0] for n in imported(path)}}
    assert importers == {"mcp_server.server"}
    servers = {
        name
        for name, path in modules().items()
        if any(n.startswith("askbrief.mcp_server") for n in imported(path))
    }
    assert {name for name in servers if not name.startswith("mcp_server.")} == {"cli.mcp"}


@pytest.mark.parametrize("library", ONLY)
def test_one_module_alone_imports(library: str) -> None:
    importers = {
        name for name, path in modules().items() if library in {n.split(".")[0] for n in imported(path)}
    }
    assert importers == {ONLY[library]}


def test_no_name_of_a_module_or_a_public_class_means_two_things() -> None:
    """But for what a library, a command line and each server begin with, and for the retriever, which has one
    name in each framework that it serves."""
    names: dict[str, list[str]] = {}
    for module, path in modules().items():
        if path.stem not in ("__init__", "__main__", "api", "app", "server"):
            names.setdefault(path.stem, []).append(module)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith(("_", "AskbriefRetriever")):
                names.setdefault(node.name, []).append(module)
    assert {name: places for name, places in names.items() if len(places) > 1} == {}


def test_a_package_is_a_face_without_logic() -> None:
    """Imports, names and docstrings; that of the whole package finds its names when they are first used."""
    plain = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)
    faces = [path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    logic = [
        (path.parent.name, node.lineno)
        for path in faces
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if not isinstance(node, plain)
    ]
    assert logic == []


def test_exported_names() -> None:
    assert askbrief.__all__ == sorted(askbrief._MODULES)
    assert {"Answer", "Checked", "Citation", "Document", "Hit", "Index", "QueryError", "SearchResult"} < {
        *askbrief.__all__
    }
    errors = {name for name, each in vars(askbrief.errors).items() if isinstance(each, type)}
    assert errors < {*askbrief.__all__}
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


def test_opening_an_index_reads_no_table_of_english() -> None:
    """``status`` and ``show`` ask nothing, and must not pay for what a question needs."""
    loaded = loaded_after("import askbrief.api, askbrief.english.stemming, askbrief.question.intent")
    assert "regex" not in loaded
    never = "('askbrief.question', 'askbrief.english')"
    program = f"import sys, askbrief.api\nassert not any(name.startswith({never}) for name in sys.modules)"
    assert "askbrief" in loaded_after(program)


def test_asking_never_imports_torch(made: Archive) -> None:
    program = "import sys, askbrief.cli as cli\nassert cli.main() in (0, 1)"
    loaded = loaded_after(program, "ask", "what will it cost to rebuild the pier?", "--index", made.index)
    assert {"onnxruntime", "tantivy"} <= loaded  # it did ask
    assert {"torch", "transformers", "sentence_transformers", "onnx", "scipy", "sklearn"} & loaded == set()


def test_asking_a_small_archive_imports_nothing_that_it_does_not_need(made: Archive) -> None:
    """Each of them takes longer to import than the search."""
    never = "{'faiss', 'askbrief.formats', 'askbrief.indexing', 'importlib.metadata'}"
    program = f"""
import sys, askbrief.cli as cli
assert cli.main() in (0, 1)
assert not {never} & set(sys.modules)"""
    loaded = loaded_after(program, "ask", "what will it cost to rebuild the pier?", "--index", made.index)
    assert "onnxruntime" in loaded
