"""The tables, indexes and triggers that a database of each format has: with others it is none of ours."""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from askbrief.storage.db.connection import Connection, writable
from askbrief.storage.db.migrations import MIGRATIONS

Entry: TypeAlias = tuple[str, str, str, str]
"""Kind, name and table of a part of the schema, and the statement that makes it, with single blanks."""

Kinds: TypeAlias = Mapping[str, frozenset[type]]
"""What the values of a column, by its name, may be in Python."""

STORED: Mapping[str, type] = {"TEXT": str, "INTEGER": int, "BLOB": bytes}

COLUMNS = """
    SELECT c.name, c.type, (c."notnull" OR c.pk) AND m.name <> 'speakers'
    FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type <> ''
"""
"""Name and type of each column, and whether it has a value always: speakers may be joined to nobody."""


class _Made(NamedTuple):
    """What an empty database of a format has."""

    entries: Set[Entry]
    kinds: Kinds


def difference(connection: Connection, version: int) -> str | None:
    """What a database of a known format has, or lacks, that such a one doesn't or does; None if nothing.

    A view in the place of a table, a trigger or a computed column is a program of whoever made the file. None
    of them runs before it is asked for, so this is asked first. (``PRAGMA trusted_schema = OFF`` would refuse
    our own index over ``json_extract``, which SQLite 3.40 counts among unsafe functions.)
    """
    found, known = _entries(connection), _made(version).entries
    if found == known:
        return None
    (kind, name, *_), *_ = sorted(found ^ known)
    return f"its {kind} {name[:40]!r} isn't as askbrief makes it"


def kinds() -> Kinds:
    """The kinds of all columns of today's format: SQLite keeps anything anywhere. Columns of one name in
    several tables have the kinds of all of them."""
    return _made(len(MIGRATIONS)).kinds


@cache
def _made(version: int) -> _Made:
    with closing(writable(Path(":memory:"))) as connection:
        for script in MIGRATIONS[:version]:
            connection.executescript(script)
        kinds: dict[str, frozenset[type]] = {}
        for name, stored, required in connection.execute(COLUMNS):
            also = () if required else (type(None),)
            kinds[name] = kinds.get(name, frozenset()) | {STORED[stored], *also}
        return _Made(_entries(connection), kinds)


def _entries(connection: Connection) -> Set[Entry]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return frozenset(
        (str(kind), str(name), str(table), " ".join(str(sql).split())) for kind, name, table, sql in rows
    )
