"""A text to its quotations: marks, cues, contents and speakers composed, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import regex

from askbrief.english.quote_marks import MARK, Marked, find_marked, has_single_marks, with_marks
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue, cues
from askbrief.quotes.document_names import DocumentNames
from askbrief.quotes.plain import in_sentence_case, without_emphasis
from askbrief.quotes.reported_content import ReportedContent, contents
from askbrief.quotes.signatures import SIGNATURE, announcement, office, signature
from askbrief.quotes.speaker_resolution import Attribution, Speakers
from askbrief.quotes.tokens import Tokens, masked, sentence_tokens
from askbrief.quotes.transcripts import Turn, turns
from askbrief.types import Extent, Kind, Quotation, Sentence

LONGEST = 4_000_000
"""Characters of a text that are searched for quotations: one that is made to take long takes up to 16 seconds
for a million, and none of a newsroom is as long."""
RULES = 16
"""The version of the rules: an index whose quotations were found by another one finds them anew."""
_NOBODY = Attribution((0, 0), "said", None, None, None)
_FEWEST_SPACES = 4  # in a quotation without a speaker, or one among the reporter's words
_QUESTION = regex.compile(r"[?!][”\"'’]{1,2}\s*$")
_LIST_BELOW = regex.compile(r"\s*-\s")
_LONGEST_TAG = 16  # words in a sentence that only names who asked what was quoted before it
_NEAR = 6  # words at most before its verb


def quotations(text: str, sentences: Sequence[Sentence]) -> tuple[Quotation, ...]:
    """The direct, mixed and indirect quotations of a text, in order of start.

    ``sentences`` are those of the text. One or two words in marks are left out if no cue reports them, and so
    is everything after ``LONGEST`` characters. Never raises; takes time linear in the text.
    """
    if len(text) > LONGEST:
        sentences = [one for one in sentences if one.end <= LONGEST]
        text = text[:LONGEST]
    paragraphs = [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)]
    extents = [(group[0].start, group[-1].end) for group in paragraphs]
    marked = list(find_marked(text, extents))
    plain = without_emphasis(text)
    words = in_sentence_case(plain, sentences)
    names = DocumentNames(words)
    reader = _Reader(text, masked(words, (one for found in marked for one in found)), words, names)
    following = [*extents[1:], *[None] * bool(extents)]
    parts = zip(paragraphs, marked, turns(text, plain, extents, names), following, strict=True)
    for number, (group, found, turn, below) in enumerate(parts):
        if number or len(paragraphs) == 1 or not _is_headline(text, group):
            reader.read(_Paragraph(group, found, below), turn)
    reader.end()
    return tuple(sorted(reader.found, key=lambda one: (one.start, one.end)))


@dataclass
class _Paragraph:
    """A paragraph while it is read: its quotations, and what is known of who speaks."""

    sentences: list[Sentence]
    marked: list[Marked]
    below: Extent | None = None  # the next paragraph
    speaking: Attribution | None = None
    fallback: Attribution | None = None  # a speaker without marks, if nobody else is named
    waiting: list[Marked] = field(default_factory=list)  # quotations without a speaker so far
    attributed: set[Marked] = field(default_factory=set)
    running: tuple[Marked, Attribution] | None = None  # goes on after its sentence, which may name another
    ends: Attribution | None = None  # who speaks in its last sentence, without marks
    cued: bool = False  # whether anybody speaks in it by a cue

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

    def __init__(self, text: str, plain: str, words: str, names: DocumentNames) -> None:
        self.found: list[Quotation] = []
        self._text = text
        self._plain = plain
        self._names = names
        self._recased = words != text
        self._speakers = Speakers(words, names)
        self._last: Attribution | None = None
        self._announced: Attribution | None = None
        self._ended: Attribution | None = None  # as ``ends`` of the paragraph before
        self._ends_with_question = False
        self._unattributed: list[tuple[list[Marked], list[Sentence]]] = []
        self._block: list[list[Sentence]] = []  # paragraphs of a block quote without marks

    def read(self, here: _Paragraph, turn: Turn | None = None) -> None:
        """Keep the quotations of a paragraph, which may be a ``turn`` in a transcript."""
        sentences = here.sentences
        if turn:
            start, end = turn.start, sentences[-1].end
            whole = [one for one in here.marked if one.start <= start and one.end >= end]
            start, end = (whole[0].first, whole[0].last) if whole else (start, end)
            end = start + len(self._text[start:end].rstrip("*_ "))
            self._keep(start, end, "direct", turn.speaker, sentences)
            return
        if self._signed(here):
            return
        if not here.joined:
            self.end()
        here.speaking = self._last if here.joined else None
        if here.begins_quoted and not here.speaking:
            here.speaking = self._announced
        words, found, announcing = Tokens([], [], [], [], 0), list[Cue](), None
        for sentence in self._with_tags(sentences):
            words = sentence_tokens(self._plain, sentence)
            found = list(cues(words, self._names))
            self._read_sentence(here, sentence, words, found)
        self._attribute_waiting(here)
        self._last = here.speaking or (here.fallback if here.waiting else None)
        self._ended = here.ends
        self._ends_with_question = bool(here.marked) and self._text[here.marked[-1].last - 1] == "?"
        if words.words[-1:] == [":"]:
            announcing = found[-1] if found else announcement(words, self._names)
        self._announced = self._attribute(words, announcing) if announcing else None

    def end(self) -> None:
        """The text, or a quotation over several paragraphs, ends: what has no speaker is nobody's."""
        for waiting, sentences in self._unattributed:
            self._keep_direct([one for one in waiting if self._is_sentence(one)], _NOBODY, sentences)
        self._unattributed = []

    def _signed(self, here: _Paragraph) -> bool:
        """Keep the words of a paragraph that a signature follows, in it or below it, as the signer's."""
        start, end = here.sentences[0].start, here.sentences[-1].end
        block = not here.marked and self._in_block_quote(start)
        self._block = [*self._block, here.sentences] if block else []
        if not (here.marked or block) or (here.marked and self._worded(start, here.marked[-1].end)):
            return False
        sign = self._signature(here.marked[-1].end, end) if here.marked else None
        if not sign and here.below and (block or not self._worded(start, end)):
            sign = self._signature(*here.below)
        if not sign:
            return False
        self._speakers.begin_sentence(sign[0], here.sentences[0].paragraph)
        speaker = self._attribute(*sign)
        if here.joined:
            for waiting, sentences in self._unattributed:
                self._keep_direct(waiting, speaker, sentences)
            self._unattributed = []
        self.end()
        self._keep_direct(here.marked, speaker, here.sentences)
        for sentences in self._block:
            self._keep(sentences[0].start, sentences[-1].end, "direct", speaker, sentences)
        self._block, self._last, self._announced = [], None, None
        return True

    def _attribute(self, words: Tokens, cue: Cue) -> Attribution:
        """Who speaks by a cue, with the office in a label or a signature."""
        speaker = self._speakers.attribute(cue)
        beside = office(words, cue)
        if beside is None or speaker.name is None:
            return speaker
        return speaker._replace(role=self._text[words.starts[beside[0]] : words.ends[beside[1] - 1]])

    def _signature(self, start: int, end: int) -> tuple[Tokens, Cue] | None:
        """The words of a signature that is all of an extent, and its cue."""
        if not SIGNATURE.fullmatch(self._plain, start, end):
            return None
        if self._plain[start] == "-" and _LIST_BELOW.match(self._plain, end):
            return None  # an item of a list
        words = sentence_tokens(self._plain, Sentence(start, end, 1, 1))
        cue = signature(words, self._names)
        return (words, cue) if cue else None

    def _worded(self, start: int, end: int) -> bool:
        """Whether there are words outside quotations."""
        return any(map(str.isalnum, self._plain[start:end]))

    def _in_block_quote(self, start: int) -> bool:
        """Whether a paragraph is in a block quote of Markdown."""
        return self._text[self._text.rfind("\n", 0, start) + 1 : start].lstrip()[:1] == ">"

    def _read_sentence(self, here: _Paragraph, sentence: Sentence, words: Tokens, found: list[Cue]) -> None:
        self._speakers.begin_sentence(words, sentence.paragraph)
        here.ends, here.cued = None, here.cued or bool(found)
        near = here.near(sentence)
        for content in contents(words, found):
            self._read_content(here, words, content, _within(words, content, near))
        rest = [one for one in near if one.start >= sentence.start and one not in here.attributed]
        if not words.wordless(0, len(words.words)):
            rest = [one for one in rest if here.speaking and not found and self._is_long(one)]
        self._keep_running(here, sentence)
        if here.speaking and rest and rest[-1].last > sentence.end:
            here.running = (rest.pop(), here.speaking)
        if here.speaking:
            self._keep_direct(rest, here.speaking, here.sentences)
        else:
            here.waiting += rest

    def _keep_running(self, here: _Paragraph, sentence: Sentence) -> None:
        """Keep a quotation that began in an earlier sentence and ends in this one, if no cue reports it."""
        if here.running and here.running[0].last <= sentence.end:
            one, speaker = here.running
            here.running = None
            if one not in here.attributed:
                self._keep_direct([one], speaker, here.sentences)

    def _read_content(
        self, here: _Paragraph, words: Tokens, content: ReportedContent, within: list[Marked]
    ) -> None:
        """Keep what a cue reports; its speaker has also said the quotations ``within``, and those before."""
        speaker = self._attribute(words, content.cue)
        here.ends = None if within else speaker
        here.attributed.update(within)
        self._keep_content(words, content, within, speaker, here.sentences)
        if content.cue.form == "beside":
            return  # whose claim it is doesn't say who speaks in the paragraph
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
        elif here.waiting and self._ended and self._ended.name and self._opens(here):
            here.speaking = self._ended
            self._keep_direct(here.waiting, self._ended, here.sentences)
        elif here.waiting:
            self._unattributed.append((here.waiting, here.sentences))

    def _goes_on(self, here: _Paragraph) -> bool:
        """Whether a paragraph that is a quotation alone goes on with what the one before said last."""
        closed = all(one.closed for one in here.waiting)
        worded = self._worded(here.sentences[0].start, here.sentences[-1].end)
        return closed and not self._ends_with_question and not worded

    def _opens(self, here: _Paragraph) -> bool:
        """Whether a paragraph begins with whole quoted sentences, and nobody else speaks in it."""
        if not here.begins_quoted or here.joined or here.cued or self._ends_with_question:
            return False
        gaps = pairwise(here.waiting)
        run = here.waiting == here.marked and not any(self._worded(a.end, b.start) for a, b in gaps)
        return run and all(one.closed and self._is_sentence(one) for one in here.waiting)

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
        content: ReportedContent,
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
            if self._recased and name and name not in self._text and name.upper() in self._text:
                name, role = name.upper(), role and role.upper()
            place = sentences[0].paragraph, _touched(start, end, sentences)
            self.found.append(Quotation(start, end, kind, polarity, cue, extent, name, role, *place))


def _is_headline(text: str, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph is a headline, which nobody speaks: one sentence that no period ends."""
    return len(paragraph) == 1 and text[paragraph[0].start : paragraph[0].end].rstrip()[-1:].isalnum()


def _within(words: Tokens, content: ReportedContent, marked: Sequence[Marked]) -> list[Marked]:
    """The quotations that the content holds, or holds a part of."""
    start, end = words.starts[content.first], words.ends[content.past - 1]
    return [one for one in marked if one.start < end and one.end > start]


def _touched(start: int, end: int, sentences: list[Sentence]) -> tuple[int, int]:
    """The first and last number of the sentences that the extent touches."""
    first = bisect_right(sentences, start, key=lambda sentence: sentence.start) - 1
    last = bisect_left(sentences, end, key=lambda sentence: sentence.start) - 1
    return sentences[max(first, 0)].number, sentences[max(last, 0)].number
