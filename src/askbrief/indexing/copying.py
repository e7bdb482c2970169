"""An archive copied from one store to another, with its vectors: nothing is embedded again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from askbrief.embed.index_embedder import query_embedder
from askbrief.errors import IndexMismatch, StorageError, empty_index
from askbrief.index_records import ModelCard, PreparedDocument, StoredDocument
from askbrief.options import no_progress
from askbrief.protocols import Embedder, RunWriter, StoredDocuments
from askbrief.storage.search import manifest as manifests
from askbrief.storage.stores import Store
from askbrief.types import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from askbrief.types import Vectors

BATCH = 2048
"""Passages, about, that are copied in one commit."""

ALIKE = 1e-3
"""How far a number of a vector may be from what it was: stores keep them in eight or sixteen bits."""


@dataclass(frozen=True, slots=True)
class CopySummary:
    """How many documents and passages were copied, and how many documents were there before."""

    documents: int
    passages: int
    unchanged: int


class _CopiedModel:
    """The model of an archive whose vectors are copied."""

    def __init__(self, folder: Path, card: ModelCard) -> None:
        self._folder = folder
        self.card = card

    @cached_property
    def _embedder(self) -> Embedder:
        return query_embedder(self._folder, self.card)

    def questions(self, texts: list[str]) -> Vectors:
        """Embeds questions as they are asked, by which an approximate index is tuned."""
        return self._embedder.embed(texts)


def copy(source: Store, target: Store, progress: Progress = no_progress) -> CopySummary:
    """Copy every document of ``source`` to ``target`` that isn't there as it is, in batches: a copy that was
    interrupted goes on where it was. What else ``target`` has stays.

    Each batch is read again and compared. Raises IndexMissing, IndexMismatch if ``target`` has another model,
    and StorageError.
    """
    source.require()
    with source.looked_at() as given, target.writing() as written:
        card = given.model()
        if card is None:
            raise empty_index(given.location)
        before = written.documents.model()
        if before is not None and before.sha256 != card.sha256:
            raise IndexMismatch(
                f"{target.location} was made with {before.name}, {source.location} with {card.name}",
                hint="copy into an empty folder or database",
            )
        _copy_model(given, written.documents.folder, card)
        writer = written.writer(_CopiedModel(written.documents.folder, card), anew=False)
        if before is None and (rules := given.sentence_rules()) is not None:
            writer.set_sentence_rules(rules)
        copied = _copy_documents(given, writer, progress)
        for state in given.collections():
            if writer.collection(state.location) != state:
                writer.note_collection(state)
        writer.finish(progress)
        return copied


def _copy_model(given: StoredDocuments, folder: Path, card: ModelCard) -> None:
    """Have the files of the model in the folder of the target."""
    given.have_model_files()
    for name in card.files:
        if manifests.damaged(folder, {name: card.files[name]}) is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(given.folder / name, folder / name)


def _copy_documents(given: StoredDocuments, writer: RunWriter, progress: Progress) -> CopySummary:
    total, done, passages, unchanged = given.stats().documents, 0, 0, 0
    for batch in _batches(given):
        new = [each for stored, each in batch if not _is_there(writer, stored)]
        if new:
            writer.add(new)
            _require_alike(writer, new)
        unchanged += len(batch) - len(new)
        passages += sum(len(each.passages) for each in new)
        done += len(batch)
        progress("copying documents", done, total)
    return CopySummary(done - unchanged, passages, unchanged)


def _batches(given: StoredDocuments) -> Iterator[list[tuple[StoredDocument, PreparedDocument]]]:
    batch: list[tuple[StoredDocument, PreparedDocument]] = []
    size = 0
    for stored in given.below(""):
        batch.append((stored, given.prepared(stored)))
        size += 1 + len(batch[-1][1].passages)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _is_there(writer: RunWriter, stored: StoredDocument) -> bool:
    there = writer.at(location=stored.location)
    return there is not None and replace(there, id=stored.id) == stored


def _require_alike(writer: RunWriter, new: Sequence[PreparedDocument]) -> None:
    """Raise StorageError if documents aren't stored as they were given."""
    import numpy as np

    for each in new:
        stored = writer.at(location=each.location)
        there = None if stored is None else writer.prepared(stored)
        if (
            there is None
            or _without_vectors(there, each.document.id) != _without_vectors(each, each.document.id)
            or there.vectors.shape != each.vectors.shape
            or not np.allclose(there.vectors, each.vectors, atol=ALIKE)
        ):
            raise StorageError(
                f"{each.document.source} is not in {writer.location} as it was copied",
                hint="copy again; another process may have changed it",
            )


def _without_vectors(prepared: PreparedDocument, id_: str) -> tuple[object, ...]:
    document = replace(prepared.document, id=id_, details=dict(prepared.document.details))
    rest = (prepared.sentences, prepared.passages, prepared.digests, prepared.state)
    return tuple(chain((document, *rest), prepared.quotations, (prepared.rules,)))
