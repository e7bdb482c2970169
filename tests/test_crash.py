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
from contextlib import suppress
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.embed.query_embedder import QueryEmbedder
from askbrief.errors import AskbriefError, IndexMissing
from askbrief.indexing.embedding import IndexModel
from conftest import NEWS, Archive, Cli, Ran, assert_line, write

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there is no SIGKILL, nor a limit on file size"
)

WRITER = '''
import os, signal, sys
from pathlib import Path
from askbrief.cli import main
from askbrief.embed.query_embedder import QueryEmbedder
from askbrief.indexing import embedding, operations, pipeline
from askbrief.storage import writer
from askbrief.storage.db import connection, database, writes
from askbrief.storage.search import files as search_files, keywords, manifest, vectors

embedding.IndexModel.encoder = property(lambda self: QueryEmbedder(self.folder / self.card.encoder))
pipeline.BATCH = 1  # a commit a document

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
commit = pipeline.Run._commit
def told(self, batch, begun):
    commit(self, batch, begun)
    if not self.options.rebuild:
        for cut in batch:
            print("committed", Path(cut.document.source).name, file=sys.stderr, flush=True)
pipeline.Run._commit = told
'''
COMMAND_LINE = "sys.exit(main())"
HISTORY = '''
import random, shutil, threading
from askbrief import Index

files, index, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
random = random.Random(seed)
search_files.TAIL = random.choice([0, 2, 4096])

def counted(calls):
    """Die before or after one of all the calls that change something on disk."""
    count = 0
    def wrap(owner, name):
        real = getattr(owner, name)
        def wrapped(*given, **named):
            nonlocal count
            count += 1
            if count == calls:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*given, **named)
            count += 1
            if count == calls:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        setattr(owner, name, wrapped)
    for owner, names in (
        (writes, ("put", "_put_passages", "delete")),
        (database.Database, ("settle", "checkpoint", "vacuum")),
        (keywords.KeywordWriter, ("_add", "commit", "close")),
        (vectors.VectorIndex, ("save",)),
        (manifest, ("write", "sweep", "cards", "synced")),
        (search_files.SearchFiles, ("follow", "finish", "_fold")),
        (shutil, ("rmtree",)),
        (os, ("fsync", "unlink")),
        (Path, ("replace", "unlink", "mkdir")),
    ):
        for name in names:
            wrap(owner, name)

if seed % 2:
    counted(random.randint(1, 110))
else:
    threading.Timer(random.uniform(0.01, 0.5), os.kill, (os.getpid(), signal.SIGKILL)).start()

def done(what):
    print("done", what, file=sys.stderr, flush=True)

Index.update([files], index)
done("added")
(files / "ferry.txt").write_text("The ferry to Bari was sold on Tuesday.\\n", encoding="utf-8")
Index.update([files], index)
done("changed")
operations.remove(index, ["wolves.txt"])
done("removed")
operations.compact(index)
done("compacted")
(files / "snow.txt").unlink()
Index.update([files / "tram.txt", files / "ferry.txt"], index)
Index.update([files], index, rebuild=True)
done("rebuilt")
os._exit(0)
'''
KILLED = int(os.environ.get("ASKBRIEF_KILLS", "6"))
"""Writers that are killed at some point of a history; the long form, ASKBRIEF_KILLS=200, takes minutes."""

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


