"""Puts the figures of the newest result files into the README and ``docs/scaling.md``, so that none is typed
by hand.

    python benchmarks/figures.py

Each block names the files that it was made of; ``tests/test_figures.py`` makes it again from them.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SCALING = ROOT / "docs" / "scaling.md"
BLOCK = re.compile(r"(<!-- figures: [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)
FILES = {
    "gold": ("eval/results/ask-gold-*.json", "askbrief eval --save"),
    "crowd": ("eval/results/ask-crowd-*.json", "askbrief eval crowd.json --save"),
    "retrieval": ("eval/results/retrieval-*.json", "python benchmarks/retrieval.py"),
    "reader": ("eval/results/reader-*.json", "python -m training publish"),
    "people": ("benchmarks/results/people-*.json", "python benchmarks/people.py"),
    "segmentation": ("benchmarks/results/segmentation-*.json", "python benchmarks/segmentation.py"),
    "start": ("benchmarks/results/start-*.json", "python benchmarks/start.py"),
    "speed": ("benchmarks/results/speed-*.json", "python benchmarks/speed.py"),
    "reading": ("benchmarks/results/reading-*.json", "python benchmarks/reading.py"),
    "quotations": ("benchmarks/results/quotations-*.json", "python benchmarks/quotations.py"),
    "voices": (
        "benchmarks/results/voices_held_out-*.json",
        "python benchmarks/voices.py --set held_out --save",
    ),
    "checking": ("benchmarks/results/checking-*.json", "python benchmarks/checking.py"),
    "copies": ("benchmarks/results/copies-*.json", "python benchmarks/copies.py"),
    "extraction": ("benchmarks/results/extraction-*.json", "python benchmarks/extraction.py"),
    "memory": ("benchmarks/results/memory-*.json", "python benchmarks/memory.py"),
    "scale": ("benchmarks/results/scale-*.json", "python benchmarks/scale.py"),
    "comparison": ("benchmarks/results/comparison-*.json", "python benchmarks/comparison.py"),
}
"""What is measured, to where its results lie and the command that writes them."""

Row: TypeAlias = tuple[str, Callable[[Any], str]]


def newest(pattern: str) -> Path:
    """The result file of the latest commit that history has; the name ends in the commit."""
    order = subprocess.run(
        ["git", "log", "--format=%h"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return min(ROOT.glob(pattern), key=lambda path: _age(path, order))


def _age(path: Path, order: list[str]) -> int:
    commit = path.stem.rpartition("-")[2]
    return order.index(commit) if commit in order else len(order)


def interval(figure: dict[str, float]) -> str:
    """A value with its 95% interval."""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _metric(name: str) -> Callable[[Any], str]:
    return lambda result: interval(result["metrics"][name])


def _read(name: str, measure: str) -> Callable[[Any], str]:
    return lambda result: interval(result["evaluation"][name]["metrics"][measure])


def _answered(who: str) -> Callable[[Any], str]:
    return lambda result: interval(result["sets"]["shifts_new_wiki"][who]["f1"])


def _fused(name: str, measure: str) -> Callable[[Any], str]:
    def told(result: Any) -> str:
        fused, dense, bm25 = (
            f"{result[name][method][measure]['value']:.3f}" for method in (result["chosen"], "dense", "bm25")
        )
        return f"{fused} (dense {dense}, BM25 {bm25})"

    return told


def _boundaries(result: Any) -> str:
    systems = ("askbrief", "blingfire", "syntok", "pysbd")
    return ", ".join(f"{name} {result['quality']['test'][name]['f1']['value']:.3f}" for name in systems)


def _sizes(told: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda result: ", ".join(told(size) for size in result["sizes"])


def _beside(name: str, form: str) -> Callable[[Any], str]:
    def told(result: Any) -> str:
        return ", ".join(
            f"{peer} {form.format(result[peer][name])}"
            for peer in ("askbrief", "haystack", "txtai")
            if name in result[peer]
        )

    return told


def _found(kind: str, measure: str) -> Callable[[Any], str]:
    return lambda result: interval(result["quality"][kind][measure])


def _copies(result: Any) -> str:
    made = [found["recall"]["value"] for kinds in result["made"].values() for found in kinds.values()]
    return f"{min(made):.3f} to {max(made):.3f}"


def _reading(result: Any) -> str:
    formats = result["formats"].items()
    return ", ".join(f"{suffix[1:]} {found['times_faster']['median']:.0f}" for suffix, found in formats)


def _grown(result: Any) -> str:
    archives, grown = result["archives"], result["grown"]
    sizes = f"{archives[0]['documents']:,} to {archives[-1]['documents']:,} documents"
    return f"{grown['reading_mb']:.0f} MB while reading, {grown['all_mb']:.0f} MB with folding ({sizes})"


def _milliseconds(phase: str) -> Callable[[Any], str]:
    return lambda result: "{p50:.0f} and {p95:.0f} ms".format(**result["asking"]["ms"][phase])


ROWS: dict[str, tuple[Row, ...]] = {
    "gold": (
        ("gold questions: right sentence first", _metric("sentence@1")),
        ("right sentence within three", _metric("sentence@3")),
        ("answerable against unanswerable, AUROC", _metric("auroc_no_answer")),
        ("cited sentences that are right", _metric("citation_precision")),
    ),
    "crowd": (
        ("dev questions in an archive of 39,000 texts: right sentence first", _metric("sentence@1")),
        ("F1 of the answer, nought where none is given", _metric("f1")),
        ("cited sentences that are right", _metric("citation_precision")),
    ),
    "retrieval": (
        ("squad_wiki dev: recall@1", _fused("squad_wiki.json", "recall@1")),
        ("squad_wiki dev: recall@10", _fused("squad_wiki.json", "recall@10")),
        ("shifts_new_wiki dev: recall@1", _fused("shifts_new_wiki.json", "recall@1")),
        ("shifts_new_wiki dev: recall@10", _fused("shifts_new_wiki.json", "recall@10")),
    ),
    "reader": (
        ("a question on its own paragraph, squad_wiki dev: F1", _read("squad_wiki", "f1")),
        ("shifts_new_wiki dev: F1", _read("shifts_new_wiki", "f1")),
        ("on its news article, NewsQA dev: F1", _read("newsqa", "f1")),
        ("answerable against near misses, squad2_like dev: AUROC", _read("squad2_like", "auroc_confidence")),
        (
            "the right paragraph against the best wrong one: AUROC",
            _read("squad_wiki_wrong_passage", "auroc_confidence"),
        ),
    ),
    "people": (
        ("one person's answer against another's, shifts_new_wiki dev: F1", _answered("people")),
        ("the reader's against the same", _answered("reader")),
    ),
    "segmentation": (("sentence boundaries, F1", _boundaries),),
    "start": (
        (
            "cold `askbrief ask`, share of a cold SentenceTransformer encoding the question",
            lambda result: f"{result['ask_to_peer']['wall']['median']:.3f}",
        ),
        ("`askbrief --help`", lambda result: f"{result['seconds']['help']['wall']['median']:.2f} s"),
    ),
    "speed": (
        (
            "warm `ask` on 10,000 passages, p50 and p95",
            _milliseconds("ask"),
        ),
        (
            "retrieval part of it",
            _milliseconds("retrieve"),
        ),
        (
            "indexing, share of SentenceTransformer.encode's passages a second",
            lambda result: f"{result['indexing']['share_of_peer']['wall']['median']:.2f}",
        ),
    ),
    "reading": (
        (
            "reading 10 passages of 200 tokens, times faster than the same model in transformers' pipeline",
            lambda result: f"{result['times_faster']['wall']['median']:.1f}",
        ),
    ),
    "quotations": (
        ("PolNeAR dev: direct and mixed quotations, F1", _found("direct and mixed", "f1")),
        ("their speakers", _found("direct and mixed", "speaker")),
        ("indirect ones, F1", _found("indirect", "f1")),
        ("articles a second of one core", lambda result: f"{result['articles_per_cpu_second']:.0f}"),
    ),
    "voices": (
        ("questions on who said what: the right speaker first", _metric("speaker@1")),
        ("refused where only others spoke on it", _metric("refused")),
    ),
    "checking": (
        ("drafts' quotations labelled right", lambda result: interval(result["test"]["right"])),
        (
            "exact ones called altered",
            lambda result: "{exact called altered} of {exact}".format(**result["test"]),
        ),
    ),
    "copies": (
        ("copies with another headline, dateline, byline, cut or edited: found", _copies),
        ("found among real news: copies", lambda result: interval(result["real"]["test"]["precision"])),
    ),
    "extraction": (("reading and cutting a format, times faster than encoding its text", _reading),),
    "memory": (("memory that indexing one JSONL file takes more as it grows", _grown),),
    "scale": (
        (
            "retrieval at {sizes} passages, p50",
            _sizes(lambda size: f"{size['retrieve_ms']['p50']:.1f} ms"),
        ),
        ("recall@10 against exact search", _sizes(lambda size: f"{size['recall_at_10']:.3f}")),
        (
            "cold `ask`, share of one on 1,000 passages",
            _sizes(lambda size: f"{size['cold_to_small']:.2f}"),
        ),
        ("resident memory of `ask`", _sizes(lambda size: f"{size['resident_mb']:.0f} MB")),
        ("disk a passage beside its text", _sizes(lambda size: f"{size['bytes_a_passage']:.0f} bytes")),
        ("adding one article, without encoding it", _sizes(lambda size: f"{size['add_seconds']:.2f} s")),
    ),
    "comparison": (
        ("indexing, texts a second", _beside("texts_a_second", "{:.0f}")),
        ("a cold process to the nearest texts", _beside("cold_seconds", "{:.1f} s")),
        ("the nearest texts of a warm one, p50", _beside("warm_ms", "{0[p50]:.1f} ms")),
        ("resident memory of asking", _beside("asking_resident_mb", "{:.0f} MB")),
    ),
}


def measured() -> dict[str, Path]:
    """The newest result files, by what they measure; what was never measured has none."""
    return {name: newest(pattern) for name, (pattern, _) in FILES.items() if any(ROOT.glob(pattern))}


def block(files: dict[str, Path]) -> str:
    """The table of figures made of result files, in the order of ``ROWS``."""
    lines = ["| what | measured | by | file |", "|---|---|---|---|"]
    for name in filter(files.__contains__, ROWS):
        result = json.loads(files[name].read_text(encoding="utf-8"))
        where, by = files[name].relative_to(ROOT).as_posix(), f"`{FILES[name][1]}`"
        lines += [
            f"| {_named(what, result)} | {told(result)} | {by} | [{files[name].stem}]({where}) |"
            for what, told in ROWS[name]
        ]
    return "\n".join(lines) + "\n"


def _named(what: str, result: Any) -> str:
    sizes = [f"{size['passages']:,}" for size in result.get("sizes", ())]
    return what.format(sizes=", ".join(sizes)) if sizes else what


def named(readme: str) -> dict[str, Path]:
    """The result files that the README's table was made of, by what they measure."""
    linked = [ROOT / path for path in re.findall(r"\]\(((?:eval|benchmarks)/results/[^)]*)\)", readme)]
    return {name: path for name, (pattern, _) in FILES.items() for path in linked if path.match(pattern)}


