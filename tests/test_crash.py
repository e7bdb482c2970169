"""Writers that are killed, and disks that are full: what was committed is kept, found, and built upon.

The writers run in processes of their own. They encode with the exported model that the index carries, so
that none of them has to load PyTorch; everything else is as it always is.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.encode.onnx import QueryEncoder
from askbrief.errors import IndexMissing
from askbrief.index import build
from conftest import NEWS, Archive, Cli, Ran, assert_line, write

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there is no SIGKILL, nor a limit on file size"
)

WRITER = '''
import os, signal, sys
from pathlib import Path
from askbrief.cli import main
from askbrief.encode.onnx import QueryEncoder
from askbrief.index import build, database, keywords, manifest, vectors

build._Writer.encoder = property(lambda self: QueryEncoder(self.folder / self.card.encoder))
build.BATCH = 1  # a commit a document

def deadly(owner, name, *, calls=1, before=False):
    real, count = getattr(owner, name), 0
    def wrapped(*given, **named):
        nonlocal count
        count += 1
        if before and count == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if count == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)

def while_texts_are_read():
    real = database.Database.texts
    def wrapped(self):
        for number, each in enumerate(real(self)):
            if number == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            yield each
    database.Database.texts = wrapped

def limit(size, owner=None, name=None):
    """No file may grow beyond ``size`` bytes, from now on or from a call on."""
    import resource
    if owner is None:
        return resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    real = getattr(owner, name)
    def wrapped(*given, **named):
        limit(size)
        return real(*given, **named)
    setattr(owner, name, wrapped)

exec(os.environ.get("AT", ""))
commit = build._Writer._commit
def told(self, batch):
    commit(self, batch)
    if not self.rebuild:
        for cut in batch:
            print("committed", Path(cut.document.source).name, file=sys.stderr, flush=True)
build._Writer._commit = told
sys.exit(main())
'''

NEW = {
    "ferry.txt": "The ferry to Bari sails again from Tuesday.\n",
    "snow.txt": "Snow closed the pass near Sion.\n",
    "tram.txt": "Trams in Graz stand still because of a strike.\n",
}
QUESTIONS = {
    "ferry.txt": "when does the ferry to Bari sail again?",
    "snow.txt": "what closed the pass near Sion?",
    "tram.txt": "why do trams in Graz stand still?",
    "wolves.txt": "who had seen wolves at the reservoir?",
}


def writer(*words: object, at: str) -> Ran:
    """A command line in a process of its own, which dies where ``at`` says."""
    ran = subprocess.run(
        [sys.executable, "-c", WRITER, *map(str, words)],
        env=os.environ | {"AT": at},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch, cli: Cli) -> Cli:
    """A command line that encodes as the writers do, and does not die."""

    def encoder(self: build._Writer) -> QueryEncoder:
        assert self.card is not None
        return QueryEncoder(self.folder / self.card.encoder)

    monkeypatch.setattr(build._Writer, "encoder", property(encoder))
    return cli


def held(index: Path) -> set[str]:
    with Index.open(index) as opened:
        return {Path(source.source).name for source in opened.documents()}


def assert_answers(index: Path, names: set[str]) -> None:
    """Whichever state the files are in, each document is found by its words, by way of both searches."""
    with Index.open(index) as opened:
        for name in names & set(QUESTIONS):
            nearest = opened.reading(QUESTIONS[name]).hits[0]
            assert Path(nearest.document.source).name == name


KILLS = {
    "inside the first transaction": ('deadly(database.Database, "put")', 0),
    "after the first commit": ('deadly(build._Writer, "_commit", calls=1)', 1),
    "inside the third transaction": ('deadly(database.Database, "put", calls=3)', 2),
    "before vectors are written": ('deadly(vectors.VectorIndex, "save", before=True)', 3),
    "after vectors are written": ('deadly(vectors.VectorIndex, "save")', 3),
    "while keywords are written": ("while_texts_are_read()", 3),
    "after keywords are written": ('deadly(keywords.KeywordIndex, "__init__")', 3),
    "while the manifest is written": ('deadly(os, "fsync", before=True)', 3),
    "before old files are swept": ('deadly(manifest, "sweep", before=True)', 3),
    "before the log is folded": ('deadly(database.Database, "checkpoint", before=True)', 3),
}


@pytest.mark.parametrize(("at", "committed"), KILLS.values(), ids=KILLS)
def test_a_killed_writer_loses_nothing_that_it_committed(
    archive: Archive, in_this_process: Cli, at: str, committed: int
) -> None:
    write(archive.files, NEW)
    killed = writer("index", archive.files, "--index", archive.index, at=at)
    assert killed.code == -signal.SIGKILL, killed
    now = held(archive.index)
    assert now >= set(NEWS)
    assert now == set(NEWS) | set(sorted(NEW)[:committed])
    assert {line.split()[1] for line in killed.err.splitlines() if line.startswith("committed")} <= now
    assert_answers(archive.index, now)

    again = in_this_process("index", archive.files, "--index", archive.index)
    assert again.code == 0, again
    assert held(archive.index) == set(NEWS) | set(NEW)
    assert_answers(archive.index, set(NEWS) | set(NEW))
    with Index.open(archive.index) as opened:
        assert opened.status().whole
    assert not list(archive.index.glob("*.new"))
    assert len(list(archive.index.glob("vectors-*"))) == len(list(archive.index.glob("keywords-*"))) == 1


def test_a_killed_rebuild_leaves_the_index_as_it_was(archive: Archive) -> None:
    write(archive.files, NEW)
    rebuild = ("index", archive.files, "--rebuild", "--index", archive.index)
    killed = writer(*rebuild, at='deadly(database.Database, "put", calls=5)')
    assert killed.code == -signal.SIGKILL
    assert held(archive.index) == set(NEWS)
    assert_answers(archive.index, set(NEWS))


def test_a_killed_removal_is_done_or_not_done(archive: Archive) -> None:
    for at, left in (
        ('deadly(database.Database, "delete")', set(NEWS)),
        ('deadly(build._Writer, "finish", before=True)', set(NEWS) - {"wolves.txt"}),
    ):
        killed = writer("remove", "wolves.txt", "--index", archive.index, at=at)
        assert killed.code == -signal.SIGKILL
        assert held(archive.index) == left
        assert_answers(archive.index, left)


@pytest.mark.parametrize(
    "at", ['deadly(database.sqlite3, "connect")', 'deadly(database.Database, "_migrate")']
)
def test_a_first_run_killed_before_it_held_anything_can_be_run_again(
    tmp_path: Path, archive: Archive, tiny_model: Path, cli: Cli, at: str
) -> None:
    index = tmp_path / "first"
    assert writer("index", archive.files, "--index", index, at=at).code == -signal.SIGKILL
    assert_line(cli("ask", QUESTIONS["wolves.txt"], "--index", index), "askbrief index")
    with pytest.raises(IndexMissing), Index.open(index) as opened:
        opened.ask(QUESTIONS["wolves.txt"])
    assert cli("index", archive.files, "--index", index, "--model", tiny_model).code == 0
    assert held(index) == set(NEWS)


# -- disks that are full


def sentences(count: int) -> str:
    """A text of so many sentences, each of its own."""
    return " ".join(
        f"The number {n} came before the number {n + 1} in the list {n % 7}." for n in range(count)
    )


@pytest.fixture
def larger(archive: Archive) -> Archive:
    """The archive with a file that needs more room than there will be."""
    write(archive.files, {"numbers.txt": sentences(1500)})
    return archive


LIMITS = {
    "the shared memory of the log": "limit(1_000)",
    "the log": "limit(40_000)",
    "the log, later": "limit(150_000)",
    "vectors": 'limit(1_000, vectors.VectorIndex, "save")',
    "keywords": 'limit(1_000, keywords.KeywordIndex, "build")',
    "the manifest": 'limit(1_000, manifest, "write")',
    "the database": 'limit(60_000, database.Database, "checkpoint")',
}


@pytest.mark.parametrize("at", LIMITS.values(), ids=LIMITS)
def test_a_file_that_can_not_grow(larger: Archive, in_this_process: Cli, at: str) -> None:
    before = held(larger.index)
    ran = writer("index", larger.files, "--index", larger.index, at=at)
    told = "committed numbers.txt\n"
    assert_line(Ran(ran.code, ran.out, ran.err.removeprefix(told)), "can't be written")
    assert held(larger.index) == before | ({"numbers.txt"} if told in ran.err else set())
    assert_answers(larger.index, before)
    assert in_this_process("index", larger.files, "--index", larger.index).code == 0
    assert held(larger.index) == before | {"numbers.txt"}
    assert_answers(larger.index, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, where this process may mount one."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2000k", "none", str(where)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk")
    yield where
    subprocess.run(["umount", str(where)], check=True)


def fill(disk: Path, free: int) -> None:
    """Leave ``free`` bytes of a disk."""
    (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - free))


@pytest.mark.parametrize("free", [60_000, 200_000, 340_000, 420_000])
def test_a_full_disk(larger: Archive, small_disk: Path, in_this_process: Cli, free: int) -> None:
    index = shutil.copytree(larger.index, small_disk / "index")
    fill(small_disk, free)
    assert_line(in_this_process("index", larger.files, "--index", index), "can't be written")
    now = held(index)
    assert now >= set(NEWS)
    assert_answers(index, set(NEWS))
    (small_disk / "filler").unlink()
    assert in_this_process("index", larger.files, "--index", index).code == 0
    assert held(index) == set(NEWS) | {"numbers.txt"}


def test_a_full_disk_at_the_first_run(archive: Archive, small_disk: Path, cli: Cli, tiny_model: Path) -> None:
    fill(small_disk, 60_000)
    index = small_disk / "index"
    assert_line(cli("index", archive.files, "--index", index, "--model", tiny_model), "can't be written")
    (small_disk / "filler").unlink()
    assert cli("index", archive.files, "--index", index, "--model", tiny_model).code == 0
    assert held(index) == set(NEWS)
