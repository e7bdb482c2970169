"""Puts the figures of the newest result files into the README, ``docs/benchmarks.md`` and
``docs/scaling.md``, so that none is typed by hand.

    python benchmarks/figures.py

The README has the rows of ``ROWS`` that are marked ``readme``, ``docs/benchmarks.md`` has all of them. Each
table names the files that it was made of; ``tests/test_figures.py`` makes it again from them.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
SCALING = ROOT / "docs" / "scaling.md"
BLOCK = re.compile(r"(<!-- figures: [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)
FILES = {
    "gold": ("eval/results/ask-gold-*.json", "askbrief eval --save"),
    "crowd": ("eval/results/ask-crowd-*.json", "askbrief eval crowd.json --save"),
    "retrieval": ("eval/results/retrieval-*.json", "python benchmarks/retrieval.py"),
    "large_reader": ("eval/results/large_reader-*.json", "python -m training publish --behind …"),
    "reader": ("eval/results/reader-*.json", "python -m training publish"),
    "people": ("benchmarks/results/people-*.json", "python benchmarks/people.py"),
    "segmentation": ("benchmarks/results/segmentation-*.json", "python benchmarks/segmentation.py"),
    "start": ("benchmarks/results/start-*.json", "python benchmarks/start.py"),
    "speed": ("benchmarks/results/speed-*.json", "python benchmarks/speed.py"),
    "reading": ("benchmarks/results/reading-*.json", "python benchmarks/reading.py"),
    "quotations": ("benchmarks/results/quotations-*.json", "python benchmarks/quotations.py"),
    "pronouns": ("benchmarks/results/pronouns-*.json", "python benchmarks/pronouns.py --save"),
    "attributions": ("benchmarks/results/attributions-*.json", "python benchmarks/attributions.py"),
    "voices": (
        "benchmarks/results/voices_held_out-*.json",
        "python benchmarks/voices.py --set held_out --save",
    ),
    "checking": ("benchmarks/results/checking-*.json", "python benchmarks/checking.py"),
    "copies": ("benchmarks/results/copies-*.json", "python benchmarks/copies.py"),
    "extraction": ("benchmarks/results/extraction-*.json", "python benchmarks/extraction.py"),
    "fidelity": ("benchmarks/results/fidelity-*.json", "python benchmarks/fidelity.py"),
    "memory": ("benchmarks/results/memory-*.json", "python benchmarks/memory.py"),
    "exact_words": ("benchmarks/results/exact_words-*.json", "python benchmarks/exact_words.py"),
    "scale": ("benchmarks/results/scale-*.json", "python benchmarks/scale.py"),
    "comparison": ("benchmarks/results/comparison-*.json", "python benchmarks/comparison.py"),
}
"""What is measured, to where its result files are and the command that writes them."""

Value: TypeAlias = Callable[[Any], str]
"""A figure of a result, as text."""


@dataclass(frozen=True)
class Row:
    """What is measured, its value, and that of its peers, if any; ``readme`` rows are shown in the README."""

    what: str
    value: Value
    peers: Value = lambda result: ""
    readme: bool = False


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


def _metric(name: str) -> Value:
    return lambda result: interval(result["metrics"][name])


def _read(name: str, measure: str) -> Value:
    return lambda result: interval(result["evaluation"][name]["metrics"][measure])


def _answered(who: str) -> Value:
    return lambda result: interval(result["sets"]["shifts_new_wiki"][who]["f1"])


def _reader(which: str) -> tuple[Row, ...]:
    """How one of the two readers reads what it is given by itself."""
    measured = {
        "a question on its own paragraph, squad_wiki dev: F1": ("squad_wiki", "f1"),
        "the same: exact": ("squad_wiki", "exact"),
        "shifts_new_wiki dev: F1": ("shifts_new_wiki", "f1"),
        "on its news article, NewsQA dev: F1": ("newsqa", "f1"),
        "answerable against near misses, squad2_like dev: AUROC": ("squad2_like", "auroc_confidence"),
        "the right paragraph against the best wrong one: AUROC": (
            "squad_wiki_wrong_passage",
            "auroc_confidence",
        ),
    }
    return tuple(Row(f"the {which} reader, {what}", _read(*where)) for what, where in measured.items())


def _recall(name: str, k: int, readme: bool = False) -> Row:
    """Recall of the fused ranking, beside that of its two parts."""

    def of(result: Any, method: str) -> str:
        return f"{result[name + '.json'][method][f'recall@{k}']['value']:.3f}"

    return Row(
        f"retrieval, {name} dev: recall@{k}",
        lambda result: of(result, result["chosen"]),
        lambda result: f"vectors alone {of(result, 'dense')}, BM25 alone {of(result, 'bm25')}",
        readme,
    )


def _boundaries(system: str) -> Value:
    return lambda result: f"{result['quality']['test'][system]['f1']['value']:.3f}"


def _sizes(value: Value) -> Value:
    return lambda result: ", ".join(value(size) for size in result["sizes"])


PEERS = ("haystack", "txtai")


def _compared(what: str, name: str, form: str) -> Row:
    """A measure of askbrief, beside that of the other search libraries."""
    return Row(
        what,
        lambda result: form.format(result["askbrief"][name]),
        lambda result: ", ".join(
            f"{peer} {form.format(result[peer][name])}" for peer in ("haystack", "txtai")
        ),
        readme=True,
    )


def _found(kind: str, measure: str) -> Value:
    return lambda result: interval(result["quality"][kind][measure])


def _copies(result: Any) -> str:
    made = [found["recall"]["value"] for kinds in result["made"].values() for found in kinds.values()]
    return f"{min(made):.3f} to {max(made):.3f}"


def _reading(result: Any) -> str:
    formats = result["formats"].items()
    return ", ".join(f"{suffix[1:]} {found['times_faster']['median']:.0f}" for suffix, found in formats)


SPLITTERS = ("blingfire", "nupunkt", "syntok", "pysbd")
"""The peers that split sentences; wtpsplit's package has no weights, which it downloads."""


