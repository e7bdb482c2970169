"""Passages by their words: BM25 over a tantivy index. The only importer of tantivy."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from askbrief.errors import StorageError
from askbrief.storage.db.passages import PassageWords
from askbrief.storage.search.manifest import CHANGING, altered, require_readable

if TYPE_CHECKING:
    import numpy as np
    import tantivy

ANALYZER = "brief"
SPLIT = "split"
"""Splits folded words, which are indexed with blanks between them, for exact search."""
PROBES = (
    "university universities universe international nationally nations added adding adds emergency "
    "emergencies generously general generic communism communal news outing innings proceeds succeeded "
    "dying lying skies happily happiness relational conditional rational valency hesitancy digitizer "
    "conformably radically differently vilely analogously vietnamization predication operator feudalism "
    "decisiveness hopefulness callousness formality sensitivity sensibility triplicate formative "
    "formalize electrical hopeful goodness revival allowance inference airliner adjustable defensible "
    "irritant replacement adjustment dependent adoption communication effective bowdlerize controlled "
    "rolling hopping failing filing matting agreed plastered motoring caresses ponies ties cats feed "
    "geologist apologist reelection évêque Łódź it's U.N. 1.5 "
)
"""Words in which the rules of English stems, and of what a word is, show."""
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

NAMED = 4096
"""Passages that are named to tantivy where only some may be found; where more may, others are left out
afterwards."""

BEYOND = 5
"""Words behind a passage that are kept with it, so that a phrase of one word more lies in one passage, if it
begins there."""

READ_BEYOND = 400
"""Characters behind a passage in which those words are."""

NONE = 0
"""Stands in the place of a passage's id in the document that holds the stamp; no passage has it."""


OWN = (CHANGING, ".managed.json")
"""Files that tantivy writes with the mode 0600."""

LOCK = ".lock"
"""Suffix of the files by which tantivy locks a folder."""


def library_version() -> str:
    """The version of tantivy, out of what it says of itself: “tantivy v0.27.0, index_format v7”."""
    import tantivy

    stated: str = vars(tantivy)["__version__"]
    return stated.split()[1].strip("v,")


def _stand_in(file: Path, name: Path) -> None:
    """Let ``name`` be another name of a file, or, if that can't be, of a copy of it."""
    try:
        name.symlink_to(file)
    except OSError:
        shutil.copyfile(file, name)


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


def _splitter() -> tantivy.TextAnalyzer:
    from tantivy import TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.whitespace()).build()


@cache
def words_digest() -> str:
    """The digest of the words into which exact search splits ``PROBES``, and of how they are kept."""
    from askbrief.query import folded_words  # here, since most questions are asked without

    kept = " ".join([*folded_words(PROBES), str(BEYOND), str(LONGEST_WORD)])
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def exact_words(text: str, beyond: str = "") -> str:
    """The words of a passage's sentences, and the first of those behind it, as exact search has them."""
    from askbrief.query import folded_words

    words = [*folded_words(text), *folded_words(beyond)[:BEYOND]]
    return " ".join(word[:LONGEST_WORD] for word in words)


@cache
def stems_digest() -> str:
    """The digest of the words under which ``PROBES`` are found: another if the library has other stems."""
    return hashlib.sha256(" ".join(stems(PROBES)).encode()).hexdigest()[:16]


def stems(text: str) -> list[str]:
    """The stems of a text's words in their order, without the most common words."""
    return list(_shared_analyzer().analyze(_composed(text)))


@cache
def _shared_analyzer() -> tantivy.TextAnalyzer:
    return _analyzer()


def _composed(text: str) -> str:
    """Letters with their marks as one character each: apart, as some systems write them, a mark would end a
    word. What is stored and cited stays as it was written."""
    return normalize("NFC", text)


