"""How everything grows: one archive at 10,000, 100,000 and a million passages.

    python benchmarks/scale.py --data ../shared/data

The passages are made of real ones: each is the first half of one passage's sentences and the second half of
another's on a like subject, with the words in lower case in each other's places. So every text is of its own,
words are as frequent as they are, and no two share more runs of words than news does; but there are a quarter
fewer quotations, where a verb that reports has gone elsewhere. Real passages are encoded by the packaged
model; a made one gets the sum of its parents' vectors with some noise, since to encode a million texts takes
hours. How hard made vectors are to find beside as many real ones is measured first. They go into the database
and the search files by the code that indexing uses, in commits of some thousands. An index of each size is
made once, kept (``--prepare`` does that alone, and may be cut off), and measured while nothing else runs.

Measured at each size: what retrieval takes in a warm ``ask``; how many of the ten passages that exact search
would give are found; a cold ``askbrief ask`` beside one on a thousand passages, in turn; its resident memory;
bytes on disk beside the texts; and adding one article, without its encoding.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import results
import speed
from askbrief import quotes
from askbrief.api import Index
from askbrief.embed import models
from askbrief.embed.packaged_embedder import PackagedEmbedder
from askbrief.embed.query_embedder import token_counter
from askbrief.evaluate import gold
from askbrief.formats import text as plain
from askbrief.index_records import PreparedDocument
from askbrief.indexing import pipeline as ingest
from askbrief.indexing.embedding import IndexModel
from askbrief.options import DEFAULTS
from askbrief.retrieve import CANDIDATES, fuse
from askbrief.storage.db import passages
from askbrief.storage.db.database import Database
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.lock import writing
from askbrief.storage.reader import FolderReader
from askbrief.storage.search.manifest import read
from askbrief.storage.search.vectors import nearest
from askbrief.storage.writer import FolderWriter
from askbrief.text import group_passages, split_sentences
from askbrief.types import Document, Passage, Sentence

HERE = Path(__file__).parent
CACHE = HERE / ".cache" / "scale"
SIZES = (10_000, 100_000, 1_000_000)
SMALL = 1_000
PARENTS = 10_000
OF_DOCUMENT = 5
COMMIT = 4_000
"""Documents of a commit."""

LIKE = 300
"""The second parent is one of so many that lie nearest to the first: with that, inverted lists find made
vectors as easily as real ones; with any parent they would have to look into twice as many."""

MOVED = re.compile(r"\b(?!(?:said|that)\b)[a-z]+\b")
"""Words that change places: all but names, numbers, and what most quotations are known by."""

NOISE = 0.3
"""Length of the noise beside the parents' vectors, each of length 1."""

QUESTIONS, COLD_ROUNDS = 200, 7
ARTICLE = "The ferry from Ancona to Zadar will sail again from Tuesday, the harbour master said.\n"
MADE = "made.json"
"""Beside an index that is whole: the seconds that its last step took."""

BARS = {
    "retrieve_ms": 15.0,
    "recall_at_10": 0.98,
    "cold_to_small": 1.3,
    "resident_mb": 500.0,
    "bytes_a_passage": 1200.0,
    "add_seconds": 1.0,
}
"""What is to be reached at a million passages: recall at least, all others at most."""


@dataclass(frozen=True)
class Parent:
    """A real passage: its sentences, its vector, and the numbers of those on a like subject."""

    sentences: tuple[str, ...]
    vector: np.ndarray
    like: np.ndarray


