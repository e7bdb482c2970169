"""The words of exact search in PostgreSQL: which passages have them, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from askbrief.query import Word
from askbrief.storage.postgres import server_filters, server_quotations
from askbrief.storage.postgres.postings import K1, B
from askbrief.storage.postgres.server_documents import ServerDocuments
from askbrief.storage.search.keywords import LONGEST_WORD
from askbrief.types import Filter, Sentence, Source

LAST_PLACE = 16_383
"""The greatest place of a word that PostgreSQL keeps; no passage is so long."""

HAVING = """
    SELECT p.document, w.length, (SELECT sum(cardinality(u.positions)) FROM unnest(w.words) u
        WHERE u.lexeme = ANY(%s))::integer
    FROM askbrief.exact_words w JOIN askbrief.passages p ON p.shard = w.shard AND p.id = w.passage
    WHERE w.words @@ %s::tsquery
"""

FREQUENCY = "SELECT count(*) FROM askbrief.exact_words WHERE words @@ %s::tsquery"

TOTALS = "SELECT sum(passages)::bigint, sum(exact_words)::bigint FROM askbrief.segments"


def stored_words(words: Sequence[str]) -> str:
    """Folded words in their order, as PostgreSQL keeps them."""
    return " ".join(f"'{word}':{min(at, LAST_PLACE)}" for at, word in enumerate(words, 1))


@dataclass(frozen=True, slots=True)
class ServerWords:
    """Fills ``storage.search.exact.WordIndex`` with a database."""

    documents: ServerDocuments

    def passing(self, wanted: Filter) -> set[int]:
        """The documents that pass a filter; names of speakers don't count."""
        return server_filters.passing(self.documents.database, wanted)

    def quoting(self, names: Sequence[str]) -> set[int]:
        """The documents that quote somebody by one of these names."""
        return server_quotations.quoting(self.documents.database, names)

    def having(self, word: Word, among: set[int]) -> dict[int, float]:
        """The documents with a folded word, or with one that begins so, and how well they have it."""
        kept = word.word[:LONGEST_WORD]
        if word.prefix:
            return dict.fromkeys(
                (row for row, _, _ in self._rows([kept], f"'{kept}':*") if row in among), 1.0
            )
        return self._best([kept], f"'{kept}'", among)

    def having_phrase(self, words: Sequence[str], among: set[int]) -> dict[int, float]:
        """At least the documents in which these folded words follow one another."""
        kept = [word[:LONGEST_WORD] for word in words]
        return self._best(kept, " <-> ".join(f"'{word}'" for word in kept), among)

    def _rows(self, words: Sequence[str], query: str) -> list[tuple[int, int, int | None]]:
        return self.documents.database.rows(HAVING, (list(words), query))

    def _best(self, words: Sequence[str], query: str, among: set[int]) -> dict[int, float]:
        """The documents of passages that match, each with its best BM25."""
        rows = self._rows(words, query)
        if not rows:
            return {}
        passages, total = self.documents.database.rows(TOTALS)[0]
        weight = sum(log(1 + (passages - n + 0.5) / (n + 0.5)) for n in self._frequencies(words)) * (K1 + 1)
        average = max(total / passages, 1.0)
        best: dict[int, float] = {}
        for row, length, count in rows:
            if row in among:
                often = (count or 0) / len(words)
                score = weight * often / (often + K1 * (1 - B + B * length / average))
                best[row] = max(best.get(row, 0.0), score)
        return best

    def _frequencies(self, words: Sequence[str]) -> list[int]:
        """How many passages have each word."""
        return [int(self.documents.database.one(FREQUENCY, (f"'{word}'",))) for word in words]

    def sources(self, rows: Iterable[int]) -> dict[int, Source]:
        """What a citation says of these documents."""
        return self.documents.sources(rows)

    def read(self, id_: str) -> tuple[str, Sequence[Sentence]]:
        """The text and the sentences of a document."""
        return self.documents.document(id_).text, self.documents.sentences(id_)
