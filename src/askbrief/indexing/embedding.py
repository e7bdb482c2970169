"""The model of an index: what encodes its passages, and the export that encodes questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.embed import models
from askbrief.embed.index_embedder import query_embedder, token_counter
from askbrief.errors import IndexDamaged, IndexMismatch
from askbrief.index_records import ModelCard
from askbrief.options import IndexOptions
from askbrief.storage.db import passages
from askbrief.storage.db.database import Database
from askbrief.storage.search import manifest as manifests

if TYPE_CHECKING:
    from askbrief.embed.packaged_embedder import PackagedEmbedder
    from askbrief.types import Vectors

CHUNK = 128
"""Passages encoded between two words of progress."""


class IndexModel:
    """The model that an index is written with; loaded only where something has to be encoded or exported, so
    that documents can be removed, and search files mended, if it is not at hand.

    ``anew`` takes the wanted model, though the index was made with another. Raises IndexMismatch otherwise.
    """

    def __init__(
        self, folder: Path, database: Database, options: IndexOptions, *, anew: bool = False
    ) -> None:
        self.folder = folder
        self.options = options
        self.encoded = 0
        self._database = database
        self._anew = anew
        self.before = database.model() or _declared(folder)
        self.name = options.model or (self.before.name if self.before else models.DEFAULT_MODEL)
        if options.model is not None:
            self._require_same()

    def close(self) -> None:
        """Let go of the encoder, if it was used."""
        if "encoder" in self.__dict__:
            self.encoder.close()

    @cached_property
    def located(self) -> models.Model:
        """Where the model lies, and its digest."""
        return models.locate(self.name)

    @cached_property
    def encoder(self) -> models.PassageEmbedder | PackagedEmbedder:
        """What encodes passages."""
        self._require_same()
        self.options.progress("loading the model", 0, 1)
        if self._is_default and self.options.device is None:
            from askbrief.embed.packaged_embedder import PackagedEmbedder

            return PackagedEmbedder()
        return self._transformer

    @cached_property
    def _transformer(self) -> models.PassageEmbedder:
        transformer = models.load(self.located, self.options.device)
        return models.PassageEmbedder(transformer, self.options.workers)

    @property
    def _is_default(self) -> bool:
        return self.located.sha256 == models.DEFAULT_SHA256

    def _require_same(self) -> None:
        if self.before is not None and not self._anew and self.located.sha256 != self.before.sha256:
            raise IndexMismatch(
                f"{self.folder} was made with {self.before.name}, not with {self.name}",
                hint=f"run `askbrief index --rebuild --model {self.name}`, which embeds everything again",
            )

    @cached_property
    def card(self) -> ModelCard:
        """The card of the model in use; its export, if it isn't the packaged one, is intact in the folder."""
        before = self.before
        intact = before is not None and manifests.damaged(self.folder, before.files) is None
        if before is not None and intact and not self._anew:
            return before
        if self._is_default:
            from askbrief.embed.packaged_embedder import model_card

            return replace(model_card(), graph="") if self.options.device else model_card()
        if before is not None and intact and self.located.sha256 == before.sha256:
            return before
        return self._export()

    def _export(self) -> ModelCard:
        from askbrief.embed.query_export import export

        name = f"encoder-{self.located.sha256[:12]}"
        beside = self.folder / f"{name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        self.options.progress("exporting the query encoder", 0, 1)
        made = export(self._transformer.transformer, beside)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        beside.replace(self.folder / name)
        return ModelCard(
            name=self.located.name,
            sha256=self.located.sha256,
            dimension=made.dimension,
            window=made.window,
            agreement=made.agreement,
            encoder=name,
            files=manifests.cards(self.folder, name),
        )

    @cached_property
    def tokens(self) -> Callable[[Sequence[str]], list[int]]:
        """How many tokens each of some texts has for the model, without special ones."""
        return token_counter(self.folder, self.card)

    def questions(self, texts: list[str]) -> Vectors:
        """Vectors of questions, as they are embedded to ask."""
        return query_embedder(self.folder, self.card).embed(texts)

    def passages(self, texts: Sequence[str], digests: Sequence[bytes]) -> Vectors:
        """Vectors of passages: those stored for the same text, and new ones for the rest."""
        import numpy as np

        known = passages.vectors_of(self._database, digests)
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        # like lengths pad one another least
        longest_first = sorted(new, key=lambda digest: -len(new[digest]))
        total = self.encoded + len(new)
        for at in range(0, len(new), CHUNK):
            chunk = longest_first[at : at + CHUNK]
            self.options.progress("embedding passages", self.encoded, total)
            known.update(zip(chunk, self.encoder.embed([new[digest] for digest in chunk]), strict=True))
            self.encoded += len(chunk)
        if not digests:  # items that were withdrawn have no passages
            return np.empty((0, 0), dtype=np.float32)
        return np.stack([known[digest] for digest in digests]).astype(np.float32)


def _declared(folder: Path) -> ModelCard | None:
    """The model that the manifest names: what the database said of it may have been lost."""
    with suppress(IndexDamaged):
        manifest = manifests.read(folder)
        return manifest.model if manifest else None
    return None
