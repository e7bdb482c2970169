"""The model of an index: what encodes its passages, and the export that encodes questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from askbrief.embed import models
from askbrief.embed.index_embedder import query_embedder, token_counter
from askbrief.errors import IndexMismatch
from askbrief.index_records import ModelCard
from askbrief.indexing import pace
from askbrief.options import IndexOptions
from askbrief.protocols import StoredDocuments
from askbrief.storage.search import manifest as manifests

if TYPE_CHECKING:
    from askbrief.embed.packaged_embedder import PackagedEmbedder
    from askbrief.types import Vectors

REPORTED, MOST = 0.5, 2048
"""Seconds, about, between two reports of progress, and passages that are embedded in between at most."""


class IndexModel:
    """The model that an index is written with; loaded only where something has to be encoded or exported, so
    that documents can be removed, and search files mended, if it is not at hand.

    ``anew`` takes the wanted model, though the index was made with another. Raises IndexMismatch otherwise.
    """

    def __init__(self, stored: StoredDocuments, options: IndexOptions, *, anew: bool = False) -> None:
        self.folder = stored.folder
        self.options = options
        self.encoded = 0
        self._pace = pace.Pace(REPORTED, MOST)
        self._stored = stored
        self._anew = anew
        self.before = stored.model()
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
        encoder = self._loaded()
        self.options.progress("loading the model", 1, 1)
        return encoder

    def _loaded(self) -> models.PassageEmbedder | PackagedEmbedder:
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
                f"{self._stored.location} was made with {self.before.name}, not with {self.name}",
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
        self.options.progress("exporting the query encoder", 1, 1)
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

    def passages(self, texts: Mapping[bytes, str]) -> Iterator[Mapping[bytes, Vectors]]:
        """Vectors of passages by their digests: at first those stored for the same text, then new ones in
        order, some at a time."""
        known = self._stored.vectors_of(list(texts))
        yield known
        new = [digest for digest in texts if digest not in known]
        total = self.encoded + len(new)
        while new:
            some, new = new[: self._pace.count], new[self._pace.count :]
            encoder = self.encoder
            self.options.progress("embedding passages", self.encoded, total)
            begun = pace.now()
            vectors = encoder.embed([texts[digest] for digest in some])
            self._pace.took(len(some), pace.now() - begun)
            self.encoded += len(some)
            yield dict(zip(some, vectors, strict=True))
        if total:
            self.options.progress("embedding passages", total, total)
