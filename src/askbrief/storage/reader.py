"""An index folder opened for reading: one revision of the database with its vectors and keywords."""

from __future__ import annotations

import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import (
    AskbriefError,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    StorageError,
    empty_index,
)
from askbrief.index_records import Files, Stats, Status, StoredSource
from askbrief.once import computed_once
from askbrief.storage.db import collection_state, documents, duplicates, filters, passages, quotations
from askbrief.storage.db.connection import logged
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.folder import require_plain
from askbrief.storage.index_status import status
from askbrief.storage.search import made_by
from askbrief.storage.search import manifest as manifests
from askbrief.storage.search.exact_vectors import ExactVectors
from askbrief.storage.search.keywords import READ_BEYOND, KeywordIndex
from askbrief.storage.search.manifest import Manifest
from askbrief.storage.search.snapshot import RERANKED, Snapshot
from askbrief.storage.search.vectors import EXACT, VectorIndex
from askbrief.types import (
    EVERYTHING,
    Document,
    Filter,
    FilterFit,
    Hit,
    ListPlace,
    Match,
    Quoted,
    Ranking,
    Sentence,
    Source,
    Speaker,
)

if TYPE_CHECKING:
    import numpy as np

    from askbrief.protocols import Embedder
    from askbrief.query import Query
    from askbrief.storage.search.exact import ExactSearch
    from askbrief.types import Vectors

ATTEMPTS, PAUSE = 10, 0.05
"""A writer may put the next revision in place while this one is opened; then the next is opened instead.
Seconds after which one that may not be read yet is tried again."""


FILTERS = 8
"""Filters whose passages are kept: each is asked for several times by a question."""


class Passing:
    """The passages that pass a filter, looked up once, by the first thread that needs them."""

    def __init__(self, database: Database, wanted: Filter) -> None:
        self._database = database
        self._wanted = wanted

    @computed_once
    def ids(self) -> np.ndarray:
        """Their ids, ascending."""
        return passages.allowed(self._database, self._wanted)


