"""Threads and processes that ask, quote, show, check and refresh one index beside a writer that is killed.

    python benchmarks/soak.py [--minutes 30] [--threads 8] [--processes 4]

Half of the processes run as another user, if this one may become one (root on Linux). The writer adds,
changes, removes and compacts, and is killed after a minute and started again. Each answer is held to what the
library promises: no crash, nothing that hangs (a watchdog), no damage told of a whole index, each citation
verbatim, and all of a call from one revision. The figures go to ``benchmarks/results/soak-COMMIT.json``; exit
1 if anything broke.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import results
from askbrief import AskbriefError, Index
from askbrief.errors import NotFound
from askbrief.options import AskOptions

ROOT = Path(__file__).parent.parent
DOCUMENTS = 300
TOWNS = ("Varna", "Graz", "Sion", "Bari", "Trento", "Brig", "Ghent", "Cork")
OTHER = 65_534
"""The user that systems keep for nobody."""

LATE = 120.0
"""Seconds after which a call has hung, if its process has used less than a second of the processor in them:
one that is starved of it, on a busy machine, is only slow."""

KILLED_AFTER = 60.0
"""Seconds that a writer lives."""

QUESTIONS = (
    "what will it cost to rebuild pier 7?",
    "what did Blair say about the pier?",
    "who said that the ferry to Bari will sail again?",
    "which town met on Monday?",
)
DRAFT = "“We will build pier 7 by winter,” Tony Blair said."


def brief(number: int, version: int) -> str:
    """The text of a document, which says of which version it is."""
    town = TOWNS[number % len(TOWNS)]
    return (
        f"Brief {number}\n\nThe council of {town} met on Monday for the {version}th time. “We will build "
        f"pier {number} by winter,” mayor Tony Blair said. “It will cost {number} million pounds.”\n\n"
        f"The ferry to {town} will sail again, the harbour master Olga Brandt said on day {version}.\n"
    )


class Loop:
    """What one thread does, over and over, with what came of it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.counts: Counter[str] = Counter()
        self.broken: list[str] = []
        self.since = time.monotonic()
        self.doing = ""

    def run(self, until: float, seed: int) -> None:
        """Call one method after another until a time."""
        chosen = random.Random(seed)  # noqa: S311
        works = (self.ask, self.ask, self.quote, self.show, self.check, self.refresh)
        while time.time() < until:
            work = chosen.choice(works)
            self.since, self.doing = time.monotonic(), work.__name__
            try:
                work(chosen)
                self.counts[work.__name__] += 1
            except NotFound:  # removed since it was listed
                self.counts["not found"] += 1
            except AskbriefError as error:
                self.broken.append(f"{work.__name__}: {type(error).__name__}: {error}")
            except Exception as error:
                self.broken.append(f"{work.__name__}: {type(error).__name__}: {error}")
        self.doing = ""

    def ask(self, chosen: random.Random) -> None:
        """Every citation is a slice of its document, as the same revision has it."""
        with self.index._now() as now:
            answer = now.session.reading(chosen.choice(QUESTIONS), AskOptions()).answer
            for citation in answer.citations:
                document = now.archive.document(citation.document.id)
                self._require(document.text[citation.start : citation.end] == citation.text, "not verbatim")
                self._require(document.sha256 == citation.document.sha256, "two revisions in one answer")
            self.counts["citations"] += len(answer.citations)

    def quote(self, _: random.Random) -> None:
        """Each quotation lies in its sentences."""
        for quoted in self.index.quotations(speaker="Blair")[:50]:
            self._require(quoted.text in quoted.within, "a quotation that isn't in its sentences")

    def show(self, chosen: random.Random) -> None:
        """Sentences lie in their text."""
        source = chosen.choice(self.index.documents())
        document, sentences = self.index.show(source.id)
        self._require(sentences[-1].end <= len(document.text), "sentences of another text")

    def check(self, _: random.Random) -> None:
        """A draft is checked."""
        self.index.check(DRAFT)

    def refresh(self, _: random.Random) -> None:
        """The index moves on."""
        self.index.refresh()

    def _require(self, holds: bool, what: str) -> None:
        if not holds:
            self.broken.append(what)


