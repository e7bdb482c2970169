"""Loading a reading model: the two that ship, or a question-answering model by name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeAlias

from askbrief.once import shared
from askbrief.onnx_runtime import runtime
from askbrief.packaged import LARGE_READER, READER, packaged
from askbrief.read.lexical_reader import LexicalReader
from askbrief.read.neural.hub import local
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.reading_model import CARD, GRAPH, ReadingModel
from askbrief.read.neural.two_readers import TwoReaders
from askbrief.settings import SMALL_READER

Neural: TypeAlias = PassageReader | TwoReaders
Calibrated: TypeAlias = Neural | LexicalReader
"""A reader with a threshold, which also reads texts that were not retrieved."""


def passage_reader(name: str | None) -> Neural:
    """The reading model called ``name``, a folder or a model on the hub; for None, the two that ship.

    Raises ModelError, and StorageError if its export can't be written.
    """
    if name not in (None, SMALL_READER):
        return _in(_folder(name))
    if name == SMALL_READER:
        return _in(packaged(READER))
    import tokenizers  # noqa: F401 — what two threads import first at once may be found half imported

    runtime()
    pool = ThreadPoolExecutor(1, "askbrief-reader")
    loading = pool.submit(_in, packaged(LARGE_READER))
    pool.shutdown(wait=False)
    return TwoReaders(_in(packaged(READER)), loading.result)


def _in(folder: Path) -> PassageReader:
    made = (folder / CARD).stat().st_mtime_ns if (folder / CARD).is_file() else 0
    return PassageReader(shared((folder.resolve(), made), partial(ReadingModel, folder)))


def _folder(name: str) -> Path:
    """The folder called ``name`` if it holds an exported reader, else that of the model's export."""
    folder = local(name)
    if folder is not None and all((folder / file).is_file() for file in (GRAPH, CARD)):
        return folder
    from askbrief.read.neural.reader_export import exported

    return exported(name)
