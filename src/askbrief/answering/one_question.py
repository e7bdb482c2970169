"""The answer to a question that asks one thing: which way it takes, and what is composed on it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askbrief.answering import compose as answer
from askbrief.answering import digests
from askbrief.answering.archive_view import ArchiveView
from askbrief.answering.find_spans import SpanFinder
from askbrief.answering.reading_models import ReadingModels
from askbrief.answering.retrieved import Retrieved, retrieved
from askbrief.answering.superseded import Stories
from askbrief.options import AskOptions
from askbrief.text.text_fragment import linked
from askbrief.types import Answer, Hit, Span

if TYPE_CHECKING:
    from askbrief.answering.office_holders import Holders


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer came about: the hits in order of retrieval and every span that was weighed."""

    answer: Answer
    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]


class OneQuestion:
    """Answers questions that ask one thing."""

    def __init__(self, archive: ArchiveView, models: ReadingModels) -> None:
        self._archive = archive
        self._models = models
        self._finder = SpanFinder(archive, models)

    def reading(self, question: str, options: AskOptions) -> Reading:
        """The answer to a question, with everything that was retrieved and read for it."""
        from askbrief.question import require_script

        started = time.perf_counter()
        asked = retrieved(self._archive, question, options, speakers=not self._models.without_neural)
        found = time.perf_counter()
        require_script(asked.plain, asked.hits)
        reading = self._composed(asked, options)
        made = replace(reading, answer=self._completed(reading.answer))
        read = time.perf_counter()
        elapsed = {
            "retrieve": round(1000 * (found - started), 1),
            "read": round(1000 * (read - found), 1),
            "total": round(1000 * (read - started), 1),
        }
        return replace(made, answer=replace(made.answer, elapsed_ms=elapsed))

    def _composed(self, asked: Retrieved, options: AskOptions) -> Reading:
        """An answer by the first way that gives one: a refusal of unknown words, a digest of a topic or of a
        day, who holds an office, what was read; if that is nothing, a digest of keywords or of a day's
        news on a topic."""
        from askbrief.question import asked_day, asked_topic, keywords

        wanted, topic, day = asked.wanted, asked_topic(asked.plain), asked_day(asked.plain)
        composed = None if asked.names else self._unknown(asked)
        composed = composed or digests.of_topic(self._archive, asked.question, topic, asked.hits, wanted)
        if not composed and day and not day.topic:
            composed = digests.of_day(self._archive, asked.question, day, options.k, wanted)
        reading = Reading(composed, tuple(asked.hits), ()) if composed else self._read(asked, options)
        composed, hits = reading.answer, reading.hits
        if composed.answered and not composed.digest:
            stories = Stories(hits, self._archive.copied(wanted), self._archive.index.document)
            ranked = answer.ranked(hits, reading.spans, wanted.names)
            composed = answer.updated(composed, hits, ranked, stories)
        if not composed.answered and not topic:
            words = keywords(asked.plain)
            composed = digests.of_topic(self._archive, asked.question, words, hits, wanted) or composed
        if not composed.answered and day and day.topic:
            composed = digests.of_day(self._archive, asked.question, day, options.k, wanted) or composed
        return replace(reading, answer=composed)

    def _read(self, asked: Retrieved, options: AskOptions) -> Reading:
        """Who holds an office if that is all that is asked, else what was read."""
        from askbrief.question import asked_office

        office = None if asked.spoken else asked_office(asked.plain)
        if office and office.alone:
            from askbrief.answering.office_holders import find  # here, since it reads the names of documents

            archive = self._archive
            held = find(office, archive.retrieve, asked.wanted, archive.text, archive.names)
            if held.spans or (held.known and office.country):
                composed = self._held(asked, held, options.threshold)
                return Reading(composed, tuple(held.hits or asked.hits), tuple(held.spans))
        spans, policy = self._finder.find(asked, office, options.threshold)
        policy = replace(policy, names=asked.wanted.names)
        composed = answer.compose(asked.question, asked.hits, spans, policy, self._archive.copied(asked.own))
        return Reading(composed, tuple(asked.hits), tuple(spans))

    def _held(self, asked: Retrieved, held: Holders, threshold: float | None) -> Answer:
        """Who holds an office: the newest document's holder first, then those of others."""
        names = asked.wanted.names
        policy = answer.Policy(threshold or 0.0, answer.MOST_OF_DIGEST, newest=True, names=names)
        if not held.spans:
            return answer.refused(asked.question, held.hits)
        copied = self._archive.copied(asked.wanted)
        return answer.compose(asked.question, held.hits, held.spans, policy, copied)

    def _unknown(self, asked: Retrieved) -> Answer | None:
        """A refusal if the archive knows no word of a question."""
        from askbrief.answering.unknown_words import all_unknown

        index, archive = self._archive.index, self._archive

        def search(words: str) -> list[Hit]:
            return index.hits([id_ for id_, _ in index.search_text(words, 1)])

        unknown = asked.hits and all_unknown(
            asked.plain, asked.hits, search, lambda name: archive.names.forms(name)
        )
        return answer.refused(asked.question, asked.hits) if unknown else None

    def _completed(self, composed: Answer) -> Answer:
        """The answer with its speakers, links, notes and embargoes."""
        found = linked(answer.attributed(composed, self._archive.quoted), self._archive.text)
        found = answer.noted(found) if self._models.named is None else found
        return answer.embargoed(found, lambda id_: self._archive.index.document(id_).details)
