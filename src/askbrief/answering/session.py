"""A session: the whole way of a question, from what it leans on to the answer to all its parts."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from askbrief.answering import compose as answer
from askbrief.answering.alias_file import AliasFile
from askbrief.answering.archive_view import ArchiveView
from askbrief.answering.filter_notes import left_out, why_nothing
from askbrief.answering.one_question import OneQuestion, Reading
from askbrief.answering.reading_models import ReadingModels
from askbrief.options import AskOptions
from askbrief.protocols import IndexReader
from askbrief.types import Answer, FilterFit, Hit, Span

if TYPE_CHECKING:
    from askbrief.question import Asked

BESIDE = 8
"""Threads, at most, that search for the keywords of questions that are asked at the same time."""

NO_TIME = {"retrieve": 0.0, "read": 0.0, "total": 0.0}
"""Milliseconds of what is refused before anything is looked for."""


class Session:
    """Answers questions from one revision of an archive, also those of several threads at the same time."""

    def __init__(self, archive: ArchiveView, models: ReadingModels, beside: Executor) -> None:
        self.archive = archive
        self.models = models
        self._beside = beside
        self._one = OneQuestion(archive, models)

    @classmethod
    def begin(cls, index: IndexReader, reader: str | None, aliases: AliasFile) -> Session:
        """A session with an archive; ``reader`` is as in ``Index.open``, ``aliases`` are the names that the
        user adds."""
        beside = ThreadPoolExecutor(BESIDE, "askbrief")  # they live on: starting one costs milliseconds
        return cls(ArchiveView(index, aliases, beside), ReadingModels(index, reader), beside)

    def of(self, index: IndexReader) -> Session:
        """The session for another revision; a reading model that is loaded goes over to it."""
        return Session(self.archive.of(index), self.models.of(index), self._beside)

    def close(self) -> None:
        """End the threads that search for keywords."""
        self._beside.shutdown()

    def reading(self, question: str, options: AskOptions, before: Sequence[Answer] = ()) -> Reading:
        """The answer to a question, with everything that was retrieved and read for it.

        A question may lean on those answered ``before``, oldest first; one that asks several is answered part
        by part.
        """
        from askbrief.question import in_full, leans, search_query, validated_question

        question = validated_question(question)
        fit = self.archive.fit(options)
        if nothing := self._why_nothing(options, fit):
            refused = Answer(question, False, 0.0, None, (), dict(NO_TIME), note=nothing, searched=0)
            return Reading(refused, (), ())
        asked = question
        if before and leans(question):
            asked = in_full(question, [turn for earlier in before for turn in _turns(earlier)])
        made = _combined(question, self._parts(asked, options))
        missing = left_out(options, fit) if fit else None
        found = replace(
            made.answer,
            understood=asked if asked != question else None,
            note="; ".join(filter(None, (made.answer.note, missing))) or None,
            searched=fit.passing if fit else None,
            search=None if made.answer.answered else search_query(asked),
        )
        return replace(made, answer=found)

    def nothing_passes(self, options: AskOptions) -> str | None:
        """Why no document passes the filter of some options, and what there is; None if any passes."""
        return self._why_nothing(options, self.archive.fit(options))

    def _why_nothing(self, options: AskOptions, fit: FilterFit | None) -> str | None:
        return (
            why_nothing(options, fit, self.archive.filter(options).names) if fit and fit.documents else None
        )

    def undated(self, options: AskOptions) -> str | None:
        """How many documents a filter by date leaves out because they have none; None if none."""
        fit = self.archive.fit(options)
        return left_out(options, fit) if fit else None

    def _parts(self, question: str, options: AskOptions) -> list[Reading]:
        """A reading for each question that a question asks, or for each of two things that it compares."""
        from askbrief.question import Asked, about, alternatives, part_in_full, parts

        if compared := alternatives(question):
            readings = [self._one.reading(about(question, thing), options) for thing in compared]
            sides = zip(readings, compared, reversed(compared), strict=True)
            return [
                replace(one, answer=answer.of_one_side(one.answer, one.hits, *things))
                for one, *things in sides
            ]
        first, *others = parts(question)
        readings = [self._one.reading(first, options)]
        for part in others:
            turn = Asked(first, readings[0].answer.answer)
            readings.append(self._one.reading(part_in_full(part, turn), options))
        return readings


def _combined(question: str, readings: Sequence[Reading]) -> Reading:
    """One reading of those of a question's parts."""
    answers = [reading.answer for reading in readings]
    found = answer.combined(question, answers) if len(answers) > 1 else answers[0]
    total = {stage: sum(a.elapsed_ms[stage] for a in answers) for stage in answers[0].elapsed_ms}
    hits: list[Hit] = []
    spans: list[Span] = []
    for reading in readings:
        spans += (replace(span, hit=span.hit + len(hits)) for span in reading.spans)
        hits += reading.hits
    return Reading(replace(found, question=question, elapsed_ms=total), tuple(hits), tuple(spans))


def _turns(earlier: Answer) -> list[Asked]:
    """What was asked and answered, its parts first."""
    from askbrief.question import Asked

    return [
        Asked(
            one.understood or one.question,
            one.answer if one.answered else None,
            one.citations[0].speaker if one.answered else None,
        )
        for one in (*earlier.parts, earlier)
    ]
