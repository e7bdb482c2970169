"""The models that read for a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.once import computed_once
from askbrief.protocols import IndexReader
from askbrief.settings import NO_READER

if TYPE_CHECKING:
    from askbrief.read import Calibrated, Neural, SpeakerReader


class ReadingModels:
    """Models, loaded when first used; ``named`` is the reader as in ``Index.open``."""

    def __init__(self, index: IndexReader, named: str | None) -> None:
        self.named = named
        self._index = index

    def of(self, index: IndexReader) -> ReadingModels:
        """The models for another revision; a reading model that is loaded goes over to it."""
        other = ReadingModels(index, self.named)
        if "_neural" in self.__dict__:
            other._neural = self._neural
        return other

    @property
    def without_neural(self) -> bool:
        """Whether the user wants no reading model."""
        return self.named == NO_READER

    @property
    def reader(self) -> Calibrated:
        """What reads if nothing is asked of anybody's words."""
        return self._lexical if self.without_neural else self._neural

    @computed_once
    def speaker_reader(self) -> SpeakerReader:
        """What reads if it is asked who said what."""
        from askbrief.read import SpeakerReader, shipped_fits

        return SpeakerReader(self._neural, self._index.embedder, shipped_fits())

    @computed_once
    def _lexical(self) -> Calibrated:
        from askbrief.read import LexicalReader

        return LexicalReader.shipped(self._index.embedder)

    @computed_once
    def _neural(self) -> Neural:
        from askbrief.read import passage_reader

        return passage_reader(self.named)