class FolderReader:
    """Fills ``protocols.IndexReader``, which says what its methods do; each part is opened when it is first
    used."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.model = database.model()
        self._lock = threading.Lock()
        self._passed: OrderedDict[Filter, Passing] = OrderedDict()

    @classmethod
    def open(cls, folder: Path) -> FolderReader:
        """The newest committed revision of the index in ``folder``. Raises the ``errors.Index*``."""
        try:
            exists = (folder / FILE).is_file()
        except OSError as error:
            raise manifests.unreadable(folder) from error
        if not exists:
            hint = "run `askbrief index PATH` first, or name one with `--index`"
            raise IndexMissing(f"no index in {folder}", hint=hint)
        require_plain(folder)
        database = Database.open(folder / FILE)
        try:
            return cls(folder, database)
        except BaseException:
            database.close()
            raise

    def newest(self) -> FolderReader | None:
        """The newest revision, opened; None if this is it."""
        newest = FolderReader.open(self.folder)
        if newest.database.stamp() != self.database.stamp():
            return newest
        newest.close()
        self.database.renew()
        return None

    def close(self) -> None:
        """Release the database."""
        self.database.close()

    @property
    def location(self) -> str:
        return str(self.folder)

    @computed_once
    def embedder(self) -> Embedder:
        """The packaged query encoder, or the one that the index carries, checked against its digests."""
        from askbrief.embed.index_embedder import query_embedder

        if self.model is None:
            raise empty_index(self.folder)
        self._require_intact(self.model.files)
        embedder, manifest = query_embedder(self.folder, self.model), manifests.read(self.folder)
        if manifest and (fault := made_by.other_vector(manifest.made_by, embedder.embed)):
            warnings.warn(f"{fault}; run `askbrief index --rebuild`", IndexOutdated, stacklevel=2)
        return embedder

    # -- searching

    def search_dense(self, vector: Vectors, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        return self.snapshot.nearest(vector, k, self._passing(wanted))

    def search_text(self, question: str, k: int, wanted: Filter = EVERYTHING) -> Ranking:
        return self.snapshot.worded(question, k, self._passing(wanted))

    def search_exact(self, query: Query, wanted: Filter = EVERYTHING) -> list[Match]:
        return self._exact.matches(query, wanted)

    def fit(self, wanted: Filter) -> FilterFit:
        return filters.fit(self.database, wanted)

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> dict[int, float]:
        return self.snapshot.cosines(vector, ids)

    def hits(self, ids: Sequence[int]) -> list[Hit]:
        return passages.hits(self.database, ids)

    def duplicate_groups(self, ids: Sequence[int]) -> dict[int, int]:
        return duplicates.groups_of(self.database, ids)

    def duplicates(self, document: str, wanted: Filter = EVERYTHING) -> list[int]:
        passing, found = self._passing(wanted), duplicates.others(self.database, document)
        return found if passing is None else sorted(set(found).intersection(passing.tolist()))

    def _passing(self, wanted: Filter) -> np.ndarray | None:
        """Ids of the passages that pass a filter; None for one that all pass. The last results are kept."""
        if not wanted:
            return None
        with self._lock:
            passing = self._passed.setdefault(wanted, Passing(self.database, wanted))
            self._passed.move_to_end(wanted)
            while len(self._passed) > FILTERS:
                self._passed.popitem(last=False)
        return passing.ids

    # -- documents and quotations

    def documents(self, start: str = "", limit: int | None = None) -> list[Source]:
        return documents.listed(self.database, start, limit)

    def document(self, id_: str) -> Document:
        return documents.read(self.database, id_)

    def sentences(self, id_: str) -> tuple[Sentence, ...]:
        return documents.sentences(self.database, id_)

    def stored_source(self, cited: Source) -> StoredSource | None:
        found = documents.cited(self.database, cited)
        known = partial(collection_state.known, self.database)
        return collection_state.stored_source(found, known)

    def quotations(
        self, wanted: Filter = EVERYTHING, document: str | None = None, start: ListPlace | None = None
    ) -> Iterator[Quoted]:
        return quotations.quotations(self.database, wanted, document, start)

    def quotation_count(self, wanted: Filter = EVERYTHING, document: str | None = None) -> int:
        return quotations.count(self.database, wanted, document)

    def speakers(self, wanted: Filter = EVERYTHING) -> list[Speaker]:
        return quotations.speakers(self.database, wanted)

    def speaker_names(self) -> list[str]:
        return quotations.speaker_names(self.database)

    def documents_quoting(self, names: Sequence[str], wanted: Filter = EVERYTHING) -> int:
        return quotations.documents_quoting(self.database, names, wanted)

    # -- the index itself

    def stats(self) -> Stats:
        return self.database.stats()

    def status(self, *, verify: bool = False) -> Status:
        return status(self, verify=verify)

    @computed_once
    def snapshot(self) -> Snapshot:
        """The revision that is searched: from files, and from the database if they are behind it."""
        refused: AskbriefError
        for _ in range(ATTEMPTS):
            manifest = manifests.read(self.folder)
            last = None if manifest is None else self.database.last_at(manifest.vectors.stamp)
            if manifest is None or last is None:
                break
            keywords = self.folder / manifest.keywords
            before = manifests.changed(keywords)
            try:
                return self._from_files(manifest, last)
            except StorageError as error:  # tantivy writes for its owner alone, then we let others read
                refused = error
                time.sleep(PAUSE)
            except IndexDamaged as error:
                if manifests.read(self.folder) == manifest and manifests.changed(keywords) == before:
                    raise
                refused = error  # a writer has just replaced what was looked at
        else:
            raise refused
        return self._in_memory()

    def _from_files(self, manifest: Manifest, last: int) -> Snapshot:
        import numpy as np

        keywords = KeywordIndex.open(self.folder / manifest.keywords)
        self._require_intact(manifest.required(keywords.stamp, with_vectors=manifest.vectors.probes > 0))
        base, tail, removed = self._vectors(manifest, last)
        gone = np.array(sorted(self.database.removed()), dtype=np.int64)
        fresh = self._keywords_after(keywords.stamp)
        if (fault := made_by.other_stems(manifest.made_by)) and self._derived(fault):
            keywords, fresh, gone = self._keywords_of(), None, gone[:0]
        return Snapshot(self.database, base, tail, removed, keywords, fresh, gone)

    def _vectors(
        self, manifest: Manifest, last: int
    ) -> tuple[VectorIndex | ExactVectors, ExactVectors, np.ndarray]:
        """The vectors up to the id ``last``, those above it, and the ids of the former that were
        deleted."""
        import numpy as np

        none = np.empty(0, dtype=np.int64)
        if not manifest.vectors.probes:
            return ExactVectors(passages.vectors(self.database)), ExactVectors(), none
        base = VectorIndex.open(self.folder / manifest.vectors.file, manifest.vectors.probes)
        if made_by.changed(manifest.made_by, "faiss-cpu"):
            known = passages.first_vectors(self.database, last)
            if not base.finds(known, RERANKED) and self._derived(made_by.other_neighbours(manifest.made_by)):
                return ExactVectors(passages.vectors(self.database)), ExactVectors(), none
        tail = ExactVectors(passages.vectors(self.database, last))
        return base, tail, np.array(self.database.removed(last), dtype=np.int64)

    def _derived(self, fault: str) -> bool:
        """Say that search files were made by other libraries, and whether they are few enough to be derived
        in memory instead, until a writer makes them anew."""
        small = self.database.stats().passages <= EXACT
        what = (
            "rebuilt in memory for now; `askbrief compact` rebuilds it for good"
            if small
            else "run `askbrief compact`"
        )
        warnings.warn(f"{fault}: {what}", IndexOutdated, stacklevel=2)
        return small

    def _keywords_after(self, stamp: str) -> KeywordIndex | None:
        """What was committed after the keywords; None if they hold everything, or are ahead."""
        last = self.database.last_at(stamp)
        if last is None or not self.database.count_after(last):
            return None
        return self._keywords_of(last)

    def _keywords_of(self, after: int = 0, only: Collection[int] | None = None) -> KeywordIndex:
        """Keywords in memory of the passages above an id, or of some."""
        return KeywordIndex.of(passages.worded(self.database, after, READ_BEYOND, only))

    @computed_once
    def _exact(self) -> ExactSearch:
        """The words of just this revision, from what its snapshot searches, if that has them."""
        from askbrief.storage.search.exact import ExactSearch, KeywordWords

        keywords = self.snapshot.keywords
        manifest = manifests.read(self.folder) if keywords.stamp else None  # in memory, they are made now
        if not keywords.has_words or (manifest and made_by.other_words(manifest.made_by)):
            if self.database.stats().passages > EXACT:
                raise IndexMismatch(
                    f"the search files of {self.folder} are too old for exact search",
                    hint="run `askbrief compact`, which rebuilds them",
                )
            return ExactSearch(KeywordWords(self.database, (self._keywords_of(),)))
        beside = self.snapshot.fresh
        if (
            keywords.stamp and self.database.last_at(keywords.stamp) is None
        ):  # ahead: it lacks what was deleted
            beside = self._keywords_of(only=passages.ids(self.database) - keywords.ids())
        return ExactSearch(KeywordWords(self.database, (keywords, beside) if beside else (keywords,)))

    def _in_memory(self) -> Snapshot:
        """Everything in memory: there are no files, or they are not of this database."""
        import numpy as np

        count = self.database.stats().passages
        if count > EXACT:
            raise IndexDamaged(
                f"the search files of {self.folder} are missing or not of its database, and too large to be "
                "made for a question",
                hint=manifests.ANEW,
            )
        vectors = ExactVectors(passages.vectors(self.database))
        keywords = self._keywords_of()
        none = np.empty(0, dtype=np.int64)
        return Snapshot(self.database, vectors, ExactVectors(), none, keywords, None, none)

    def _require_intact(self, files: Files) -> None:
        name = manifests.damaged(self.folder, files)
        if name is not None:
            raise manifests.altered(self.folder / name)


def log_size(folder: Path) -> int:
    """Bytes of the write-ahead log of the index in a folder."""
    return logged(folder / FILE)
