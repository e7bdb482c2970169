"""Other names of people and bodies: the well-known ones, and those that a user keeps in ``aliases.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from askbrief.english.lexicon import load
from askbrief.english.name_parts import split
from askbrief.errors import SettingsError

FILE = "aliases.toml"
"""The name of the user's file, in the index folder."""
TABLES = ("people", "organisations")
_FORM = 'write `[people]` or `[organisations]`, then lines such as `"Full Name" = ["alias", "alias"]`'


class Aliases:
    """Full names with their aliases. What a user says of an alias replaces what is known of it."""

    def __init__(self, own: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}
        self._full: dict[str, tuple[str, ...]] = {}
        for full, aliases in (own or {}).items():
            self._forms[full] = (full, *aliases)
            for form in self._forms[full]:
                exact = _exact(form)
                self._full[exact] = (*self._full.get(exact, ()), full)
        for exact, full in _known().items():
            self._full.setdefault(exact, (full,))
        for full, aliases in load("names")["organisations"].items():
            self._forms[full] = (full, *aliases, *self._forms.get(full, ())[1:])

    def full(self, name: str) -> tuple[str, ...]:
        """The full names of those that a name is an alias of; the name itself if there are none."""
        return self._full.get(_exact(name)) or (name,)

    def forms(self, full: str) -> tuple[str, ...]:
        """A full name with its aliases."""
        return self._forms.get(full, (full,))

    def __iter__(self) -> Iterator[str]:
        """The full names."""
        return iter(self._forms)


@cache
def _known() -> dict[str, str]:
    table = load("names")["organisations"]
    return {_exact(form): full for full, aliases in table.items() for form in (full, *aliases)}


@lru_cache(maxsize=65536)
def _exact(name: str) -> str:
    words = split(name)
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def read(path: Path) -> Aliases:
    """The aliases in a user's file; only the well-known ones if there is no such file. Raises SettingsError
    for a file that isn't of the form."""
    import tomllib

    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Aliases()
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}", hint="allow reading it") from error
    except ValueError as error:  # of TOML, and of UTF-8
        raise SettingsError(f"{path} is not a TOML file in UTF-8: {error}", hint=_FORM) from error
    return Aliases({full: forms for table in content for full, forms in _table(path, table, content[table])})


def _table(path: Path, name: str, lines: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if name not in TABLES or not isinstance(lines, dict):
        raise SettingsError(f"{path} has an unknown table or key: {name!r}", hint=_FORM)
    for full, aliases in lines.items():
        given = [full, *aliases] if isinstance(aliases, list) else [None]
        if not all(isinstance(form, str) and split(form) for form in given):
            raise SettingsError(f"{path}: {full!r} is not a name with a list of names", hint=_FORM)
        yield full, tuple(aliases)