def resources() -> dict[str, int]:
    """Memory in MB, descriptors and threads of this process, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return {
        "memory_mb": int(lines["VmRSS"].split()[0]) // 1024,
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": int(lines["Threads"]),
    }


def read(folder: Path, threads: int, until: float, seed: int) -> dict[str, Any]:
    """Ask one open index from some threads until a time; what came of it."""
    began = time.time()
    samples: list[dict[str, int]] = []
    hung: list[str] = []
    spent: list[float] = []
    with Index.open(folder) as index:
        loops = [Loop(index) for _ in range(threads)]
        running = [
            threading.Thread(target=loop.run, args=(until, seed + n), daemon=True)
            for n, loop in enumerate(loops)
        ]
        for thread in running:
            thread.start()
        while any(thread.is_alive() for thread in running):
            time.sleep(1)
            samples.append(resources())
            spent.append(time.process_time())
            idle = len(spent) > LATE and spent[-1] - spent[-int(LATE)] < 1
            late = [
                loop.doing for loop in loops if idle and loop.doing and time.monotonic() - loop.since > LATE
            ]
            if late:
                hung += late
                break
        counts = sum((loop.counts for loop in loops), Counter[str]())
        broken = [each for loop in loops for each in loop.broken]
        if not hung:
            index.refresh()
    warm = samples[len(samples) // 4 :]  # models are loaded in the beginning
    return {
        "seconds": round(time.time() - began),
        "calls": dict(counts),
        "broken": dict(Counter(broken).most_common(20)),
        "hung": hung,
        "resources": {"first": warm[0] if warm else {}, "last": warm[-1] if warm else {}},
    }


def write(files: Path, folder: Path, seed: int) -> None:
    """Add, change, remove and compact until killed."""
    chosen, version = random.Random(seed), seed * 1000  # noqa: S311
    while True:
        version += 1
        what = chosen.choice(("change", "change", "change", "add", "remove", "compact"))
        if what == "compact":
            with Index.open(folder) as index:
                index.compact()
        elif what == "remove":
            with Index.open(folder) as index:
                sources = index.documents()
                if len(sources) > DOCUMENTS // 2:
                    gone = chosen.choice(sources)
                    Path(gone.source).unlink(missing_ok=True)
                    index.remove(gone.id)
        else:
            few = chosen.sample(range(DOCUMENTS), 1 if what == "add" else 10)
            for number in few:
                (files / f"{number}.txt").write_text(brief(number, version), encoding="utf-8")
            Index.update([files], folder)
        print(what, flush=True)


def kept_writing(files: Path, folder: Path, until: float, logs: list[int]) -> dict[str, Any]:
    """Run writers that are killed after a while, one after the other; what they did."""
    done: Counter[str] = Counter()
    kills, failures = 0, []
    while time.time() < until:
        command = [sys.executable, __file__, "--write", str(files), str(folder), str(kills + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            assert writer.stderr
            timer = threading.Timer(min(KILLED_AFTER, max(1, until - time.time())), writer.kill)
            timer.start()
            for line in writer.stdout:
                done[line.strip()] += 1
                log = folder / "askbrief.db-wal"
                logs.append(log.stat().st_size if log.exists() else 0)
            writer.wait()
            timer.cancel()
            if writer.returncode == -signal.SIGKILL:
                kills += 1
            else:
                failures.append(writer.stderr.read()[-400:])
    return {"done": dict(done), "kills": kills, "failures": failures}


def become_another() -> None:
    """Be a user who owns nothing here."""
    os.setgroups([])
    os.setgid(OTHER)
    os.setuid(OTHER)


def python_for_others(root: Path) -> tuple[str, dict[str, str]] | None:
    """A Python that another user may run, with what its environment needs; None if there is none."""
    import site

    paths = os.pathsep.join([str(ROOT / "src"), str(Path(__file__).parent), *site.getsitepackages()])
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    mounted = root / "python"
    mounted.mkdir()
    mount = shutil.which("mount")
    if not mount or subprocess.run([mount, "--bind", sys.base_prefix, mounted], check=False).returncode:
        return None
    home = root / "home"
    home.mkdir()
    home.chmod(0o777)
    surroundings = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": paths, "PYTHONHOME": str(mounted)}
    return str(mounted / "bin" / "python3"), os.environ | surroundings


def soak(minutes: float, threads: int, processes: int) -> dict[str, Any]:
    """Run everything for some minutes; all figures."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    os.umask(0o022)
    files, folder = root / "news", root / "index"
    files.mkdir()
    for number in range(DOCUMENTS):
        (files / f"{number}.txt").write_text(brief(number, 0), encoding="utf-8")
    Index.update([files], folder)
    others = python_for_others(root)
    until = time.time() + 60 * minutes
    readers: list[subprocess.Popen[str]] = []
    for number in range(processes):
        another = others is not None and number < processes // 2
        python, environment = others if others and another else (sys.executable, dict(os.environ))
        words = [python, str(Path(__file__)), "--read", str(folder), str(until), str(100 * number)]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        who = become_another if another else None
        readers.append(subprocess.Popen(words, **pipes, env=environment, cwd="/", preexec_fn=who))
    logs: list[int] = []
    wrote: dict[str, Any] = {}
    writer = threading.Thread(target=lambda: wrote.update(kept_writing(files, folder, until, logs)))
    writer.start()
    own = read(folder, threads, until, 7)
    told = []
    for reader in readers:
        try:
            out, err = reader.communicate(timeout=max(0.0, until - time.time()) + 10 * LATE)
            told.append(
                json.loads(out) if reader.returncode == 0 else {"crash": reader.returncode, "err": err[-400:]}
            )
        except subprocess.TimeoutExpired:
            reader.kill()
            told.append({"hung": ["the process"]})
    writer.join()
    Index.update([files], folder)
    with Index.open(folder) as index:
        status = index.status(verify=True)
    if others is not None:
        subprocess.run(["umount", str(root / "python")], check=True)
    shutil.rmtree(root)
    log = {"most": max(logs, default=0), "last": logs[-1] if logs else 0}
    found = {
        "minutes": minutes, "threads": threads, "processes": processes,
        "processes_of_another_user": processes // 2 if others else 0,
        "writer": wrote, "log_bytes": log, "in_threads": own, "in_processes": told,
        "whole_after": status.whole,
    }  # fmt: skip
    return found | {"sound": sound(found)}


def sound(found: dict[str, Any]) -> bool:
    """Whether nothing broke, hung or crashed."""
    each = [found["in_threads"], *found["in_processes"]]
    well = all(not one.get("broken") and not one.get("hung") and "crash" not in one for one in each)
    return well and found["whole_after"] and not found["writer"]["failures"]


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; 1 if anything broke."""
    if arguments[:1] == ["--write"]:
        write(Path(arguments[1]), Path(arguments[2]), int(arguments[3]))
    if arguments[:1] == ["--read"]:
        print(json.dumps(read(Path(arguments[1]), 2, float(arguments[2]), int(arguments[3]))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--processes", type=int, default=4)
    given = parser.parse_args(arguments)
    found = soak(given.minutes, given.threads, given.processes)
    results.write("soak", found)
    print(json.dumps(found, indent=1))
    return 0 if found["sound"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
