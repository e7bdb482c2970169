"""Labels of ``askbrief check`` on drafts made of true quotations, of which it is known what was done to them.

    python benchmarks/checking.py --data ../shared/data

Quotations are taken from PolNeAR, where readers marked who says what, and from BBC and Reuters stories where
“…,” somebody said; 300 of the articles are indexed in a folder of their own. Each quotation goes into a draft
of its own: untouched, with an editor's liberty, altered, attributed to somebody else, whether the archive
names the speaker or not, or, taken from an article that is not indexed, invented. Half of the drafts choose
the least similarity at which a quotation counts as altered; the other half, of other articles, is what is
reported. No text of the corpora is kept.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import results
from askbrief.api import Index
from askbrief.check import labels as judge
from askbrief.english.quote_marks import marked_extents
from askbrief.english.reporting import ENGLISH
from askbrief.evaluate import bootstrap
from askbrief.formats import text as plain

HERE = Path(__file__).parent
SEED = 20240607
INDEXED = {"polnear": 180, "bbc": 80, "reuters": 40}
DRAFTS = {
    "untouched": 35, "part": 20, "ellipsis": 30, "bracket": 30, "typography": 30,
    "swapped": 40, "dropped": 40, "added": 30, "negated": 30,
    "wrong speaker": 55, "wrong speaker for an unnamed one": 20, "invented": 40,
}  # fmt: skip
"""How many drafts of each kind a half has."""
UNNAMED = "wrong speaker for an unnamed one"
LABELS = {
    **dict.fromkeys(["untouched", "part", "ellipsis", "bracket", "typography"], ("exact",)),
    **dict.fromkeys(["swapped", "dropped", "added", "negated"], ("altered",)),
    "wrong speaker": ("misattributed",),
    UNNAMED: ("unconfirmed", "misattributed"),
    "invented": ("absent",),
}
"""The labels that are right. The document of an unnamed speaker (“the mayor”) may name them elsewhere."""
THRESHOLDS = [round(0.3 + 0.025 * step, 3) for step in range(25)]
AUXILIARIES = [
    "is",
    "are",
    "was",
    "were",
    "will",
    "would",
    "can",
    "could",
    "has",
    "have",
    "had",
    "should",
    "must",
]


@dataclass(frozen=True)
class Article:
    """A text of the corpora and the quotations in it whose speakers are known."""

    name: str
    text: str
    quotations: tuple[tuple[str, str], ...]
    unnamed: tuple[tuple[str, str], ...] = ()
    """Those whose speakers have no name there, with the words for them."""


@dataclass(frozen=True)
class Draft:
    """A draft with one quotation, and what was done to it."""

    kind: str
    text: str
    quotation: str


# -- articles


def polnear(data: Path) -> Iterator[Article]:
    """PolNeAR's articles; a quotation is one that stands within a marked attribution."""
    for path in sorted((data / "quotes" / "polnear").glob("*/text/*.txt")):
        text = path.read_text("utf-8")
        readers = sorted(path.parents[1].glob(f"attributions/{path.stem}_*.ann"))
        if not readers:
            continue
        spans: dict[str, list[tuple[int, int]]] = {}
        links = []
        for line in readers[0].read_text("utf-8").splitlines():
            id_, what, *_ = [*line.split("\t"), ""]
            if id_.startswith("T"):
                places = re.findall(r"(\d+) (\d+)", what)
                spans[id_] = [(int(a), int(b)) for a, b in places]
            elif id_.startswith("E"):
                links.append([part.split(":") for part in what.split()])
        name = f"polnear-{path.stem}.txt"
        yield Article(
            name, text, tuple(attributed(text, spans, links)), tuple(attributed(text, spans, links, unnamed))
        )


