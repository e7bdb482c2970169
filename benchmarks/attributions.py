"""In whose mouth askbrief puts quotations and pronouns of real news, against what a reader of the texts says.

    python benchmarks/attributions.py --data ../shared/data

``eval/attributions.jsonl`` refers to 200 direct quotations and 200 pronouns beside a verb of saying, each
drawn at random from a different story of the BBC or of Reuters, and to the place where the speaker's name
stands first in its fullest form; ``eval/README.md`` describes it.
``wrong`` is the share of all that are given
to somebody else, or to somebody although the text names nobody; ``unresolved`` is the share of those with a
named speaker that are given to nobody, and ``resolved`` of those that are given to the right one. Rules may
be made with one half in view, which ``--show`` prints; the texts of the other are never looked at. Intervals
are over stories.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import results
from askbrief.evaluate import bootstrap
from askbrief.formats.collections.items import DocumentRef
from askbrief.formats.reading import read, read_collection
from askbrief.quotes import quotations
from askbrief.text import split_sentences
from askbrief.types import Document, Extent, Quotation

GOLD = Path(__file__).parent.parent / "eval" / "attributions.jsonl"
TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "president", "minister", "the"))
HALVES = {"all": ("dev", "held_out"), "dev": ("dev",), "held out": ("held_out",)}


class Judged(NamedTuple):
    """A row of the set with the speakers' names, and the name that askbrief gives, if any."""

    row: dict[str, Any]
    names: tuple[str, ...]
    body: str
    given: str | None

    @property
    def right(self) -> bool:
        """Whether the name given is of one of the speakers."""
        return self.given is not None and any(same(self.given, name) for name in self.names)

    @property
    def wrong(self) -> bool:
        """Whether somebody else is given, who isn't the body either that an unnamed speaker speaks for."""
        return self.given is not None and not self.right and not (self.body and same(self.given, self.body))


def words(name: str) -> list[str]:
    """The words of a name in lower case, without titles."""
    return [word for word in re.findall(r"[^\W_]+", name.lower()) if word not in TITLES]


def same(given: str, name: str) -> bool:
    """Whether two names are one, one has the other's words, or one is the other's initials."""
    some, others = words(given), words(name)
    short = {"".join(each) for each in (some, others) if len(each) == 1}
    initials = {"".join(word[0] for word in each) for each in (some, others)}
    return set(some) <= set(others) or set(others) <= set(some) or bool(short & initials)


def documents(corpora: Path, sources: Sequence[str]) -> dict[str, Document]:
    """The documents with these names, read from the files of the corpora."""
    parts: dict[str, dict[str, str]] = {}
    for source in sources:
        file, _, part = source.partition("#")
        parts.setdefault(file, {})[part] = source
    found = {}
    for file, named in parts.items():
        if "" in named:
            found[file] = read(corpora / file, file)
            continue
        for each in read_collection(corpora / file, file):
            if isinstance(each, DocumentRef) and each.part in named:
                found[named[each.part]] = each.read(named[each.part])
    return found


def judged(row: dict[str, Any], document: Document) -> Judged:
    """What askbrief gives for one row."""
    text = document.text
    sentences = split_sentences(text, document.paragraphs)
    start, end = row["extent"]
    names = tuple(text[a:b] for a, b in row["speaker"])
    digest = hashlib.sha256((text[start:end] + "".join(names)).encode()).hexdigest()
    if not digest.startswith(row["sha256"]):
        raise SystemExit(f"{row['document']} is another version of the story")
    found = quotations(text, sentences)
    if row["kind"] == "pronoun":
        given = next((one.name for one in found if one.speaker and one.speaker[0] == start), None)
    else:
        given = longest(found, (start, end))
    body = text[slice(*row.get("body", (0, 0)))]
    return Judged(row, tuple(" ".join(name.split()) for name in names), " ".join(body.split()), given)


def longest(found: Sequence[Quotation], extent: Extent) -> str | None:
    """The speaker of most of an extent."""
    shared = {one: min(one.end, extent[1]) - max(one.start, extent[0]) for one in found}
    best = max(shared, key=lambda one: shared[one], default=None)
    return best.name if best and shared[best] > 0 else None


def shares(rows: Sequence[Judged]) -> dict[str, bootstrap.Interval]:
    """The shares wrong, unresolved and resolved, with intervals."""
    table = np.array(
        [
            (one.wrong, 1, named(one) and one.given is None, named(one), named(one) and one.right, named(one))
            for one in rows
        ],
        dtype=float,
    )

    def share(top: int, draw: NDArray[np.intp]) -> float:
        total = table[draw].sum(axis=0)
        return float(total[top] / total[top + 1]) if total[top + 1] else float("nan")

    tops = {"wrong": 0, "unresolved": 2, "resolved": 4}
    return {name: bootstrap.statistic(partial(share, top), len(table)) for name, top in tops.items()}


def named(one: Judged) -> bool:
    """Whether the text names who speaks, and the pronoun, if it is one, is what says so."""
    return bool(one.names) and bool(one.row.get("says", True))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=GOLD.parent.parent.parent / "shared" / "data")
    parser.add_argument(
        "--show", action="store_true", help="print what isn't right of the dev half, write nothing"
    )
    options = parser.parse_args()
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    texts = documents(options.data / "corpora", [row["document"] for row in gold])
    rows = [judged(row, texts[row["document"]]) for row in gold]
    quality = {}
    for kind in ("quotation", "pronoun"):
        for half in HALVES:
            some = [one for one in rows if one.row["kind"] == kind and one.row["half"] in HALVES[half]]
            figures = quality[f"{kind}, {half}"] = shares(some)
            cells = (
                f"{name} {v['value']:.3f} [{v['low']:.3f}, {v['high']:.3f}]" for name, v in figures.items()
            )
            print(f"  {kind + ', ' + half:<22}{len(some):5}  " + "  ".join(cells))
    if options.show:
        for one in rows:
            if one.row["half"] == "dev" and (one.wrong or (named(one) and not one.right)):
                print(one.row["document"], one.row["kind"], one.row["extent"], one.names, one.given, sep="  ")
    else:
        print("written:", results.write("attributions", {"quotations": len(rows), "quality": quality}))


if __name__ == "__main__":
    main()