def _gum(who: str) -> Value:
    return lambda result: f"{result['gum'][who]['f1']['value']:.3f}"


def _read_formats(found: Any) -> str:
    """The formats but HTML that a reader reads."""
    return " ".join(suffix.lstrip(".") for suffix in sorted(found["formats"]) if suffix != ".html")


def _faithful(who: str, which: str | None = None) -> Value:
    """How many words of files a reader of theirs loses or changes, and adds."""

    def told(result: Any) -> str:
        found = result["peers"][who]
        found = found[which] if which else found
        return f"{found['lost'] + found['changed']} and {found['added']} of {found['words']:,}"

    return told


def _others_faithful(result: Any) -> str:
    return ", ".join(f"{who} {_faithful(who)(result)}" for who in result["peers"] if who != "askbrief")


def _grown(result: Any) -> str:
    archives, grown = result["archives"], result["grown"]
    sizes = f"{archives[0]['documents']:,} to {archives[-1]['documents']:,} documents"
    return f"{grown['reading_mb']:.0f} MB while reading, {grown['all_mb']:.0f} MB with merging ({sizes})"


def _milliseconds(phase: str) -> Value:
    return lambda result: "{p50:.0f} and {p95:.0f} ms".format(**result["asking"]["ms"][phase])


ROWS: dict[str, tuple[Row, ...]] = {
    "gold": (
        Row("gold questions: right sentence first", _metric("sentence@1")),
        Row("right sentence among the first three", _metric("sentence@3")),
        Row("answerable against unanswerable questions, AUROC", _metric("auroc_no_answer")),
        Row("cited sentences that are right", _metric("citation_precision")),
    ),
    "crowd": (
        Row("dev questions in an archive of 39,000 texts: right sentence first", _metric("sentence@1")),
        Row("F1 of the answer, 0 if none is given", _metric("f1")),
        Row("cited sentences that are right", _metric("citation_precision")),
    ),
    "retrieval": (
        _recall("squad_wiki", 1, readme=True),
        _recall("squad_wiki", 10),
        _recall("shifts_new_wiki", 1, readme=True),
        _recall("shifts_new_wiki", 10),
    ),
    "large_reader": _reader("large"),
    "reader": _reader("small"),
    "people": (
        Row(
            "answer to a question on its own paragraph, shifts_new_wiki dev, against a person's: F1",
            _answered("reader"),
            lambda result: f"a second person {_answered('people')(result)}",
            readme=True,
        ),
    ),
    "segmentation": (
        Row(
            "sentence boundaries: F1",
            _boundaries("askbrief"),
            lambda result: ", ".join(f"{peer} {_boundaries(peer)(result)}" for peer in SPLITTERS),
            readme=True,
        ),
        Row(
            "sentence boundaries within the paragraphs of GUM: F1",
            _gum("askbrief"),
            lambda result: ", ".join(f"{peer} {_gum(peer)(result)}" for peer in SPLITTERS),
        ),
        Row(
            "golden rules of sentences that are kept, of 48",
            lambda result: str(result["golden"]["askbrief"]),
            lambda result: ", ".join(f"{peer} {result['golden'][peer]}" for peer in SPLITTERS),
        ),
    ),
    "start": (
        Row(
            "a cold `askbrief ask`, answer included",
            lambda result: f"{result['seconds']['ask']['wall']['median']:.1f} s",
            lambda result: (
                f"SentenceTransformer, embedding the question alone "
                f"{result['seconds']['peer']['wall']['median']:.1f} s"
            ),
            readme=True,
        ),
        Row("`askbrief --help`", lambda result: f"{result['seconds']['help']['wall']['median']:.2f} s"),
    ),
    "speed": (
        Row("warm `ask` on 10,000 passages, p50 and p95", _milliseconds("ask")),
        Row("its retrieval part", _milliseconds("retrieve")),
        Row(
            "passages indexed in a second",
            lambda result: f"{result['indexing']['passages_a_second']['index']:.0f}",
            lambda result: (
                f"SentenceTransformer.encode, embedding them alone "
                f"{result['indexing']['passages_a_second']['peer']:.0f}"
            ),
            readme=True,
        ),
    ),
    "reading": (
        Row(
            "reading 10 passages of 200 tokens, p50",
            lambda result: f"{result['ms']['askbrief']['p50']:.0f} ms",
            lambda result: (
                f"the same model in transformers' pipeline {result['ms']['the pipeline']['p50']:.0f} ms"
            ),
            readme=True,
        ),
    ),
    "quotations": (
        Row("PolNeAR dev: direct and mixed quotations, F1", _found("direct and mixed", "f1")),
        Row("their speakers", _found("direct and mixed", "speaker")),
        Row("indirect ones, F1", _found("indirect", "f1")),
        Row("all, the content to the character: F1", _found("all", "exact_f1")),
        Row("the words for the speaker to the character: F1", _found("all", "source_exact_f1")),
        Row(
            "articles in a second of one core",
            lambda result: f"{result['articles_per_cpu_second']:.0f}",
        ),
    ),
    "pronouns": (
        Row("“he” and “she” beside two names: given to the wrong one", _found("all", "wrong")),
        Row("given to whom they mean, where the text decides", _found("all", "resolved")),
    ),
    "attributions": (
        Row(
            "direct quotations of BBC and Reuters stories: given to somebody else",
            _found("quotation, all", "wrong"),
        ),
        Row("to nobody, though the text names who speaks", _found("quotation, all", "unresolved")),
    ),
    "voices": (
        Row("questions on who said what: the right speaker first", _metric("speaker@1")),
        Row("refused if only others spoke on the subject", _metric("refused")),
    ),
    "checking": (
        Row("quotations in drafts with the right label", lambda result: interval(result["test"]["right"])),
        Row(
            "exact ones labelled altered",
            lambda result: "{exact called altered} of {exact}".format(**result["test"]),
        ),
        Row(
            "labelled exact that are not",
            lambda result: (
                f"{result['test']['false exact']} of {result['test']['drafts'] - result['test']['exact']}"
            ),
        ),
    ),
    "copies": (
        Row("copies with another headline, dateline, byline, cut or edited: recall", _copies),
        Row(
            "copies found among real news: precision",
            lambda result: interval(result["real"]["test"]["precision"]),
        ),
    ),
    "extraction": (Row("reading and splitting a format, times faster than embedding its text", _reading),),
    "fidelity": (
        Row(
            "words of articles lost or changed, and added, in pages of many layouts",
            _faithful("askbrief"),
            _others_faithful,
        ),
        Row(
            "the same in DOCX, ODT, RTF, PDF, EPUB and mail",
            _faithful("askbrief", "others"),
            lambda result: ", ".join(
                f"{who} {_faithful(who, 'others')(result)} ({_read_formats(found)})"
                for who, found in result["peers"].items()
                if who != "askbrief" and found["others"]["files"]
            ),
        ),
    ),
    "memory": (Row("growth of memory while indexing one JSONL file, as the file grows", _grown),),
    "exact_words": (
        Row(
            "what exact search adds to an index, relative to its texts",
            lambda result: f"{result['share_of_texts']:.2f}",
        ),
        Row(
            "what it adds to indexing a passage",
            lambda result: f"{result['microseconds_a_passage'] / 1000:.2f} ms",
        ),
        Row(
            "finding the passages with a phrase of two words, p50",
            lambda result: f"{result['phrase_ms']['p50']:.2f} ms among {result['passages']:,} passages",
        ),
    ),
    "scale": (
        Row(
            "retrieval at {sizes} passages, p50",
            _sizes(lambda size: f"{size['retrieve_ms']['p50']:.1f} ms"),
        ),
        Row(
            "search by vector among {sizes} passages: recall@10",
            _sizes(lambda size: f"{size['recall_at_10']:.3f}"),
            lambda result: "exact search 1, by definition",
            readme=True,
        ),
        Row(
            "cold `ask`, relative to one on 1,000 passages",
            _sizes(lambda size: f"{size['cold_to_small']:.2f}"),
        ),
        Row("resident memory of `ask`", _sizes(lambda size: f"{size['resident_mb']:.0f} MB")),
        Row("disk per passage without text", _sizes(lambda size: f"{size['bytes_a_passage']:.0f} bytes")),
        Row("adding one article, without embedding it", _sizes(lambda size: f"{size['add_seconds']:.2f} s")),
    ),
    "comparison": (
        _compared("5,000 texts indexed, texts in a second", "texts_a_second", "{:.0f}"),
        _compared("the nearest texts from a cold process", "cold_seconds", "{:.1f} s"),
        _compared("the nearest texts from a warm process, p50", "warm_ms", "{0[p50]:.1f} ms"),
        _compared("resident memory of that process", "asking_resident_mb", "{:.0f} MB"),
    ),
}


