"""Speed once started: warm ``ask`` on 10,000 passages, and indexing beside the model alone.

    python benchmarks/speed.py --data ../shared/data

Both peers are ``SentenceTransformer`` in PyTorch with the same packaged model, measured in the same run. Each
question is asked of the index and, next to it, encoded by the peer; ``ask`` is the whole of ``Index.ask``.

Indexing is measured in blocks of documents. A block is indexed by ``Index.update`` into an index of its own,
which has one other document, and its passages are encoded by the peer's ``encode``, which is given the
very texts that the index holds, without duplicates, with its own batch size and sorting; which of the two
goes first changes with each block. Counted is all of ``Index.update``: finding, reading and cutting files,
speakers, counting tokens, encoding, SQLite, FAISS and tantivy; not counted is loading the model, which does
not grow with the archive.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import results
from askbrief import formats, quotes
from askbrief.api import Index
from askbrief.embed import models, packaged_embedder
from askbrief.embed.packaged_embedder import PackagedEmbedder
from askbrief.embed.query_embedder import token_counter
from askbrief.evaluate import gold
from askbrief.formats import text as plain
from askbrief.indexing import pipeline as ingest
from askbrief.storage.db import passages, writes
from askbrief.storage.search.files import SearchFiles
from askbrief.storage.search.keywords import KeywordWriter
from askbrief.text import group_passages, split_sentences

HERE = Path(__file__).parent
CACHE = HERE / ".cache" / "speed"
PASSAGES, QUESTIONS = 10_000, 200
BLOCKS, OF_BLOCK = 8, 375
INDEXING_BAR = 1.0
"""The least share of the peer's passages a second that indexing may reach."""

STEPS: tuple[tuple[str, Any, str], ...] = (
    ("reading files", formats, "read"),
    ("sentences", ingest, "split_sentences"),
    ("passages, with counting tokens", ingest, "group_passages"),
    ("quotations", quotes, "quotations"),
    ("speakers", quotes, "with_speakers"),
    ("encoding", PackagedEmbedder, "embed"),
    ("stored vectors", passages, "vectors_of"),
    ("storing", writes, "put"),
    ("keywords", KeywordWriter, "commit"),
    ("vectors", SearchFiles, "_fold"),
)
"""What indexing is made of: a name, and the function that does it, as ``indexing.pipeline`` calls it."""


@dataclass
class Indexing:
    """What the blocks took: seconds of each side, passages, and the seconds of indexing by step."""

    index: list[float] = field(default_factory=list)
    index_cpu: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    peer_cpu: list[float] = field(default_factory=list)
    passages: list[int] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def texts(data: Path) -> list[str]:
    """Every news story and every training context of the data, each once, in a fixed random order."""
    found = [
        path.read_text("utf-8", "replace") for path in sorted((data / "corpora/bbc_news").glob("*/*.txt"))
    ]
    for path in sorted((data / "corpora/reuters21578").rglob("*.json")):
        found += [
            f"{story.get('title', '')}\n\n{story.get('body', '')}"
            for story in json.loads(path.read_text("utf-8"))
        ]
    for path in sorted((data / "reading/train").glob("*.json")):
        articles = json.loads(path.read_text("utf-8"))["data"]
        found += [paragraph["context"] for article in articles for paragraph in article["paragraphs"]]
    kept = [text for text in dict.fromkeys(found) if any(map(str.isalnum, text)) and "\0" not in text]
    random.Random(1).shuffle(kept)  # noqa: S311
    return kept


def groups(wanted: Sequence[str], sizes: Sequence[int]) -> Iterator[list[str]]:
    """For each size, the next texts that make that many passages, or a few more."""
    count = token_counter(models.default_folder())
    remaining = iter(wanted)
    for size in sizes:
        group: list[str] = []
        made = 0
        while made < size:
            group.append(next(remaining))
            made += len(_passages(group[-1], count))
        yield group


def _passages(text: str, count: Callable[[Sequence[str]], list[int]]) -> Sequence[object]:
    cut = split_sentences(text, list(plain.paragraphs(text)))
    return group_passages(text, cut, count, ingest.PASSAGE_TOKENS)


def written(group: Sequence[str], folder: Path) -> Path:
    """The folder, with a file for each text."""
    folder.mkdir(parents=True)
    for number, text in enumerate(group):
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


# -- asking


def asking(index: Index, questions: Sequence[str], peer: Any) -> dict[str, Any]:
    """Milliseconds of ``ask``, of its phases, and of the peer's encoding of the question alone."""
    taken: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate([*questions[:10], *questions]):
        started = time.perf_counter()
        phases = index.ask(question).elapsed_ms
        asked = time.perf_counter()
        peer.encode(question, show_progress_bar=False)
        encoded = time.perf_counter()
        if number >= 10:  # the first ten warm both up
            each = {**phases, "ask": 1000 * (asked - started), "peer_encodes": 1000 * (encoded - asked)}
            for name, milliseconds in each.items():
                taken[name].append(milliseconds)
    shares = [ask / peer for ask, peer in zip(taken["ask"], taken["peer_encodes"], strict=True)]
    return {
        "passages": index.status().passages,
        "questions": len(questions),
        "ms": {name: percentiles(values) for name, values in taken.items()},
        "ask_to_peer_encoding": percentiles(shares),
    }


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    return {f"p{p}": round(float(np.percentile(values, p)), 2) for p in (50, 95)}


