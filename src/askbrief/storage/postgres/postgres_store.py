"""An archive in PostgreSQL as a store: opened to be read, looked at or written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import IndexMissing
from askbrief.protocols import IndexReader, RunWriter, StoredDocuments
from askbrief.storage.db.database import NOWHERE, Database
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.postgres.postgres_reader import PostgresReader
from askbrief.storage.postgres.postgres_writer import PostgresWriter
from askbrief.storage.postgres.server_address import ServerAddress
from askbrief.storage.postgres.server_archive import ServerArchive
from askbrief.storage.postgres.server_connection import ServerConnection
from askbrief.storage.postgres.server_schema import migrate, require_known
from askbrief.storage.postgres.server_snapshot import ServerSnapshot

if TYPE_CHECKING:
    from askbrief.storage.stores import Written
    from askbrief.storage.writer import WriterModel


class _ServerWritten:
    def __init__(self, connection: ServerConnection, folder: Path) -> None:
        self._connection = connection
        self.documents = ServerArchive(connection, folder)

    def writer(self, model: WriterModel, *, anew: bool) -> RunWriter:
        del anew  # nothing is derived from what is stored but what the server keeps up to date
        return PostgresWriter(self._connection, self.documents.folder, model)


class PostgresStore:
    """Fills ``storage.stores.Store`` with a database."""

    def __init__(self, url: str) -> None:
        self._address = ServerAddress.parse(url)
        self.location = self._address.location

    @property
    def folder(self) -> Path:
        """Where on this machine files are kept for the archive."""
        from platformdirs import user_cache_path

        name = hashlib.sha256(self.location.encode()).hexdigest()[:16]
        return user_cache_path("askbrief") / "stores" / name

    def reader(self) -> IndexReader:
        """The newest revision. Raises the ``errors.Index*`` and StorageError."""
        return PostgresReader.open(self._address, self.folder)

    def require(self) -> None:
        """Raise IndexMissing if no archive is there."""
        with closing(ServerConnection(self._address)) as connection:
            require_known(connection)

    @contextmanager
    def looked_at(self) -> Iterator[StoredDocuments]:
        """What is stored, without being able to change it; nothing if no archive is there."""
        try:
            snapshot = ServerSnapshot(self._address, require_known)
        except IndexMissing:
            with closing(Database.create(NOWHERE)) as nothing:
                yield FolderDocuments(self.folder, nothing)
            return
        with closing(snapshot):
            yield ServerArchive(snapshot, self.folder)

    @contextmanager
    def writing(self, *, fresh: bool = False) -> Iterator[Written]:
        """The archive, opened for writing; made if there is none. Nothing is set aside."""
        del fresh
        with closing(ServerConnection(self._address)) as connection:
            migrate(connection)
            self.folder.mkdir(parents=True, exist_ok=True)
            written = _ServerWritten(connection, self.folder)
            written.documents.have_model_files()
            yield written