def measured() -> dict[str, Path]:
    """The newest result files, by what they measure; what was never measured has none."""
    return {name: newest(pattern) for name, (pattern, _) in FILES.items() if any(ROOT.glob(pattern))}


def chosen(files: dict[str, Path]) -> str:
    """The README's table: the rows that are marked for it, beside their peers."""
    lines = ["| what | askbrief | peers |", "|---|---|---|"]
    for name, row, result in _rows(files):
        if row.readme:
            value = f"[{row.value(result)}]({files[name].relative_to(ROOT).as_posix()})"
            lines.append(f"| {_what(row, result)} | {value} | {row.peers(result)} |")
    return "\n".join(lines) + "\n"


def block(files: dict[str, Path]) -> str:
    """The table of all figures that are in result files, in the order of ``ROWS``."""
    lines = ["| what | askbrief | peers | by | file |", "|---|---|---|---|---|"]
    for name, row, result in _rows(files):
        path, command = files[name].relative_to(ROOT).as_posix(), FILES[name][1]
        link = f"[{files[name].stem}](../{path})"
        figures = f"{_what(row, result)} | {row.value(result)} | {row.peers(result)}"
        lines.append(f"| {figures} | `{command}` | {link} |")
    return "\n".join(lines) + "\n"


def _rows(files: dict[str, Path]) -> Iterator[tuple[str, Row, Any]]:
    for name in filter(files.__contains__, ROWS):
        result = json.loads(files[name].read_text(encoding="utf-8"))
        for row in ROWS[name]:
            yield name, row, result


