"""What an index folder holds, and whether it is intact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from askbrief.errors import AskbriefError
from askbrief.storage.db import integrity
from askbrief.storage.db.database import Database
from askbrief.storage.search import manifest as manifests
from askbrief.types import ModelCard, Status


def status(
    folder: Path, database: Database, model: ModelCard | None, searched: Callable[[], int], *, verify: bool
) -> Status:
    """The state of an open index; ``searched`` counts the passages of its search files. Every byte is read if
    ``verify`` asks for it, or if there are few."""
    verified = verify or manifests.size(folder) <= manifests.LIGHT
    fault = _fault(folder, database, model, searched, verified)
    return Status(
        index=str(folder),
        **asdict(database.stats()),
        model=model,
        bytes=manifests.size(folder),
        whole=fault is None,
        fault=fault,
        verified=verified,
    )


def _fault(
    folder: Path, database: Database, model: ModelCard | None, searched: Callable[[], int], thorough: bool
) -> str | None:
    """The first damage found, as one line; None if there is none."""
    finding = integrity.fault(database, thorough=thorough)
    if finding is not None:
        return f"the database is damaged: {finding}"
    if model is None:
        return None
    try:
        manifest = manifests.read(folder)
    except AskbriefError as error:
        return str(error)
    if manifest is None:
        return f"{manifests.MANIFEST} is missing"
    if manifest.stamp != database.stamp():
        return "the search files are behind the database"
    name = manifests.damaged(folder, model.files | manifest.files, thorough=thorough)
    if name:
        return f"{name} is missing, cut short or altered"
    in_files, stored = searched(), database.stats().passages
    if in_files != stored:
        return f"the search files hold {in_files} passages, the database {stored}"
    return None
