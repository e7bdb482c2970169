"""What an index folder holds, declared as data, and how its files are known to be whole.

``askbrief.db`` is the truth. The encoder is a copy of the model for asking, unless that ships;
``vectors-N.faiss`` and ``keywords-N`` are derived from the database, and were first made of its revision N.
``manifest.json`` says of each file how large it is and what its sha256 is, and is replaced last, in one step.
``fetched.jsonl``, if pages were fetched, is not among them: notes that count only if the database bears
them out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from askbrief import json_records, plain_files
from askbrief.errors import IndexDamaged, StorageError
from askbrief.index_records import FileCard, Files, ModelCard, require_names, require_within
from askbrief.storage.db.connection import newer

FORMAT = 2
MANIFEST = "manifest.json"
LOCK = "writer.lock"
OWNER = "writer.json"
LIGHT = 128_000_000
"""Bytes of search files that are read whole, and compared with their digests, each time they are opened."""

ANEW = "run `askbrief compact` to repair the index (nothing is embedded again)"
"""The remedy for damage beside the database."""

LARGEST = 64_000_000
"""Bytes of a manifest, at most: it has a line or two for each file."""

KINDS = ("vectors", "keywords", "encoder")
"""What the names of search files, and of the query encoder's folder, begin with."""

CHANGING = "meta.json"
"""The one file of tantivy's that is ever written anew; all others are written once."""

UNDECLARED = "."
"""How the names begin of tantivy's files that say nothing of passages: its list of files, its locks, and
those that a run which was cut off had not renamed."""


@dataclass(frozen=True, slots=True)
class VectorCard:
    """The FAISS file: its name, the stamp of the commit whose passages it holds and how many they are.

    An approximate one looks into ``probes`` of its inverted lists (0: it compares with all), which were
    found from ``trained`` passages; ``recall`` is the share of the ten nearest that it then found.
    """

    file: str
    stamp: str
    count: int
    trained: int
    probes: int
    recall: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """The declared state of the files beside the database.

    ``made_by`` is what the files were made with (``made_by.py``), empty if that was not kept. ``stamp`` names
    the commit that it was written at: two databases, or a database and its restored copy,
    may share a revision, never a stamp. ``keywords`` is tantivy's folder.
    """

    format: int
    revision: int
    stamp: str
    model: ModelCard
    vectors: VectorCard
    keywords: str
    files: Files = field(default_factory=dict)
    made_by: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for one that names anything but search files."""
        require_names("vectors", [self.vectors.file])
        require_names("keywords", [self.keywords])
        require_within(self.keywords, self.files.keys() - {self.vectors.file})

    def required(self, stamp: str, *, with_vectors: bool) -> Files:
        """The files that must be as declared: of the keywords if these hold the commit ``stamp`` (else a
        writer is at work on them, or was killed), and of the vectors if they are read."""
        vectors, files = self.vectors.file, self.files if stamp == self.stamp else {}
        others = {name: card for name, card in files.items() if name != vectors}
        return {**others, vectors: self.files[vectors]} if with_vectors else others


def free_name(folder: Path, kind: str, revision: int, suffix: str = "") -> str:
    """A name for new search files of a kind that no others have; what a killed run left is taken away.

    What the manifest names is never written over: questions are answered from it meanwhile.
    """
    with suppress(IndexDamaged):
        sweep(folder, read(folder), kind)
    names = (f"{kind}-{revision}" + (f"-{again}" if again else "") + suffix for again in count())
    return next(name for name in names if not (folder / name).exists())


def card(path: Path) -> FileCard:
    """Size and digest of a file as it lies."""
    with path.open("rb") as file:
        return FileCard(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def cards(folder: Path, *names: str, known: Files | None = None) -> Files:
    """Cards of the files called ``names`` in ``folder``, and of all files in those that are folders.

    Those ``known`` are not read again, since files are written once.
    """
    files: Files = {}
    for name in names:
        path = folder / name
        for member in sorted(path.rglob("*")) if path.is_dir() else [path]:
            key, before = member.relative_to(folder).as_posix(), None
            if member.name != CHANGING:
                before = (known or {}).get(key)
            if member.is_file() and not member.name.startswith(UNDECLARED):
                files[key] = before or card(member)
    return files


def read(folder: Path) -> Manifest | None:
    """The manifest of the index in ``folder``; None if there is none yet, or one of an older format.

    Raises IndexMismatch for one of a newer format, IndexDamaged for one that can't be understood.
    """
    path = folder / MANIFEST
    try:
        data = json_records.parsed(plain_files.read(path, LARGEST))
        if data["format"] > FORMAT:
            raise newer(folder, data["format"], FORMAT)
        if data["format"] < FORMAT:
            return None
        return json_records.record(Manifest, data)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise unreadable(path) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path} is damaged", hint=ANEW) from error


def write(folder: Path, manifest: Manifest) -> None:
    """Put ``manifest`` in place in one step, so that a reader sees the old one or the new one."""
    path = folder / MANIFEST
    beside = path.with_suffix(".json.new")
    plain_files.replace(beside, f"{json.dumps(asdict(manifest), indent=2)}\n".encode(), synced=True)
    beside.replace(path)
    synced(folder)


def synced(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk itself: a power cut may follow."""
    if os.name == "nt" and path.is_dir():  # where a folder can't be opened, and needs no such thing
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def damaged(folder: Path, files: Files, *, thorough: bool = False) -> str | None:
    """Name of the first of ``files`` that is not in ``folder`` as declared; None where all are.

    Where they are so large that reading them would keep a question waiting, only a ``thorough`` look reads
    them; any other goes by their sizes.
    """
    read_whole = thorough or sum(card.bytes for card in files.values()) <= LIGHT
    for name, expected in files.items():
        path = folder / name
        try:
            if not path.is_file() or path.stat().st_size != expected.bytes:
                return name
            if read_whole and card(path) != expected:
                return name
        except PermissionError as error:
            raise unreadable(path) from error
        except OSError as error:
            hint = "check the disk"
            raise StorageError(f"{path} can't be read: {error.strerror or error}", hint=hint) from error
    return None


def changed(keywords: Path) -> tuple[int, int] | None:
    """What differs if a writer has changed the folder of tantivy's; None if it isn't there."""
    try:
        found = (keywords / CHANGING).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def require_readable(path: Path) -> None:
    """Raise StorageError if this user may not read a file, or one of those in a folder: it is no damage."""
    for each in [path, *(sorted(path.iterdir()) if os.access(path, os.R_OK) and path.is_dir() else [])]:
        if each.suffix != ".lock" and each.exists() and not os.access(each, os.R_OK):
            raise unreadable(each)


def unreadable(path: Path) -> StorageError:
    """The error for a file that this user may not read."""
    hint = "ask its owner to let you read the folder, or ask as its owner"
    return StorageError(f"{path} can't be read: permission denied", hint=hint)


def altered(path: Path) -> IndexDamaged:
    """The error for a search file that is not as it was written."""
    return IndexDamaged(f"{path} is missing, cut short or altered", hint=ANEW)


def sweep(folder: Path, manifest: Manifest | None, *kinds: str) -> None:
    """Remove what earlier revisions, models and interrupted runs left behind, of all kinds or of some."""
    kept = {manifest.vectors.file, manifest.keywords, manifest.model.encoder} if manifest else set()
    for path in folder.iterdir():
        if path.name.startswith(kinds or KINDS) and path.name not in kept:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def size(folder: Path) -> int:
    """Bytes that the index takes on disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
