"""The names that a user adds beside an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askbrief.english.names import NameMatcher


class AliasFile:
    """``aliases.toml`` in an index folder, read again if it has changed; none if there is no file."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._state: tuple[int, int] | None = None
        self._matcher: NameMatcher | None = None

    def matcher(self) -> NameMatcher:
        """What compares names with the aliases of now. Raises SettingsError for a file that can't be used."""
        from askbrief.english.aliases import FILE, read
        from askbrief.english.names import NameMatcher

        path = self._folder / FILE if self._folder else None
        try:
            found = path.stat() if path else None
            state = (found.st_mtime_ns, found.st_size) if found else None
        except OSError:
            state = None
        if self._matcher is None or state != self._state:
            self._matcher, self._state = NameMatcher(read(path) if path else None), state
        return self._matcher
