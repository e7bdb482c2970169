"""Search files brought from one commit of the database to the next, by the writer alone.

Keywords follow every commit. Vectors are merged into the FAISS file now and then: those committed since
are few, and read from the database when the index is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from askbrief.errors import IndexDamaged
from askbrief.index_records import ModelCard
from askbrief.storage.db import passages
from askbrief.storage.db.database import Database
from askbrief.storage.search import made_by
from askbrief.storage.search import manifest as manifests
from askbrief.storage.search.keywords import READ_BEYOND, KeywordIndex, KeywordWriter
from askbrief.storage.search.manifest import Manifest, VectorCard
from askbrief.storage.search.snapshot import RERANKED
from askbrief.storage.search.vectors import EXACT, VectorIndex, nearest

if TYPE_CHECKING:
    from askbrief.types import Vectors

TAIL = 4096
"""Passages committed since the FAISS file was written that may be read from the database instead."""

GROWN = 0.01
"""The same as a share of the file's: what folding costs, in proportion to what is added, stays the same."""

RETRAINED = 2
"""Lists are found anew when an approximate index holds this many times what they were found from."""

QUESTIONS, NEAREST = 200, 10
"""Recall is measured with so many sentences of the archive: of their nearest, how many are among those
that would be compared exactly."""

Encode = Callable[[list[str]], "Vectors"]


class SearchFiles:
    """The search files of an index that is being written."""

    def __init__(self, folder: Path, database: Database, *, anew: bool = False) -> None:
        self.folder = folder
        self.database = database
        left = _Left(None, None) if anew else _left(folder, database)
        self.old, self._stamp, self.fault = left
        self._keywords: KeywordWriter | None = None
        self._name = self.old.keywords if self.old and self._stamp else ""
        self._deleted: set[int] = set()

    def follow(self) -> None:
        """Bring keywords to the database's newest commit."""
        stamp = self.database.stamp()
        if stamp == self._stamp:
            return
        last = 0 if self._stamp is None else self.database.last_at(self._stamp) or 0
        gone = [id_ for id_ in self.database.removed() if id_ not in self._deleted]
        writer = self._writer()
        added = passages.worded(self.database, last, READ_BEYOND)
        writer.commit(added, gone if self._stamp is not None else [], stamp)
        self._deleted.update(gone)
        self._stamp = stamp

    def _writer(self) -> KeywordWriter:
        if self._keywords is None:
            self._name = self._name or manifests.free_name(self.folder, "keywords", self.database.revision())
            self._keywords = KeywordWriter.open(self.folder / self._name)
        return self._keywords

    def finish(self, model: ModelCard, encode: Encode) -> None:
        """Bring all files to the newest commit and declare them; vectors are merged if they are due to
        be."""
        self.follow()
        if self._keywords is not None:
            self._keywords.close()
            self._keywords = None
        old = self.old
        due = old is None or old.model.sha256 != model.sha256 or self._due(old.vectors) or self._unfound(old)
        vectors = self._fold(model, encode) if due or old is None else old.vectors
        before = old.made_by if old else {}
        same = old is not None and old.model.sha256 == model.sha256
        new = Manifest(
            manifests.FORMAT, self.database.revision(), self.database.stamp(), model, vectors, self._name,
            made_by=made_by.made_now(before, encode, same_model=same),
        )  # fmt: skip
        if old is not None and replace(old, files={}) == new:
            manifests.sweep(self.folder, old)  # the run that wrote them may have come no further
            return
        known = old.files if old else {}
        new = replace(new, files=manifests.cards(self.folder, vectors.file, self._name, known=known))
        manifests.write(self.folder, new)
        if due:
            self.database.settle()
        manifests.sweep(self.folder, new)
        self.old = new

    def _unfound(self, old: Manifest) -> bool:
        """Whether another FAISS doesn't find the stored vectors in the old file."""
        if not made_by.changed(old.made_by, "faiss-cpu"):
            return False
        index = VectorIndex.open(self.folder / old.vectors.file, old.vectors.probes)
        if index.finds(
            passages.first_vectors(self.database, self.database.last_at(old.vectors.stamp)), RERANKED
        ):
            return False
        self.fault = made_by.other_neighbours(old.made_by)
        return True

    def _due(self, vectors: VectorCard) -> bool:
        last = self.database.last_at(vectors.stamp)
        if last is None:
            return True
        new, gone = self.database.count_after(last), len(self.database.removed())
        few = vectors.count + new <= TAIL
        return new + gone > (0 if few else max(TAIL, GROWN * vectors.count))

    def _fold(self, model: ModelCard, encode: Encode) -> VectorCard:
        count = self.database.stats().passages
        name = manifests.free_name(self.folder, "vectors", self.database.revision(), ".faiss")
        card = VectorCard(name, self.database.stamp(), count, count, 0, 1.0)
        if count <= EXACT:
            index = VectorIndex.exact(passages.vectors(self.database), model.dimension)
        else:
            index, card = self._lists(model, encode, card)
        index.save(self.folder / name)
        manifests.synced(self.folder / name)
        return card

    def _lists(self, model: ModelCard, encode: Encode, card: VectorCard) -> tuple[VectorIndex, VectorCard]:
        """An approximate index: the last one, grown, or, if it has grown too far, a new one, tuned."""
        old = self.old.vectors if self.old else None
        last = self.database.last_at(old.stamp) if old else None
        sound = self.fault is None
        if sound and old and old.probes and last is not None and card.count < RETRAINED * old.trained:
            index = VectorIndex.open(self.folder / old.file, old.probes, mapped=False)
            index.change(passages.vectors(self.database, last), self.database.removed())
            return index, replace(card, trained=old.trained, probes=old.probes, recall=old.recall)
        index = VectorIndex.lists(partial(passages.vectors, self.database), card.count, model.dimension)
        questions = encode(passages.samples(self.database, QUESTIONS))
        recall = index.tune(questions, nearest(passages.vectors(self.database), questions, NEAREST), RERANKED)
        return index, replace(card, probes=index.probes, recall=round(recall, 4))


class _Left(NamedTuple):
    """What an earlier run left: the manifest, and the stamp of the keywords, where all that it names is whole
    and was made of this database; or why it, or the keywords alone, have to be made anew."""

    manifest: Manifest | None
    stamp: str | None
    fault: str | None = None


def _left(folder: Path, database: Database) -> _Left:
    try:
        manifest = manifests.read(folder)
        if manifest is None:
            return _Left(None, None)
        stamp = KeywordIndex.open(folder / manifest.keywords).stamp
    except IndexDamaged as error:
        return _Left(None, None, error.message)
    if None in (database.last_at(manifest.vectors.stamp), database.last_at(stamp)):
        return _Left(None, None, f"the search files of {folder} are not of its database")
    name = manifests.damaged(folder, manifest.required(stamp, with_vectors=True))
    if name is not None:
        return _Left(None, None, manifests.altered(folder / name).message)
    fault = made_by.other_stems(manifest.made_by) or made_by.other_words(manifest.made_by)
    return _Left(manifest, None if fault else stamp, fault)