# -- indexing


@contextmanager
def loaded_once() -> Iterator[None]:
    """Let every ``Index.update`` have the same model in memory: loading it is not what is measured."""
    with mock.patch.object(packaged_embedder, "PackagedEmbedder", cache(PackagedEmbedder)):
        yield


@contextmanager
def clocked(steps: dict[str, float]) -> Iterator[None]:
    """Add up the seconds that each of ``STEPS`` takes."""

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                steps[name] += time.perf_counter() - started

        return call

    with ExitStack() as stack:
        for name, owner, attribute in STEPS:
            wrapped = timed(name, getattr(owner, attribute))
            stack.enter_context(mock.patch.object(owner, attribute, wrapped))
        yield


def indexing(blocks: Sequence[Sequence[str]], scratch: Path) -> Indexing:
    """Index every block, and encode its passages with the peer, taking turns in going first."""
    seed = scratch / "seed"
    Index.update([written(["A first document."], scratch / "first")], seed)
    peer: Any = models.load(models.locate(models.DEFAULT_MODEL))
    peer.encode(["to warm up"] * 32, show_progress_bar=False)
    done = Indexing()
    for number, block in enumerate(blocks):
        files = written(block, scratch / f"block-{number}")
        own = _encoded_texts(files, seed, scratch / "untimed")
        folder = scratch / f"index-{number}"
        shutil.copytree(seed, folder)
        sides = [partial(_index, done, files, folder), partial(_encode, done, own, peer)]
        for side in sides if number % 2 else sides[::-1]:
            side()
        done.passages.append(len(own))
        print(f"block {number + 1} of {len(blocks)}", end="\r", file=sys.stderr)
    return done


def _encoded_texts(files: Path, seed: Path, folder: Path) -> list[str]:
    """The texts that indexing these files gives to the model, in its order."""
    given: list[str] = []

    def encode(_: object, texts: Sequence[str]) -> Any:
        given.extend(texts)
        return np.full((len(texts), 384), 384**-0.5, dtype=np.float32)

    shutil.copytree(seed, folder)
    with mock.patch.object(PackagedEmbedder, "embed", encode):
        Index.update([files], folder)
    shutil.rmtree(folder)
    return given


def _index(done: Indexing, files: Path, folder: Path) -> None:
    with clocked(done.steps):
        wall, cpu = time.perf_counter(), time.process_time()
        Index.update([files], folder)
        done.index.append(time.perf_counter() - wall)
        done.index_cpu.append(time.process_time() - cpu)


def _encode(done: Indexing, own: Sequence[str], peer: Any) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    peer.encode(list(own), show_progress_bar=False)
    done.peer.append(time.perf_counter() - wall)
    done.peer_cpu.append(time.process_time() - cpu)


def told(done: Indexing) -> dict[str, Any]:
    """The figures of indexing; a share is of the peer's passages a second, so that 1 is as fast."""
    shares = [peer / own for peer, own in zip(done.peer, done.index, strict=True)]
    cpu = [peer / own for peer, own in zip(done.peer_cpu, done.index_cpu, strict=True)]
    total, passages = sum(done.index), sum(done.passages)
    steps = {name: round(seconds / total, 4) for name, seconds in done.steps.items()}
    share = statistics.median(shares)
    return {
        "passages": passages,
        "blocks": len(done.index),
        "passages_a_second": {
            "index": round(passages / total, 2),
            "peer": round(passages / sum(done.peer), 2),
        },
        "share_of_peer": {
            "wall": {
                "median": round(share, 3),
                "least": round(min(shares), 3),
                "most": round(max(shares), 3),
            },
            "cpu": {"median": round(statistics.median(cpu), 3)},
        },
        "bars": {"share_of_peer": {"bar": INDEXING_BAR, "met": share >= INDEXING_BAR}},
        "share_of_indexing_time": {**steps, "the rest": round(1 - sum(steps.values()), 4)},
    }


def main() -> None:
    """Build, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--only", choices=("ask", "index"), help="measure one side; nothing is written")
    given = parser.parse_args()
    blocks = groups(texts(given.data), [OF_BLOCK] * BLOCKS + [PASSAGES])
    first = [next(blocks) for _ in range(BLOCKS)]
    figures: dict[str, Any] = {}
    if given.only != "ask":
        with loaded_once(), tempfile.TemporaryDirectory(prefix="askbrief-speed-") as scratch:
            figures["indexing"] = told(indexing(first, Path(scratch)))
        print(json.dumps(figures["indexing"], indent=1))
    if given.only != "index":
        files = CACHE / "texts"
        if not files.is_dir():
            written(next(blocks), files)
        peer = models.load(models.locate(models.DEFAULT_MODEL))
        known = gold.load(given.data / "reading" / "dev" / "squad_wiki.json").questions
        asked = [q.text for q in random.Random(2).sample(known, QUESTIONS)]  # noqa: S311
        with Index.build([files], CACHE / "index") as index:
            figures["asking"] = asking(index, asked, peer)
        print(json.dumps(figures["asking"], indent=1))
    if given.only is None:
        print("written:", results.write("speed", figures))


if __name__ == "__main__":
    main()
