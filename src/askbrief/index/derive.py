"""Search files brought from one commit of the database to the next, by the writer alone.

Keywords follow every commit. Vectors are folded into the FAISS file now and then: those committed since
are few, and read from the database when the index is opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexDamaged
from askbrief.index import manifest as layout
from askbrief.index.database import Database
from askbrief.index.keywords import KeywordIndex, KeywordWriter
from askbrief.index.manifest import Manifest, ModelCard, VectorCard
from askbrief.index.vectors import EXACT, VectorIndex, nearest

if TYPE_CHECKING:
    from askbrief.types import Vectors

TAIL = 4096
"""Passages committed since the FAISS file was written that may be read from the database instead."""

GROWN = 0.01
"""The same as a share of the file's: what folding costs, in proportion to what is added, stays the same."""

RETRAINED = 2
"""Lists are found anew when an approximate index holds this many times what they were found from."""

QUESTIONS, NEAREST, WANTED = 200, 10, 200
"""Recall is measured with so many sentences of the archive: of their nearest, how many are among those
that would be compared exactly."""

Encode = Callable[[list[str]], "Vectors"]


class SearchFiles:
    """The search files of an index that is being written."""

    def __init__(self, folder: Path, database: Database, *, anew: bool = False) -> None:
        self.folder = folder
        self.database = database
        self.old, self.fault = (None, None) if anew else _usable(folder, database)
        self._keywords: KeywordWriter | None = None
        self._name = self.old.keywords if self.old else ""
        self._told: set[int] = set()
        self._stamp = KeywordIndex.open(folder / self._name).stamp if self.old else None

    def follow(self) -> None:
        """Bring keywords to the database's newest commit."""
        stamp = self.database.stamp()
        if stamp == self._stamp:
            return
        last = 0 if self._stamp is None else self.database.last_at(self._stamp) or 0
        gone = [id_ for id_ in self.database.removed() if id_ not in self._told]
        writer = self._writer()
        writer.commit(self.database.texts(last), gone if self._stamp is not None else [], stamp)
        self._told.update(gone)
        self._stamp = stamp

    def _writer(self) -> KeywordWriter:
        if self._keywords is None:
            if not self._name:
                self._name = layout.keywords_name(self.database.revision())
                self._make_room(self._name)
            self._keywords = KeywordWriter.open(self.folder / self._name)
        return self._keywords

    def _make_room(self, name: str) -> None:
        """Take away what lies where a new file is to be written, and first the manifest that names it."""
        path = self.folder / name
        with suppress(IndexDamaged):
            manifest = layout.read(self.folder)
            if manifest is not None and name in (manifest.keywords, manifest.vectors.file):
                (self.folder / layout.MANIFEST).unlink()
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def finish(self, model: ModelCard, encode: Encode, *, fold: bool = False) -> bool:
        """Bring all files to the newest commit and declare them; false where there was nothing to do.

        Vectors are folded where they are due to be, or where ``fold`` asks for it.
        """
        self.follow()
        if self._keywords is not None:
            self._keywords.close()
            self._keywords = None
        old = self.old
        due = fold or old is None or old.model.sha256 != model.sha256 or self._due(old.vectors)
        vectors = self._fold(model, encode) if due or old is None else old.vectors
        new = Manifest(
            layout.FORMAT, self.database.revision(), self.database.stamp(), model, vectors, self._name
        )
        if old is not None and replace(old, files={}) == new:
            layout.sweep(self.folder, old)  # the run that wrote them may have come no further
            return False
        known = old.files if old else {}
        new = replace(new, files=layout.cards(self.folder, vectors.file, self._name, known=known))
        layout.write(self.folder, new)
        if due:
            self.database.settle()
        layout.sweep(self.folder, new)
        self.old = new
        return True

    def _due(self, vectors: VectorCard) -> bool:
        last = self.database.last_at(vectors.stamp)
        if last is None:
            return True
        new, gone = self.database.count_after(last), len(self.database.removed())
        few = vectors.count + new <= TAIL
        return new + gone > (0 if few else max(TAIL, GROWN * vectors.count))

    def _fold(self, model: ModelCard, encode: Encode) -> VectorCard:
        count = self.database.counts()["passages"]
        name = layout.vectors_name(self.database.revision())
        self._make_room(name)
        card = VectorCard(name, self.database.stamp(), count, count, 0, 1.0)
        if count <= EXACT:
            index = VectorIndex.exact(self.database.vectors(), model.dimension)
        else:
            index, card = self._lists(model, encode, card)
        index.save(self.folder / name)
        return card

    def _lists(self, model: ModelCard, encode: Encode, card: VectorCard) -> tuple[VectorIndex, VectorCard]:
        """An approximate index: the last one, grown, or where it has grown too far a new one, tuned."""
        old = self.old.vectors if self.old else None
        last = self.database.last_at(old.stamp) if old else None
        if old and old.probes and last is not None and card.count < RETRAINED * old.trained:
            index = VectorIndex.open(self.folder / old.file, old.probes, mapped=False)
            index.change(self.database.vectors(last), self.database.removed())
            return index, replace(card, trained=old.trained, probes=old.probes, recall=old.recall)
        index = VectorIndex.lists(self.database.vectors, card.count, model.dimension)
        questions = encode([text for _, text in self.database.samples(QUESTIONS)])
        recall = index.tune(questions, nearest(self.database.vectors(), questions, NEAREST), WANTED)
        return index, replace(card, probes=index.probes, recall=round(recall, 4))


def _usable(folder: Path, database: Database) -> tuple[Manifest | None, str | None]:
    """The manifest, where all that it names is whole and was made of this database; or else why not, where
    there was one to be made anew."""
    try:
        manifest = layout.read(folder)
        if manifest is None:
            return None, None
        if database.last_at(manifest.vectors.stamp) is None:
            return None, "the search files were not of this database"
        keywords = KeywordIndex.open(folder / manifest.keywords)
    except IndexDamaged as error:
        return None, str(error).partition(":")[0]
    if database.last_at(keywords.stamp) is None:
        return None, "the keywords were not of this database"
    settled, vectors = keywords.stamp == manifest.stamp, manifest.vectors.file
    name = layout.damaged(folder, manifest.files if settled else {vectors: manifest.files[vectors]})
    return (None, f"{folder / name} is missing, cut short or altered") if name else (manifest, None)
