"""Who said something: the sentences in which anybody speaks, and whether they name them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from askbrief.english.lexicon import choice
from askbrief.english.reporting import ENGLISH
from askbrief.text.extents import touched
from askbrief.types import Extent, Hit, Quoted, Span

if TYPE_CHECKING:
    from askbrief.read import HitSentence

FEWEST = 3
"""Words in marks, at least, that a question gives as what was said, and not as a term."""

_UNSAID = re.compile(rf"(?:\b(?:never|not|nobody|no one|cannot)|n['’]t) {choice('telling')}\b", re.IGNORECASE)
"""What was not said: “I never said it was safe”."""
_IN_MARKS = re.compile(r"[“\"](.+)[”\"]|[‘'](.+)[’'](?!\w)")


class Voices:
    """The quotations of some documents, asked for who speaks in them.

    A document's quotations are asked of ``quoted``, by its id, when they are first needed.
    """

    def __init__(self, quoted: Callable[[str], Sequence[Quoted]]) -> None:
        self._quoted = quoted
        self._of: dict[str, Sequence[Quoted]] = {}

    def speaks(self, sentence: HitSentence, hit: Hit) -> bool:
        """Whether somebody says something in a sentence, named or not, or did not say it."""
        said = sentence.speaker or any(self._touching(hit, sentence.start, sentence.end))
        return bool(said or _UNSAID.search(sentence.text))

    def telling(self, spans: Sequence[Span], hits: Sequence[Hit]) -> list[Span]:
        """The spans whose sentences say who speaks; an answer is the words for somebody unnamed.

        If the first doesn't, or gives what was not said, all are certain to be wrong, since what comes after
        it is less likely what was said.
        """
        found = [self._told(span, hits[span.hit]) for span in spans]
        if found and found[0] is None:
            return [replace(span, score=0.0) for span in spans]
        return [span for span in found if span]

    def worded(self, spans: Sequence[Span], hits: Sequence[Hit]) -> list[Span]:
        """The spans with the words that are said in their sentences, if quotations give them: of several,
        the one that the span touches, else the longest."""
        return [replace(span, start=at[0], end=at[1]) for span in spans for at in [self._said(span, hits)]]

    def _said(self, span: Span, hits: Sequence[Hit]) -> Extent:
        hit = hits[span.hit]
        sentence = touched(hit.sentences, span.start, span.start + 1)[0]
        found = [
            (max(one.quotation.start, sentence.start), min(one.quotation.end, sentence.end))
            for one in self._touching(hit, sentence.start, sentence.end)
        ]
        first, last = span.start, span.end

        def fit(at: Extent) -> tuple[int, int]:
            return min(at[1], last) - max(at[0], first), at[1] - at[0]

        start, end = max(found, key=fit, default=(first, last))
        return start, start + len(hit.slice(start, end).rstrip(" ,;:"))

    def of_words(self, words: str, hits: Sequence[Hit], score: float) -> list[Span] | None:
        """The spans for who speaks in quotations that have these very words, certain to be wrong if nothing
        says who speaks; None if none of the hits' documents has such a quotation."""
        wanted = f" {_plain(words)} "
        found = [
            (number, one)
            for number, hit in enumerate(hits)
            for one in self._touching(hit, hit.start, hit.end)
            if wanted in f" {_plain(one.text)} "
        ]
        if not found:
            return None
        told = [_speaker(number, hits[number], one, score) for number, one in found]
        return [span for span in told if span] or [_words(n, hits[n], one, 0.0) for n, one in found]

    def _told(self, span: Span, hit: Hit) -> Span | None:
        """The span, as the words for the speaker if its sentence has no name for them; None if it has
        neither, or nobody said it."""
        sentence = touched(hit.sentences, span.start, span.start + 1)[0]
        found = list(self._touching(hit, sentence.start, sentence.end))
        denied = found and all(one.quotation.polarity == "denied" for one in found)
        if denied or _UNSAID.search(hit.slice(sentence.start, sentence.end)):
            return None
        if sentence.speaker or any(one.quotation.name for one in found):
            return span
        told = (_speaker(span.hit, hit, one, span.score) for one in found)
        return next((one for one in told if one), None)

    def _touching(self, hit: Hit, start: int, end: int) -> Iterator[Quoted]:
        id_ = hit.document.id
        if id_ not in self._of:
            self._of[id_] = self._quoted(id_)
        return (one for one in self._of[id_] if one.quotation.start < end and start < one.quotation.end)


def words_in_marks(question: str) -> str | None:
    """What a question quotes as having been said; None if it quotes nothing, or a term."""
    found = _IN_MARKS.search(question)
    words = (found[1] or found[2]) if found else ""
    return words if len(_plain(words).split()) >= FEWEST else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _speaker(number: int, hit: Hit, one: Quoted, score: float) -> Span | None:
    """The words for who says a quotation, if they are in one of its sentences and are no pronoun; else its
    own words in its first sentence, if it is known who says it; else None."""
    said, speaker = one.quotation, one.quotation.speaker
    pronoun = one.speaker is None or one.speaker.lower() in ENGLISH.pronouns
    if said.name is None and pronoun:
        return None
    sentences = touched(hit.sentences, said.start, said.end)
    if speaker and not pronoun and sentences[0].start <= speaker[0] and speaker[1] <= sentences[-1].end:
        return Span(number, *speaker, score)
    return _words(number, hit, one, score)


def _words(number: int, hit: Hit, one: Quoted, score: float) -> Span:
    """The words of a quotation in the first sentence that it has in a hit."""
    first = touched(hit.sentences, one.quotation.start, one.quotation.end)[0]
    return Span(number, max(one.quotation.start, first.start), min(one.quotation.end, first.end), score)
