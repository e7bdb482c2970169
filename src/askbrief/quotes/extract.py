"""A text to its quotations: marks, cues, contents and speakers composed, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import regex

from askbrief.english.quote_marks import MARK, Marked, find_marked, has_single_marks, with_marks
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue, cues
from askbrief.quotes.document_names import DocumentNames
from askbrief.quotes.reported_content import Content, contents
from askbrief.quotes.speaker_resolution import Attribution, Speakers
from askbrief.quotes.tokens import Tokens, masked, sentence_tokens
from askbrief.quotes.transcripts import labelled
from askbrief.types import Kind, Quotation, Sentence

RULES = 5
"""The version of the rules: an index whose quotations were found by another one finds them anew."""
_NOBODY = Attribution((0, 0), "said", None, None, None)
_FEWEST_SPACES = 4  # in a quotation without a speaker, or one among the reporter's words
_QUESTION = regex.compile(r"[?!][”\"'’]{1,2}\s*$")
_LONGEST_TAG = 16  # words in a sentence that only names who asked what was quoted before it
_NEAR = 6  # words at most before its verb


def quotations(text: str, sentences: Sequence[Sentence]) -> tuple[Quotation, ...]:
    """The direct, mixed and indirect quotations of a text, in order of start.

    ``sentences`` are those of the text. One or two words in marks are left out if no cue reports them. Never
    raises; takes time linear in the text.
    """
    paragraphs = [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)]
    marked = list(find_marked(text, [(group[0].start, group[-1].end) for group in paragraphs]))
    reader = _Reader(text, masked(text, (one for found in marked for one in found)))
    for number, (group, found) in enumerate(zip(paragraphs, marked, strict=True)):
        if number or len(paragraphs) == 1 or not _is_headline(text, group):
            reader.read(_Paragraph(group, found))
    reader.end()
    return tuple(sorted(reader.found, key=lambda one: (one.start, one.end)))


@dataclass
class _Paragraph:
    """A paragraph while it is read: its quotations, and what is known of who speaks."""

    sentences: list[Sentence]
    marked: list[Marked]
    speaking: Attribution | None = None
    fallback: Attribution | None = None  # a speaker without marks, if nobody else is named
    waiting: list[Marked] = field(default_factory=list)  # quotations without a speaker so far
    attributed: set[Marked] = field(default_factory=set)

    @property
    def joined(self) -> bool:
        """Whether it goes on with a quotation that the paragraph before left open."""
        return bool(self.marked) and self.marked[0].joined

    @property
    def begins_quoted(self) -> bool:
        return bool(self.marked) and self.marked[0].start == self.sentences[0].start

    def near(self, sentence: Sentence) -> Sequence[Marked]:
        """The quotations that begin in a sentence, and the last before, which may reach into it."""
        edges = (sentence.start, sentence.end)
        first, past = (bisect_left(self.marked, edge, key=lambda one: one.start) for edge in edges)
        return self.marked[max(0, first - 1) : past]


class _Reader:
    """Reads paragraphs in order; keeps their quotations, and who spoke last."""

    def __init__(self, text: str, plain: str) -> None:
        self.found: list[Quotation] = []
        self._text = text
        self._plain = plain
        self._names = DocumentNames(text)
        self._speakers = Speakers(text, self._names)
        self._last: Attribution | None = None
        self._announced: Attribution | None = None
        self._ends_with_question = False
        self._unattributed: list[tuple[list[Marked], list[Sentence]]] = []

    def read(self, here: _Paragraph) -> None:
        """Keep the quotations of a paragraph."""
        sentences = here.sentences
        turn = labelled(self._text, (sentences[0].start, sentences[-1].end), self._names)
        if turn:
            self._keep(turn[1], sentences[-1].end, "direct", turn[0], sentences)
            return
        if not here.joined:
            self.end()
        here.speaking = self._last if here.joined else None
        if here.begins_quoted and not here.speaking:
            here.speaking = self._announced
        words, found = Tokens([], [], [], []), list[Cue]()
        for sentence in self._with_tags(sentences):
            words = sentence_tokens(self._plain, sentence)
            found = list(cues(words, self._names))
            self._read_sentence(here, sentence, words, found)
        self._attribute_waiting(here)
        self._last = here.speaking or (here.fallback if here.waiting else None)
        self._ends_with_question = bool(here.marked) and self._text[here.marked[-1].last - 1] == "?"
        announces = found and words.words[-1:] == [":"] and not self._text[sentences[-1].end - 1].isalnum()
        self._announced = self._speakers.attribute(found[-1]) if announces else None

    def end(self) -> None:
        """The text, or a quotation over several paragraphs, ends: what has no speaker is nobody's."""
        for waiting, sentences in self._unattributed:
            self._keep_direct([one for one in waiting if self._is_sentence(one)], _NOBODY, sentences)
        self._unattributed = []

    def _read_sentence(self, here: _Paragraph, sentence: Sentence, words: Tokens, found: list[Cue]) -> None:
        self._speakers.begin_sentence(words, sentence.paragraph)
        near = here.near(sentence)
        for content in contents(words, found):
            self._read_content(here, words, content, _within(words, content, near))
        rest = [one for one in near if one.start >= sentence.start and one not in here.attributed]
        if not words.wordless(0, len(words.words)):
            rest = [one for one in rest if here.speaking and not found and self._is_long(one)]
        if here.speaking:
            self._keep_direct(rest, here.speaking, here.sentences)
        else:
            here.waiting += rest

    def _read_content(self, here: _Paragraph, words: Tokens, content: Content, within: list[Marked]) -> None:
        """Keep what a cue reports; its speaker has also said the quotations ``within``, and those before."""
        speaker = self._speakers.attribute(content.cue)
        here.attributed.update(within)
        self._keep_content(words, content, within, speaker, here.sentences)
        if within:
            if content.closing:
                before = [one for one in here.waiting if one not in within]
                self._keep_direct(before, speaker, here.sentences)
                here.attributed.update(here.waiting)
                here.waiting = []
            here.speaking = speaker
            if here.joined and here.marked[0] in here.attributed:
                for waiting, sentences in self._unattributed:
                    self._keep_direct(waiting, speaker, sentences)
                self._unattributed = []
        elif speaker.name and not here.waiting and not (here.speaking and here.speaking.name == speaker.name):
            here.speaking, here.fallback = None, speaker

    def _attribute_waiting(self, here: _Paragraph) -> None:
        """Keep the quotations that no cue reports, or leave them to the next paragraphs."""
        if here.waiting and here.fallback:
            self._keep_direct(here.waiting, here.fallback, here.sentences)
        elif here.waiting and self._last and self._goes_on(here):
            here.speaking = self._last
            self._keep_direct(here.waiting, self._last, here.sentences)
        elif here.waiting:
            self._unattributed.append((here.waiting, here.sentences))

    def _goes_on(self, here: _Paragraph) -> bool:
        """Whether a paragraph that is a quotation alone goes on with what the one before said last."""
        plain = self._plain[here.sentences[0].start : here.sentences[-1].end]
        closed = all(one.closed for one in here.waiting)
        return closed and not self._ends_with_question and not any(map(str.isalnum, plain))

    def _is_long(self, one: Marked) -> bool:
        """Whether a quotation is longer than a title or a term."""
        return self._text.count(" ", one.first, one.last) >= _FEWEST_SPACES

    def _is_sentence(self, one: Marked) -> bool:
        return self._text[one.last - 1] in ".!?…" and self._is_long(one)

    def _with_tags(self, sentences: list[Sentence]) -> Iterator[Sentence]:
        """The sentences; a question in marks is one with the words for who asks it, which follow."""
        question: Sentence | None = None
        for sentence in sentences:
            if question and self._is_tag(sentence):
                question = replace(question, end=sentence.end)
            else:
                if question:
                    yield question
                question = sentence
            if not _QUESTION.search(self._text, sentence.start, sentence.end):
                yield question
                question = None
        if question:
            yield question

    def _is_tag(self, sentence: Sentence) -> bool:
        """Whether a sentence only says who has spoken: Todd asked the mogul."""
        words = sentence_tokens(self._plain, sentence)
        if len(words.words) > _LONGEST_TAG or any(map(words.masked, range(len(words.words)))):
            return False
        cue = next(cues(words, self._names), None)
        if cue is None or cue.past >= _NEAR or not ENGLISH.auxiliaries.isdisjoint(words.lower):
            return False
        return ENGLISH.complements.isdisjoint(words.lower[: _NEAR + 2])

    def _keep_content(
        self,
        words: Tokens,
        content: Content,
        within: list[Marked],
        speaker: Attribution,
        sentences: list[Sentence],
    ) -> None:
        """Keep what a cue reports: a quotation alone is direct, one among other words mixed."""
        if words.wordless(content.first, content.past):
            self._keep_direct(within, speaker, sentences)
            return
        start, end = words.starts[content.first], words.ends[content.past - 1]
        if within:
            start, end = min(start, within[0].start), max(end, within[-1].end)
        start, end = with_marks(self._text, start, end)
        marks = within or MARK.search(self._text, start, end) or has_single_marks(self._text, start, end)
        kind: Kind = "mixed" if marks else "indirect"
        self._keep(start, end, kind, speaker, sentences)

    def _keep_direct(self, marked: Iterable[Marked], speaker: Attribution, sentences: list[Sentence]) -> None:
        for one in marked:
            cue = (one.start, one.start) if speaker is _NOBODY else speaker.cue
            self._keep(one.first, one.last, "direct", speaker._replace(cue=cue), sentences)

    def _keep(
        self, start: int, end: int, kind: Kind, speaker: Attribution, sentences: list[Sentence]
    ) -> None:
        words = self._text[start:end]
        start, end = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        if start < end:
            cue, polarity, extent, name, role = speaker
            place = sentences[0].paragraph, _touched(start, end, sentences)
            self.found.append(Quotation(start, end, kind, polarity, cue, extent, name, role, *place))


def _is_headline(text: str, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph is a headline, which nobody speaks: one sentence that no period ends."""
    return len(paragraph) == 1 and text[paragraph[0].start : paragraph[0].end].rstrip()[-1:].isalnum()


def _within(words: Tokens, content: Content, marked: Sequence[Marked]) -> list[Marked]:
    """The quotations that the content holds, or holds a part of."""
    start, end = words.starts[content.first], words.ends[content.past - 1]
    return [one for one in marked if one.start < end and one.end > start]


def _touched(start: int, end: int, sentences: list[Sentence]) -> tuple[int, int]:
    """The first and last number of the sentences that the extent touches."""
    first = bisect_right(sentences, start, key=lambda sentence: sentence.start) - 1
    last = bisect_left(sentences, end, key=lambda sentence: sentence.start) - 1
    return sentences[max(first, 0)].number, sentences[max(last, 0)].number
