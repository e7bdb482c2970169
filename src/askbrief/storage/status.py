"""What an index holds, and whether all of it is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from askbrief.errors import AskbriefError
from askbrief.storage.db import integrity as whole
from askbrief.storage.reader import Store
from askbrief.storage.search import manifest as layout
from askbrief.storage.search.manifest import ModelCard


@dataclass(frozen=True, slots=True)
class Status:
    """Counts, the model, the revision, the size on disk in bytes, and what is wrong, if anything is.

    ``whole`` is true where the database is sound and every file is as declared; ``fault`` says what is not.
    ``verified`` tells whether every byte was looked at, or sizes and structure alone.
    """

    index: str
    documents: int
    sentences: int
    passages: int
    model: ModelCard | None
    revision: int
    bytes: int
    whole: bool
    fault: str | None
    verified: bool


def status(store: Store, *, verify: bool = False) -> Status:
    """The state of an open index; every byte is read where ``verify`` asks for it, or where they are few."""
    verified = verify or layout.size(store.folder) <= layout.LIGHT
    fault = _fault(store, verified)
    return Status(
        index=str(store.folder),
        **asdict(store.stats()),
        model=store.model,
        bytes=layout.size(store.folder),
        whole=fault is None,
        fault=fault,
        verified=verified,
    )


def _fault(store: Store, thorough: bool) -> str | None:
    """The first thing that is wrong, as one line; None where nothing is."""
    finding = whole.fault(store.database, thorough=thorough)
    if finding is not None:
        return f"the database is damaged: {finding}"
    if store.model is None:
        return None
    try:
        manifest = layout.read(store.folder)
    except AskbriefError as error:
        return str(error)
    if manifest is None:
        return f"{layout.MANIFEST} is missing"
    if manifest.stamp != store.database.stamp():
        return "the search files are behind the database"
    name = layout.damaged(store.folder, store.model.files | manifest.files, thorough=thorough)
    if name:
        return f"{name} is missing, cut short or altered"
    held, there = len(store.revision), store.stats().passages
    return None if held == there else f"the search files hold {held} passages, the database {there}"
