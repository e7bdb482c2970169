"""Cursors: where a list goes on, as text that a client only passes back.

A cursor names the last item of a page by what the list is sorted by, not by its number: while documents are
added and removed, nothing that stays is given twice or left out.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeAlias, TypeVar

from askbrief.serve.problems import Problem

T = TypeVar("T")

Key: TypeAlias = tuple[Any, ...]
"""Sorts the items of a list as they come: texts, numbers, truth values, of one shape within a list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list, and the cursor of those after them; None at its end."""

    items: list[T]
    next: str | None


def page(items: Iterable[T], key: Callable[[T], Key], shape: Key, cursor: str | None, size: int) -> Page[T]:
    """The ``size`` items after a cursor. ``shape`` is an example of a key. Raises Problem for text that is no
    cursor of such a list.

    Items of one key are told apart by how many of them came before.
    """
    after = None if cursor is None else _read(cursor, shape)
    rest = _after(_numbered(items, key), after)
    some = list(islice(rest, size + 1))
    more = len(some) > size
    return Page([item for _, item in some[:size]], _write(some[size - 1][0]) if more else None)


def place(cursor: str | None, shape: Key) -> Key | None:
    """The key of the last item before a cursor, from which on items are needed; None for the beginning of
    the list. Raises Problem as ``page`` does."""
    return None if cursor is None else _read(cursor, shape)[:-1]


def _numbered(items: Iterable[T], key: Callable[[T], Key]) -> Iterator[tuple[Key, T]]:
    last, number = None, 0
    for item in items:
        found = key(item)
        number = number + 1 if found == last else 0
        last = found
        yield (*found, number), item


def _after(items: Iterable[tuple[Key, T]], cursor: Key | None) -> Iterator[tuple[Key, T]]:
    return (pair for pair in items if cursor is None or pair[0] > cursor)


def _write(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read(cursor: str, shape: Key) -> Key:
    wrong = Problem(400, "the cursor is none of this list", hint="give the `next` of an earlier reply")
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise wrong from error
    types = [type(part) for part in (*shape, 0)]
    if not isinstance(found, list) or [type(part) for part in found] != types:
        raise wrong
    return tuple(found)
