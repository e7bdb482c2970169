"""Quotations found in news, against every attribution that PolNeAR's readers marked.

    python benchmarks/quotations.py --data ../shared/data

PolNeAR (Newell, Margolin and Ruths 2018) marks source, cue and content of whatever a text ascribes to
somebody: what is said, and also what is thought, wished, planned or shown. An attribution whose content
lies within marks is counted as direct, one with marks in it as mixed, all others as indirect. ``…, said``
are those of them whose cue holds a verb of saying (Levin 1993, class 37), and the predictions that are not
paired with another; the rest is speech only in part ("believed", "is expected"), and askbrief looks for
speech.

Predictions with the same cue are one attribution, as they are in PolNeAR; each is paired with at most one
that was marked, those first that share most of their letters and figures. ``precision`` is the part of a
prediction that was marked, ``recall`` the part of what was marked that is in the prediction, averaged over
all, pairless ones counting 0 (the soft measures of Johansson and Moschitti 2010, as Pareti et al. 2013 use
them). ``characters`` is the F1 over all their letters and figures, so that a long quotation counts more
than a word in marks. ``speaker`` is the share of the pairs with a marked source whose speaker overlaps it;
a quotation that is given without a speaker is counted as wrong. ``exact_f1`` is the F1 of contents that
have the very letters and figures that were marked, ``source_exact_f1`` that of sources: so are trained
taggers measured (Wang et al. 2022, on the test split, sentence by sentence).

Of a text that several readers marked, the first one's is taken. Rules were made on ``train``; ``dev`` is
only measured. Intervals are over articles. Speed is CPU time of one core, sentences given.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import results
from askbrief.evaluate import bootstrap
from askbrief.formats import text as plain
from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences
from askbrief.types import Extent, Quotation, Sentence

HERE = Path(__file__).parent
LEVIN_37 = """
admit allege announce articulate assert communicate confess convey declare mention propose recount repeat
report reveal say state advise tell ask cite quote pose preach read relay show teach write narrate explain
explicate confide claim acknowledge affirm aver avow comment concede contend deny disclose emphasize exclaim
insist lament maintain note object observe point predict pronounce protest rejoin remark reply respond
retort stress suggest swear testify threaten vow warn add agree answer argue assure boast caution complain
decry demand denounce inform joke mutter notify pledge promise recall remind request shout tweet urge voice
whisper wonder
"""
"""Levin, English Verb Classes and Alternations (1993), 37.1 to 37.9, those in news; and “tweet”."""
IRREGULAR = ("said", "says", "told", "wrote", "written", "read", "swore", "according")
KINDS = {
    "direct": (("direct",), False),
    "mixed": (("mixed",), False),
    "direct and mixed": (("direct", "mixed"), False),
    "direct and mixed, said": (("direct", "mixed"), True),
    "indirect": (("indirect",), False),
    "indirect, said": (("indirect",), True),
    "all": (("direct", "mixed", "indirect"), False),
}
ROUNDS = 3


class Attribution(NamedTuple):
    """What somebody is said to say and who that is, as places of letters and figures, and extents of it."""

    content: frozenset[int]
    speaker: tuple[Extent, ...]
    source: frozenset[int]
    kind: str
    said: bool


def stems(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern of the verbs in all their forms."""
    forms = "|".join(
        rf"{word[:-1]}(?:y|ie)" if word.endswith("y") else word.removesuffix("e") for word in words
    )
    doubled = r"(?:[a-z]?)(?:e|es|s|ed|d|ing)?"
    return re.compile(rf"\b(?:{'|'.join(sorted(IRREGULAR))}|(?:{forms}){doubled})\b", re.IGNORECASE)


SAYING = stems(LEVIN_37.split())


def marked(folder: Path) -> Iterator[tuple[str, list[Attribution]]]:
    """Each text with its attributions."""
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode()
        first = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))[0]
        yield text, [one for one in read(first.read_text("utf-8"), text) if one.content]


def read(annotations: str, text: str) -> Iterator[Attribution]:
    """The attributions of a brat file: its events, each with the extents of its parts."""
    extents: dict[str, list[Extent]] = {}
    rows = [row.split("\t") for row in annotations.splitlines()]
    for row in rows:
        if row[0].startswith("T") and len(row) > 2:
            pieces = row[1].split(" ", 1)[1].split(";")
            extents[row[0]] = [(int(start), int(end)) for start, end in (piece.split() for piece in pieces)]
    for row in rows:
        if row[0].startswith("E"):
            parts: dict[str, list[Extent]] = defaultdict(list)
            for part in row[1].split():
                role, name = part.split(":")
                parts[role.rstrip("0123456789")] += extents.get(name, [])
            cue = " ".join(text[start:end] for start, end in parts["Cue"])
            content, said = parts["Content"], bool(SAYING.search(cue))
            source = letters(text, parts["Source"])
            yield Attribution(
                letters(text, content), tuple(parts["Source"]), source, kind(text, content), said
            )


def letters(text: str, extents: Sequence[Extent]) -> frozenset[int]:
    """Where letters and figures stand in the extents."""
    return frozenset(at for start, end in extents for at in range(start, end) if text[at].isalnum())


def kind(text: str, content: Sequence[Extent]) -> str:
    """The kind of an attribution, from the marks in its content."""
    pieces = [text[start:end] for start, end in content]
    if any(re.search(r"[“”\"]|''|‘‘", piece) for piece in pieces):
        whole = all(re.match(r"[“\"'‘]", piece) for piece in pieces)
        return "direct" if whole and re.search(r"[”\"'’]\W*$", pieces[-1]) else "mixed"
    return "indirect"


def found(text: str) -> list[Attribution]:
    """What askbrief finds, quotations with the same cue as one."""
    groups = defaultdict(list)
    for one in quotations(text, cut(text)):
        groups[one.cue].append(one)
    return [together(text, group) for group in groups.values()]


