"""How well people do by the measures that the reader is held to, where each question has one answer to match.

    python benchmarks/people.py --data ../shared/data/reading

Most dev sets hold one person's answer to a question, and another person often marks a longer or shorter piece
of the same words. The SQuADShifts sets hold several people's: the second's answer is scored against the
first's, and so is the reader's, on the same questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import results
from askbrief.api import read_text
from askbrief.evaluate.bootstrap import Interval, mean
from askbrief.evaluate.squad import exact, f1
from askbrief.read import passage_reader

HERE = Path(__file__).parent
SETS = ("shifts_new_wiki", "shifts_amazon_reviews", "shifts_reddit")
MEASURES = {"exact": exact, "f1": f1}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a text, and what two people answered."""

    question: str
    text: str
    first: str
    second: str


def asked_of_two(path: Path) -> Iterator[Asked]:
    """The questions of a SQuAD file that more than one person answered."""
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                if len(qa["answers"]) > 1:
                    first, second = (answer["text"] for answer in qa["answers"][:2])
                    yield Asked(qa["question"], paragraph["context"], first, second)


def scored(answers: Sequence[str], firsts: Sequence[str]) -> dict[str, Interval]:
    """Exact match and F1 of answers, each against one other, with intervals."""
    pairs = list(zip(answers, firsts, strict=True))
    return {
        name: mean(np.array([measure(answer, [first]) for answer, first in pairs]))
        for name, measure in MEASURES.items()
    }


def main() -> None:
    """Score people and the reader on each set, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data" / "reading")
    data, reader = parser.parse_args().data, passage_reader(None)
    found: dict[str, Any] = {}
    for name in SETS:
        asked = list(asked_of_two(data / "dev" / f"{name}.json"))
        firsts = [each.first for each in asked]
        read = [read_text(reader, each.question, each.text)[0] for each in asked]
        people = scored([each.second for each in asked], firsts)
        found[name] = {"n": len(asked), "people": people, "reader": scored(read, firsts)}
        print(name, {who: round(found[name][who]["f1"]["value"], 3) for who in ("people", "reader")})
    print("written:", results.write("people", {"sets": found}))


if __name__ == "__main__":
    main()
