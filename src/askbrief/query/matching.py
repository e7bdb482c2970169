"""Where in a document a query matches: a function of the document's text and sentences alone.

Words are looked for in the sentences, those that can be cited. A phrase may go over the end of a sentence,
but not over words that are in no sentence, nor over somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from askbrief.query.query_words import WORD, Folded, folded
from askbrief.query.syntax import (
    All,
    AnyOf,
    Dated,
    Not,
    Phrase,
    Query,
    SourceName,
    SpokenBy,
    Word,
    is_about_speakers,
)
from askbrief.text import source_pattern
from askbrief.types import Extent, Sentence, Source, days_of

BREAK = "\x1e"
"""Stands in the place of what no phrase may go over."""

_BEGIN, _END, _MORE = r"(?<![^\W_])", r"(?![^\W_])", r"[^\W_]*"
_APART = rf"(?:(?!{BREAK})[\W_])+"
_WORD_OR_BREAK = re.compile(rf"[^\W_]+|{BREAK}+")

Speaks = Callable[[Sentence], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence in which a query matches, and the words there that do, as extents of the document's text."""

    sentence: Sentence
    marks: tuple[Extent, ...]


def is_matched(query: Query, document: Source, text: str, sentences: Sequence[Sentence]) -> bool:
    """Whether a document with these sentences matches."""
    return _found(query, _View(document, text, tuple(sentences))).matched


def places(query: Query, document: Source, text: str, sentences: Sequence[Sentence]) -> list[Place]:
    """The sentences in which the query matches, in order, if the document does; of a query for a speaker
    alone, all that they say."""
    view = _View(document, text, tuple(sentences))
    found = _found(query, view)
    if not found.matched:
        return []
    marks = _joined(found.marks)
    each_marked = ((each, _within(each, marks, text)) for each in view.sentences)
    return [
        Place(each, inside)
        for each, inside in each_marked
        if inside or (each.start, each.end) in found.spoken
    ]