def together(text: str, group: Sequence[Quotation]) -> Attribution:
    """Quotations with one cue as one attribution: mixed, if they are of several kinds."""
    kinds = {one.kind for one in group}
    speaker = (group[0].speaker,) if group[0].speaker else ()
    content = letters(text, [(one.start, one.end) for one in group])
    kind = kinds.pop() if len(kinds) == 1 else "mixed"
    return Attribution(content, speaker, letters(text, speaker), kind, said=True)


def cut(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, as askbrief cuts a text file."""
    return split_sentences(text, tuple(plain.paragraphs(text)))


def paired(predicted: Sequence[Attribution], gold: Sequence[Attribution]) -> list[tuple[int, int, int]]:
    """Pairs of a prediction and an attribution, one of each at most, with the characters that they share."""
    shared = [
        (len(one.content & other.content), i, j)
        for i, one in enumerate(predicted)
        for j, other in enumerate(gold)
        if not one.content.isdisjoint(other.content)
    ]
    shared.sort(key=lambda pair: (-pair[0] / len(predicted[pair[1]].content | gold[pair[2]].content), pair))
    pairs: list[tuple[int, int, int]] = []
    seen: set[tuple[str, int]] = set()
    for size, i, j in shared:
        if ("predicted", i) not in seen and ("gold", j) not in seen:
            seen |= {("predicted", i), ("gold", j)}
            pairs.append((i, j, size))
    return pairs


def counts(predicted: Sequence[Attribution], gold: Sequence[Attribution], wanted: str) -> list[float]:
    """Sums and numbers over an article: precision, recall, speakers, characters of each, exact ones."""
    kinds, said = KINDS[wanted]
    pairs = paired(predicted, gold)
    partner = {i: gold[j] for i, j, _ in pairs}
    mine = {
        i for i, one in enumerate(predicted) if one.kind in kinds and (not said or partner.get(i, one).said)
    }
    theirs = {j for j, one in enumerate(gold) if one.kind in kinds and (not said or one.said)}
    precise = {i: size for i, _, size in pairs if i in mine}
    recalled = {j: size for _, j, size in pairs if j in theirs}
    named = [(i, j) for i, j, _ in pairs if j in theirs and gold[j].speaker]
    return [
        *(sum(size / len(predicted[i].content) for i, size in precise.items()), len(mine)),
        *(sum(size / len(gold[j].content) for j, size in recalled.items()), len(theirs)),
        *(sum(_overlap(predicted[i].speaker, gold[j].speaker) for i, j in named), len(named)),
        *(sum(precise.values()), sum(len(predicted[i].content) for i in mine)),
        *(sum(recalled.values()), sum(len(gold[j].content) for j in theirs)),
        *same([predicted[i].content for i in mine], [gold[j].content for j in theirs]),
        *same([predicted[i].source for i in mine], [gold[j].source for j in theirs]),
    ]


def same(predicted: Sequence[frozenset[int]], gold: Sequence[frozenset[int]]) -> tuple[int, int, int, int]:
    """How many extents are the same in both, of how many predicted, and again of how many marked."""
    some, others = Counter(filter(None, predicted)), Counter(filter(None, gold))
    shared = (some & others).total()
    return (shared, some.total(), shared, others.total())


def _overlap(some: Sequence[Extent], others: Sequence[Extent]) -> bool:
    return any(a < d and c < b for a, b in some for c, d in others)


def figures(rows: NDArray[np.float64]) -> dict[str, bootstrap.Interval]:
    """Precision, recall and F1 of the contents, and the share of right speakers, with intervals."""

    def part(top: int, draw: NDArray[np.intp]) -> float:
        total = rows[draw].sum(axis=0)
        return float(total[top] / total[top + 1]) if total[top + 1] else float("nan")

    def f1(top: int, draw: NDArray[np.intp]) -> float:
        precision, recall = part(top, draw), part(top + 2, draw)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    measures = {
        "precision": partial(part, 0),
        "recall": partial(part, 2),
        "f1": partial(f1, 0),
        "characters": partial(f1, 6),
        "speaker": partial(part, 4),
        "exact_f1": partial(f1, 10),
        "source_exact_f1": partial(f1, 14),
    }
    return {name: bootstrap.statistic(measure, len(rows)) for name, measure in measures.items()}


def speed(folder: Path) -> float:
    """Articles of news in a second of CPU time, the best of some rounds."""
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*.txt"))]
    known = [(text, cut(text)) for text in texts]
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for text, cuts in known:
            quotations(text, cuts)
        best = min(best, time.process_time() - began)
    return round(len(known) / best, 1)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument(
        "--split", choices=("dev", "train"), default="dev", help="train, to work on the rules"
    )
    options = parser.parse_args()
    articles = [
        (found(text), gold) for text, gold in marked(options.data / "quotes" / "polnear" / options.split)
    ]
    print(f"{len(articles)} articles of PolNeAR, {options.split}")
    quality = {}
    for wanted in KINDS:
        rows = np.array([counts(predicted, gold, wanted) for predicted, gold in articles])
        row = quality[wanted] = figures(rows)
        cells = (f"{m} {v['value']:.3f} [{v['low']:.3f}, {v['high']:.3f}]" for m, v in row.items())
        print(f"  {wanted:<23}{int(rows[:, 3].sum()):6}  " + "  ".join(cells))
    if options.split == "dev":
        rate = speed(options.data / "corpora" / "bbc_news")
        print(f"{rate} articles of the BBC a second of CPU time")
        result = {"articles": len(articles), "quality": quality, "articles_per_cpu_second": rate}
        print("written:", results.write("quotations", result))


if __name__ == "__main__":
    main()