def attributed(
    text: str,
    spans: dict[str, list[tuple[int, int]]],
    links: Sequence[Sequence[Sequence[str]]],
    called: Callable[[str, str], str | None] | None = None,
) -> Iterator[tuple[str, str]]:
    """Each quotation within marks that lies in the content of one attribution, with its speaker if
    ``called``, which gets the words for the speaker and the text, returns one; a named person by default."""
    called = called or named
    inside = marked_extents(text)
    for link in links:
        sources = [text[a:b] for role, id_ in link if role.startswith("Source") for a, b in spans[id_]]
        name = next((name for words in sources if (name := called(words, text))), None)
        for role, id_ in link:
            for start, end in spans[id_] if role.startswith("Content") and name else []:
                for a, b in inside:
                    if start <= a and b <= end and name:
                        yield text[a:b], name


def named(words: str, text: str) -> str | None:
    """The full name in the words for a source, if the text calls them by their surname too."""
    name = person(words)
    return name if name and called_by_surname(name, text) else None


def unnamed(words: str, _: str) -> str | None:
    """The words for a source, if they are those for somebody without a name: “a senior official”."""
    return words if re.fullmatch(r"(?:[Aa]n?|[Tt]he|[Oo]ne) (?:[A-Z]?[a-z-]+ ){0,3}[a-z-]+", words) else None


def person(words: str) -> str | None:
    """The full name in the words for a source, if they hold one of a person."""
    found = []
    for run in re.findall(r"(?<![\w-])[A-Z][a-z]+(?: [A-Z][a-z]+)+(?![\w-])", words):
        parts = [part for part in run.split() if part not in ENGLISH.titles]
        if len(parts) == 2 and parts[0] != "The" and (ENGLISH.places | ENGLISH.groups).isdisjoint(parts):
            found.append(" ".join(parts))
    return found[0] if len(found) == 1 else None


def called_by_surname(name: str, text: str) -> bool:
    """Whether a text has the last word of a name without another name before it: so it names people."""
    surname = re.escape(name.split()[-1])
    return bool(re.search(rf"(?:^|[^A-Za-z.\s]\s|\b[a-z]+\s){surname}\b(?! [A-Z])", text, re.MULTILINE))


SAID = re.compile(r"\"([^\"]{20,400}),\"\s(?:said|says)\s((?:[A-Z][a-z]+ ){1,3}[A-Z][a-z]+)")


def said(text: str) -> tuple[tuple[str, str], ...]:
    """Each quotation that “said” and a full name follow."""
    pairs = ((quote, person(re.sub(r"\s+", " ", name))) for quote, name in SAID.findall(text))
    return tuple((quote, name) for quote, name in pairs if name and called_by_surname(name, text))


def bbc(data: Path) -> Iterator[Article]:
    """BBC's articles, each section's in turn."""
    for path in sorted((data / "corpora" / "bbc_news").glob("*/*.txt"), key=lambda p: (p.name, p.parent)):
        text = path.read_text("utf-8", errors="replace")
        yield Article(f"bbc-{path.parent.name}-{path.name}", text, said(text))


def reuters(data: Path) -> Iterator[Article]:
    """Reuters' stories."""
    for path in sorted((data / "corpora" / "reuters21578" / "full").glob("*.json")):
        for number, story in enumerate(json.loads(path.read_text("utf-8"))):
            text = f"{story.get('title', '')}\n\n{story.get('body', '')}\n"
            yield Article(f"{path.stem}-{number}.txt", text, said(text))


# -- drafts


def usable(quotation: str) -> bool:
    """Whether a quotation is long enough to be altered, and itself free of liberties."""
    words = quotation.split()
    return 7 <= len(words) <= 50 and not re.search(r"[\[\]…“”\"«»*_`\\<>]|\.\.|\n\s*\n|--", quotation)