def _within(sentence: Sentence, marks: Sequence[Extent], text: str) -> tuple[Extent, ...]:
    """The marks in a sentence; of one that goes on in the next, its words in this one."""
    inside = []
    for start, end in marks:
        if start < sentence.end and sentence.start < end:
            cut = max(start, sentence.start), min(end, sentence.end)
            if cut != (start, end):
                words = [(one.start(), one.end()) for one in WORD.finditer(text, *cut)]
                cut = words[0][0], words[-1][1]
            inside.append(cut)
    return tuple(inside)


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether a part of a query matches, the words that do, and the sentences that somebody says."""

    matched: bool
    marks: tuple[Extent, ...] = ()
    spoken: frozenset[Extent] = frozenset()


NOTHING = _Found(False)


@dataclass(slots=True)
class _View:
    """The sentences of a document in which words count."""

    document: Source
    text: str
    sentences: tuple[Sentence, ...]
    _folded: Folded | None = field(default=None)

    def narrowed(self, speaks: Speaks) -> _View:
        """The same of some of the sentences."""
        return _View(self.document, self.text, tuple(filter(speaks, self.sentences)))

    def find(self, leaf: Word | Phrase) -> Iterator[Extent]:
        """Extents of the words that match."""
        if self._folded is None:
            self._folded = folded(_seen(self.text, self.sentences))
        seen = self._folded
        for start, end in _extents(leaf, seen.text):
            yield seen.at(start), seen.at(end)


def _seen(text: str, sentences: Sequence[Sentence]) -> str:
    """The text from its beginning to the end of the last sentence, with breaks in the place of words that are
    in none of the sentences."""
    pieces: list[str] = []
    end = 0
    for each in sentences:
        between = text[end : each.start]
        pieces += [BREAK * len(between) if WORD.search(between) else between, text[each.start : each.end]]
        end = each.end
    return "".join(pieces)


def _found(query: Query, view: _View) -> _Found:
    """What of a query matches in the sentences of a view."""
    match query:
        case Word() | Phrase():
            marks = tuple(view.find(query))
            return _Found(bool(marks), marks)
        case SpokenBy():
            return _spoken(query, view)
        case SourceName(pattern):
            return _Found(source_pattern.matches(pattern, view.document.source))
        case Dated(since, until):
            return _Found(_is_dated(view.document.date, since, until))
        case Not(of):
            return _Found(not _found(of, view).matched)
        case AnyOf(several):
            return _union([each for part in several if (each := _found(part, view)).matched])
        case All(several):
            return _all(several, view)


def _all(several: Sequence[Query], view: _View) -> _Found:
    """All of several; what they say who are named among them is the only place where the others count."""
    voices = [part for part in several if is_about_speakers(part)]
    others = [part for part in several if not is_about_speakers(part)]
    if voices:
        view = view.narrowed(lambda sentence: all(_says(part, sentence) for part in voices))
        if not view.sentences:
            return NOTHING
    found = [_found(part, view) for part in others]
    if not all(each.matched for each in found):
        return NOTHING
    together = _union(found) if found else _Found(True)
    if voices and not together.marks and not together.spoken:
        return _Found(True, (), frozenset((each.start, each.end) for each in view.sentences))
    return together


def _union(found: Sequence[_Found]) -> _Found:
    marks = tuple(mark for each in found for mark in each.marks)
    return _Found(bool(found), marks, frozenset().union(*(each.spoken for each in found)))


def _spoken(query: SpokenBy, view: _View) -> _Found:
    spoken = frozenset((each.start, each.end) for each in view.sentences if _says(query, each))
    return _Found(bool(spoken), (), spoken)


def _says(query: Query, sentence: Sentence) -> bool:
    """Whether a sentence is said by whom a query about speakers asks for."""
    match query:
        case SpokenBy():
            return sentence.speaker in query.names
        case Not(of):
            return not _says(of, sentence)
        case All(several):
            return all(_says(part, sentence) for part in several)
        case AnyOf(several):
            return any(_says(part, sentence) for part in several)
    raise TypeError(f"{query} isn't about speakers")


def _is_dated(date: str | None, since: str | None, until: str | None) -> bool:
    """Whether all days that a date may be are in a range, as with ``types.Filter``."""
    if date is None:
        return False
    first, last = days_of(date)
    return (since is None or first >= since) and (until is None or last <= until)


# -- words in a folded text


def _extents(leaf: Word | Phrase, text: str) -> Iterator[Extent]:
    if isinstance(leaf, Phrase) and leaf.within is not None:
        yield from _near(leaf.words, leaf.within, text)
        return
    for found in _pattern(leaf).finditer(text):
        yield found.span()


@lru_cache(maxsize=256)
def _pattern(leaf: Word | Phrase) -> re.Pattern[str]:
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    return re.compile(
        _BEGIN + _APART.join(re.escape(each.word) + (_MORE if each.prefix else _END) for each in words)
    )


def _near(words: Sequence[Word], within: int, text: str) -> Iterator[Extent]:
    """The words wherever all of them are so near to one another, each time in the fewest words behind the
    first."""
    events: list[tuple[int, Extent, frozenset[int]]] = []
    number, reach = 0, len(words) + within
    for token in _WORD_OR_BREAK.finditer(text):
        if token[0][0] == BREAK:
            number += reach
            continue
        number += 1
        which = frozenset(n for n, each in enumerate(words) if _is(each, token[0]))
        if which:
            events.append((number, token.span(), which))
    for first, (begin, _, _) in enumerate(events):
        chosen = _Assigned(len(words))
        for last in range(first, len(events)):
            if events[last][0] >= begin + reach:
                break
            added = chosen.add(last, events[last][2])
            if last == first and not added:
                break
            if chosen.complete:
                yield from (events[each][1] for each in chosen.events)
                break


def _is(word: Word, token: str) -> bool:
    return token.startswith(word.word) if word.prefix else token == word.word


class _Assigned:
    """Each of several words given a place of its own, as far as the places so far allow it: two words that
    could both be one place need two."""

    def __init__(self, count: int) -> None:
        self._word_at: dict[int, frozenset[int]] = {}
        self._place_of: dict[int, int] = {}
        self._count = count

    def add(self, place: int, which: frozenset[int]) -> bool:
        """Use a place that may be any of the words ``which``, if it makes more words have one."""
        self._word_at[place] = which
        return self._give(place, set())

    def _give(self, place: int, tried: set[int]) -> bool:
        for word in self._word_at[place] - tried:
            tried.add(word)
            if word not in self._place_of or self._give(self._place_of[word], tried):
                self._place_of[word] = place
                return True
        return False

    @property
    def complete(self) -> bool:
        return len(self._place_of) == self._count

    @property
    def events(self) -> list[int]:
        return sorted(self._place_of.values())


def _joined(marks: Sequence[Extent]) -> list[Extent]:
    """Extents in order, those that overlap as one."""
    joined: list[Extent] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
