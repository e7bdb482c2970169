"""A text to its quotations: marks, cues and contents composed, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import regex

from askbrief.english.lexicon import tables
from askbrief.english.quote_marks import MARK, Marked, find_marked
from askbrief.quotes.contents import Content, contents
from askbrief.quotes.cues import cues
from askbrief.quotes.names import Names
from askbrief.quotes.resolve import Voice, Voices
from askbrief.quotes.tokens import Tokens, masked, tokens
from askbrief.quotes.transcripts import labelled
from askbrief.types import Kind, Quotation, Sentence

_NOBODY = Voice((0, 0), "said", None, None, None)
_LEAST = 4  # spaces in a quotation that is told without a speaker
_QUESTION = regex.compile(r"[?!][”\"'’]{1,2}\s*$")
_ASKING = 16  # words at most in a sentence that tells who asked what was quoted before it
_NEAR = 6  # words at most before its verb


def quotations(text: str, sentences: Sequence[Sentence]) -> tuple[Quotation, ...]:
    """The quotations of a text, direct, mixed and indirect, in order of start.

    ``sentences`` are those of the text. A word or two in marks that nobody is said to say is none. Never
    raises; takes time linear in the text.
    """
    paragraphs = [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)]
    extents = [(group[0].start, group[-1].end) for group in paragraphs]
    marked = list(find_marked(text, extents))
    names = Names(text)
    reader = _Reader(text, masked(text, (one for found in marked for one in found)), names)
    for number, (group, found) in enumerate(zip(paragraphs, marked, strict=True)):
        if number or not _heads(text, group, paragraphs[1:]):
            reader.read(group, found)
    reader.end()
    return tuple(sorted(reader.found, key=lambda one: (one.start, one.end)))


class _Reader:
    """Reads paragraphs in order, and keeps what it finds and who spoke last."""

    def __init__(self, text: str, plain: str, names: Names) -> None:
        self.found: list[Quotation] = []
        self._text = text
        self._plain = plain
        self._names = names
        self._voices = Voices(text, names)
        self._last: Voice | None = None
        self._announced: Voice | None = None
        self._asked = False
        self._open: list[
            tuple[list[Marked], list[Sentence]]
        ] = []  # paragraphs of a quotation without a voice yet

    def read(self, sentences: list[Sentence], marked: list[Marked]) -> None:
        """The quotations of a paragraph."""
        spoken = labelled(self._text, (sentences[0].start, sentences[-1].end), self._names)
        if spoken:
            self._keep(spoken[1], sentences[-1].end, "direct", spoken[0], sentences)
            return
        joined = bool(marked and marked[0].joined)
        if not joined:
            self._close(None)
        speaking = self._last if joined else None
        if marked and marked[0].start == sentences[0].start and not speaking:
            speaking = self._announced
        starts = [one.start for one in marked]
        governed: set[Marked] = set()
        waiting: list[Marked] = []
        lent: Voice | None = None
        for sentence in self._units(sentences):
            words = tokens(self._plain, sentence)
            self._voices.hear(words, sentence.paragraph)
            known = list(cues(words, self._names))
            near = _near(sentence, marked, starts)
            for content in contents(words, known):
                voice = self._voices.voice(content.cue)
                within = _within(words, content, near)
                governed.update(within)
                self._add(words, content, within, voice, sentences)
                if waiting and content.closing and within:
                    governed.update(waiting)
                    self._directly([one for one in waiting if one not in within], voice, sentences)
                    waiting = []
                if within:
                    speaking = voice
                    if joined and marked[0] in governed:
                        self._close(voice)
                elif voice.name and not waiting and not (speaking and speaking.name == voice.name):
                    speaking, lent = None, voice
            rest = [one for one in near if one.start >= sentence.start and one not in governed]
            if not words.wordless(0, len(words.words)):
                rest = [one for one in rest if speaking and not known and self._long(one)]
            if speaking:
                self._directly(rest, speaking, sentences)
            else:
                waiting += rest
        if waiting and lent:
            self._directly(waiting, lent, sentences)
        elif waiting and self._last and self._goes_on(waiting, sentences):
            speaking = self._last
            self._directly(waiting, speaking, sentences)
        elif waiting:
            self._open.append((waiting, sentences))
        self._last = speaking or (lent if waiting else None)
        self._asked = bool(marked) and self._text[marked[-1].last - 1] == "?"
        announces = known and not self._text[sentences[-1].end - 1].isalnum() and words.words[-1:] == [":"]
        self._announced = self._voices.voice(known[-1]) if announces else None

    def _goes_on(self, waiting: Sequence[Marked], sentences: Sequence[Sentence]) -> bool:
        """Whether a paragraph that is a quotation alone goes on with what the one before said last."""
        closed = all(one.closed for one in waiting)
        plain = self._plain[sentences[0].start : sentences[-1].end]
        return closed and not self._asked and not any(map(str.isalnum, plain))

    def _long(self, one: Marked) -> bool:
        """Whether a quotation among the reporter's words is longer than a title or a term."""
        return self._text.count(" ", one.first, one.last) >= _LEAST

    def end(self) -> None:
        """The text ends: what is still open is nobody's."""
        self._close(None)

    def _close(self, voice: Voice | None) -> None:
        """Keep what was left open, in this voice or as nobody's."""
        for waiting, sentences in self._open:
            self._directly(
                [one for one in waiting if voice or _whole(self._text, one)], voice or _NOBODY, sentences
            )
        self._open = []

    def _units(self, sentences: list[Sentence]) -> Iterator[Sentence]:
        """The sentences; a question in marks and the words for who asks it, that follow, are read as one."""
        held: Sentence | None = None
        for sentence in sentences:
            if held and self._asks(sentence):
                held = replace(held, end=sentence.end)
            else:
                if held:
                    yield held
                held = sentence
            if not _QUESTION.search(self._text, sentence.start, sentence.end):
                yield held
                held = None
        if held:
            yield held

    def _asks(self, sentence: Sentence) -> bool:
        """Whether a sentence is one that only tells who has spoken: Todd asked the mogul."""
        words = tokens(self._plain, sentence)
        if len(words.words) > _ASKING or any(map(words.masked, range(len(words.words)))):
            return False
        known = list(cues(words, self._names))
        told = known and known[0].past < _NEAR and tables().auxiliaries.isdisjoint(words.lower)
        return bool(told) and tables().complements.isdisjoint(words.lower[: _NEAR + 2])

    def _directly(self, marked: Sequence[Marked], voice: Voice, sentences: list[Sentence]) -> None:
        for one in marked:
            cue = (one.start, one.start) if voice is _NOBODY else voice.cue
            self._keep(one.first, one.last, "direct", voice._replace(cue=cue), sentences)

    def _add(
        self, words: Tokens, content: Content, within: list[Marked], voice: Voice, sentences: list[Sentence]
    ) -> None:
        """What a cue reports: a quotation alone is direct, one among other words mixed."""
        if words.wordless(content.first, content.past):
            self._directly(within, voice, sentences)
            return
        start, end = words.starts[content.first], words.ends[content.past - 1]
        if within:
            start, end = min(start, within[0].start), max(end, within[-1].end)
        kind: Kind = "mixed" if within or MARK.search(self._text, start, end) else "indirect"
        self._keep(start, end, kind, voice, sentences)

    def _keep(self, start: int, end: int, kind: Kind, voice: Voice, sentences: list[Sentence]) -> None:
        while start < end and self._text[start].isspace():
            start += 1
        while start < end and self._text[end - 1].isspace():
            end -= 1
        if start < end:
            numbers = _touched(start, end, sentences)
            paragraph = sentences[0].paragraph
            cue, polarity, speaker, name, role = voice
            self.found.append(
                Quotation(start, end, kind, polarity, cue, speaker, name, role, paragraph, numbers)
            )


