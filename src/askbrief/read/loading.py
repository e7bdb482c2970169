"""Loading a reading model: the one that ships, or a question-answering model by name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TypeAlias

from askbrief.read.lexical_reader import LexicalReader
from askbrief.read.neural.hub import local
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.reading_model import CARD, GRAPH, ReadingModel

Calibrated: TypeAlias = PassageReader | LexicalReader
"""A reader with a threshold, which also reads texts that were not retrieved."""


def passage_reader(name: str | None) -> PassageReader:
    """The reading model called ``name``, a folder or a model on the hub; for None, the one that ships.

    Raises ModelError, and StorageError if its export can't be written.
    """
    return PassageReader(ReadingModel(shipped() if name is None else _folder(name)))


def _folder(name: str) -> Path:
    """The folder called ``name`` if it holds an exported reader, else that of the model's export."""
    folder = local(name)
    if folder is not None and all((folder / file).is_file() for file in (GRAPH, CARD)):
        return folder
    from askbrief.read.neural.reader_export import exported

    return exported(name)


def shipped() -> Path:
    """The folder of the reader in the package, which ``training/`` made."""
    return Path(str(resources.files("askbrief").joinpath("data", "reader")))
