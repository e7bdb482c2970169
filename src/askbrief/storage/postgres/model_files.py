"""The files of an exported model, which the database carries to every machine that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from askbrief.index_records import ModelCard
from askbrief.storage.postgres.server_connection import ServerConnection
from askbrief.storage.postgres.server_documents import ServerDocuments
from askbrief.storage.search import manifest as manifests

PART = 8_000_000
"""Bytes of a file in one row: a value of PostgreSQL's has at most 1 GB."""


def put(connection: ServerConnection, folder: Path, card: ModelCard) -> None:
    """Store the files of a model that are in ``folder``, and none of any other model."""
    connection.execute("DELETE FROM askbrief.model_files")
    rows = (
        (card.sha256, name, number, part) for name in card.files for number, part in _parts(folder / name)
    )
    connection.copy("model_files", ("model", "name", "part", "data"), rows)


def _parts(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while part := file.read(PART):
            yield number, part
            number += 1


def fetch(documents: ServerDocuments, card: ModelCard) -> None:
    """Have the files of a model in the folder of this machine, from the database if they aren't there.

    Raises IndexDamaged if the database has others than the model's card says.
    """
    folder = documents.folder
    if manifests.damaged(folder, card.files) is None:
        return
    for name in card.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        with beside.open("wb") as file:
            for number in range(-(-card.files[name].bytes // PART)):
                query = "SELECT data FROM askbrief.model_files WHERE model = %s AND name = %s AND part = %s"
                file.write(documents.database.one(query, (card.sha256, name, number)) or b"")
        beside.replace(path)
    if (altered := manifests.damaged(folder, card.files)) is not None:
        raise documents.damaged(f"its model's {altered} was altered")
