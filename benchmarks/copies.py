"""How often copies are found, and how often what is taken for a copy is one.

    python benchmarks/copies.py --data ../shared/data

*Recall* is measured on copies made from articles of Reuters and the BBC, in the ways of an editor: the
dateline or headline changed, a byline or an agency's line added, paragraphs cut from the end, words changed,
and all of these. *Precision* and recall are also measured on real pairs of Reuters stories, which
``data/copies.json`` names and labels by hand: stories sent again, shortened and corrected, follow-ups,
reports in one form. They were drawn from strata of how much they share, so that each stands for as many
pairs as its stratum has; pairs of the part ``tune`` chose the thresholds. Last comes what finding a
document's copies costs, and what families all of both corpora falls into. No text of either is kept.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import results
from askbrief.evaluate import bootstrap
from askbrief.evaluate.bootstrap import Interval
from askbrief.storage.db.database import Database
from askbrief.storage.db.duplicates import DuplicateGroups
from askbrief.text import near_copies as copies
from askbrief.text.words import words

HERE = Path(__file__).parent
LABELS = HERE / "data" / "copies.json"
SEED = 20240607
LEAST_WORDS = 80
"""Words in an article that copies are made of."""

CITIES = ("KYIV", "LONDON", "New York", "ANKARA", "Buenos Aires", "TOKYO", "Vienna", "NAIROBI")
AGENCIES = ("Reuters", "AP", "AFP", "dpa", "Xinhua")
NAMES = ("Ann Brandt", "Omar Nasser", "Petra Ilieva", "Bruno Costa", "Jun Sato")
MONTHS = ("January", "March", "May", "Sept.", "Nov")
SIGNATURE = re.compile(r"\n\s*reuter\s*\x03?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Article:
    """A headline and paragraphs."""

    headline: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it would stand in a file."""
        return "\n\n".join((self.headline, *self.paragraphs))


def reuters(data: Path) -> dict[str, Article]:
    """The Reuters stories by their numbers."""
    found = {}
    for path in sorted((data / "corpora" / "reuters21578" / "full").glob("*.json")):
        for story in json.loads(path.read_text("utf-8")):
            if body := SIGNATURE.sub("", story.get("body") or "").strip():
                pieces = (" ".join(piece.split()) for piece in re.split(r"\n {2,}", body))
                found[str(story["id"])] = Article(story.get("title") or "", tuple(filter(None, pieces)))
    return found


def bbc(data: Path) -> dict[str, Article]:
    """The BBC's articles by section and number."""
    found = {}
    for path in sorted((data / "corpora" / "bbc_news").glob("*/*.txt")):
        headline, *paragraphs = filter(None, map(str.strip, path.read_text("utf-8", "replace").split("\n")))
        found[f"{path.parent.name}/{path.stem}"] = Article(headline, tuple(paragraphs))
    return found


# -- what an editor does

Edit = Callable[[Article, Random, Sequence[str]], Article]


def dateline(article: Article, chance: Random, _: Sequence[str]) -> Article:
    """A place, a day and an agency before the first words."""
    day = f"{chance.choice(MONTHS)} {chance.randint(1, 28)}"
    opening = f"{chance.choice(CITIES)}, {day} ({chance.choice(AGENCIES)}) - "
    return Article(article.headline, (opening + article.paragraphs[0], *article.paragraphs[1:]))


def headline(article: Article, chance: Random, others: Sequence[str]) -> Article:
    """The headline of another article."""
    return Article(chance.choice(others), article.paragraphs)


def byline(article: Article, chance: Random, _: Sequence[str]) -> Article:
    """A reporter's name above, the agency's line below."""
    above = f"By {chance.choice(NAMES)}"
    below = (
        f"({chance.choice(AGENCIES)}; reporting by {chance.choice(NAMES)}, editing by {chance.choice(NAMES)})"
    )
    return Article(article.headline, (above, *article.paragraphs, below))


def cut(article: Article, chance: Random, _: Sequence[str]) -> Article:
    """Paragraphs cut from the end until three to nine tenths of the words are left."""
    share, kept, total = chance.uniform(0.3, 0.9), 0, len(words(article.text))
    left: list[str] = []
    for paragraph in article.paragraphs:
        if left and kept > share * total:
            break
        left.append(paragraph)
        kept += len(words(paragraph))
    return Article(article.headline, tuple(left))


def edited(article: Article, chance: Random, others: Sequence[str]) -> Article:
    """Two to eight words of a hundred left out or put in another's place; figures stay."""
    rate = chance.uniform(0.02, 0.08)
    return Article(
        article.headline, tuple(_edited(text, rate, chance, others) for text in article.paragraphs)
    )


def _edited(text: str, rate: float, chance: Random, others: Sequence[str]) -> str:
    made = []
    for word in text.split():
        if chance.random() >= rate or any(c.isdigit() for c in word):
            made.append(word)
        elif chance.random() < 0.5:
            made.append(chance.choice(chance.choice(others).split() or ["the"]))
    return " ".join(made)


