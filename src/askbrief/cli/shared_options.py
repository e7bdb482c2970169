"""Options that several commands share, declared once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askbrief.settings import Settings

if TYPE_CHECKING:
    from askbrief.api import Index


def option(name: str, help: str, metavar: str | None = None) -> Any:  # noqa: A002 — Typer's word
    """The declaration of an option, or of a flag if it takes no value."""
    return typer.Option(name, help=help, metavar=metavar, readable=False)  # a path is opened by who reads it


IndexFolder = Annotated[
    Path | None, option("--index", "Index folder (default: $ASKBRIEF_INDEX, else ./index).", "DIR")
]
READERS = (
    "Reading model: `small` for the smaller and faster of the two packaged readers alone, a Hugging Face "
    "question-answering model, by name or folder, or `none` for the lexical baseline (default: "
    "$ASKBRIEF_READER, else both packaged readers)."
)
ReaderName = Annotated[str | None, option("--reader", READERS, "NAME")]
Passages = Annotated[int, option("-k", "Number of passages to read.", "N")]
Since = Annotated[str | None, option("--since", "Only documents from this day on, e.g. 2024-06-07.", "DATE")]
Until = Annotated[str | None, option("--until", "Only documents up to this day, e.g. 2024-06-07.", "DATE")]
SourceGlob = Annotated[
    str | None, option("--source", "Only documents whose source name matches this pattern.", "GLOB")
]
SpeakerName = Annotated[
    str | None, option("--speaker", "Only statements attributed to this speaker.", "NAME")
]
FORMATS = "Print Markdown with footnotes, CSV or a page of HTML: markdown, csv or html."
Format = Annotated[str | None, option("--format", FORMATS, "FORMAT")]
AsJson = Annotated[bool, option("--json", "Print JSON.")]


def folder(given: Path | None) -> Path:
    """The index folder: as given, else as set in the environment, else ./index."""
    return given or Settings.from_environment().index


def reader_name(given: str | None) -> str | None:
    """The reader: as given, else as set in the environment, else None for the packaged one."""
    return given or Settings.from_environment().reader


class KeptIndexes:
    """Indexes that stay open from one command to the next, each at its newest revision."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, str | None], Index] = {}

    def open(self, folder: Path, reader: str | None = None) -> Index:
        """The index in a folder, opened only once for each reader."""
        from askbrief.api import Index

        key = (folder.resolve(), reader)
        if key in self._open:
            self._open[key].refresh()
        else:
            self._open[key] = Index.open(folder.resolve(), reader=reader)
        return self._open[key]

    def close(self) -> None:
        """Close all."""
        for each in self._open.values():
            each.close()


_KEPT: ContextVar[KeptIndexes | None] = ContextVar("kept", default=None)


@contextmanager
def keep_open() -> Iterator[KeptIndexes]:
    """Have commands that are run inside keep their indexes open."""
    kept = KeptIndexes()
    token = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(token)
        kept.close()


def are_kept_open() -> bool:
    """Whether this is a process in which commands keep their indexes open."""
    return _KEPT.get() is not None


def opened(index: Path | None, reader: str | None = None) -> AbstractContextManager[Index]:
    """The index, open for one command."""
    if kept := _KEPT.get():
        return nullcontext(kept.open(folder(index), reader_name(reader)))
    return opened_anew(index, reader)


def opened_anew(index: Path | None, reader: str | None = None) -> Index:
    """The index, open to be asked."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads that nothing here uses
    from askbrief.api import Index
    from askbrief.cli.terminal import note_warnings

    note_warnings(index)
    return Index.open(folder(index), reader=reader_name(reader))
