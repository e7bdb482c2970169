"""An index that is asked by another user than the one who writes it: a real one, which root can be."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from askbrief import Index
from conftest import ROOT, Archive, Ran, assert_line, relocate, write

OTHER = 65_534

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can be another user, as Linux has it"
)

WOLVES = "who had seen wolves at the reservoir?"

READER = """
import sys
from askbrief import Index
index = Index.open(sys.argv[1], reader="none")
for line in sys.stdin:
    if line.strip() == "refresh":
        index.refresh()
    answer = index.ask("who had seen wolves at the reservoir?")
    texts = {source.id: index.show(source.id)[0].text for source in index.documents()}
    assert all(texts[c.document.id][c.start:c.end] == c.text for c in answer.citations)
    print(len(texts), answer.citations[0].text, flush=True)
"""


def become_another() -> None:
    os.setgroups([])
    os.setgid(OTHER)
    os.setuid(OTHER)


@dataclass(frozen=True)
class Public(Archive):
    """Files and an index that everybody may read, with a Python that everybody may run."""

    python: str
    environment: dict[str, str]

    def popen(self, *words: object) -> subprocess.Popen[str]:
        """A process of another user."""
        return subprocess.Popen(
            [self.python, *map(str, words)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=become_another, env=self.environment, text=True, cwd="/",
        )  # fmt: skip

    def cli(self, *words: object) -> Ran:
        """A command line run by another user."""
        run = "from askbrief.cli import run; run()"
        with self.popen("-c", run, *words, "--index", self.index) as process:
            out, err = process.communicate()
        return Ran(process.returncode, out, err)


@pytest.fixture
def public(made: Archive) -> Iterator[Public]:
    """A copy of the briefs' index where everybody may read, written by the umask of most systems."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    home = root / "home"
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    paths = [str(ROOT / "src"), *site.getsitepackages()]
    surroundings = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": os.pathsep.join(paths)}
    python, mounted = sys.executable, root / "python"
    if not _may_run(python):  # it may lie in the home folder of root
        mounted.mkdir()
        mount = ["mount", "--bind", sys.base_prefix, str(mounted)]
        if (
            shutil.which("mount") is None
            or subprocess.run(mount, capture_output=True, check=False).returncode
        ):
            pytest.skip("another user can't run this Python")
        python, surroundings["PYTHONHOME"] = str(mounted / "bin" / "python3"), str(mounted)
        surroundings["LD_LIBRARY_PATH"] = str(mounted / "lib")  # not the system's Python of that version
    before = os.umask(0o022)
    mine = Public(root / "news", root / "index", python, os.environ | surroundings)
    shutil.copytree(made.files, mine.files)
    shutil.copytree(made.index, mine.index)
    relocate(mine.index, made.files, mine.files)
    write(mine.files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
    Index.update([mine.files], mine.index)
    yield mine
    os.umask(before)
    if mounted.exists():
        subprocess.run(["umount", str(mounted)], check=True)
    shutil.rmtree(root)


def _may_run(python: str) -> bool:
    try:
        subprocess.run([python, "-c", ""], preexec_fn=become_another, cwd="/", check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def test_another_user_may_ask_what_the_umask_lets_others_read(public: Public) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in public.index.rglob("*") if path.is_file()}
    assert set(modes.values()) == {0o644}, modes
    ran = public.cli("ask", WOLVES, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert "reservoir" in ran.json["citations"][0]["text"]
    assert public.cli("status", "--json").json["whole"]


def test_what_another_user_may_not_read_is_no_damage(public: Public) -> None:
    keywords = next(public.index.glob("keywords-*"))
    for path in (keywords / "meta.json", keywords, public.index / "manifest.json",
                 public.index / "askbrief.db", public.index):  # fmt: skip
        mode = path.stat().st_mode
        path.chmod(0o700 if path.is_dir() else 0o600)
        ran = public.cli("ask", WOLVES)
        path.chmod(mode)
        assert_line(ran, "permission denied", "owner")
        assert "damaged" not in ran.err
        assert "altered" not in ran.err
    ran = public.cli("remove", "wolves.txt")
    assert_line(ran, "can't be")
    assert len(Index.open(public.index).documents()) == 4


@pytest.mark.parametrize("copied", [False, True], ids=["where it was made", "without the log's files"])
def test_another_user_asks_on_while_the_index_is_written(public: Public, copied: bool) -> None:
    if copied:
        for end in ("-wal", "-shm"):
            (public.index / f"askbrief.db{end}").unlink()
    with public.popen("-c", READER, public.index) as reader:
        assert reader.stdin
        assert reader.stdout
        assert reader.stderr

        def asked(how: str) -> str:
            assert reader.stdin
            assert reader.stdout
            reader.stdin.write(f"{how}\n")
            reader.stdin.flush()
            return reader.stdout.readline()

        assert asked("now").startswith("4 ")
        for number in range(4):
            changed = {f"tram-{n}.txt": f"Tram {n} stands still, it is {number} o'clock.\n" for n in range(9)}
            write(public.files, changed)
            Index.update([public.files], public.index)
            if copied:  # nothing was locked: what was read may be of two revisions
                assert asked("now") == ""
                assert "written while it was read without locks" in reader.stderr.read()
                break
            assert asked("now").startswith("4 " if not number else "13 ")
            assert asked("refresh").startswith("13 ")
        reader.stdin.close()