def bare(text: str) -> str:
    """The words alone, for a comparison that owes nothing to the package's."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", "")))


def middle(words: Sequence[str], draw: random.Random, fits: Callable[[str], bool]) -> int | None:
    """A place of a word, neither the first nor the last two, that fits."""
    places = [n for n in range(1, len(words) - 2) if fits(words[n])]
    return draw.choice(places) if places else None


def telling(word: str) -> bool:
    """Whether a word is one that would be missed."""
    return word.isalpha() and len(word) >= 4


def mutated(kind: str, quotation: str, draw: random.Random, vocabulary: Sequence[str]) -> str | None:
    """The quotation with ``kind`` done to it; None where it has no place for that."""
    words = quotation.split()
    place = middle(words, draw, telling)
    if kind in ("untouched", "wrong speaker", UNNAMED, "invented"):
        return quotation
    if kind == "part":
        return " ".join(words[1:-1]).strip(",;:")
    if kind == "typography":
        return typography(quotation, draw)
    if kind == "negated":
        return negated(words)
    if place is None or len(words) < 9:
        return None
    if kind == "ellipsis":
        count = draw.randint(2, 4)
        place = draw.randint(2, len(words) - count - 2)
        if (
            {"not", "no", "never"} & set(words[place : place + count])
            or "n’t" in quotation
            or "n't" in quotation
        ):
            return None
        return " ".join(
            [*words[:place], draw.choice(["…", "...", "[...]", "[…]", ". . ."]), *words[place + count :]]
        )
    if kind == "bracket":
        return " ".join(
            [*words[:place], draw.choice(["[the firm]", "[Smith]", "[they]"]), *words[place + 1 :]]
        )
    if kind == "swapped":
        new = draw.choice(
            [
                w
                for w in vocabulary
                if abs(len(w) - min(9, len(words[place]))) < 3 and w != words[place].lower()
            ]
        )
        return " ".join([*words[:place], new, *words[place + 1 :]])
    if kind == "dropped":
        return " ".join([*words[:place], *words[place + 1 :]])
    return " ".join([*words[:place], draw.choice(vocabulary), *words[place:]])


def negated(words: Sequence[str]) -> str | None:
    """The quotation with a “not” taken out, or put behind its first auxiliary."""
    plainly = [word.lower().strip(",.") for word in words]
    if "not" in plainly:
        return " ".join(word for word, low in zip(words, plainly, strict=True) if low != "not")
    place = next((n for n, word in enumerate(plainly) if word in AUXILIARIES), None)
    if place is None or place >= len(words) - 1:
        return None
    return " ".join([*words[: place + 1], "not", *words[place + 1 :]])


def typography(quotation: str, draw: random.Random) -> str:
    """The quotation as another house sets it: apostrophes, dashes, spaces, capitals and last comma."""
    changed = quotation.rstrip(",.")
    changed = changed.replace("’", "'") if "’" in changed else changed.replace("'", "’")
    changed = changed.replace(" — ", "—").replace(" - ", " – ")
    first = changed[0].swapcase()
    changed = (f"[{first}]" if draw.random() < 0.5 and first.isalpha() else first) + changed[1:]
    return changed.replace(" ", "\n", 1) if draw.random() < 0.3 else changed.replace(" ", "  ", 1)


def written(quotation: str, name: str, draw: random.Random) -> str:
    """A small draft that has ``name`` say the quotation."""
    opening, closing = draw.choice([("“", "”"), ('"', '"')])
    ended = quotation.rstrip(" .,") if not quotation.endswith(("...", ". . .")) else quotation
    comma = "" if ended[-1] in "?!…." else ","
    surname = name.split()[-1]
    return draw.choice(
        [
            f"The talks went on into the night.\n\n{opening}{ended}{comma}{closing} {name} said.\n",
            f"Reporters met {name} on Monday.\n\n{opening}{ended}{comma}{closing} {surname} said.\n",
            f"# Notes\n\nIt was late. {opening}{ended}{comma}{closing} said {name}, who had come alone.\n",
            f"{name} said: {opening}{ended}{closing}\n\nThe meeting ended soon after.\n",
        ]
    )


def drafts(
    told: Sequence[tuple[str, str]],
    nameless: Sequence[tuple[str, str]],
    others: Sequence[tuple[str, str]],
    archive: str,
    draw: random.Random,
    vocabulary: Sequence[str],
) -> Iterator[Draft]:
    """The drafts of a half: of the quotations ``told`` by the archive (``archive``: its bare words), of those
    of ``nameless`` speakers, and of ``others``, which it does not have."""
    invented = [pair for pair in others if not known(pair[0], archive)]
    sources = {"invented": invented, UNNAMED: nameless}
    for kind, count in DRAFTS.items():
        source = list(sources.get(kind, told))
        draw.shuffle(source)
        made = 0
        for quotation, name in source:
            changed = mutated(kind, quotation, draw, vocabulary)
            if made == count or changed is None or ("altered" in LABELS[kind] and bare(changed) in archive):
                continue
            if kind in ("wrong speaker", UNNAMED):
                name = draw.choice([n for _, n in others if not set(n.split()) & set(name.split())])
            yield Draft(kind, written(changed, name, draw), changed)
            made += 1
        if made < count:
            raise ValueError(f"{made} quotations fit {kind!r}, {count} are wanted: index more articles")


def known(quotation: str, archive: str) -> bool:
    """Whether the archive has five words of a quotation in a row."""
    words = bare(quotation).split()
    return any(" ".join(words[n : n + 5]) in archive for n in range(len(words) - 4))


# -- measuring


def labelled(index: Index, made: Sequence[Draft]) -> list[tuple[str, float]]:
    """The label of each draft's quotation, with its similarity; whatever is similar at all is altered."""
    judge.ALTERED, kept = 0.0, judge.ALTERED
    try:
        found = []
        for draft in made:
            checked = index.check(draft.text)
            label, match = (checked[0].label, checked[0].match) if len(checked) == 1 else ("absent", None)
            found.append((str(label), match.score if match else 0.0))
        return found
    finally:
        judge.ALTERED = kept


