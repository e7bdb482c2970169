"""A session: what a question asks, what is retrieved and read for it, and the answer composed of that."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from askbrief.answering import compose as answer
from askbrief.answering.alias_file import AliasFile
from askbrief.answering.filter_notes import left_out, why_nothing
from askbrief.answering.superseded import Stories
from askbrief.errors import IndexMismatch, empty_index
from askbrief.options import AskOptions
from askbrief.protocols import IndexReader
from askbrief.retrieve import retrieve
from askbrief.settings import NO_READER
from askbrief.text.extents import touched
from askbrief.text.text_fragment import linked
from askbrief.types import Answer, Filter, FilterFit, Hit, Quoted, Span

if TYPE_CHECKING:
    from askbrief.answering.office_holders import Holders
    from askbrief.answering.who_said import Voices
    from askbrief.english.names import KnownNames, NameMatcher
    from askbrief.question import Asked, AskedDay, Office, SpeakerQuestion
    from askbrief.read import Calibrated, HitSentence, Neural, SpeakerReader

NO_TIME = {"retrieve": 0.0, "read": 0.0, "total": 0.0}
"""Milliseconds of what is refused before anything is looked for."""

RIVALS = 5
"""Passages on the matter of a question about what somebody said, in which others may be nearer to it."""

SURER = 2.0
"""How many times as probable an answer must be, found by reading on, than one found in what people said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer came about: the hits in order of retrieval and every span that was weighed."""

    answer: Answer
    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]


class Session:
    """Answers questions from one revision of an archive, one at a time; models are loaded when first used.

    ``reader`` is as in ``Index.open``; ``aliases`` are the names that the user adds.
    """

    def __init__(
        self, index: IndexReader, reader: str | None, aliases: AliasFile, beside: Executor | None = None
    ) -> None:
        self._index = index
        self._named = reader
        self._aliases = aliases
        # Its thread lives on: starting one costs milliseconds.
        self._beside = beside or ThreadPoolExecutor(1, "askbrief")

    def of(self, index: IndexReader) -> Session:
        """The session for another revision; a reading model that is loaded goes over to it."""
        other = Session(index, self._named, self._aliases, self._beside)
        if "_model" in self.__dict__:
            other._model = self._model
        return other

    def close(self) -> None:
        """End the thread that searches for keywords."""
        self._beside.shutdown()

    def reading(self, question: str, options: AskOptions, before: Sequence[Answer] = ()) -> Reading:
        """The answer to a question, with everything that was retrieved and read for it.

        A question may lean on those answered ``before``, oldest first; one that asks several is answered part
        by part.
        """
        from askbrief.question import in_full, leans, search_query, validated_question

        question = validated_question(question)
        fit = self._fit(options)
        if nothing := fit and self.nothing_passes(options):
            refused = Answer(question, False, 0.0, None, (), dict(NO_TIME), note=nothing, searched=0)
            return Reading(refused, (), ())
        asked = question
        if before and leans(question):
            asked = in_full(question, [turn for earlier in before for turn in _turns(earlier)])
        readings = self._parts(asked, options)
        answers = [reading.answer for reading in readings]
        found = answer.combined(question, answers) if len(answers) > 1 else answers[0]
        total = {stage: sum(a.elapsed_ms[stage] for a in answers) for stage in answers[0].elapsed_ms}
        understood = asked if asked != question else None
        missing = left_out(options, fit) if fit else None
        notes = "; ".join(filter(None, (found.note, missing))) or None
        searched = fit.passing if fit else None
        offered = None if found.answered else search_query(asked)
        found = replace(
            found,
            question=question,
            understood=understood,
            elapsed_ms=total,
            note=notes,
            searched=searched,
            search=offered,
        )
        hits: list[Hit] = []
        spans: list[Span] = []
        for reading in readings:
            spans += (replace(span, hit=span.hit + len(hits)) for span in reading.spans)
            hits += reading.hits
        return Reading(found, tuple(hits), tuple(spans))

    def nothing_passes(self, options: AskOptions) -> str | None:
        """Why no document passes the filter of some options, and what there is; None if any passes."""
        fit = self._fit(options)
        return why_nothing(options, fit, self.filter(options).names) if fit and fit.documents else None

    def undated(self, options: AskOptions) -> str | None:
        """How many documents a filter by date leaves out because they have none; None if none."""
        fit = self._fit(options)
        return left_out(options, fit) if fit else None

    def _fit(self, options: AskOptions) -> FilterFit | None:
        """What passes the filter of some options; None if they have none."""
        wanted = self.filter(options)
        return self._index.fit(wanted) if wanted else None

    def _parts(self, question: str, options: AskOptions) -> list[Reading]:
        """A reading for each question that a question asks, or for each of two things that it compares."""
        from askbrief.question import Asked, about, alternatives, part_in_full, parts

        if compared := alternatives(question):
            readings = [self._reading(about(question, thing), options) for thing in compared]
            sides = zip(readings, compared, reversed(compared), strict=True)
            return [
                replace(one, answer=answer.of_one_side(one.answer, one.hits, *things))
                for one, *things in sides
            ]
        first, *others = parts(question)
        readings = [self._reading(first, options)]
        for part in others:
            turn = Asked(first, readings[0].answer.answer)
            readings.append(self._reading(part_in_full(part, turn), options))
        return readings

    def _reading(self, question: str, options: AskOptions) -> Reading:
        """The answer to a question that asks one thing."""
        from askbrief.question import (
            asked_day,
            asked_office,
            asked_topic,
            in_plain_words,
            keywords,
            require_script,
        )

        wanted, k = self.filter(options), options.k
        started = time.perf_counter()
        plain = in_plain_words(question)
        spoken, names = self._speech(plain)
        own = _both(wanted, names)
        hits = self.retrieve(plain, k, own)
        matter = spoken.topic if spoken and names and hits else ""
        beside = self.retrieve(matter, RIVALS, wanted) if matter else hits
        retrieved = time.perf_counter()
        require_script(plain, hits)
        spans: list[Span] = []
        topic = asked_topic(plain)
        office = None if spoken else asked_office(plain)
        composed = None if names else self._unknown(question, plain, hits)
        composed = composed or self._digest(question, topic, hits, wanted)
        if composed is None and office and office.alone:
            from askbrief.answering.office_holders import find  # here, since it reads the names of documents

            held = find(office, self.retrieve, wanted, self._text, self.names)
            if held.spans or (held.known and office.country):
                hits, spans = held.hits or hits, held.spans
                composed = self._held(question, held, wanted, options.threshold)
        if composed is None:
            spans, policy = self._read(plain, spoken, office, names, hits, beside, options.threshold)
            policy = replace(policy, names=wanted.names)
            composed = answer.compose(question, hits, spans, policy, self._copied(own))
        if composed.answered and not composed.digest:
            stories = Stories(hits, self._copied(wanted), self._index.document)
            composed = answer.updated(composed, hits, answer.ranked(hits, spans, wanted.names), stories)
        if not composed.answered and not topic:
            composed = self._digest(question, keywords(plain), hits, wanted) or composed
        if not composed.answered and (day := asked_day(plain)):
            composed = self._news_of(question, day, k, wanted) or composed
        found = linked(answer.attributed(composed, self._quoted), self._text)
        found = answer.noted(found) if self._named is None else found
        found = answer.embargoed(found, lambda id_: self._index.document(id_).details)
        read = time.perf_counter()
        elapsed = {
            "retrieve": round(1000 * (retrieved - started), 1),
            "read": round(1000 * (read - retrieved), 1),
            "total": round(1000 * (read - started), 1),
        }
        return Reading(replace(found, elapsed_ms=elapsed), tuple(hits), tuple(spans))

    def _unknown(self, question: str, plain: str, hits: Sequence[Hit]) -> Answer | None:
        """A refusal if the archive knows no word of a question, which ``plain`` has in the words of news."""
        from askbrief.answering.unknown_words import all_unknown

        def search(words: str) -> list[Hit]:
            return self._index.hits([id_ for id_, _ in self._index.search_text(words, 1)])

        unknown = hits and all_unknown(plain, hits, search, lambda name: self.names.forms(name))
        return answer.refused(question, hits) if unknown else None

    def _digest(self, question: str, topic: str | None, hits: Sequence[Hit], wanted: Filter) -> Answer | None:
        """A digest of what there is on a question's topic; None if it has no topic, or there is nothing."""
        from askbrief.read import read_topic

        spans = read_topic(topic, hits) if topic else []
        if not spans:
            return None
        policy = answer.Policy(0.0, answer.MOST_OF_DIGEST, newest=True, names=wanted.names)
        digest = answer.compose(question, hits, spans, policy, self._copied(wanted))
        return replace(digest, digest=True) if digest.answered else None

    def _news_of(self, question: str, asked: AskedDay, k: int, wanted: Filter) -> Answer | None:
        """A digest of the documents of a day; None if there are none."""
        from askbrief.read import read_leads, read_topic

        day = asked.among(each.date for each in self._index.documents())
        if day is None or not (wanted.since or day) <= day <= (wanted.until or day):
            return None
        narrowed = replace(wanted, since=day, until=day)
        hits = self.retrieve(asked.topic or question, k, narrowed)
        spans = read_topic(asked.topic, hits) if asked.topic else read_leads(hits)
        if not spans:
            return None
        policy = answer.Policy(0.0, answer.MOST_OF_DIGEST, names=wanted.names)
        digest = answer.compose(question, hits, spans, policy)
        return replace(digest, digest=True) if digest.answered else None

    def _held(self, question: str, held: Holders, wanted: Filter, threshold: float | None) -> Answer:
        """Who holds an office: the newest document's holder first, then those of others."""
        policy = answer.Policy(threshold or 0.0, answer.MOST_OF_DIGEST, newest=True, names=wanted.names)
        if not held.spans:
            return answer.refused(question, held.hits)
        return answer.compose(question, held.hits, held.spans, policy, self._copied(wanted))

    def retrieve(self, question: str, k: int, wanted: Filter) -> list[Hit]:
        """The ``k`` best passages that pass the filter, best first. Raises IndexMissing if there are none."""
        hits = retrieve(self._index, question, k, wanted, beside=self._beside)
        if not hits:
            self.require_documents()
        return hits

    def require_documents(self) -> None:
        """Raise IndexMissing for an empty archive."""
        if not self._index.stats().passages:
            raise empty_index(self._index.location)

    def called(self, who: str) -> list[str]:
        """The names by which the archive knows whom a question, a filter or a draft calls ``who``."""
        return self.names.find(who, self._known)

    def filter(self, options: AskOptions) -> Filter:
        """Which passages may be found; a speaker is whoever the archive knows by that name."""
        names = None if options.speaker is None else tuple(self.called(options.speaker))
        return Filter(options.since, options.until, options.source, names)

    @property
    def names(self) -> NameMatcher:
        """What compares names, with the aliases that the user keeps beside the archive."""
        return self._aliases.matcher()

    @cached_property
    def _known(self) -> KnownNames:
        from askbrief.english.names import KnownNames

        return KnownNames(self._index.speaker_names())

    def _speech(self, question: str) -> tuple[SpeakerQuestion | None, list[str]]:
        """The question as one about who said what, and by which names the archive knows whom it names."""
        from askbrief.question import as_speaker_question

        asked = None if self._named == NO_READER else as_speaker_question(question)
        if asked is None or asked.who is None:
            return asked, []
        return asked, self.called(asked.who)

    def _read(
        self,
        question: str,
        spoken: SpeakerQuestion | None,
        office: Office | None,
        names: Sequence[str],
        hits: Sequence[Hit],
        beside: Sequence[Hit],
        threshold: float | None,
    ) -> tuple[list[Span], answer.Policy]:
        """What was found in the hits, and when to answer with it; ``beside`` is what anybody says on it.

        What somebody said is read in their own sentences. Who said something is read in those of all who are
        named, first of those who hold the office that is asked for, and beside that as any other question is,
        and so is what was said by those who are called by no name; the latter is taken if it is in such a
        sentence too, and far surer.
        """
        from askbrief.answering.who_said import Voices, words_in_marks
        from askbrief.english.countries import named
        from askbrief.question import is_of_another, wants_all, wants_newest
        from askbrief.read import said_in

        spans: list[Span] = []
        if spoken:
            voices = Voices(self._quoted)
            speech, theirs = self._speech_reader, self._theirs(spoken, names, hits, voices)
            words = None if spoken.who else words_in_marks(question)
            if words and (said := voices.of_words(words, hits, speech.fits.attributed)) is not None:
                return said, answer.Policy(speech.threshold(spoken) if threshold is None else threshold)
            spans = speech.read(question, spoken, hits, theirs, beside)
            own = speech.threshold(spoken)
            every = spoken.who is not None and not spoken.short
            least = own if threshold is None else threshold
            policy = answer.everything(least) if every else answer.Policy(least)
            spans = voices.worded(spans, hits) if every else spans
            if names:
                return spans, policy
            spans = spans if spans and spans[0].score >= own else []
            if spoken.who is None and spans:
                spans = voices.telling(spans, hits)
                if not spans[0].score:
                    return spans, policy
            if spoken.office:
                holders = said_in(spans, hits, self._mentioned(spoken.office, hits))
                spans = holders if holders and holders[0].score >= own else spans
        reader = self.reader
        read = reader.read(question, hits)
        if spoken and spoken.who and not names:
            read = self._without_namesakes(spoken.who, read, hits)
        if spans:
            rival = said_in(read[:1], hits, theirs)
            if not rival or rival[0].score < max(SURER * spans[0].score, reader.threshold):
                return spans, policy
        least = reader.threshold if threshold is None else threshold
        if wants_all(question):
            return read, answer.everything(least)
        if office:
            read = [
                span
                for span in read
                if not is_of_another(office, _sentence(hits[span.hit], span))
                and (office.country is None or office.country in named(_sentence(hits[span.hit], span)))
            ]
            return read, answer.Policy(least, share=answer.RELATIVE_OF_ALL, newest=office.present)
        return read, answer.Policy(least, newest=wants_newest(question))

    def _without_namesakes(self, who: str, spans: Sequence[Span], hits: Sequence[Hit]) -> list[Span]:
        """The spans that don't lie in the words of somebody who only shares a surname with ``who``."""
        from askbrief.read import said_in

        names = self.names
        others = said_in(
            spans, hits, lambda piece, _: piece.speaker is not None and names.namesakes(who, piece.speaker)
        )
        return [span for span in spans if span not in others]

    def _theirs(
        self, spoken: SpeakerQuestion, names: Sequence[str], hits: Sequence[Hit], voices: Voices
    ) -> Callable[[HitSentence, Hit], bool]:
        """Whether a sentence is one of those whom a question means: by their names; by the words that are
        for them in a document ("the ministry"); of anybody, if it asks who it was."""
        if names:
            return lambda sentence, _: sentence.speaker in names
        if spoken.who is None:
            return voices.speaks
        return self._mentioned(spoken.who, hits)

    def _mentioned(self, who: str, hits: Sequence[Hit]) -> Callable[[HitSentence, Hit], bool]:
        """Whether in a sentence somebody speaks for whom, their document has the words ``who``."""
        from askbrief.answering.office_speakers import speaking_for

        names = self.names
        said = {
            document.id: speaking_for(who, self._quoted(document.id), document.title, self._text, names)
            for document in {hit.document.id: hit.document for hit in hits}.values()
        }
        return lambda sentence, hit: any(
            q.start < sentence.end and sentence.start < q.end for q in said[hit.document.id]
        )

    def _quoted(self, id_: str) -> list[Quoted]:
        try:
            return list(self._index.quotations(document=id_))
        except IndexMismatch:  # an older index, which keeps none
            return []

    def _text(self, id_: str) -> str:
        return self._index.document(id_).text

    def _copied(self, wanted: Filter) -> answer.Copied:
        """What gives the passages of a document's duplicates, and whether they pass a filter."""
        index = self._index

        def copied(document: str) -> list[tuple[Hit, bool]]:
            ids = index.duplicates(document)
            passing = set(index.duplicates(document, wanted)) if ids and wanted else set(ids)
            return [(hit, id_ in passing) for id_, hit in zip(ids, index.hits(ids), strict=True)]

        return copied

    @property
    def reader(self) -> Calibrated:
        """What reads if nothing is asked of anybody's words."""
        return self._scorer if self._named == NO_READER else self._model

    @cached_property
    def _speech_reader(self) -> SpeakerReader:
        from askbrief.read import SpeakerReader, shipped_fits

        return SpeakerReader(self._model, self._index.embedder, shipped_fits())

    @cached_property
    def _scorer(self) -> Calibrated:
        from askbrief.read import LexicalReader

        return LexicalReader.shipped(self._index.embedder)

    @cached_property
    def _model(self) -> Neural:
        from askbrief.read import passage_reader

        return passage_reader(self._named)


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


def _both(wanted: Filter, names: Sequence[str]) -> Filter:
    """A filter narrowed to the people whom a question names, if it lets any of them through."""
    passing = [name for name in names if wanted.names is None or name in wanted.names]
    return replace(wanted, names=tuple(passing)) if passing else wanted


def _sentence(hit: Hit, span: Span) -> str:
    """The text of the sentences in which a span lies."""
    around = touched(hit.sentences, span.start, span.end)
    return hit.slice(around[0].start, around[-1].end)
