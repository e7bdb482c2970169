"""What an index folder holds, and whether it is intact."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.errors import AskbriefError
from askbrief.index_records import Status
from askbrief.storage.db import integrity
from askbrief.storage.search import manifest as manifests

if TYPE_CHECKING:
    from askbrief.storage.reader import FolderReader


def status(index: FolderReader, *, verify: bool) -> Status:
    """The state of an open index. Every byte is read if ``verify`` asks for it, or if there are few."""
    verified = verify or manifests.size(index.folder) <= manifests.LIGHT
    fault = _fault(index, thorough=verified)
    return Status(
        index=str(index.folder),
        **asdict(index.stats()),
        model=index.model,
        bytes=manifests.size(index.folder),
        whole=fault is None,
        fault=fault,
        verified=verified,
    )


def _fault(index: FolderReader, *, thorough: bool) -> str | None:
    """The first damage found, as one line; None if there is none."""
    finding = integrity.fault(index.database, thorough=thorough)
    if finding is not None:
        return f"the database is damaged: {finding}"
    if index.model is None:
        return None
    try:
        manifest = manifests.read(index.folder)
    except AskbriefError as error:
        return error.message
    if manifest is None:
        return f"{manifests.MANIFEST} is missing"
    if manifest.stamp != index.database.stamp():
        return "the search files are behind the database"
    name = manifests.damaged(index.folder, index.model.files | manifest.files, thorough=thorough)
    if name:
        return manifests.altered(Path(name)).message
    in_files, stored = len(index.snapshot), index.stats().passages
    if in_files != stored:
        return f"the search files hold {in_files} passages, the database {stored}"
    return None
