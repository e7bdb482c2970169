"""Aliases of people and organisations: the well-known ones, and those in a user's ``aliases.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from askbrief import plain_files
from askbrief.english.lexicon import load
from askbrief.english.name_parts import split
from askbrief.errors import SettingsError

FILE = "aliases.toml"
"""The name of the user's file, in the index folder."""
LARGEST = 10_000_000
"""Bytes of the file, at most."""
TABLES = ("people", "organisations")
_FORM = 'write `[people]` or `[organisations]`, then lines such as `"Full Name" = ["alias", "alias"]`'


class Aliases:
    """Full names and their aliases. A user's alias replaces a well-known one."""

    def __init__(self, own: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._forms = {full: (full, *aliases) for full, aliases in (own or {}).items()}
        self._full: dict[str, tuple[str, ...]] = {}
        for full, forms in self._forms.items():
            for exact in dict.fromkeys(map(_exact, forms)):
                self._full[exact] = (*self._full.get(exact, ()), full)
        for full, aliases in load("names")["organisations"].items():
            self._forms[full] = (*self._forms.get(full, (full,)), *aliases)

    def full(self, name: str) -> tuple[str, ...]:
        """The full names that a name is an alias of, or the name itself."""
        exact = _exact(name)
        if exact in self._full:
            return self._full[exact]
        surname = name[:1].isupper() and name[1:].islower()  # Ken Au isn't the African Union
        return (name if surname and exact in _acronyms() else _known().get(exact, name),)

    def forms(self, full: str) -> tuple[str, ...]:
        """A full name and its aliases."""
        return self._forms.get(full, (full,))

    def __iter__(self) -> Iterator[str]:
        """The full names."""
        return iter(self._forms)


@cache
def _known() -> dict[str, str]:
    """The full names of the well-known aliases."""
    table = load("names")["organisations"]
    return {_exact(form): full for full, aliases in table.items() for form in (full, *aliases)}


@cache
def _acronyms() -> frozenset[str]:
    """The well-known aliases that are written only in capitals."""
    forms = [form for aliases in load("names")["organisations"].values() for form in aliases]
    capitals = {_exact(form) for form in forms if form.isupper()}
    return frozenset(capitals.difference(_exact(form) for form in forms if not form.isupper()))


@lru_cache(maxsize=65536)
def _exact(name: str) -> str:
    words = split(name)
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def read(path: Path) -> Aliases:
    """The aliases in the file ``path``, if it exists, and the well-known ones.

    Raises SettingsError if the file can't be read or is not in the form described in ``docs/aliases.md``.
    """
    import tomllib

    try:
        content = tomllib.loads(plain_files.read(path, LARGEST).decode("utf-8-sig"))
    except FileNotFoundError:
        return Aliases()
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}", hint="allow reading it") from error
    except (ValueError, RecursionError) as error:  # of TOML, and of UTF-8
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