def _heads(text: str, first: list[Sentence], others: Sequence[list[Sentence]]) -> bool:
    """Whether the first paragraph is a headline, which nobody speaks: one sentence that no period ends."""
    return len(first) == 1 and bool(others) and text[first[0].start : first[0].end].rstrip()[-1:].isalnum()


def _whole(text: str, one: Marked) -> bool:
    """Whether a quotation is a sentence: of some length, with a period or the like at its end."""
    inside = text[one.first : one.last].rstrip()
    return inside.endswith((".", "!", "?", "…")) and inside.count(" ") >= _LEAST


def _near(sentence: Sentence, marked: Sequence[Marked], starts: Sequence[int]) -> Sequence[Marked]:
    """The quotations that begin in a sentence, and the last before, which may reach into it."""
    first = max(0, bisect_left(starts, sentence.start) - 1)
    return marked[first : bisect_left(starts, sentence.end)]


def _within(words: Tokens, content: Content, marked: Sequence[Marked]) -> list[Marked]:
    """The quotations that the content holds, or holds a part of."""
    start, end = words.starts[content.first], words.ends[content.past - 1]
    return [one for one in marked if one.start < end and one.end > start]


def _touched(start: int, end: int, sentences: list[Sentence]) -> tuple[int, int]:
    """The first and last number of the sentences that the extent touches."""
    first = bisect_right(sentences, start, key=lambda sentence: sentence.start) - 1
    last = bisect_left(sentences, end, key=lambda sentence: sentence.start) - 1
    return sentences[max(first, 0)].number, sentences[max(last, 0)].number
