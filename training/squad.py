"""Reading sets in SQuAD 2.0 JSON, and the SQuAD script's normalisation and scores."""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


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


def normalise(text: str) -> str:
    """Give the text in lower case without articles, punctuation and extra spaces (SQuAD v1.1 evaluation
    script)."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(guess: str, gold: str) -> float:
    """Give 1 when both are the same after normalisation, else 0."""
    return float(normalise(guess) == normalise(gold))


def f1(guess: str, gold: str) -> float:
    """Give the harmonic mean of word precision and recall after normalisation (Rajpurkar et al. 2016,
    section 6.1)."""
    ours, theirs = normalise(guess).split(), normalise(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def best_of(score: Callable[[str, str], float], guess: str, golds: Sequence[str]) -> float:
    """Give the best score of a guess over all gold answers; with none, the guess should be empty."""
    return max(score(guess, gold) for gold in (golds or ("",)))
