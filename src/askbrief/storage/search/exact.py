"""Exact search: what keeps the archive finds which documents have words, and sets of these are combined.

Where words alone decide, no text is read. A phrase is verified in the text of each document that may have it,
and so is what somebody in particular says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from askbrief.query import All, AnyOf, Dated, Not, Phrase, Query, SourceName, SpokenBy, Word, is_matched
from askbrief.storage.db import documents, passages, quotations
from askbrief.storage.db.database import Database
from askbrief.storage.search.keywords import BEYOND, LONGEST_WORD, KeywordIndex
from askbrief.types import Filter, Match, Sentence, Source


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Documents, by row, with scores: all that match and, unless ``exact``, some that don't."""

    scores: dict[int, float]
    exact: bool = True


class WordIndex(Protocol):
    """What exact search asks of an archive: documents, by row."""

    def passing(self, wanted: Filter) -> set[int]:
        """The documents that pass a filter; names of speakers don't count."""

    def quoting(self, names: Sequence[str]) -> set[int]:
        """The documents that quote somebody by one of these names."""

    def having(self, word: Word, among: set[int]) -> dict[int, float]:
        """The documents with a folded word, or with one that begins so, and how well they have it."""

    def having_phrase(self, words: Sequence[str], among: set[int]) -> dict[int, float]:
        """At least the documents in which these folded words, at most ``BEYOND`` + 1, follow one another."""

    def sources(self, rows: Iterable[int]) -> dict[int, Source]:
        """What a citation says of these documents."""

    def read(self, id_: str) -> tuple[str, Sequence[Sentence]]:
        """The text and the sentences of a document."""


@dataclass(frozen=True, slots=True)
class KeywordWords:
    """Fills ``WordIndex`` with a folder; ``keywords`` together hold all its passages."""

    database: Database
    keywords: Sequence[KeywordIndex]

    def passing(self, wanted: Filter) -> set[int]:
        """The documents that pass a filter; names of speakers don't count."""
        return documents.passing(self.database, wanted)

    def quoting(self, names: Sequence[str]) -> set[int]:
        """The documents that quote somebody by one of these names."""
        return quotations.quoting(self.database, names)

    def having(self, word: Word, among: set[int]) -> dict[int, float]:
        """The documents with a folded word, or with one that begins so, and how well they have it."""
        having = (part.having(word.word, prefix=word.prefix) for part in self.keywords)
        return self._best(dict(chain.from_iterable(having)), among)

    def having_phrase(self, words: Sequence[str], among: set[int]) -> dict[int, float]:
        """At least the documents in which these folded words, at most ``BEYOND`` + 1, follow one another."""
        having = (part.having_phrase(words) for part in self.keywords)
        return self._best(dict(chain.from_iterable(having)), among)

    def sources(self, rows: Iterable[int]) -> dict[int, Source]:
        """What a citation says of these documents."""
        return documents.sources(self.database, rows)

    def read(self, id_: str) -> tuple[str, Sequence[Sentence]]:
        """The text and the sentences of a document."""
        return documents.read(self.database, id_).text, documents.sentences(self.database, id_)

    def _best(self, scores: dict[int, float], among: set[int]) -> dict[int, float]:
        """The documents of some passages, each with its best score."""
        best: dict[int, float] = {}
        for id_, row in passages.documents_of(self.database, scores):
            if row in among:
                best[row] = max(best.get(row, 0.0), scores[id_])
        return best


@dataclass(frozen=True, slots=True)
class ExactSearch:
    """Finds the documents of one revision."""

    words: WordIndex

    def matches(self, query: Query, wanted: Filter) -> list[Match]:
        """Fills ``IndexReader.search_exact``."""
        every = self.words.passing(wanted)
        found = self._candidates(query, every)
        sources = self.words.sources(found.scores)
        made = (Match(sources[row], score) for row, score in found.scores.items())
        return [each for each in made if found.exact or self._matches(query, each.document)]

    def _matches(self, query: Query, source: Source) -> bool:
        text, sentences = self.words.read(source.id)
        return is_matched(query, source, text, sentences)

    def _candidates(self, query: Query, every: set[int]) -> _Candidates:
        """What may match of ``every`` document that is looked at."""
        match query:
            case Word():
                exact = len(query.word) <= LONGEST_WORD - query.prefix
                return _Candidates(self.words.having(query, every), exact)
            case Phrase():
                return _Candidates(_in_all(list(self._runs(query, every))), exact=False)
            case SpokenBy(_, names):
                rows = self.words.quoting(names) if names else set()
                return _Candidates(dict.fromkeys(rows & every, 0.0), exact=False)
            case SourceName(pattern):
                return self._passing(Filter(source=pattern), every)
            case Dated(since, until):
                return self._passing(Filter(since, until), every)
            case Not(of):
                found = self._candidates(of, every)
                return _Candidates(
                    dict.fromkeys(every - found.scores.keys() if found.exact else every, 0.0), found.exact
                )
            case All(several):
                return self._all(several, every)
            case AnyOf(several):
                parts = [self._candidates(part, every) for part in several]
                return _Candidates(
                    _in_any([part.scores for part in parts]), all(part.exact for part in parts)
                )

    def _all(self, several: Sequence[Query], every: set[int]) -> _Candidates:
        """What may match all of several, each looked for among what may match those before."""
        parts = []
        for part in several:
            parts.append(self._candidates(part, every))
            every = set(parts[-1].scores)
        return _Candidates(_in_all([part.scores for part in parts]), all(part.exact for part in parts))

    def _passing(self, wanted: Filter, every: set[int]) -> _Candidates:
        return _Candidates(dict.fromkeys(self.words.passing(wanted) & every, 0.0))

    def _runs(self, phrase: Phrase, every: set[int]) -> Iterator[dict[int, float]]:
        """For each run of a phrase's words that lies in one passage if the phrase does anywhere, what has it;
        for words that need not follow one another, each of them."""
        words = phrase.words
        if phrase.within is not None or any(word.prefix for word in words):
            yield from (self.words.having(word, every) for word in dict.fromkeys(words))
            return
        longest = BEYOND + 1
        for first in range(max(1, len(words) - longest + 1)):
            run = [word.word for word in words[first : first + longest]]
            yield self.words.having_phrase(run, every)


def _in_all(parts: Sequence[dict[int, float]]) -> dict[int, float]:
    rows = set(parts[0]).intersection(*parts[1:])
    return {row: sum(part[row] for part in parts) for row in rows}


def _in_any(parts: Iterable[dict[int, float]]) -> dict[int, float]:
    together: dict[int, float] = {}
    for part in parts:
        for row, score in part.items():
            together[row] = together.get(row, 0.0) + score
    return together
