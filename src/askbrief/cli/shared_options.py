"""Options that several commands share, declared once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from askbrief.errors import OptionError
from askbrief.settings import Settings

if TYPE_CHECKING:
    from askbrief.api import Index


def option(name: str, help: str, metavar: str | None = None) -> Any:  # noqa: A002 — Typer's word
    """The declaration of an option, or of a flag if it takes no value."""
    return typer.Option(name, help=help, metavar=metavar, readable=False)  # a path is opened by who reads it


IndexFolder = Annotated[
    Path | None, option("--index", "Index folder (default: $ASKBRIEF_INDEX, else ./index).", "DIR")
]
StoreUrl = Annotated[
    str | None,
    option(
        "--store",
        "PostgreSQL database that keeps the archive instead of a folder, e.g. postgresql://HOST/DATABASE.",
        "URL",
    ),
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


Where: TypeAlias = "Path | str | None"
"""Where the archive is: a folder, the URL of a database, or None for the default folder."""


def archive_at(index: Path | None, store: str | None) -> Where:
    """Where ``--index`` and ``--store`` say that the archive is. Raises OptionError if both do."""
    if index is not None and store is not None:
        raise OptionError("there are two archives", hint="give either `--index` or `--store`")
    if store is not None and "://" not in store:
        hint = "write it as `--store postgresql://USER@HOST/DATABASE`, or name a folder with `--index`"
        raise OptionError(f"the store is {store!r}, which isn't a URL", hint=hint)
    return index if store is None else store


def located(where: Where) -> Path | str:
    """The folder or the database: as given, else the folder set in the environment, else ./index."""
    return where or Settings.from_environment().index


def location(where: Where) -> str:
    """The folder or the database, as messages name it."""
    from askbrief.storage.stores import store_at

    return store_at(located(where)).location


def folder(where: Where, what: str = "this") -> Path:
    """The index folder. Raises OptionError for a database, in which there is no place for ``what``."""
    found = located(where)
    if isinstance(found, str):
        raise OptionError(f"{what} needs an index folder", hint="leave `--store` out")
    return found


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


def opened(where: Where, reader: str | None = None) -> AbstractContextManager[Index]:
    """The index, open for one command."""
    if kept := _KEPT.get():
        return nullcontext(kept.open(folder(where), reader_name(reader)))
    return opened_anew(where, reader)


def opened_anew(where: Where, reader: str | None = None) -> Index:
    """The index, open to be asked."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads that nothing here uses
    from askbrief.api import Index
    from askbrief.cli.terminal import note_warnings

    note_warnings(where)
    return Index.open(located(where), reader=reader_name(reader))
