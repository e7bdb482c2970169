"""Dev questions among every context that there is: a SQuAD file for ``askbrief eval --task ask``.

    python benchmarks/crowd.py ../shared/data/reading squad_wiki shifts_new_wiki > crowd.json
    askbrief eval crowd.json --save

The file holds the questions of the dev sets named, on their contexts, and the contexts of all other sets of
``train`` and ``dev`` without their questions. It is made, never kept: its texts are not this project's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def crowd(reading: Path, names: Sequence[str]) -> dict[str, Any]:
    """SQuAD JSON of the named dev sets, in whose crowd all other contexts stand."""
    wanted = [article for name in names for article in _articles(reading / "dev" / f"{name}.json")]
    there = {paragraph["context"] for article in wanted for paragraph in article["paragraphs"]}
    others: dict[str, dict[str, Any]] = {}
    for path in sorted(reading.glob("*/*.json")):
        for article in _articles(path):
            for paragraph in article["paragraphs"]:
                context = paragraph["context"]
                if context not in there:
                    bare = {"context": context, "qas": []}
                    others[context] = {"title": article.get("title", ""), "paragraphs": [bare]}
    return {"version": "crowd", "data": [*wanted, *others.values()]}


def _articles(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text("utf-8"))["data"])


if __name__ == "__main__":
    json.dump(crowd(Path(sys.argv[1]), sys.argv[2:]), sys.stdout)
