"""An index folder as somebody else may have made it: what is opened in it are plain files and folders."""

from __future__ import annotations

import os
from pathlib import Path

from askbrief import plain_files
from askbrief.errors import IndexDamaged, StorageError

OURS = (
    "askbrief.db",
    "manifest.json",
    "writer.",
    "vectors",
    "keywords",
    "encoder",
    "fetched.",
    "answers.jsonl",
    "aliases.toml",
)
"""How the names begin of all that is opened or written in an index folder; the rest is left alone."""


def require_plain(folder: Path) -> None:
    """Raise IndexDamaged if anything of ours in an index folder is a link, a pipe or a device, or a folder
    where a file belongs: what is read or written there would be something else. Raises StorageError."""
    for path in _ours(folder):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # a writer has just removed it
            continue
        if (other := plain_files.kind_of_other(mode)) is not None:
            hint = "put a copy of the file itself in its place, or ask another index"
            raise IndexDamaged(f"{path} is {other}, and an index has plain files only", hint=hint)


def _ours(folder: Path) -> list[Path]:
    """What is ours in an index folder, and all that is in folders of ours."""
    try:
        with os.scandir(folder) as entries:
            found = [Path(each.path) for each in entries if each.name.startswith(OURS)]
        within = [path for path in found if path.is_dir() and not path.is_symlink()]
        return found + [Path(each.path) for path in within for each in os.scandir(path)]
    except FileNotFoundError:
        return []
    except OSError as error:
        hint = "ask its owner to let you read the folder, or ask as its owner"
        why = (error.strerror or str(error)).lower()
        raise StorageError(f"{error.filename} can't be read: {why}", hint=hint) from error