def at(found: Sequence[tuple[str, float]], threshold: float) -> list[str]:
    """The labels as they are where less than ``threshold`` is absent."""
    return ["absent" if label == "altered" and score < threshold else label for label, score in found]


def right(made: Sequence[Draft], labels: Sequence[str]) -> np.ndarray:
    """1 for each draft whose label is right, 0 for the others."""
    return np.array(
        [label in LABELS[draft.kind] for draft, label in zip(made, labels, strict=True)], dtype=float
    )


def measured(made: Sequence[Draft], labels: Sequence[str]) -> dict[str, Any]:
    """How often the label is right, in all and for each kind, and what it is instead."""
    hits = right(made, labels)
    kinds = {}
    for kind in DRAFTS:
        mine = [n for n, draft in enumerate(made) if draft.kind == kind]
        kinds[kind] = {
            "drafts": len(mine),
            "right": int(hits[mine].sum()),
            "labels": Counter(labels[n] for n in mine),
        }
    exact = [labels[n] for n, draft in enumerate(made) if LABELS[draft.kind] == ("exact",)]
    false = [draft for draft, label in zip(made, labels, strict=True) if label == "exact"]
    return {
        "drafts": len(made),
        "right": bootstrap.mean(hits),
        "exact called altered": exact.count("altered"),
        "exact": len(exact),
        "false exact": sum("exact" not in LABELS[draft.kind] for draft in false),
        "kinds": kinds,
    }


