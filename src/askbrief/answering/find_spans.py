"""The spans that may answer a question, read in what was retrieved for it, and when to answer with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from askbrief.answering import compose as answer
from askbrief.answering.archive_view import ArchiveView
from askbrief.answering.reading_models import ReadingModels
from askbrief.answering.retrieved import Retrieved
from askbrief.text.extents import touched
from askbrief.types import Hit, Span

if TYPE_CHECKING:
    from askbrief.answering.who_said import Voices
    from askbrief.question import Office, SpeakerQuestion
    from askbrief.read import Calibrated, HitSentence

SURER = 2.0
"""How many times as probable an answer must be, found by reading on, than one found in what people said."""

Found = tuple[list[Span], answer.Policy]
"""Spans, best first, and when to answer with them."""


class SpanFinder:
    """Reads what was retrieved; who said what is read in the words of those who are meant."""

    def __init__(self, archive: ArchiveView, models: ReadingModels) -> None:
        self._archive = archive
        self._models = models

    def find(self, asked: Retrieved, office: Office | None, threshold: float | None) -> Found:
        """What answers a question, which may ask who holds an ``office``.

        What somebody said is read in their own sentences. Who said something is read in those of all who are
        named, first of those who hold the office that is asked for, and beside that as any other question is,
        and so is what was said by those who are called by no name; the latter is taken if it is in such a
        sentence too, and far surer.
        """
        from askbrief.read import said_in

        spoken, hits, reader = asked.spoken, asked.hits, self._models.reader
        if spoken is None:
            return _plainly(asked, office, reader, reader.read(asked.plain, hits), threshold)
        from askbrief.answering.who_said import Voices

        voices = Voices(self._archive.quoted)
        theirs = self._theirs(spoken, asked.names, hits, voices)
        said, policy, decided = self._said(asked, spoken, voices, theirs, threshold)
        if decided:
            return said, policy
        read = reader.read(asked.plain, hits)
        if spoken.who:
            read = self._without_namesakes(spoken.who, read, hits)
        if said:
            rival = said_in(read[:1], hits, theirs)
            if not rival or rival[0].score < max(SURER * said[0].score, reader.threshold):
                return said, policy
        return _plainly(asked, office, reader, read, threshold)

    def _said(
        self,
        asked: Retrieved,
        spoken: SpeakerQuestion,
        voices: Voices,
        theirs: Callable[[HitSentence, Hit], bool],
        threshold: float | None,
    ) -> tuple[list[Span], answer.Policy, bool]:
        """What answers in the words of those who are meant, and whether that decides."""
        from askbrief.answering.who_said import words_in_marks
        from askbrief.read import said_in

        hits, speech = asked.hits, self._models.speaker_reader
        own = speech.threshold(spoken)
        least = own if threshold is None else threshold
        words = None if spoken.who else words_in_marks(asked.plain)
        if words and (said := voices.of_words(words, hits, speech.fits.attributed)) is not None:
            return said, answer.Policy(least), True
        spans = speech.read(asked.plain, spoken, hits, theirs, asked.beside)
        every = spoken.who is not None and not spoken.short
        policy = answer.everything(least) if every else answer.Policy(least)
        spans = voices.worded(spans, hits) if every else spans
        if asked.names:
            return spans, policy, True
        spans = spans if spans and spans[0].score >= own else []
        if spoken.who is None and spans:
            spans = voices.telling(spans, hits)
            if not spans[0].score:
                return spans, policy, True
        if spoken.office:
            holders = said_in(spans, hits, self._mentioned(spoken.office, hits))
            spans = holders if holders and holders[0].score >= own else spans
        return spans, policy, False

    def _without_namesakes(self, who: str, spans: Sequence[Span], hits: Sequence[Hit]) -> list[Span]:
        """The spans that don't lie in the words of somebody who only shares a surname with ``who``."""
        from askbrief.read import said_in

        names = self._archive.names
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

        names = self._archive.names
        said = {
            document.id: speaking_for(
                who, self._archive.quoted(document.id), document.title, self._archive.text, names
            )
            for document in {hit.document.id: hit.document for hit in hits}.values()
        }
        return lambda sentence, hit: any(
            q.start < sentence.end and sentence.start < q.end for q in said[hit.document.id]
        )


def _plainly(
    asked: Retrieved, office: Office | None, reader: Calibrated, read: list[Span], threshold: float | None
) -> Found:
    """What was read without regard to who speaks, and when to answer with it."""
    from askbrief.english.countries import named
    from askbrief.question import is_of_another, wants_all, wants_newest

    least = reader.threshold if threshold is None else threshold
    if wants_all(asked.plain):
        return read, answer.everything(least)
    if office:
        sentences = [(span, _sentence(asked.hits[span.hit], span)) for span in read]
        kept = [
            span
            for span, sentence in sentences
            if not is_of_another(office, sentence)
            and (office.country is None or office.country in named(sentence))
        ]
        return kept, answer.Policy(least, share=answer.RELATIVE_OF_ALL, newest=office.present)
    return read, answer.Policy(least, newest=wants_newest(asked.plain))


def _sentence(hit: Hit, span: Span) -> str:
    """The text of the sentences in which a span lies."""
    around = touched(hit.sentences, span.start, span.end)
    return hit.slice(around[0].start, around[-1].end)
