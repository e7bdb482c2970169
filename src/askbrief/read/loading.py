"""Which reading model answers: the one that ships, or a question-answering model by its name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Protocol

from askbrief.protocols import Reader
from askbrief.read.neural.hub import local
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.reading_model import CARD, GRAPH, ReadingModel
from askbrief.types import Hit, Span


class Calibrated(Reader, Protocol):
    """A reader whose probabilities have a threshold, and that reads a text of its own too."""

    @property
    def name(self) -> str:
        """What it is called in results."""
        ...

    @property
    def threshold(self) -> float:
        """The least probability at which to answer."""
        ...

    def alone(self, question: str, hit: Hit) -> list[Span]:
        """As ``read``, of a text that no retrieval returned."""
        ...


def passage_reader(name: str | None) -> PassageReader:
    """The reading model called ``name``: the one that ships for None, else a folder or a model on the hub.

    Raises ModelError, and StorageError where its export can't be kept.
    """
    return PassageReader(ReadingModel(shipped() if name is None else _folder(name)))


def _folder(name: str) -> Path:
    """The folder that ``name`` means where it holds a reader already, else that of the model's export."""
    folder = local(name)
    if folder is not None and all((folder / file).is_file() for file in (GRAPH, CARD)):
        return folder
    from askbrief.read.neural.reader_export import exported

    return exported(name)


def shipped() -> Path:
    """The folder of the reader that comes with the package, as ``training/`` made it."""
    return Path(str(resources.files("askbrief").joinpath("data", "reader")))
