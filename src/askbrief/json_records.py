"""Frozen records made of JSON that somebody else may have written: each field has just its type."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from math import isfinite
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

LARGEST = 2**53 - 1
"""Numbers beyond it mean different things to different programs (RFC 8259, section 6)."""


def parsed(text: str | bytes) -> Any:
    """What JSON says. Raises ValueError for what is none, or is nested too deep."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def record(kind: type[T], data: object) -> T:
    """The dataclass ``kind`` with these fields: none unknown, none missing that has no default. Raises
    ValueError, which names what is wrong."""
    known: Any = kind
    if not isinstance(data, dict):
        raise ValueError(f"{kind.__name__} is no object")  # noqa: TRY004 — of JSON, as all others
    hints = _hints(known)
    if unknown := data.keys() - hints.keys():
        raise ValueError(f"{kind.__name__} has an unknown field, {sorted(unknown)[0]!r}")
    for each in fields(known):
        if each.name not in data and each.default is MISSING and each.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} lacks {each.name!r}")
    return kind(**{name: _value(hints[name], value, name) for name, value in data.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any, name: str) -> Any:
    """A value as its hint says. Raises ValueError for another."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        (rest,) = (each for each in inner if each is not type(None))
        return _value(rest, value, name)
    if is_dataclass(hint) and isinstance(hint, type):
        return record(hint, value)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(inner[0], each, name) for each in value)
    if origin is dict and isinstance(value, dict):
        return {key: _value(inner[1], each, name) for key, each in value.items()}
    if hint is int and type(value) is int and 0 <= value <= LARGEST:
        return value
    if hint is float and type(value) in (int, float) and abs(value) <= LARGEST and isfinite(value):
        return float(value)
    if hint in (str, bool) and type(value) is hint:
        return value
    raise ValueError(f"{name!r} has a value that it can't have")
