"""Exact search in a folder: tantivy finds which passages have words, and documents are made of these.

Where words alone decide, no text is read. A phrase is verified in the text of each document that may have it,
and so is what somebody in particular says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from askbrief.query import All, AnyOf, Dated, Not, Phrase, Query, SourceName, SpokenBy, Word, is_matched
from askbrief.storage.db import documents, passages, quotations
from askbrief.storage.db.database import Database
from askbrief.storage.search.keywords import BEYOND, LONGEST_WORD, KeywordIndex
from askbrief.types import Filter, Match, Source

Ranked = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Documents, by row, with scores: all that match and, unless ``exact``, some that don't."""

    scores: dict[int, float]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class ExactSearch:
    """Finds the documents of one revision; ``keywords`` together hold all its passages."""

    database: Database
    keywords: Sequence[KeywordIndex]

    def matches(self, query: Query, wanted: Filter) -> list[Match]:
        """Fills ``IndexReader.search_exact``."""
        every = documents.passing(self.database, wanted)
        found = self._candidates(query, every)
        sources = documents.sources(self.database, found.scores)
        made = (Match(sources[row], score) for row, score in found.scores.items())
        return [each for each in made if found.exact or self._matches(query, each.document)]

    def _matches(self, query: Query, source: Source) -> bool:
        text = documents.read(self.database, source.id).text
        return is_matched(query, source, text, documents.sentences(self.database, source.id))

    def _candidates(self, query: Query, every: set[int]) -> _Candidates:
        """What may match of ``every`` document that is looked at."""
        match query:
            case Word():
                exact = len(query.word) <= LONGEST_WORD - query.prefix
                return _Candidates(self._best(self._having(query), every), exact)
            case Phrase():
                runs = [self._best(run, every) for run in self._runs(query)]
                return _Candidates(_in_all(runs), exact=False)
            case SpokenBy(_, names):
                rows = quotations.quoting(self.database, names) if names else set()
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
        return _Candidates(dict.fromkeys(documents.passing(self.database, wanted) & every, 0.0))

    def _runs(self, phrase: Phrase) -> Iterator[Ranked]:
        """For each run of a phrase's words that lies in one passage if the phrase does anywhere, what has it;
        for words that need not follow one another, each of them."""
        words = phrase.words
        if phrase.within is not None or any(word.prefix for word in words):
            yield from (self._having(word) for word in dict.fromkeys(words))
            return
        longest = BEYOND + 1
        for first in range(max(1, len(words) - longest + 1)):
            run = [word.word for word in words[first : first + longest]]
            yield [each for part in self.keywords for each in part.having_phrase(run)]

    def _having(self, word: Word) -> Ranked:
        return [each for part in self.keywords for each in part.having(word.word, prefix=word.prefix)]

    def _best(self, ranked: Ranked, every: set[int]) -> dict[int, float]:
        """The documents of some passages, each with its best score."""
        scores = dict(ranked)
        best: dict[int, float] = {}
        for id_, row in passages.documents_of(self.database, scores):
            if row in every:
                best[row] = max(best.get(row, 0.0), scores[id_])
        return best


def _in_all(parts: Sequence[dict[int, float]]) -> dict[int, float]:
    rows = set(parts[0]).intersection(*parts[1:])
    return {row: sum(part[row] for part in parts) for row in rows}


def _in_any(parts: Iterable[dict[int, float]]) -> dict[int, float]:
    together: dict[int, float] = {}
    for part in parts:
        for row, score in part.items():
            together[row] = together.get(row, 0.0) + score
    return together
