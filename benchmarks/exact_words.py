"""What exact search costs an index: the same keywords, once with the words in their places and once without.

    python benchmarks/exact_words.py --index index

The field holds the words of each passage with their positions, and some of those behind. Exact search
finds phrases by it; answering does not use it. The passages of an index are written both ways in turn, each
time into a new folder: bytes on disk, processor seconds to write them, and milliseconds to find a phrase.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import results
from askbrief.query import folded_words
from askbrief.storage.db import passages
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.passages import PassageWords
from askbrief.storage.search.keywords import READ_BEYOND, KeywordIndex, KeywordWriter

TURNS = 3
PHRASES = 200


def stored(index: Path) -> list[PassageWords]:
    """The passages of an index."""
    with closing(Database.open(index / FILE)) as database:
        return list(passages.worded(database, 0, READ_BEYOND))


def written(some: Sequence[PassageWords], folder: Path) -> tuple[int, float]:
    """The bytes on disk and the processor seconds of keywords that are written to a new folder."""
    begun = time.process_time()
    writer = KeywordWriter.open(folder)
    writer.commit(some, [], "stamp")
    writer.close()
    took = time.process_time() - begun
    return sum(each.stat().st_size for each in folder.iterdir() if each.is_file()), took


def phrases(some: Sequence[PassageWords]) -> list[list[str]]:
    """Two words that follow one another, out of passages from all over the archive."""
    step = max(1, len(some) // PHRASES)
    found = (list(pairwise(folded_words(each.sentences)))[:1] for each in some[::step])
    return [list(pair) for pairs in found for pair in pairs]


def measured(some: Sequence[PassageWords]) -> dict[str, Any]:
    """Both ways in turn, and what a phrase takes with the words."""
    without = [each._replace(sentences="", beyond="") for each in some]
    sizes: dict[str, int] = {}
    seconds: dict[str, list[float]] = {"with": [], "without": []}
    took: list[float] = []
    for turn in range(TURNS):
        for name, kept in (("with", some), ("without", without)):
            with tempfile.TemporaryDirectory() as folder:
                sizes[name], spent = written(kept, Path(folder))
                seconds[name].append(spent)
                if name == "with" and turn == 0:
                    took = [_milliseconds(KeywordIndex.open(Path(folder)), each) for each in phrases(some)]
    texts = sum(len(each.text.encode()) for each in some)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    return {
        "passages": len(some),
        "bytes": {**sizes, "of_texts": texts},
        "share_of_texts": (sizes["with"] - sizes["without"]) / texts,
        "cpu_seconds": {name: round(value, 3) for name, value in median.items()},
        "microseconds_a_passage": (median["with"] - median["without"]) / len(some) * 1e6,
        "phrase_ms": {"p50": statistics.median(took), "p95": statistics.quantiles(took, n=20)[-1]},
    }


def _milliseconds(index: KeywordIndex, phrase: Sequence[str]) -> float:
    begun = time.perf_counter()
    index.having_phrase(phrase)
    return (time.perf_counter() - begun) * 1e3


def main() -> None:
    """Measure, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True, help="an index of real news")
    found = measured(stored(parser.parse_args().index))
    print(results.write("exact_words", found).read_text("utf-8"), end="")


if __name__ == "__main__":
    main()