def parents(data: Path) -> list[Parent]:
    """Real passages of news and Wikipedia, encoded once and kept."""
    count = token_counter(models.default_folder())
    cut: list[tuple[str, ...]] = []
    for whole in speed.texts(data):
        sentences = split_sentences(whole, list(plain.paragraphs(whole)))
        for passage in group_passages(whole, sentences, count, ingest.PASSAGE_TOKENS):
            own = tuple(whole[s.start : s.end] for s in sentences[passage.first : passage.last])
            if len(own) >= 2:
                cut.append(own)
        if len(cut) >= PARENTS:
            break
    kept = CACHE / "parents.npy"
    if not kept.exists():
        encoder = PackagedEmbedder()
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(kept, encoder.embed([" ".join(own) for own in cut[:PARENTS]]))
    vectors = np.load(kept)
    like = np.argpartition(-(vectors @ vectors.T), LIKE, axis=1)[:, :LIKE]
    return [Parent(*each) for each in zip(cut[:PARENTS], vectors, like, strict=True)]


def entries(known: Sequence[Parent], first: int) -> Iterator[PreparedDocument]:
    """Documents of ``OF_DOCUMENT`` made passages, from number ``first`` on, the same each time."""
    number = first
    while True:
        choose = random.Random(number)  # noqa: S311
        firsts = choose.sample(known, OF_DOCUMENT)
        pairs = [(one, known[choose.choice(one.like)]) for one in firsts]
        yield entry(number, pairs, choose, np.random.default_rng(number))
        number += 1


