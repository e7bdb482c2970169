"""Memory of indexing an archive in one file of JSON lines, from 1,000 to 100,000 documents.

    python benchmarks/memory.py

Each size is indexed in a process of its own, into a copy of an index that has one document and so the model's
export. All of ``Index.update`` runs but the model itself, in whose place stand unit vectors drawn from the
text's digest: what a model takes does not grow with the archive, and would take hours. Told is the most
resident memory up to where vectors are folded, while documents are read, cut and stored, and up to the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import results
from askbrief.api import Index
from askbrief.embed.packaged_embedder import PackagedEmbedder
from askbrief.formats import text as plain
from askbrief.storage.search.files import SearchFiles
from askbrief.text.sentences import split_sentences

SIZES = (1_000, 10_000, 100_000)
OF_DOCUMENT = 4
"""Sentences of a document: about one passage."""
DIMENSION = 384
BAR_MB = 100
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def archive(path: Path, size: int) -> Path:
    """A file of that many records, each of sentences of the seed article with its own number among them."""
    written = next(SEEDS.glob("*.txt")).read_text("utf-8")
    pool = [written[s.start : s.end] for s in split_sentences(written, list(plain.paragraphs(written)))]
    draw = random.Random(1)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            chosen = draw.sample(pool, min(OF_DOCUMENT, len(pool)))
            text = f"Report {number} of the archive follows. " + " ".join(chosen)
            file.write(json.dumps({"id": number, "title": f"Report {number}", "text": text}) + "\n")
    return path


def drawn(_: object, texts: Sequence[str]) -> Any:
    """Unit vectors that hang on the texts alone."""
    vectors = np.stack([np.random.default_rng(_number(text)).standard_normal(DIMENSION) for text in texts])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def indexed(file: Path, folder: Path) -> dict[str, float]:
    """Index a file in this process, and tell the most memory that it had, in MB, with the seconds."""
    before_folding: list[float] = []
    fold = SearchFiles._fold

    def noted(self: SearchFiles, *given: Any, **named: Any) -> Any:
        before_folding.append(resident())
        return fold(self, *given, **named)

    started = time.perf_counter()
    with (
        mock.patch.object(PackagedEmbedder, "embed", drawn),
        mock.patch.object(SearchFiles, "_fold", noted),
    ):
        summary = Index.update([file], folder)
    return {
        "documents": summary.documents - 1,
        "passages": summary.passages,
        "reading_mb": round(before_folding[0] if before_folding else resident(), 1),
        "all_mb": round(resident(), 1),
        "seconds": round(time.perf_counter() - started, 1),
    }


def resident() -> float:
    """The most resident memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(sizes: Sequence[int]) -> Iterator[dict[str, float]]:
    """What each size takes."""
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        askbrief, first = Path(sys.executable).with_name("askbrief"), scratch / "first.txt"
        begin: list[str | Path] = [askbrief, "index", first, "--index", scratch / "seed"]
        first.write_text("A first document.\n", encoding="utf-8")
        subprocess.run(begin, check=True, stdout=subprocess.DEVNULL)  # apart: children take over a peak
        for size in sizes:
            file = archive(scratch / f"{size}.jsonl", size)
            folder = shutil.copytree(scratch / "seed", scratch / f"index-{size}")
            command = [sys.executable, __file__, "--child", str(file), str(folder)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            yield json.loads(told.splitlines()[-1])
            shutil.rmtree(folder)
            file.unlink()


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="documents")
    parser.add_argument("--no-save", action="store_true", help="write no result file")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(indexed(*map(Path, given.child))))
        return
    found = []
    for size in measured(given.sizes):
        print(json.dumps(size), flush=True)
        found.append(size)
    grown = {name: round(found[-1][name] - found[0][name], 1) for name in ("reading_mb", "all_mb")}
    print(json.dumps({"grown": grown, "bar_mb": BAR_MB}))
    if not given.no_save:
        print(results.write("memory", {"archives": found, "grown": grown, "bar_mb": BAR_MB}))


if __name__ == "__main__":
    main()
