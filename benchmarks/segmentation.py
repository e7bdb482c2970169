"""Sentence boundaries of askbrief, blingfire, nupunkt, syntok and pysbd against boundaries labelled by hand.

    python benchmarks/segmentation.py --data ../shared/data [--gum FOLDER] [--golden FILE]

``data/sentence_boundaries.json`` holds places, no text: paragraphs of news, transcripts, interviews and tales
in the research sets, each with the offsets where its second and later sentences begin. The half ``tune`` was
read while the rules were made; the half ``test``, other documents, was drawn and labelled when they stood.
Labels are one reader's, made with the boundaries of all four systems in view. The ``random`` paragraphs are
as news is; on the ``disputed`` the three libraries differ; the ``hard`` have abbreviations before capitals,
ellipses, questions in quotes, brackets, dashes or initials. They were labelled before nupunkt was measured.

``--gum`` is a copy of UD_English-GUM (https://github.com/UniversalDependencies/UD_English-GUM), of which
``dev`` and ``test`` are read. Counted are boundaries within paragraphs (``# newpar``), as above: where the
second and later sentences begin. GUM also ends sentences at headings in a line, at semicolons and at
broken-off turns, as no system does. Both parts were read while the rules were made. ``--golden`` is pySBD's
``benchmarks/english_golden_rules.py``: a rule is right if all its sentences are.

wtpsplit is not measured: its package has no weights, and it downloads them from a model hub.
"""

from __future__ import annotations

import argparse
import ast
import functools
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import results
from askbrief.evaluate import bootstrap
from askbrief.text import split_sentences

HERE = Path(__file__).parent
LABELS = HERE / "data" / "sentence_boundaries.json"
GROUPS = {
    "test": ("test", {"random", "hard"}),
    "test, random": ("test", {"random"}),
    "test, hard": ("test", {"hard"}),
    "tune": ("tune", {"random", "disputed", "hard"}),
    "tune, random": ("tune", {"random"}),
    "tune, disputed": ("tune", {"disputed"}),
    "tune, hard": ("tune", {"hard"}),
}
Segmenter = Callable[[str], list[int]]


@dataclass(frozen=True)
class Paragraph:
    """A labelled paragraph, its hard wraps as spaces, and where its second and later sentences begin."""

    text: str
    half: str
    stratum: str
    boundaries: frozenset[int]
    undecided: frozenset[int]


def paragraphs(data: Path) -> list[Paragraph]:
    """The labelled paragraphs, read from the data; one that is not what was labelled is an error."""
    found = []
    for label in json.loads(LABELS.read_text("utf-8"))["paragraphs"]:
        text = content(data, label["path"])[label["start"] : label["end"]]
        if hashlib.sha256(text.encode()).hexdigest() != label["sha256"]:
            raise ValueError(f"{label['path']} is not the text that was labelled; fetch the same data")
        unwrapped = text.replace("\n", " ").replace("\r", " ")  # two of the libraries break at every line
        decided, undecided = frozenset(label["boundaries"]), frozenset(label["undecided"])
        found.append(Paragraph(unwrapped, label["half"], label["stratum"], decided, undecided))
    return found


def content(data: Path, place: str) -> str:
    """A text file, or the string at the JSON pointer (RFC 6901) behind the ``#`` of a place."""
    path, _, pointer = place.partition("#")
    if not pointer:
        return decoded(data / path)
    node: Any = parsed(data / path)
    for step in pointer.split("/")[1:]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return str(node)


@functools.cache
def decoded(path: Path) -> str:
    """The file as text, its line ends untouched."""
    return path.read_bytes().decode()


@functools.cache
def parsed(path: Path) -> Any:
    """The file as JSON."""
    return json.loads(decoded(path))


def askbrief(text: str) -> list[int]:
    """Where askbrief's sentences begin."""
    return [sentence.start for sentence in split_sentences(text, [(0, len(text))])]


def blingfire(text: str) -> list[int]:
    """Where blingfire's sentences begin."""
    from blingfire import text_to_sentences_and_offsets

    return [start for start, _ in text_to_sentences_and_offsets(text)[1]]


def nupunkt(text: str) -> list[int]:
    """Where nupunkt's sentences begin; its extents have no gaps, so white space may lead."""
    from nupunkt import sent_spans

    return [start + len(text[start:end]) - len(text[start:end].lstrip()) for start, end in sent_spans(text)]


def syntok(text: str) -> list[int]:
    """Where syntok's sentences begin."""
    from syntok import segmenter

    return [sentence[0].offset for part in segmenter.analyze(text) for sentence in part]


def pysbd(text: str) -> list[int]:
    """Where pysbd's sentences begin; it gives texts, which are found in order (its offsets can be wrong)."""
    starts, after = [], 0
    for sentence in filter(None, (piece.strip() for piece in pysbd_segmenter().segment(text))):
        start = text.find(sentence, after)
        if start >= 0:
            starts.append(start)
            after = start + len(sentence)
    return starts


@functools.cache
def pysbd_segmenter() -> Any:
    """pysbd's English segmenter, leaving the text as it is."""
    from pysbd import Segmenter

    return Segmenter(language="en", clean=False)


SYSTEMS: dict[str, Segmenter] = {s.__name__: s for s in (askbrief, blingfire, nupunkt, syntok, pysbd)}