def _what(row: Row, result: Any) -> str:
    sizes = [f"{size['passages']:,}" for size in result.get("sizes", ())]
    return row.what.format(sizes=", ".join(sizes)) if sizes else row.what


def named(page: str) -> dict[str, Path]:
    """The result files that the table of ``docs/benchmarks.md`` was made of, by what they measure."""
    linked = [ROOT / path for path in re.findall(r"\]\(\.\./((?:eval|benchmarks)/results/[^)]*)\)", page)]
    return {name: path for name, (pattern, _) in FILES.items() for path in linked if path.match(pattern)}


CURVES: tuple[tuple[str, Callable[[Any], float], str], ...] = (
    ("retrieval, p50", lambda size: size["retrieve_ms"]["p50"], "{:.1f} ms"),
    ("– search by vector", lambda size: size["parts_ms"]["dense"], "{:.1f} ms"),
    ("– search by keywords", lambda size: size["parts_ms"]["text"], "{:.1f} ms"),
    ("recall@10", lambda size: size["recall_at_10"], "{:.3f}"),
    ("cold `ask`", lambda size: size["cold_seconds"], "{:.2f} s"),
    ("memory of `ask`", lambda size: size["resident_mb"] / 1e3, "{:.2f} GB"),
    ("disk beside the text", lambda size: size["passages"] * size["bytes_a_passage"] / 1e9, "{:.2f} GB"),
    ("adding an article", lambda size: size["add_seconds"], "{:.2f} s"),
    ("storing", lambda size: size["made_in_seconds"]["committing"] / 60, "{:.1f} min"),
    ("merging all vectors", lambda size: size["made_in_seconds"]["folding"] / 60, "{:.1f} min"),
)
"""What grows: its name, its value at a size, and the format of that value."""