def main() -> None:
    """Build, check, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--keep", type=Path, help="Keep the index in this folder, for another run.")
    parser.add_argument(
        "--show", action="store_true", help="Print the dev half's drafts whose label is wrong."
    )
    options = parser.parse_args()
    draw = random.Random(SEED)  # noqa: S311  (seeded on purpose)
    indexed, held = split(options.data, draw)
    archive = bare("\n".join(article.text for article in indexed))
    vocabulary = sorted({w for article in indexed for w in re.findall(r"\b[a-z]{4,9}\b", article.text)})
    halves = {}
    with (
        tempfile.TemporaryDirectory(prefix="askbrief-checking-") as scratch,
        built(indexed, options.keep or Path(scratch)) as index,
    ):
        for number, half in enumerate(("dev", "test")):
            told, others = (quotations(articles[number::2]) for articles in (indexed, held))
            nameless = quotations(indexed[number::2], lambda article: article.unnamed)
            made = list(drafts(told, nameless, others, archive, draw, vocabulary))
            halves[half] = made, labelled(index, made)
        passages = index.status().passages
    report(halves, len(indexed), passages, options.show)


def split(data: Path, draw: random.Random) -> tuple[list[Article], list[Article]]:
    """Articles to index, and as many that are not; those with quotations first."""
    indexed, held = [], []
    for name, articles in (("polnear", polnear), ("bbc", bbc), ("reuters", reuters)):
        every = sorted(articles(data), key=lambda article: not any(usable(q) for q, _ in article.quotations))
        taken = every[: 2 * INDEXED[name]]
        draw.shuffle(taken)
        indexed += taken[: INDEXED[name]]
        held += taken[INDEXED[name] :]
    draw.shuffle(indexed)
    draw.shuffle(held)
    return indexed, held


def quotations(
    articles: Sequence[Article],
    of: Callable[[Article], Sequence[tuple[str, str]]] = lambda article: article.quotations,
) -> list[tuple[str, str]]:
    """The usable quotations with their speakers, each once; three of an article at most."""
    found: dict[str, tuple[str, str]] = {}
    for article in articles:
        blocks = list(plain.paragraphs(article.text))
        whole = [
            (quotation, name)
            for quotation, name in of(article)
            if usable(quotation) and any(quotation in article.text[a:b] for a, b in blocks)
        ]
        for quotation, name in whole[:3]:
            found.setdefault(bare(quotation), (quotation, name))
    return list(found.values())


def built(articles: Sequence[Article], folder: Path) -> Index:
    """The index of the articles."""
    texts = folder / "texts"
    if not texts.is_dir():
        texts.mkdir(parents=True)
        for article in articles:
            (texts / article.name).write_text(article.text, encoding="utf-8", newline="")
    return Index.build(
        [texts],
        folder / "index",
        progress=lambda doing, done, total: print(doing, done, total, end="\r", file=sys.stderr),
    )


def report(
    halves: dict[str, tuple[list[Draft], list[tuple[str, float]]]], documents: int, passages: int, show: bool
) -> None:
    """Choose the threshold on the dev half, tell what the package's own gives on both, write it."""
    made, found = halves["dev"]
    sweep = {t: float(right(made, at(found, t)).mean()) for t in THRESHOLDS}
    best = [t for t in THRESHOLDS if sweep[t] == max(sweep.values())]
    print(f"best on dev: {best[0]} to {best[-1]}; the package's is {judge.ALTERED}")
    result: dict[str, Any] = {
        "documents": documents, "passages": passages, "threshold": judge.ALTERED, "dev sweep": sweep,
    }  # fmt: skip
    for half, (made, found) in halves.items():
        labels = at(found, judge.ALTERED)
        figures = result[half] = measured(made, labels)
        value = figures["right"]
        print(f"\n{half}: right {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]", end="; ")
        print(f"{figures['exact called altered']} of {figures['exact']} exact called altered;", end=" ")
        print(f"{figures['false exact']} called exact that are not")
        for kind, row in figures["kinds"].items():
            print(f"  {kind:<32} {row['right']:>3} of {row['drafts']}   {dict(row['labels'])}")
        if show and half == "dev":
            for draft, label, (_, score) in zip(made, labels, found, strict=True):
                if label not in LABELS[draft.kind]:
                    print(f"\n[{draft.kind} called {label}, {score:.2f}]\n{draft.text}")
    print("written:", results.write("checking", result))


if __name__ == "__main__":
    main()