def everything(article: Article, chance: Random, others: Sequence[str]) -> Article:
    """All of it at once."""
    for edit in (cut, edited, dateline, headline, byline):
        article = edit(article, chance, others)
    return article


EDITS: tuple[Edit, ...] = (dateline, headline, byline, cut, edited, everything)


def made(articles: Sequence[Article], edit: Edit) -> dict[str, Interval]:
    """Share of the copies made by one edit that are told to be, and that are looked at to be told."""
    chance, others = Random(SEED), [article.headline for article in articles]  # noqa: S311
    told, met = [], []
    for article in articles:
        one, other = copies.sketch(article.text), copies.sketch(edit(article, chance, others).text)
        told.append(float(copies.are_copies(one, other)))
        met.append(float(not one.marks.isdisjoint(other.marks)))
    return {"recall": bootstrap.mean(np.array(told)), "met": bootstrap.mean(np.array(met))}


# -- real pairs


def real(stories: dict[str, Article], part: str) -> dict[str, Any]:
    """Precision and recall over all pairs of stories that share three tenths, by the labelled ones."""
    known = json.loads(LABELS.read_text("utf-8"))
    pairs = [p for p in known["pairs"] if p["part"] == part and p["copy"] is not None]
    drawn = Counter(pair["stratum"] for pair in pairs)
    weights = np.array([known["strata"][p["stratum"]]["pairs"] / drawn[p["stratum"]] for p in pairs])
    labels = np.array([pair["copy"] for pair in pairs])
    sketches = [[copies.sketch(stories[pair[side]].text) for side in "ab"] for pair in pairs]
    told = np.array([copies.are_copies(*both) for both in sketches])

    def share(of: np.ndarray, right: np.ndarray) -> Interval:
        def ratio(draw: np.ndarray) -> float:
            whole = float((weights * of)[draw].sum())
            return float((weights * of * right)[draw].sum()) / whole if whole else float("nan")

        return bootstrap.statistic(ratio, len(pairs))

    return {
        "pairs": len(pairs),
        "copies": int(labels.sum()),
        "told": int(told.sum()),
        "right": int((told & labels).sum()),
        "precision": share(told, labels),
        "recall": share(labels, told),
    }


# -- whole corpora


def grouped(articles: Sequence[Article]) -> dict[str, Any]:
    """What families all articles fall into, and what it costs to find them, an article."""
    texts = [article.text for article in articles]
    began = time.process_time()
    sketches = [copies.sketch(text) for text in texts]
    sketching = time.process_time() - began
    database = Database.create(Path(":memory:"))
    database.execute("PRAGMA foreign_keys = OFF")  # there are sketches alone, no documents
    groups = DuplicateGroups(database)
    parts, began = [], time.process_time()
    for row, sketch in enumerate(sketches, 1):
        database.execute("INSERT INTO documents (row, id, source, location, title, sha256, paragraphs, text) "
                         "VALUES (?1, ?1, ?1, ?1, '', '', '', '')", (row,))  # fmt: skip
        groups.join(row, sketch)
        if row in (len(texts) // 10, len(texts)):
            parts.append(round(1000 * (time.process_time() - began) / row, 4))
    sizes = Counter(n for (n,) in database.rows("SELECT count(*) FROM sketches GROUP BY family"))
    stored = database.one("SELECT sum(length(sketch)) FROM sketches")
    marks = database.one("SELECT count(*) FROM marks")
    return {
        "articles": len(texts),
        "families": {str(size): sizes[size] for size in sorted(sizes)},
        "sketch_ms": round(1000 * sketching / len(texts), 4),
        "join_ms_first_tenth": parts[0],
        "join_ms": parts[1],
        "sketch_bytes": round(stored / len(texts), 1),
        "marks": round(marks / len(texts), 2),
    }


def shown(name: str, figure: Interval) -> str:
    """A figure with its interval, in words."""
    return f"{name} {figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=1000, help="of each corpus, to make copies of")
    given = parser.parse_args()
    corpora = {"reuters": reuters(given.data), "bbc": bbc(given.data)}
    result: dict[str, Any] = {"seed": SEED, "made": {}, "real": {}}
    for name, articles in corpora.items():
        long = [a for a in articles.values() if len(words(a.text)) >= LEAST_WORDS]
        chosen = Random(SEED).sample(long, min(given.articles, len(long)))  # noqa: S311
        result["made"][name] = {edit.__name__: made(chosen, edit) for edit in EDITS}
        for edit, row in result["made"][name].items():
            print(f"{name:<8} {edit:<11}", *(shown(*figure) for figure in row.items()), sep="  ")
    for part in ("tune", "test"):
        row = result["real"][part] = real(corpora["reuters"], part)
        counts = ", ".join(f"{name} {row[name]}" for name in ("pairs", "copies", "told", "right"))
        print(
            f"real, {part}: {counts}", *(shown(name, row[name]) for name in ("precision", "recall")), sep="  "
        )
    every = [article for articles in corpora.values() for article in articles.values()]
    Random(SEED).shuffle(every)  # noqa: S311
    result["whole"] = grouped(every)
    print(result["whole"])
    print("written:", results.write("copies", result))


if __name__ == "__main__":
    main()
