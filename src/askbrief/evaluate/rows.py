"""A question's row of a run: the question, its answer, and the measures that apply to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from askbrief.evaluate import measures, squad
from askbrief.evaluate.gold import GoldPlace, Question
from askbrief.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer and what it was chosen from.

    ``passages`` are in order of retrieval. ``sentences`` are all those of the passages, best first, whether
    or not the answer abstains. A citation is split into these sentences; one that isn't among them counts as
    wrongly cited.
    """

    answer: Answer
    passages: tuple[GoldPlace, ...]
    sentences: tuple[GoldPlace, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One question's result; ``values`` has the measures that apply to it.

    ``answer`` is "" for an abstention; ``gold`` is empty for the unanswerable.
    """

    question: str
    kind: str
    answerable: bool
    answered: bool
    confidence: float
    answer: str
    gold: tuple[str, ...]
    values: dict[str, float]


def ask_row(question: Question, ranked: Ranked) -> Row:
    """One question's row, with the measures of retrieval and of the answer."""
    answer, targets = ranked.answer, question.targets
    words = (answer.answer or "") if answer.answered else ""
    row = _row(question, words, answer.answered, answer.confidence)
    values = measures.retrieval(targets, ranked.passages) | row.values
    sentences = list(dict.fromkeys(ranked.sentences))
    cited, unknown = _cited(answer.citations if answer.answered else (), sentences)
    sentences = [*cited, *(sentence for sentence in sentences if sentence not in cited)]
    right = bool(targets) and measures.sentence_at(1, targets, sentences) == 1
    if answer.answered:
        values["precision_when_answered"] = float(right)
    if targets:
        values["right_first"] = float(right and answer.answered)
        values["sentence@1"] = measures.sentence_at(1, targets, sentences)
        values["sentence@3"] = measures.sentence_at(3, targets, sentences)
        values["citation_recall"] = measures.citation_recall(targets, cited)
    if cited or unknown:
        values["citation_precision"] = measures.citation_precision(targets, cited, unknown)
    name = "answered_when_answerable" if question.answerable else "refused_when_unanswerable"
    values[name] = float(answer.answered == question.answerable)
    return replace(row, values=values)


def read_row(question: Question, text: str, probability: float, threshold: float, mixed: bool) -> Row:
    """One question's row; F1 is also split by answerability if the set is ``mixed``."""
    answered = bool(text.strip()) and probability >= threshold
    row = _row(question, text if answered else "", answered, probability)
    if not mixed:
        return row
    name = "HasAns_f1" if question.answerable else "NoAns_f1"
    return replace(row, values=row.values | {name: row.values["f1"]})


def _row(question: Question, answer: str, answered: bool, confidence: float) -> Row:
    """A row with the SQuAD measures of an answer."""
    gold = question.answers
    values = {"exact": squad.exact(answer, gold), "f1": squad.f1(answer, gold)}
    return Row(question.text, question.kind, question.answerable, answered, confidence, answer, gold, values)


def _cited(citations: Iterable[Citation], sentences: Sequence[GoldPlace]) -> tuple[list[GoldPlace], int]:
    """The cited ones among ``sentences``, and how many more are cited that aren't among them."""
    known: dict[GoldPlace, None] = {}
    unknown = 0
    for citation in citations:
        source, start, end = citation.document.source, citation.start, citation.end
        inside = {s for s in sentences if s.document == source and start <= s.start and s.end <= end}
        unknown += max(0, citation.sentences[1] - citation.sentences[0] + 1 - len(inside))
        known |= dict.fromkeys(sorted(inside))
    return list(known), unknown
