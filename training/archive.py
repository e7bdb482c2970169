"""Dev questions put to an archive: what retrieval returns for them, and what the reader reads there."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from askbrief.api import Index
from askbrief.evaluate import gold
from askbrief.evaluate.archive import of_archive
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.span_decoding import Candidate
from askbrief.read.neural.two_readers import TwoReaders
from askbrief.types import Hit
from training.questions import Question, read_questions

# Of the contexts that have answers, one in so many is left out, so that its questions ask for what the
# archive does not hold.
LEFT_OUT = 6
# The share of the questions that are put, at most, that have no answer there; as in SQuAD 2.0 for training.
UNANSWERED = 1 / 3
# Contexts of a small archive, and the questions that are put to one.
SMALL, PUT_TO_SMALL = 16, 14


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put: its hits, what was read in them with its features, and which of that
    answers."""

    question: Question
    hits: tuple[Hit, ...]
    found: tuple[Candidate, ...]
    rows: tuple[dict[str, float], ...]
    right: tuple[bool, ...]


def put(
    reader: PassageReader | TwoReaders, questions: Sequence[Question], distractors: Sequence[Path]
) -> Iterator[Put]:
    """Give what comes of questions in an archive of their contexts and those of SQuAD files; of all but those
    that are too many without an answer there."""
    own = list(dict.fromkeys(question.context for question in questions))
    kept = [text for number, text in enumerate(own) if number % LEFT_OUT]
    asked = thinned(questions, set(kept))
    kept += dict.fromkeys(question.context for path in distractors for question in read_questions(path))
    with tempfile.TemporaryDirectory() as scratch:
        names = _write(kept, Path(scratch) / "texts")
        with Index.build([Path(scratch) / "texts"], Path(scratch) / "index") as index:
            for question in asked:
                hits = tuple(index.hits(question.text))
                found, rows = reader.weighed(question.text, hits)
                right = tuple(_answers(question, names, hits, candidate) for candidate in found)
                yield Put(question, hits, tuple(found), tuple(rows), right)


def put_to_small(
    reader: PassageReader | TwoReaders, questions: Sequence[Question], archives: int
) -> Iterator[Put]:
    """Give what comes of questions in so many small archives of their contexts alone."""
    draw = Random(0)  # noqa: S311
    contexts = list(dict.fromkeys(question.context for question in questions))
    draw.shuffle(contexts)
    for first in range(0, min(archives * SMALL, len(contexts) - 1), SMALL):
        held = frozenset(contexts[first : first + SMALL])
        asked = [question for question in questions if question.context in held]
        yield from put(reader, draw.sample(asked, min(PUT_TO_SMALL, len(asked))), [])


def put_news(reader: PassageReader | TwoReaders, index: Path, newsroom: Path) -> Iterator[Put]:
    """Give what comes of the dev half of a newsroom's questions in the index of its stories; what lies in a
    sentence of the evidence answers."""
    asked = gold.half(gold.load(newsroom), "dev").questions
    with Index.open(index) as opened:
        for one in of_archive(asked, opened):
            hits = tuple(opened.hits(one.text))
            found, rows = reader.weighed(one.text, hits)
            right = tuple(_in_evidence(one, hits[candidate.text], candidate) for candidate in found)
            yield Put(
                Question(one.id, one.text, "", newsroom.stem, ()), hits, tuple(found), tuple(rows), right
            )


def _in_evidence(question: gold.Question, hit: Hit, candidate: Candidate) -> bool:
    """Tell whether a candidate lies in a sentence that answers."""
    start, end = hit.start + candidate.start, hit.start + candidate.end
    return any(
        place.document == hit.document.source and start < place.end and place.start < end
        for place in question.evidence
    )


def thinned(questions: Sequence[Question], held: Collection[str]) -> list[Question]:
    """Give the questions without the last of those that have no answer in what is held, where these are more
    than their share."""
    answered = {question for question in questions if question.answers and question.context in held}
    spare = round(len(answered) * UNANSWERED / (1 - UNANSWERED))
    others = [question for question in questions if question not in answered]
    wanted = answered.union(others[:spare])
    return [question for question in questions if question in wanted]


def _write(texts: Sequence[str], folder: Path) -> dict[str, str]:
    """Write a file for each text; give their names by text."""
    folder.mkdir()
    names = {text: f"{number:06}.txt" for number, text in enumerate(dict.fromkeys(texts))}
    for text, name in names.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return names


def _answers(question: Question, names: dict[str, str], hits: Sequence[Hit], candidate: Candidate) -> bool:
    """Tell whether a candidate lies in the question's own context and overlaps one of its answers."""
    hit = hits[candidate.text]
    if Path(hit.document.source).name != names.get(question.context):
        return False
    start, end = hit.start + candidate.start, hit.start + candidate.end
    return any(start < at + len(text) and at < end for at, text in question.answers)
