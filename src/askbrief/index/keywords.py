"""Passages by their words: BM25 over a tantivy index. The only importer of tantivy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from askbrief.errors import IndexDamaged, StorageError

if TYPE_CHECKING:
    import tantivy

ANALYZER = "brief"
LONGEST_WORD = 60
"""Characters: a longer run is no word that anyone asks for (encoded data, say)."""

MOST_WORDS = 64
"""Words of a question that are searched for: enough for any sentence, and a bound for what is pasted."""

TITLE_BOOST = 0.5
"""A word in the title counts half of one in the passage: the title is the same for all its passages."""

FUZZY_FROM = 5
"""Letters from which a word that the archive does not have may stand for one a letter away."""

HEAP = 32_000_000
"""Bytes that the writer may use; tantivy's least is 15 million."""


def _analyzer() -> tantivy.TextAnalyzer:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (
        Filter.remove_long(LONGEST_WORD),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stopword("english"),
        Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> tantivy.Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("passage", stored=True, indexed=True, fast=True)
    for field in ("title", "text"):
        builder.add_text_field(field, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


class KeywordIndex:
    """BM25 over titles and texts of passages, English stems, accents folded, misspelt words mended."""

    def __init__(self, index: tantivy.Index) -> None:
        self._analyzer = _analyzer()
        index.register_tokenizer(ANALYZER, self._analyzer)
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, passages: Iterable[tuple[int, str, str]], folder: Path | None) -> KeywordIndex:
        """An index over ``passages`` (id, title, text), in ``folder``, or in memory where it is None."""
        import tantivy

        try:
            path = None if folder is None else str(folder)
            index = tantivy.Index(_schema(), path=path)
            index.register_tokenizer(ANALYZER, _analyzer())
            writer = index.writer(HEAP, num_threads=1)
            for id_, title, text in passages:
                document = tantivy.Document(title=title, text=text)
                document.add_unsigned("passage", id_)
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            index.reload()
        except (OSError, ValueError) as error:
            raise StorageError(f"{folder} can't be written ({error}): free some space") from error
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> KeywordIndex:
        """The index stored in ``folder``. Raises IndexDamaged."""
        import tantivy

        try:
            if os.access(folder, os.W_OK):
                return cls(tantivy.Index.open(str(folder)))
            with TemporaryDirectory(ignore_cleanup_errors=True) as copy:  # tantivy locks even to read
                shutil.copytree(folder, copy, copy_function=shutil.copyfile, dirs_exist_ok=True)
                Path(copy).chmod(0o700)
                return cls(tantivy.Index.open(copy))  # its files stay mapped when their names are gone
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"{folder} is missing, cut short or altered: run `askbrief index` to make it anew"
            ) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, k: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The ``k`` best passages for the words of ``question`` as (id, BM25), best first."""
        query = self._query(question)
        if query is None or k == 0 or len(self) == 0 or allowed == []:
            return []
        if allowed is not None:
            query = self._restricted(query, allowed)
        found = self._searcher.search(query, limit=k).hits
        return [(int(self._searcher.doc(address)["passage"][0]), float(score)) for score, address in found]

    def _query(self, question: str) -> tantivy.Query | None:
        from tantivy import Occur, Query

        words = list(dict.fromkeys(self._analyzer.analyze(question)))[:MOST_WORDS]
        if not words:
            return None
        return Query.boolean_query([(Occur.Should, self._word(word)) for word in words])

    def _word(self, word: str) -> tantivy.Query:
        """What stands for ``word``: itself, in title or text, or words like it where it is nowhere."""
        from tantivy import Occur, Query

        schema = self._index.schema
        if len(word) >= FUZZY_FROM and not any(
            self._searcher.doc_freq(field, word) for field in ("title", "text")
        ):
            return Query.fuzzy_term_query(schema, "text", word, distance=1)
        title = Query.boost_query(Query.term_query(schema, "title", word, "freq"), TITLE_BOOST)
        text = Query.term_query(schema, "text", word, "freq")
        return Query.boolean_query([(Occur.Should, title), (Occur.Should, text)])

    def _restricted(self, query: tantivy.Query, allowed: Sequence[int]) -> tantivy.Query:
        from tantivy import Occur, Query

        among: Any = Query.term_set_query(self._index.schema, "passage", list(allowed))
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(among, 0.0))])