def entry(
    number: int, pairs: Sequence[Sequence[Parent]], choose: random.Random, noise: np.random.Generator
) -> PreparedDocument:
    """A document with a passage, a paragraph of its own, for each pair of parents."""
    parts: list[str] = []
    sentences: list[Sentence] = []
    passages: list[Passage] = []
    at = 0
    for paragraph, (one, other) in enumerate(pairs, 1):
        own = one.sentences[: max(1, len(one.sentences) // 2)] + other.sentences[len(other.sentences) // 2 :]
        own = moved(own, choose)
        first, start = len(sentences), at
        for place, text in enumerate(own, 1):
            sentences.append(Sentence(at, at + len(text), paragraph, place))
            parts += [text, " "]
            at += len(text) + 1
        parts[-1] = "\n"
        passages.append(Passage(start, at - 1, first, len(sentences)))
    text = "".join(parts)
    vectors = made(np.stack([one.vector + other.vector for one, other in pairs]), noise)
    name = f"archive/{number // 200}/{number}.txt"
    paragraphs = tuple((p.start, p.end) for p in passages)
    day = f"{2000 + number % 25}-{1 + number % 12:02}-{1 + number % 28:02}"
    document = Document(
        f"{number:032x}", name, parts[0][:80], text, sha256(text.encode()).hexdigest(), paragraphs, day
    )
    digests = tuple(sha256(text[p.start : p.end].encode()).digest()[:16] for p in passages)
    found = quotes.quotations(text, sentences)
    return PreparedDocument(
        document,
        f"/{name}",
        quotes.with_speakers(sentences, found),
        tuple(passages),
        digests,
        vectors,
        None,
        found,
        quotes.RULES,
    )


def moved(sentences: Sequence[str], choose: random.Random) -> tuple[str, ...]:
    """The sentences with words of theirs in each other's places."""
    whole = "\0".join(sentences)
    words = MOVED.findall(whole)
    choose.shuffle(words)
    put = iter(words)
    return tuple(MOVED.sub(lambda _: next(put), whole).split("\0"))


def made(sums: np.ndarray, noise: np.random.Generator) -> np.ndarray:
    """Unit vectors of the sums of two parents' vectors, with noise."""
    spread = noise.normal(size=sums.shape).astype(np.float32)
    vectors: np.ndarray = sums + NOISE * spread / np.linalg.norm(spread, axis=1, keepdims=True)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def likeness(known: Sequence[Parent], questions: np.ndarray) -> dict[str, dict[str, float]]:
    """Of the ten nearest, what is found by looking into some of 400 lists, of real vectors and of made
    ones."""
    import faiss

    real = np.stack([parent.vector for parent in known])
    choose = np.random.default_rng(0)
    others = real[[choose.choice(parent.like) for parent in known]]
    told: dict[str, dict[str, float]] = {}
    for name, vectors in {"real": real, "made": made(real + others, choose)}.items():
        truth = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
        lists: Any = faiss.index_factory(vectors.shape[1], "IVF400,Flat", faiss.METRIC_INNER_PRODUCT)
        lists.train(vectors)
        lists.add(vectors)
        told[name] = {}
        for probes in (10, 40, 160):
            lists.nprobe = probes
            found = lists.search(questions, 10)[1]
            shares = [np.isin(right, ids).mean() for right, ids in zip(truth, found, strict=True)]
            told[name][f"{probes} lists"] = round(float(np.mean(shares)), 4)
    return told


def prepared(known: Sequence[Parent], sizes: Sequence[int]) -> list[Path]:
    """The indexes of these sizes, each grown from a copy of the one before; those that are made are kept."""
    folders = [CACHE / str(size) for size in sizes]
    for folder, before, size in zip(folders, [None, *folders], sizes, strict=False):
        if (folder / MADE).exists():
            continue
        if before and not folder.exists():
            shutil.copytree(before, folder.with_suffix(".new"), ignore=shutil.ignore_patterns(MADE))
            folder.with_suffix(".new").rename(folder)
        taken = grown(folder / "index", known, size)
        (folder / MADE).write_text(json.dumps(taken), "utf-8")
    return [folder / "index" for folder in folders]


def grown(folder: Path, known: Sequence[Parent], size: int) -> dict[str, float]:
    """Bring the index in ``folder`` to ``size`` passages; the seconds that took in this run, by part."""
    if not (folder / "askbrief.db").exists():
        article = folder.parent / "article.txt"
        article.parent.mkdir(parents=True, exist_ok=True)
        article.write_text(ARTICLE, "utf-8")
        Index.update([article], folder)
    taken = {"making texts and finding quotations": 0.0, "committing": 0.0, "folding": 0.0}
    with writing(folder) as database:
        writer = FolderWriter(folder, database, IndexModel(FolderDocuments(folder, database), DEFAULTS))
        held = writer.stats()
        source = entries(known, held.documents)
        while (held := writer.stats()).passages < size:
            began = time.perf_counter()
            made = list(islice(source, min(COMMIT, math.ceil((size - held.passages) / OF_DOCUMENT))))
            taken["making texts and finding quotations"] += time.perf_counter() - began
            began = time.perf_counter()
            writer.add(made)
            taken["committing"] += time.perf_counter() - began
            print(f"{held.passages:,} of {size:,}", end="\r", file=sys.stderr)
        began = time.perf_counter()
        writer.finish()
        taken["folding"] += time.perf_counter() - began
    return {name: round(seconds, 1) for name, seconds in taken.items()}


# -- what is measured


def warm(index: Index, questions: Sequence[str], **wanted: Any) -> dict[str, float]:
    """Milliseconds from a question to its hits, the question's encoding included."""
    taken = []
    for number, question in enumerate([*questions[:10], *questions]):
        began = time.perf_counter()
        hits = index.hits(question, **wanted)
        if number >= 10:  # the first ten warm it up
            taken.append(1000 * (time.perf_counter() - began))
        assert len(hits) == 10, f"{len(hits)} hits for {question!r}"
    return speed.percentiles(taken)


def parts(index: Index, questions: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of what retrieval is made of, one after the other: encoding the question, the
    search by vector, and the search by words, which ``ask`` does beside the two."""
    store = FolderReader.open(index.folder)
    taken: dict[str, list[float]] = {"encode": [], "dense": [], "text": []}
    for question in questions:
        moments = [time.perf_counter()]
        vector = store.embedder.embed([question])[0]
        moments.append(time.perf_counter())
        store.search_dense(vector, CANDIDATES)
        moments.append(time.perf_counter())
        store.search_text(question, CANDIDATES)
        moments.append(time.perf_counter())
        for name, (began, ended) in zip(taken, pairwise(moments), strict=True):
            taken[name].append(1000 * (ended - began))
    return {name: round(statistics.median(values), 2) for name, values in taken.items()}


def recall(index: Index, questions: Sequence[str]) -> float:
    """The share of the ten passages of exact search, fused with the same keywords, that are found."""
    store = FolderReader.open(index.folder)
    vectors = store.embedder.embed(list(questions))
    truth = nearest(passages.vectors(store.database), vectors, CANDIDATES)
    shares = []
    for question, vector, ids in zip(questions, vectors, truth, strict=True):
        bm25 = dict(store.snapshot.worded(question, CANDIDATES))
        similarity = store.snapshot.cosines(vector, [*ids.tolist(), *bm25])
        expected = {id_ for id_, _ in fuse(similarity, bm25)[:10]}
        found = {(hit.document.id, hit.start) for hit in index.hits(question)}
        wanted = {(hit.document.id, hit.start) for hit in passages.hits(store.database, list(expected))}
        shares.append(len(found & wanted) / len(wanted))
    return statistics.mean(shares)


def cold(folder: Path, question: str) -> tuple[float, float]:
    """Seconds of a process that asks, and its largest resident memory in megabytes."""
    askbrief = str(Path(sys.executable).parent / "askbrief")
    code = (
        "import resource, subprocess, sys, time; began = time.perf_counter(); "
        "subprocess.run(sys.argv[1:], capture_output=True); "
        "print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, askbrief, "ask", question, "--json", "--index", str(folder)]
    seconds, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(memory)


def added(folder: Path, number: int) -> float:
    """Seconds to add one article to the index and to ask for it, without its encoding."""
    article = folder.parent / f"added-{number}.txt"
    article.write_text(f"{ARTICLE}It is notice {number} of {time.time_ns()}.\n", "utf-8")
    encoding: dict[str, float] = {"encoding": 0.0}
    encode = PackagedEmbedder.embed

    def clocked(self: PackagedEmbedder, texts: Sequence[str]) -> Any:
        began = time.perf_counter()
        try:
            return encode(self, texts)
        finally:
            encoding["encoding"] += time.perf_counter() - began

    with speed.loaded_once(), mock.patch.object(PackagedEmbedder, "embed", clocked):
        began = time.perf_counter()
        Index.update([article], folder)
        return time.perf_counter() - began - encoding["encoding"]


def on_disk(folder: Path) -> dict[str, float]:
    """Bytes a passage by kind of file; of the database, what it takes beside the texts."""
    with closing(Database.open(folder / "askbrief.db")) as database:
        count = database.stats().passages
        texts = sum(len(text.encode()) for _, _, text in passages.texts(database))
    kinds = {"askbrief.db": -texts, "vectors": 0, "keywords": 0}
    for path in folder.rglob("*"):
        kind = path.relative_to(folder).parts[0].split("-")[0]
        if path.is_file() and kind in kinds:
            kinds[kind] += path.stat().st_size
    each = {kind: size / count for kind, size in kinds.items()}
    return {name: round(size, 1) for name, size in {**each, "all": sum(each.values())}.items()}


def measured(folder: Path, small: Path, questions: Sequence[str]) -> dict[str, Any]:
    """All figures of one index."""
    with Index.open(folder) as index:
        manifest = read(folder)
        assert manifest
        figures: dict[str, Any] = {
            "passages": index.status().passages,
            "vectors": {"probes": manifest.vectors.probes, "recall_at_build": manifest.vectors.recall},
            "retrieve_ms": warm(index, questions),
            "parts_ms": parts(index, questions),
            "filtered_ms": {
                "one document in a thousand": warm(index, questions[:50], source="archive/0/1?.txt"),
                "one document in five": warm(index, questions[:50], since="2020-01-01"),
                "what the most quoted says": warm(index, questions[:50], speaker=index.speakers()[0].name),
            },
            "recall_at_10": round(recall(index, questions), 4),
        }
    runs = [(cold(folder, questions[n]), cold(small, questions[n])) for n in range(COLD_ROUNDS + 1)][1:]
    figures["cold_to_small"] = round(statistics.median(own[0] / other[0] for own, other in runs), 3)
    figures["cold_seconds"] = round(statistics.median(own[0] for own, _ in runs), 3)
    figures["resident_mb"] = round(max(own[1] for own, _ in runs), 1)
    figures["disk"] = on_disk(folder)
    figures["bytes_a_passage"] = figures["disk"]["all"]
    figures["add_seconds"] = round(statistics.median(added(folder, number) for number in range(3)), 3)
    return figures


def exponents(found: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """For each figure, the power of the size that it grows with from one size to the next."""
    values = {
        "retrieve_ms": [each["retrieve_ms"]["p50"] for each in found],
        **{f"{part} (ms)": [each["parts_ms"][part] for each in found] for part in found[0]["parts_ms"]},
        **{
            name: [each[name] for each in found]
            for name in ("cold_seconds", "resident_mb", "bytes_a_passage", "add_seconds")
        },
    }
    steps = [math.log(b["passages"] / a["passages"]) for a, b in pairwise(found)]
    return {
        name: [round(math.log(b / a) / step, 3) for (a, b), step in zip(pairwise(row), steps, strict=True)]
        for name, row in values.items()
    }


def bars(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was to be reached at the largest size, and whether it was."""
    last = found[-1]
    told = {}
    for name, bar in BARS.items():
        value = last[name]["p50"] if name == "retrieve_ms" else last[name]
        met = value >= bar if name == "recall_at_10" else value <= bar
        told[name] = {"bar": bar, "value": value, "met": met}
    times = round(last["retrieve_ms"]["p50"] / found[0]["retrieve_ms"]["p50"], 3)
    told["retrieve_to_smallest"] = {"bar": 3.0, "value": times, "met": times <= 3}
    return told


def plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    """Each curve, over the number of passages."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    curves = {
        "retrieval, p50 (ms)": [each["retrieve_ms"]["p50"] for each in found],
        "recall@10 against exact": [each["recall_at_10"] for each in found],
        "cold ask (s)": [each["cold_seconds"] for each in found],
        "resident memory of ask (MB)": [each["resident_mb"] for each in found],
        "disk beside the text (bytes a passage)": [each["bytes_a_passage"] for each in found],
        "adding one article (s)": [each["add_seconds"] for each in found],
    }
    figure, places = pyplot.subplots(2, 3, figsize=(12, 6), layout="constrained")
    for place, (name, values) in zip(places.flat, curves.items(), strict=True):
        place.plot([each["passages"] for each in found], values, marker="o")
        place.set_xscale("log")
        place.set_ylim(0, max(values) * 1.15)
        place.set_title(name)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Grow one index from size to size, measure at each, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--prepare", action="store_true", help="make the indexes, and measure nothing")
    parser.add_argument("--dry", action="store_true", help="write no result file")
    given = parser.parse_args()
    known = parents(given.data)
    asked = gold.load(given.data / "reading" / "dev" / "squad_wiki.json").questions
    questions = [q.text for q in random.Random(2).sample(asked, QUESTIONS)]  # noqa: S311
    small, *folders = prepared(known, [SMALL, *given.sizes])
    if given.prepare:
        return
    alike = likeness(known, FolderReader.open(small).embedder.embed(questions))
    print("recall of lists:", alike)
    found = []
    for folder in folders:
        taken = json.loads((folder.parent / MADE).read_text("utf-8"))
        found.append({"made_in_seconds": taken, **measured(folder, small, questions)})
        print(json.dumps(found[-1], indent=1))
    figures = {"likeness": alike, "sizes": found, "exponents": exponents(found), "bars": bars(found)}
    print(json.dumps({name: figures[name] for name in ("exponents", "bars")}, indent=1))
    if not given.dry:
        path = results.write("scale", figures)
        plot(found, path.with_suffix(".svg"))
        print("written:", path)


if __name__ == "__main__":
    main()