CURVES: tuple[tuple[str, Callable[[Any], float], str], ...] = (
    ("retrieval, p50", lambda size: size["retrieve_ms"]["p50"], "{:.1f} ms"),
    ("– search by vector", lambda size: size["parts_ms"]["dense"], "{:.1f} ms"),
    ("– search by words", lambda size: size["parts_ms"]["text"], "{:.1f} ms"),
    ("recall@10", lambda size: size["recall_at_10"], "{:.3f}"),
    ("cold `ask`", lambda size: size["cold_seconds"], "{:.2f} s"),
    ("memory of `ask`", lambda size: size["resident_mb"] / 1e3, "{:.2f} GB"),
    ("disk beside the text", lambda size: size["passages"] * size["bytes_a_passage"] / 1e9, "{:.2f} GB"),
    ("adding an article", lambda size: size["add_seconds"], "{:.2f} s"),
    ("storing", lambda size: size["made_in_seconds"]["committing"] / 60, "{:.1f} min"),
    ("folding all vectors", lambda size: size["made_in_seconds"]["folding"] / 60, "{:.1f} min"),
)
"""What grows: its name, its value at a size, and how that is told."""

BEYOND = (10_000_000, 100_000_000)
"""Passages that the curves are drawn out to."""


def curves(scale: Path, speed: Path) -> str:
    """What was measured at each size, and where the last step of each curve, as a power, leads to; and what
    encoding takes beside it."""
    sizes = json.loads(scale.read_text(encoding="utf-8"))["sizes"]
    counts = [size["passages"] for size in sizes]
    head = [*(f"{count:,}" for count in counts), *(f"*{count:,}*" for count in BEYOND), "power"]
    lines = ["| passages | " + " | ".join(head) + " |", "|---|" + "---|" * len(head)]
    for name, value, form in CURVES:
        if name.startswith("–") and "parts_ms" not in sizes[0]:
            continue  # an older result, that did not tell the parts
        values = [value(size) for size in sizes]
        power = math.log(values[-1] / values[-2]) / math.log(counts[-1] / counts[-2])
        ahead = [values[-1] * (count / counts[-1]) ** power for count in BEYOND]
        told = [*map(form.format, values), *(f"*{form.format(each)}*" for each in ahead), f"{power:.2f}"]
        lines.append(f"| {name} | " + " | ".join(told) + " |")
    pace = json.loads(speed.read_text(encoding="utf-8"))["indexing"]["passages_a_second"]["index"]
    encoding = (
        f"{pace:.0f} passages a second on its two cores, so {1e6 / pace / 3600:.1f} hours for a million"
    )
    files = " and ".join(f"[{each.stem}](../{each.relative_to(ROOT).as_posix()})" for each in (scale, speed))
    return "\n".join([*lines, "", f"Encoding comes on top: {encoding}. From {files}.", ""])


def filled(path: Path, made: str) -> None:
    """Put what was made into the block of the file at ``path``."""
    path.write_text(BLOCK.sub(lambda old: old[1] + made + old[2], path.read_text("utf-8")), "utf-8")


def main() -> None:
    """Write the blocks anew from the newest results."""
    found = measured()
    filled(README, block(found))
    filled(SCALING, curves(found["scale"], found["speed"]))


if __name__ == "__main__":
    main()
