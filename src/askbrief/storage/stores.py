"""Where an archive may be kept, and what opens it there to be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askbrief.errors import IndexMissing
from askbrief.protocols import IndexReader, RunWriter, StoredDocuments
from askbrief.storage.db.database import FILE, NOWHERE, Database
from askbrief.storage.folder import require_plain
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.lock import writing

if TYPE_CHECKING:
    from askbrief.storage.writer import WriterModel


class Written(Protocol):
    """An archive opened for writing, before it is known which model embeds what is added."""

    @property
    def documents(self) -> StoredDocuments:
        """What is stored."""

    def writer(self, model: WriterModel, *, anew: bool) -> RunWriter:
        """The writer, which has ``model`` embed; ``anew`` derives everything from nothing."""


class Store(Protocol):
    """A place that keeps an archive."""

    @property
    def location(self) -> str:
        """The place, as messages name it."""

    @property
    def folder(self) -> Path:
        """Where on this machine files are kept for the archive."""

    def reader(self) -> IndexReader:
        """The newest revision. Raises the ``errors.Index*``."""

    def require(self) -> None:
        """Raise IndexMissing if no archive is there."""

    def looked_at(self) -> AbstractContextManager[StoredDocuments]:
        """What is stored, without being able to change it; nothing if no archive is there."""

    def writing(self, *, fresh: bool = False) -> AbstractContextManager[Written]:
        """The archive, opened for writing; with ``fresh``, a damaged one is set aside. Raises IndexLocked and
        StorageError."""


class _FolderWritten:
    def __init__(self, folder: Path, database: Database) -> None:
        self.documents = FolderDocuments(folder, database)

    def writer(self, model: WriterModel, *, anew: bool) -> RunWriter:
        from askbrief.storage.writer import FolderWriter

        return FolderWriter(self.documents.folder, self.documents.database, model, anew=anew)


class FolderStore:
    """Fills ``Store`` with a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location = str(folder)

    def reader(self) -> IndexReader:
        """The newest revision. Raises the ``errors.Index*``."""
        from askbrief.storage.reader import FolderReader

        return FolderReader.open(self.folder)

    def require(self) -> None:
        """Raise IndexMissing if no archive is there."""
        if not (self.folder / FILE).is_file():
            raise IndexMissing(f"no index in {self.folder}", hint="name one with `--index`")

    @contextmanager
    def looked_at(self) -> Iterator[StoredDocuments]:
        """What is stored, without being able to change it; nothing if no archive is there."""
        there = (self.folder / FILE).is_file()
        require_plain(self.folder)
        with closing(Database.open(self.folder / FILE) if there else Database.create(NOWHERE)) as database:
            yield FolderDocuments(self.folder, database)

    @contextmanager
    def writing(self, *, fresh: bool = False) -> Iterator[Written]:
        """The archive, opened for writing; with ``fresh``, a damaged one is set aside. Raises IndexLocked and
        StorageError."""
        with writing(self.folder, fresh=fresh) as database:
            yield _FolderWritten(self.folder, database)


def store_at(where: str | Path) -> Store:
    """The store that a path, or the URL of a database, names. Raises OptionError and ModuleMissing."""
    if isinstance(where, str) and is_url(where):
        from askbrief.storage.postgres.postgres_store import PostgresStore

        return PostgresStore(where)
    return FolderStore(Path(where))


def is_url(where: str) -> bool:
    """Whether an archive is named by a URL, and not by its folder."""
    return "://" in where