BEYOND = (10_000_000, 100_000_000)
"""Numbers of passages that the curves are extrapolated to."""


def curves(scale: Path, speed: Path) -> str:
    """A table of what was measured at each size, and of what the last step of each curve, as a power of the
    number of passages, leads to; and the time that embedding takes besides."""
    sizes = json.loads(scale.read_text(encoding="utf-8"))["sizes"]
    counts = [size["passages"] for size in sizes]
    head = [*(f"{count:,}" for count in counts), *(f"*{count:,}*" for count in BEYOND), "power"]
    lines = ["| passages | " + " | ".join(head) + " |", "|---|" + "---|" * len(head)]
    for name, value, form in CURVES:
        if name.startswith("–") and "parts_ms" not in sizes[0]:
            continue  # an older result, which does not have the parts
        values = [value(size) for size in sizes]
        power = math.log(values[-1] / values[-2]) / math.log(counts[-1] / counts[-2])
        ahead = [values[-1] * (count / counts[-1]) ** power for count in BEYOND]
        cells = [*map(form.format, values), *(f"*{form.format(each)}*" for each in ahead), f"{power:.2f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    pace = json.loads(speed.read_text(encoding="utf-8"))["indexing"]["passages_a_second"]["index"]
    embedding = f"{pace:.0f} passages a second on two cores, so {1e6 / pace / 3600:.1f} hours for a million"
    files = " and ".join(f"[{each.stem}](../{each.relative_to(ROOT).as_posix()})" for each in (scale, speed))
    return "\n".join([*lines, "", f"Embedding takes more time: {embedding}. From {files}.", ""])


def filled(path: Path, made: str) -> None:
    """Replace the block of the file at ``path``."""
    path.write_text(BLOCK.sub(lambda old: old[1] + made + old[2], path.read_text("utf-8")), "utf-8")


def main() -> None:
    """Write the tables again from the newest results."""
    found = measured()
    filled(README, chosen(found))
    filled(BENCHMARKS, block(found))
    filled(SCALING, curves(found["scale"], found["speed"]))


if __name__ == "__main__":
    main()
