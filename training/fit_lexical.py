"""Fits the lexical baseline (`--reader none`): `src/askbrief/data/lexical.json`.

    python -m training.fit_lexical

Each question is read against the contexts that are nearest to it by embedding, with and without its own.
Weights come from three contexts in four, calibration from the fourth.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from askbrief.read.lexical_reader import FEATURES, described
from askbrief.types import Extent, Hit
from training.sentence_fits import CachingEmbedder, Group, answers, fitted, hit_of, touches

SETS = {"squad_wiki": 300, "qed_nq": 100, "nq_oracle": 100, "squad2_unanswerable": 100}
"""For each training set, the contexts that are taken from it."""

QUESTIONS, HITS, THRESHOLD, SEED = 1, 10, 0.3, 7
"""Questions of a context; contexts that a question is read against; the least probability to answer."""

Asked = tuple[str, int, tuple[Extent, ...]]
"""A question, the number of its context, and the extents of its answers there."""


def gather(folder: Path) -> tuple[list[Hit], list[Asked]]:
    """Give contexts and questions."""
    chance, contexts, asked = random.Random(SEED), list[Hit](), list[Asked]()  # noqa: S311
    for name, most in SETS.items():
        articles = json.loads((folder / f"{name}.json").read_text("utf-8"))["data"]
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        for paragraph in chance.sample(paragraphs, min(most, len(paragraphs))):
            questions = [q for q in paragraph["qas"] if q["question"].strip()]
            chance.shuffle(questions)
            asked += [(q["question"], len(contexts), answers(q)) for q in questions[:QUESTIONS]]
            contexts.append(hit_of(str(len(contexts)), paragraph["context"]))
    return contexts, asked


def groups(contexts: Sequence[Hit], asked: Sequence[Asked]) -> Iterator[Group]:
    """Give the sentences of each question, without those of other contexts that have an answer's words."""
    embedder = CachingEmbedder()
    vectors = embedder.embed([context.text for context in contexts])
    embedder.embed([c.text[s.start : s.end] for c in contexts for s in c.sentences])  # in large batches
    for (question, own, extents), vector in zip(asked, embedder.embed([q for q, *_ in asked]), strict=True):
        cosines = vectors @ vector
        others = [int(n) for n in np.argsort(-cosines)[: HITS + 1] if n != own][:HITS]
        order = sorted([own, *others[: HITS - 1]], key=lambda n: -cosines[n])
        for numbers in (order, others):
            hits = [replace(contexts[n], cosine=float(cosines[n])) for n in numbers]
            _, sentences, rows = described(question, hits, embedder)
            words = [contexts[own].text[a:b].lower() for a, b in extents]
            right = [numbers[s.hit] == own and touches((s.start, s.end), extents) for s in sentences]
            copies = [any(word in s.text.lower() for word in words) for s in sentences]
            kept = [n for n in range(len(sentences)) if right[n] or not copies[n]]
            if kept:
                yield Group([rows[n] for n in kept], [right[n] for n in kept], own)


def main() -> None:
    """Fit, and write the file that ships."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "reading" / "train")
    contexts, asked = gather(parser.parse_args().data)
    fit = json.dumps(fitted(list(groups(contexts, asked)), FEATURES, THRESHOLD), indent=1) + "\n"
    (root / "src" / "askbrief" / "data" / "lexical.json").write_text(fit, encoding="utf-8")
    print(fit)


if __name__ == "__main__":
    main()