def counts(known: Sequence[Paragraph], system: Segmenter) -> NDArray[np.int64]:
    """Boundaries within each paragraph: those right, those given, those labelled."""
    rows = []
    for paragraph in known:
        given = frozenset(system(paragraph.text)[1:]) - paragraph.undecided
        rows.append((len(given & paragraph.boundaries), len(given), len(paragraph.boundaries)))
    return np.array(rows)


def gum(folder: Path) -> list[Paragraph]:
    """The paragraphs of GUM, of one sentence or more."""
    found = []
    for part in ("dev", "test"):
        sentences: list[tuple[str, str]] = []
        for block in (folder / f"en_gum-ud-{part}.conllu").read_text("utf-8").split("\n\n"):
            text = re.search(r"^# text = (.*)$", block, re.MULTILINE)
            if sentences and (text is None or re.search(r"^# new(?:doc|par)\b", block, re.MULTILINE)):
                found.append(_joined(sentences, part))
                sentences = []
            if text:
                last = [line for line in block.splitlines() if line[:1].isdigit()][-1]
                sentences.append((text[1], "" if "SpaceAfter=No" in last else " "))
    return found


def _joined(sentences: Sequence[tuple[str, str]], part: str) -> Paragraph:
    """The paragraph of some sentences, each with what follows it."""
    starts, text = [], ""
    for sentence, gap in sentences:
        starts.append(len(text))
        text += sentence + gap
    return Paragraph(text.rstrip(), part, "gum", frozenset(starts[1:]), frozenset())


def golden(file: Path) -> list[tuple[str, list[str]]]:
    """The rules of a file: a text, and its sentences."""
    values = (node.value for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.Assign))
    return list(ast.literal_eval(next(values)))


def right(rules: Sequence[tuple[str, list[str]]], system: Segmenter) -> int:
    """How many rules a system keeps."""
    count = 0
    for written, expected in rules:
        text = written.replace("\n", " ")
        starts = [*system(text), len(text)]
        parts = [" ".join(text[a:b].split()) for a, b in pairwise(starts)]
        count += parts == [" ".join(each.split()) for each in expected]
    return count


def figures(rows: NDArray[np.int64]) -> dict[str, bootstrap.Interval]:
    """Precision, recall and F1 over all boundaries, with intervals over paragraphs."""

    def ratio(top: Callable[[NDArray[np.int64]], float], draw: NDArray[np.intp]) -> float:
        return top(rows[draw].sum(axis=0))

    measures: dict[str, Callable[[NDArray[np.int64]], float]] = {
        "precision": lambda total: float(total[0] / max(1, total[1])),
        "recall": lambda total: float(total[0] / max(1, total[2])),
        "f1": lambda total: float(2 * total[0] / max(1, total[1] + total[2])),
    }
    return {
        name: bootstrap.statistic(functools.partial(ratio, measure), len(rows))
        for name, measure in measures.items()
    }


def speeds(known: Sequence[Paragraph], rounds: int = 3) -> dict[str, float]:
    """Million characters a second on the labelled paragraphs, the best of some rounds, taken in turns."""
    best = dict.fromkeys(SYSTEMS, float("inf"))
    for _ in range(rounds):
        for name, system in SYSTEMS.items():
            began = time.perf_counter()
            for paragraph in known:
                system(paragraph.text)
            best[name] = min(best[name], time.perf_counter() - began)
    size = sum(len(paragraph.text) for paragraph in known) / 1e6
    return {name: round(size / seconds, 3) for name, seconds in best.items()}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--gum", type=Path, help="a copy of UD_English-GUM")
    parser.add_argument("--golden", type=Path, help="pySBD's english_golden_rules.py")
    parser.add_argument("--no-speed", action="store_true", help="measure no speed, as on a busy machine")
    given = parser.parse_args()
    known = paragraphs(given.data)
    quality: dict[str, dict[str, Any]] = {}
    for group, (half, strata) in GROUPS.items():
        chosen = [paragraph for paragraph in known if paragraph.half == half and paragraph.stratum in strata]
        boundaries = sum(len(paragraph.boundaries) for paragraph in chosen)
        quality[group] = {"paragraphs": len(chosen), "boundaries": boundaries}
        print(f"\n{group}: {boundaries} boundaries within {len(chosen)} paragraphs")
        for name, system in SYSTEMS.items():
            row = quality[group][name] = figures(counts(chosen, system))
            cells = (f"{m} {v['value']:.4f} [{v['low']:.4f}, {v['high']:.4f}]" for m, v in row.items())
            print(f"  {name:<10}" + "   ".join(cells))
    result: dict[str, Any] = {"quality": quality}
    if not given.no_speed:
        speed = result["speed"] = speeds(known)
        print("\nmillion characters a second")
        for name, value in speed.items():
            print(f"  {name:<10}{value:9.3f}   askbrief is {speed['askbrief'] / value:.1f} times as fast")
    if given.gum:
        read = gum(given.gum)
        boundaries = sum(len(paragraph.boundaries) for paragraph in read)
        result["gum"] = {"paragraphs": len(read), "boundaries": boundaries}
        result["gum"] |= {name: figures(counts(read, system)) for name, system in SYSTEMS.items()}
        print("GUM", {name: round(result["gum"][name]["f1"]["value"], 4) for name in SYSTEMS})
    if given.golden:
        rules = golden(given.golden)
        result["golden"] = {"rules": len(rules)} | {name: right(rules, s) for name, s in SYSTEMS.items()}
        print("golden rules", result["golden"])
    print("written:", results.write("segmentation", result))


if __name__ == "__main__":
    main()
