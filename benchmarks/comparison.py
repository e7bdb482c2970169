"""askbrief beside Haystack and txtai: the same passages, the same model, one run.

    python benchmarks/comparison.py --data ../shared/data

Each peer gets an environment of its own under ``benchmarks/.cache/peers``, with the versions that its
``peers/of_*.txt`` names and this project's pins for all that they share (torch, transformers). All index the
same texts, each the length of a passage, with the packaged all-MiniLM-L6-v2 on the processor, with their own
batches and threads as they set them: Haystack into its in-memory store, txtai into FAISS with its content
database. Counted is what follows loading the model, to the index on disk. Then the same questions are asked
for the ten nearest texts, in processes that start in turn; "read" is askbrief's whole ``ask``, which reads
the passages and cites an answer. A cold ask is a process from its start to the end of one question.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import results
import speed
from askbrief.embed import models
from askbrief.evaluate import gold

HERE = Path(__file__).parent
CACHE = HERE / ".cache" / "peers"
PEERS = ("haystack", "txtai")
TEXTS, QUESTIONS, ROUNDS = 5_000, 200, 5
LONGEST = 800
"""Characters: so that each text is one passage for all."""


def python_of(peer: str, *, pinned: bool = True) -> Path:
    """The Python of a peer's environment, made where there is none; ``pinned``: with this project's pins."""
    folder = CACHE / peer
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        wanted: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
        wanted += ["-r", HERE / "peers" / f"of_{peer}.txt"]
        wanted += ["-c", HERE.parent / "constraints.txt"] if pinned else []
        subprocess.run(wanted, check=True)
        (folder / "ready").touch()
    return python


def run(what: str, peer: str, lines: Sequence[str]) -> dict[str, Any]:
    """What a peer's process tells, with its seconds from start to end."""
    own = {"askbrief": "askbrief", "read": "askbrief"}.get(peer)
    python = Path(sys.executable) if own else python_of(peer)
    script = HERE / "peers" / f"of_{own or peer}.py"
    folder = CACHE / "indexes" / (own or peer)
    model = models.default_folder()
    began = time.perf_counter()
    done = subprocess.run(
        [python, script, "read" if peer == "read" else what, folder, model],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return {**json.loads(done.stdout.splitlines()[-1]), "process": time.perf_counter() - began}


def main() -> None:
    """Index with each, ask each, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--texts", type=int, default=TEXTS)
    given = parser.parse_args()
    texts = [text for text in speed.texts(given.data) if len(text) <= LONGEST][: given.texts]
    asked = gold.load(given.data / "reading" / "dev" / "squad_wiki.json").questions
    questions = [q.text for q in random.Random(2).sample(asked, QUESTIONS)]  # noqa: S311
    shutil.rmtree(CACHE / "indexes", ignore_errors=True)
    figures: dict[str, dict[str, Any]] = {}
    for peer in ("askbrief", *PEERS):
        made = run("index", peer, texts)
        figures[peer] = {
            "texts_a_second": round(len(texts) / made["seconds"], 1),
            "indexing_resident_mb": round(made["resident_mb"]),
        }
        print(peer, figures[peer])
    for peer in ("askbrief", "read", *PEERS):
        figures.setdefault(peer, {}).update(_asked(peer, questions))
        print(peer, figures[peer])
    cold = [{peer: run("ask", peer, questions[:1])["process"] for peer in figures} for _ in range(ROUNDS + 1)]
    for peer, told in figures.items():
        told["cold_seconds"] = round(statistics.median(each[peer] for each in cold[1:]), 3)
    print("written:", results.write("comparison", {"texts": len(texts), "questions": QUESTIONS, **figures}))


def _asked(peer: str, questions: Sequence[str]) -> dict[str, Any]:
    told = run("ask", peer, [*questions[:10], *questions])
    assert told["found"] == len(questions) + 10
    return {
        "warm_ms": speed.percentiles(told["milliseconds"][10:]),
        "asking_resident_mb": round(told["resident_mb"]),
    }


if __name__ == "__main__":
    main()
