"""Reading sets in SQuAD 1.1 and 2.0 JSON, each question with its context and article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """A question on one context; `answers` holds (character start, text) pairs, none when it can't be
    answered."""

    id: str
    text: str
    context: str
    article: str
    answers: tuple[tuple[int, str], ...]


def read_questions(path: Path) -> Iterator[Question]:
    """Give the questions of a SQuAD 1.1 or 2.0 file in their order."""
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        # A file with a single entry is no article but a heap of paragraphs.
        name = f"{path.stem}/{number}"
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                yield Question(str(qa["id"]), qa["question"], paragraph["context"], name, _answers(qa))


def _answers(qa: dict[str, object]) -> tuple[tuple[int, str], ...]:
    answers = qa.get("answers")
    if qa.get("is_impossible") or not isinstance(answers, list):
        return ()
    return tuple((int(answer["answer_start"]), str(answer["text"])) for answer in answers)