def writer(*words: object, at: str, then: str = COMMAND_LINE) -> Ran:
    """A command line in a process of its own, which dies where ``at`` says; or what it does ``then``."""
    ran = subprocess.run(
        [sys.executable, "-c", WRITER + then, *map(str, words)],
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

    def encoder(self: IndexModel) -> QueryEmbedder:
        return QueryEmbedder(self.folder / self.card.encoder)

    monkeypatch.setattr(IndexModel, "encoder", property(encoder))
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
    "inside the first transaction": ('deadly(writes, "put")', 0),
    "after the first commit": ('deadly(pipeline.Run, "_commit", calls=1)', 1),
    "inside the third transaction": ('deadly(writes, "put", calls=3)', 2),
    "before vectors are written": ('deadly(vectors.VectorIndex, "save", before=True)', 3),
    "after vectors are written": ('deadly(vectors.VectorIndex, "save")', 3),
    "while keywords are written": ('deadly(keywords.KeywordWriter, "_add")', 1),
    "after keywords are written": ('deadly(keywords.KeywordWriter, "commit")', 1),
    "before keywords are merged": ('deadly(keywords.KeywordWriter, "close", before=True)', 3),
    "while the manifest is written": ('deadly(os, "fsync", before=True)', 3),
    "before what is settled is forgotten": ('deadly(database.Database, "settle", before=True)', 3),
    "after what is settled is forgotten": ('deadly(database.Database, "settle")', 3),
    "before old files are swept": ('deadly(manifest, "sweep", before=True)', 3),
    "before the log is folded": ('deadly(database.Database, "checkpoint", calls=2, before=True)', 3),
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


FERRIES = (NEW["ferry.txt"], "The ferry to Bari was sold on Tuesday.\n")


def assert_state(index: Path, told: set[str]) -> None:
    """The index holds all that was reported as done, each document whole, and nothing else."""
    with Index.open(index) as opened:
        found = {Path(each.source).name: opened.show(each.id)[0].text for each in opened.documents()}
        assert "damaged" not in str(opened.status().fault)
    harbour, bridge, wolves = NEWS
    rebuilt = "wolves.txt" in found and "removed" in told  # from its file, which is still there
    assert {harbour, bridge} <= found.keys()
    assert found.keys() <= NEWS.keys() | NEW.keys()
    assert found.get("ferry.txt", FERRIES[0]) in FERRIES
    assert all(found[name] == (NEWS | NEW)[name] for name in found if name != "ferry.txt")
    if "added" in told:
        assert {"ferry.txt", "tram.txt"} <= found.keys()
    if "added" in told and "compacted" not in told:
        assert "snow.txt" in found
    if "changed" in told:
        assert found["ferry.txt"] == FERRIES[1]
    if "removed" in told and "compacted" not in told:
        assert wolves not in found
    if "rebuilt" in told:
        assert rebuilt
        assert "snow.txt" not in found
    elif "removed" not in told and wolves not in found:
        assert "changed" in told  # it was about to be reported


@pytest.mark.parametrize("seed", range(KILLED))
def test_a_history_that_is_cut_off_anywhere(archive: Archive, in_this_process: Cli, seed: int) -> None:
    write(archive.files, NEW)
    ran = writer(archive.files, archive.index, seed, at="", then=HISTORY)
    assert ran.code in (0, -signal.SIGKILL), ran
    told = {line.split()[1] for line in ran.err.splitlines() if line.startswith("done ")}
    assert ran.code or "rebuilt" in told
    assert_state(archive.index, told)
    assert_answers(archive.index, held(archive.index) - {"ferry.txt"})
    again = in_this_process("index", archive.files, "--index", archive.index)
    assert again.code == 0, again
    there = {path.name for path in archive.files.iterdir()}
    assert held(archive.index) == there
    assert_answers(archive.index, there - {"ferry.txt"})
    with Index.open(archive.index) as opened:
        assert opened.status(verify=True).whole
    assert len(list(archive.index.glob("vectors-*"))) == len(list(archive.index.glob("keywords-*"))) == 1


COPIES = 12
"""Copies of a folder that are made while it is written."""


def test_a_folder_copied_while_it_is_written_answers_or_is_refused(
    archive: Archive, in_this_process: Cli, tmp_path: Path
) -> None:
    """Its files are copied one after the other, so that they need not be of one commit: such a copy is a
    revision of its own or says what is wrong, and the next run carries it on or refuses it."""
    more = {f"tram-{n}.txt": f"Tram {n} in Graz stands still because of strike {n}.\n" for n in range(60)}
    write(archive.files, more)
    words = ("index", str(archive.files), "--index", str(archive.index))
    command = [sys.executable, "-c", WRITER + COMMAND_LINE, *words]
    copies: list[Path] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr
        for line in process.stderr:
            if line.startswith(b"committed") and len(copies) < COPIES:
                copies.append(tmp_path / str(len(copies)))
                with suppress(shutil.Error):  # a file that was there a moment ago
                    shutil.copytree(archive.index, copies[-1])
    assert (process.returncode, len(copies)) == (0, COPIES)
    carried = 0
    for copy in copies:
        try:
            names = held(copy)
            assert_answers(copy, set(NEWS))
        except AskbriefError:
            continue
        assert set(NEWS) <= names <= set(NEWS) | set(more)
        ran = in_this_process("index", archive.files, "--index", copy)
        if ran.code:
            assert_line(ran, "damaged")
            continue
        carried += 1
        assert held(copy) == set(NEWS) | set(more)
    assert carried


def test_what_a_cut_off_run_had_not_renamed_is_passed_over(archive: Archive, in_this_process: Cli) -> None:
    (keywords,) = archive.index.glob("keywords-*")
    (keywords / ".tmp0CF1tY").write_bytes(b"{")
    write(archive.files, {"tram.txt": "Tram 5 in Graz stands still.\n"})
    ran = in_this_process("index", archive.files, "--index", archive.index)
    assert ran.code == 0, ran.err
    assert_answers(archive.index, {*NEWS, "tram.txt"})


def test_a_killed_rebuild_leaves_the_index_as_it_was(archive: Archive) -> None:
    write(archive.files, NEW)
    rebuild = ("index", archive.files, "--rebuild", "--index", archive.index)
    killed = writer(*rebuild, at='deadly(writes, "put", calls=5)')
    assert killed.code == -signal.SIGKILL
    assert held(archive.index) == set(NEWS)
    assert_answers(archive.index, set(NEWS))


def test_a_killed_removal_is_done_or_not_done(archive: Archive) -> None:
    for at, left in (
        ('deadly(writes, "delete")', set(NEWS)),
        ('deadly(pipeline.Run, "finish", before=True)', set(NEWS) - {"wolves.txt"}),
    ):
        killed = writer("remove", "wolves.txt", "--index", archive.index, at=at)
        assert killed.code == -signal.SIGKILL
        assert held(archive.index) == left
        assert_answers(archive.index, left)


@pytest.mark.parametrize(
    "at", ['deadly(connection.sqlite3, "connect")', 'deadly(database.Database, "_migrate")']
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
    "keywords": 'limit(1_000, keywords.KeywordWriter, "commit")',
    "the manifest": 'limit(1_000, manifest, "write")',
    "the database": 'limit(60_000, database.Database, "checkpoint")',
}


@pytest.mark.parametrize("at", LIMITS.values(), ids=LIMITS)
def test_a_file_that_can_not_grow(larger: Archive, in_this_process: Cli, at: str) -> None:
    before = held(larger.index)
    ran = writer("index", larger.files, "--index", larger.index, at=at)
    told = "committed numbers.txt\n"
    assert_line(Ran(ran.code, ran.out, ran.err.removeprefix(told)), "can't be written")
    now = held(larger.index)
    assert now == before | {"numbers.txt"} or (now == before and told not in ran.err)
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