def _schema() -> tantivy.Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("passage", stored=False, indexed=True, fast=True)
    for field in ("title", "text"):
        builder.add_text_field(field, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("words", stored=False, tokenizer_name=SPLIT, index_option="position")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class KeywordIndex:
    """BM25 over titles and texts of passages, English stems, accents folded, misspelt words mended."""

    def __init__(self, index: tantivy.Index) -> None:
        self._analyzer = _analyzer()
        index.register_tokenizer(ANALYZER, self._analyzer)
        index.register_tokenizer(SPLIT, _splitter())
        self._index = index
        self._searcher = index.searcher()
        self.stamp = self._stamp()
        """The stamp of the commit whose passages it holds; empty for one of memory."""

    @classmethod
    def of(cls, passages: Iterable[PassageWords]) -> KeywordIndex:
        """An index in memory over ``passages``."""
        import tantivy

        index = tantivy.Index(_schema())
        writer = KeywordWriter(index)
        writer.commit(passages, [], "")
        writer.close()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> KeywordIndex:
        """The index stored in ``folder``. Raises IndexDamaged."""
        import tantivy

        try:
            if os.access(folder, os.W_OK):
                with suppress(OSError, ValueError):  # it can't lock a folder on a full disk
                    return cls(tantivy.Index.open(str(folder)))
            with TemporaryDirectory(ignore_cleanup_errors=True) as other:  # tantivy locks even to read
                for file in folder.resolve(strict=True).iterdir():
                    if file.suffix != LOCK:
                        _stand_in(file, Path(other, file.name))
                return cls(tantivy.Index.open(other))  # its files stay mapped when their names are gone
        except (OSError, ValueError) as error:
            require_readable(folder)
            raise altered(folder) from error

    def _stamp(self) -> str:
        from tantivy import Query

        found = self._searcher.search(Query.term_query(self._index.schema, "passage", NONE), limit=1).hits
        return str(self._searcher.doc(found[0][1])["stamp"][0]) if found else ""

    def __len__(self) -> int:
        return int(self._searcher.num_docs) - 1

    def search(
        self,
        question: str,
        k: int,
        allowed: np.ndarray | None = None,
        without: np.ndarray | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` best passages for the words of ``question`` as (id, BM25), best first, among
        ``allowed`` if given, and ``without`` those (ids, ascending)."""
        from tantivy import Occur, Query

        query = self._query(question)
        if query is None or k == 0 or len(self) == 0:
            return []
        if allowed is None:
            if without is None or not len(without):
                return self._found(query, k)
            likely = k + min(k, len(without))
            return self._passing(query, k, likely, lambda ids: ~_among(ids, without))
        if len(allowed) > NAMED:
            # At first twice as many as it would take if those that are allowed lay anywhere among all.
            likely = max(k, 2 * k * len(self) // len(allowed))
            return self._passing(query, k, likely, lambda ids: _among(ids, allowed))
        among: Any = Query.term_set_query(self._index.schema, "passage", allowed.tolist())
        both = [(Occur.Must, query), (Occur.Must, Query.const_score_query(among, 0.0))]
        return self._found(Query.boolean_query(both), k)

    @property
    def has_words(self) -> bool:
        """Whether it can be searched exactly: those of older versions can't."""
        from tantivy import Query

        try:
            Query.term_query(self._index.schema, "words", "", "freq")
        except ValueError:
            return False
        return True

    def ids(self) -> set[int]:
        """All passages that it holds."""
        from tantivy import Query

        return {id_ for id_, _ in self._found(Query.all_query(), len(self) + 1)} - {NONE}

    def having(self, word: str, *, prefix: bool = False) -> list[tuple[int, float]]:
        """All passages with exactly this folded word (BM25), or with one that begins so (1), in any order."""
        from tantivy import Query

        schema, kept = self._index.schema, word[:LONGEST_WORD]
        if prefix:
            return self._all(Query.regex_query(schema, "words", f"{kept}.*"))  # of letters and digits alone
        return self._all(Query.term_query(schema, "words", kept, "freq"))

    def having_phrase(self, words: Sequence[str]) -> list[tuple[int, float]]:
        """All passages in which these folded words, at most ``BEYOND`` + 1, begin and follow one another, in
        any order, with their BM25."""
        from tantivy import Query

        kept: list[Any] = [word[:LONGEST_WORD] for word in words]
        return self._all(Query.phrase_query(self._index.schema, "words", kept))

    def _all(self, query: tantivy.Query) -> list[tuple[int, float]]:
        return self._found(query, len(self)) if len(self) else []

    def _found(self, query: tantivy.Query, k: int) -> list[tuple[int, float]]:
        hits = self._searcher.search(query, limit=k, count=False).hits
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits])
        return [(int(id_ or NONE), float(score)) for id_, (score, _) in zip(ids, hits, strict=True)]

    def _passing(
        self, query: tantivy.Query, k: int, likely: int, passes: Callable[[np.ndarray], np.ndarray]
    ) -> list[tuple[int, float]]:
        """As many of the best, ``likely`` at first, as it takes until ``k`` of them pass."""
        import numpy as np

        limit = likely
        while True:
            found = self._found(query, limit)
            passing = passes(np.array([id_ for id_, _ in found], dtype=np.int64))
            if passing.sum() >= k or len(found) < limit:
                return [each for each, good in zip(found, passing, strict=True) if good][:k]
            limit *= 4

    def _query(self, question: str) -> tantivy.Query | None:
        from tantivy import Occur, Query

        words = list(dict.fromkeys(self._analyzer.analyze(_composed(question))))[:MOST_WORDS]
        if not words:
            return None
        # One flat union: only there does tantivy skip what can't be among the best (block-max WAND).
        return Query.boolean_query([(Occur.Should, each) for word in words for each in self._word(word)])

    def _word(self, word: str) -> Iterator[tantivy.Query]:
        """What stands for ``word``: itself, in title or text, or words like it if it is nowhere."""
        from tantivy import Query

        schema = self._index.schema
        if len(word) >= FUZZY_FROM and not any(
            self._searcher.doc_freq(field, word) for field in ("title", "text")
        ):
            yield Query.fuzzy_term_query(schema, "text", word, distance=1)
            return
        yield Query.boost_query(Query.term_query(schema, "title", word, "freq"), TITLE_BOOST)
        yield Query.term_query(schema, "text", word, "freq")


def _among(ids: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which of some ids are among those ``known``, which are many, and in order."""
    import numpy as np

    if not len(known):
        return np.zeros(len(ids), dtype=bool)
    found: np.ndarray = known[np.minimum(np.searchsorted(known, ids), len(known) - 1)] == ids
    return found


class KeywordWriter:
    """Brings a tantivy index from one commit of the database to the next. Raises StorageError."""

    def __init__(self, index: tantivy.Index, folder: Path | None = None) -> None:
        index.register_tokenizer(ANALYZER, _analyzer())
        index.register_tokenizer(SPLIT, _splitter())
        self._index = index
        self._folder = folder
        with _storing(folder):
            self._writer = index.writer(HEAP, num_threads=1)

    @classmethod
    def open(cls, folder: Path) -> KeywordWriter:
        """A writer of the index in ``folder``, which is made if there is none."""
        import tantivy

        with _storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return cls(tantivy.Index(_schema(), path=str(folder), reuse=True), folder)

    def close(self) -> None:
        """Wait until segments are merged."""
        with _storing(self._folder):
            self._writer.wait_merging_threads()
            self._let_others_read()

    def _let_others_read(self) -> None:
        """Give the files that tantivy writes for its owner alone the mode of all others: that of their
        folder, which follows the umask."""
        if self._folder is not None:
            mode = self._folder.stat().st_mode & 0o666
            for name in OWN:
                with suppress(FileNotFoundError):
                    (self._folder / name).chmod(mode)

    def commit(self, added: Iterable[PassageWords], removed: Sequence[int], stamp: str) -> None:
        """Take passages out, add others, and from now on hold the commit ``stamp``."""
        import tantivy

        with _storing(self._folder):
            for begin in range(0, len(removed) + 1, NAMED):
                gone = [NONE, *removed[begin : begin + NAMED]]
                self._writer.delete_documents_by_query(
                    tantivy.Query.term_set_query(self._index.schema, "passage", gone)
                )
            for each in added:
                words = exact_words(each.sentences, each.beyond)
                self._add(each.id, title=each.title, text=each.text, words=words)
            self._add(NONE, stamp=stamp)
            self._writer.commit()
            self._let_others_read()

    def _add(self, passage: int, **fields: str) -> None:
        import tantivy

        document = tantivy.Document(**{name: _composed(text) for name, text in fields.items()})
        document.add_unsigned("passage", passage)
        self._writer.add_document(document)


@contextmanager
def _storing(folder: Path | None) -> Iterator[None]:
    """Turn tantivy's errors of the disk into ours."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StorageError(f"{folder} can't be written ({error})", hint="free some space") from error
