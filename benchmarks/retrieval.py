"""Dense, keyword and fused retrieval compared: recall@1/5/10 and MRR@10, as an ablation table.

    python benchmarks/retrieval.py --data ../shared/data/reading

Questions of two dev sets are put to one index of their contexts and, as distractors, of the contexts of the
same sets' training parts. The index is the package's own, built by ``Index.build`` and kept in
``benchmarks/.cache``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np

from askbrief.api import Index
from askbrief.evaluate import bootstrap, gold, measures, report
from askbrief.evaluate.gold import GoldPlace, GoldSet
from askbrief.retrieve import CANDIDATES, DENSE_WEIGHT, fuse
from askbrief.storage.db import passages
from askbrief.storage.reader import FolderReader
from askbrief.types import Ranking

HERE = Path(__file__).parent
CACHE = HERE / ".cache" / "retrieval"
RESULTS = HERE.parent / "eval" / "results"
DEV = ("squad_wiki.json", "shifts_new_wiki.json")
MEASURES = ("recall@1", "recall@5", "recall@10", "mrr@10")
Fusion: TypeAlias = Callable[[Ranking, Ranking, dict[int, float]], Ranking]


def reciprocal(dense: Ranking, keywords: Ranking, constant: int = 60) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
    scores: dict[int, float] = {}
    for ranking in (dense, keywords):
        for rank, (id_, _) in enumerate(ranking, 1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (constant + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def convex(weight: float) -> Fusion:
    """The package's own fusion with another share of the cosine."""
    return lambda dense, keywords, cosines: fuse(cosines, dict(keywords), weight)


FUSIONS: dict[str, Fusion] = {
    "dense": lambda dense, keywords, cosines: dense,
    "bm25": lambda dense, keywords, cosines: keywords,
    **{f"rrf {c}": lambda dense, keywords, cosines, c=c: reciprocal(dense, keywords, c) for c in (10, 60)},  # type: ignore[misc]
    **{f"convex {w}": convex(w) for w in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)},
}


def contexts(data: Path) -> Iterator[tuple[str, str]]:
    """Every distinct context of the dev sets and of all training sets, with the id that gold gives it."""
    seen: set[str] = set()
    for path in [data / part / name for part in ("dev", "train") for name in DEV]:
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                text = paragraph["context"]
                if text.strip() and text not in seen:
                    seen.add(text)
                    yield hashlib.sha256(text.encode()).hexdigest()[:16], text


def built(data: Path) -> Index:
    """The index of all contexts, made once."""
    texts = CACHE / "texts"
    if not texts.is_dir():
        texts.mkdir(parents=True)
        for name, text in contexts(data):
            (texts / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return Index.build(
        [texts],
        CACHE / "index",
        progress=lambda doing, done, total: print(doing, done, total, end="\r", file=sys.stderr),
    )


def rankings(store: FolderReader, question: str) -> dict[str, Ranking]:
    """Each method's ranking of passages for one question."""
    vector = store.embedder.embed([question])[0]
    dense = store.snapshot.nearest(vector, CANDIDATES)
    keywords = store.snapshot.worded(question, CANDIDATES)
    cosines = store.snapshot.cosines(vector, list(dict(dense) | dict(keywords)))
    return {name: fusion(dense, keywords, cosines)[:10] for name, fusion in FUSIONS.items()}


def ablation(store: FolderReader, known: GoldSet) -> dict[str, dict[str, bootstrap.Interval]]:
    """Every method's measures on one dev set, each with its interval."""
    texts = {c.id: hashlib.sha256(c.text.encode()).hexdigest()[:16] + ".txt" for c in known.contexts}
    targets = [
        [[GoldPlace(texts[p.document], p.start, p.end) for p in t] for t in q.targets]
        for q in known.questions
    ]
    found: dict[str, list[list[GoldPlace]]] = {name: [] for name in FUSIONS}
    for question in known.questions:
        for name, ranking in rankings(store, question.text).items():
            hits = passages.hits(store.database, [id_ for id_, _ in ranking])
            found[name].append([GoldPlace(hit.document.source, hit.start, hit.end) for hit in hits])
    table = {}
    for name, places in found.items():
        values = [measures.retrieval(*each) for each in zip(targets, places, strict=True)]
        table[name] = {m: bootstrap.mean(np.array([one[m] for one in values])) for m in MEASURES}
    return table


def main() -> None:
    """Build, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data" / "reading")
    data = parser.parse_args().data
    with built(data) as index:
        store = FolderReader.open(index.folder)
        result: dict[str, object] = {
            "task": "retrieval",
            "passages": store.stats().passages,
            "chosen": f"convex {DENSE_WEIGHT}",
        }
        for name in DEV:
            table = ablation(store, gold.load(data / "dev" / name))
            result[name] = table
            print(f"\n{name}\n{'':<12}" + "".join(f"{m:>22}" for m in MEASURES))
            for method, row in table.items():
                cells = (
                    f"{row[m]['value']:.3f} [{row[m]['low']:.3f}, {row[m]['high']:.3f}]" for m in MEASURES
                )
                print(f"{method:<12}" + "".join(f"{cell:>22}" for cell in cells))
    print("written:", report.write(result, RESULTS, name="retrieval"))


if __name__ == "__main__":
    main()
