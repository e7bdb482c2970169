"""askbrief compact: disk space of removed documents back."""

from __future__ import annotations

from askbrief.cli.shared_options import IndexFolder, folder
from askbrief.cli.terminal import progress, size


def compact(index: IndexFolder = None) -> None:
    """Rebuild the search files and reclaim disk space."""
    from askbrief.indexing import operations
    from askbrief.options import IndexOptions

    with progress() as show:
        before, after = operations.compact(folder(index), IndexOptions(progress=show))
    print(f"{folder(index)}: {size(before)} before, {size(after)} now")
