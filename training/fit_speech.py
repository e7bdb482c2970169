"""Fits the probability that a quoted sentence is on a question's topic: `src/askbrief/data/speech.json`.

    python -m training.fit_speech

NewsQA's questions are about complete news articles, and many ask for something in somebody's words. The topic
of each such question is put to everybody whom its article quotes: to the speaker who gives the answer, and to
all others, who said nothing on it. To fit who said something, it is put to all of them together, with and
without the one who did. Weights come from three articles in four, calibration and thresholds from the fourth.
The reading model never saw NewsQA, and is not changed here; `benchmarks/voices.py` measures how good the fits
are for askbrief's users, on other articles and questions.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askbrief.question import as_speaker_question
from askbrief.read import passage_reader
from askbrief.read.hit_sentences import hit_sentences, word_rarity
from askbrief.read.speaker_reader import ASKED, NAMED, described
from askbrief.types import Extent, Hit
from training.sentence_fits import CachingEmbedder, Group, answers, fitted, hit_of, touches

MOST = 1500
"""Questions that are read."""

ATTRIBUTED = 0.9
"""How often a quotation's speaker is right: speaker overlap on PolNeAR's dev part, in `benchmarks/results/`
(`quotations-*.json`); the confidence in what is cited only because it is attributed to a speaker."""

THRESHOLD = 0.14
"""If the speaker is named, the least probability at which a sentence is cited: chosen, for each reader that
ships, for the greatest mean of questions answered and traps refused in `eval/voices.jsonl`. Whatever is cited
is by that speaker in any case."""

SEED = 11

_AUXILIARY = r"(?:did|does|do|is|was|are|were|has|have|had|will|would|can|could)\b"
_ASKING = re.compile(
    rf"^\W*(?:(?:what|which|who|whom|whose|where|when|why|how(?: (?:many|much|long|old|often))?)\b"
    rf"(?: {_AUXILIARY})?|{_AUXILIARY})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Put:
    """A topic, the number of the article that it is put to, and the extents of the answer there."""

    topic: str
    article: int
    answers: tuple[Extent, ...]


def gather(file: Path) -> tuple[list[Hit], list[Put]]:
    """Give the articles, and the topics of the questions whose answers somebody says."""
    articles: list[Hit] = []
    found: list[Put] = []
    for article in json.loads(file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            articles.append(hit_of(str(len(articles)), paragraph["context"]))
            said = [(s.start, s.end) for s in articles[-1].sentences if s.speaker]
            for question in paragraph["qas"]:
                extents = answers(question)
                if (topic := _topic(question["question"])) and any(touches(s, extents) for s in said):
                    found.append(Put(topic, len(articles) - 1, extents))
    random.Random(SEED).shuffle(found)  # noqa: S311
    return articles, found[:MOST]


def _topic(question: str) -> str:
    """Give the topic of a question: as it is read if it asks who said what, else all but its asking words."""
    asked = as_speaker_question(question)
    return asked.topic if asked else _ASKING.sub("", question).strip(" ?.")


def groups(asked: Sequence[Put], articles: Sequence[Hit]) -> tuple[list[Group], list[Group]]:
    """Give the sentences of each speaker by themselves, and those of all together."""
    reader, embedder = passage_reader(None), CachingEmbedder()
    embedder.embed([a.text[s.start : s.end] for a in articles for s in a.sentences if s.speaker])
    named, whose = [], []
    for put in asked:
        hit = articles[put.article]
        said = [sentence for sentence in hit_sentences([hit]) if sentence.speaker]
        rows = described(put.topic, said, [], [hit], reader, embedder, word_rarity())
        right = [touches((sentence.start, sentence.end), put.answers) for sentence in said]
        speakers: dict[str | None, list[int]] = defaultdict(list)
        for number, sentence in enumerate(said):
            speakers[sentence.speaker].append(number)
        for own in speakers.values():
            best = max((row["cosine"] for n, row in enumerate(rows) if n not in own), default=0.0)
            led = [rows[n] | {"lead": rows[n]["cosine"] - best} for n in own]
            named.append(Group(led, [right[n] for n in own], put.article))
        whose.append(Group(rows, right, put.article))
        silent = [n for own in speakers.values() if not any(right[n] for n in own) for n in own]
        if silent:
            whose.append(Group([rows[n] for n in silent], [False] * len(silent), put.article))
    return named, whose


def fits(data: Path) -> Iterator[tuple[str, Any]]:
    """Give what the file holds, by name."""
    yield "attributed", ATTRIBUTED
    articles, asked = gather(data / "newsqa.json")
    named, whose = groups(asked, articles)
    yield "named", fitted(named, NAMED, THRESHOLD)
    yield "asked", fitted(whose, ASKED)


def main() -> None:
    """Fit, and write the file that ships."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "reading" / "dev")
    parser.add_argument("--out", type=Path, default=root / "src" / "askbrief" / "data" / "speech.json")
    given = parser.parse_args()
    text = json.dumps(dict(fits(given.data)), indent=1) + "\n"
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
