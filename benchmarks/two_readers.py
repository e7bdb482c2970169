"""The large reader behind the small one: what each passage that it reads brings, and what it costs.

    python benchmarks/two_readers.py eval/gold.jsonl --index index

The gold questions are put to the index that they are about with the small reader alone (0), and with the
large one reading the best 1, 2, 3, 4, 6 and 10 passages behind it, by the probabilities that ship, which were
fitted for the number that ships. Each question is asked in all these ways in turn, so that whatever else the
machine does falls on all of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import results
from askbrief.api import Index
from askbrief.evaluate import gold
from askbrief.evaluate.archive import of_archive, put
from askbrief.evaluate.rows import Ranked
from askbrief.evaluate.run import run_ask
from askbrief.options import PASSAGES
from askbrief.read.neural import two_readers
from askbrief.settings import SMALL_READER

READ_AGAIN = (0, 1, 2, 3, 4, 6, 10)
SHOWN = ("right_first", "answered_when_answerable", "precision_when_answered", "auroc_no_answer", "ece")


def measure(known: gold.GoldSet, folder: Path) -> dict[int, dict[str, Any]]:
    """Give the measures by the number of passages that the large reader read."""
    found: dict[int, dict[str, Ranked]] = {count: {} for count in READ_AGAIN}
    with Index.open(folder, reader=SMALL_READER) as small, Index.open(folder) as both:
        questions = of_archive(known.questions, both)
        for index in (small, both):
            put(index, PASSAGES, questions[0].text)  # loads the models
        for question in questions:
            for count in READ_AGAIN:
                two_readers.READ_AGAIN = count or two_readers.READ_AGAIN
                found[count][question.text] = put(both if count else small, PASSAGES, question.text)
    return {count: dict(run_ask(questions, found[count].__getitem__).metrics) for count in READ_AGAIN}


def main() -> None:
    """Measure, print a line a setting, and write the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--half", default="dev", choices=["dev", "held_out"])
    given = parser.parse_args()
    ships = two_readers.READ_AGAIN
    told = measure(gold.half(gold.load(given.gold), given.half), given.index)
    base = told[0]["latency_ms_p50"]["value"]
    for count, metrics in told.items():
        shown = "  ".join(f"{name} {metrics[name]['value']:.3f}" for name in SHOWN if name in metrics)
        times = metrics["latency_ms_p50"]["value"] / base
        print(f"{count:2d} read again  {shown}  p50 {times:.2f} times that of the small reader alone")
    facts = {"gold": given.gold.name, "half": given.half, "ships": ships}
    by_count = {str(count): metrics for count, metrics in told.items()}
    print(f"written: {results.write('two_readers', {**facts, 'read_again': by_count})}")


if __name__ == "__main__":
    main()
