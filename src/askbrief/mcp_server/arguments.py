"""The arguments of a tool, checked by its schema: what is wrong with them is one line and a hint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from askbrief.errors import OptionError
from askbrief.present.contract_schemas import Schema

SHOWN = 40
"""Characters of a wrong value that are shown."""


def checked(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that have a value: null and blank text are none. Raises OptionError.

    Texts, whole numbers and lists of texts are checked, as far as a length or a range goes; a property of
    another type is left to the tool.
    """
    known = schema["properties"]
    for name in given:
        if name not in known:
            hint = f"known are {', '.join(known)}" if known else "leave it out"
            raise OptionError(f"there is no argument {_short(name)}", hint=hint)
    values = {name: value for name, value in given.items() if not _blank(value)}
    for name in schema.get("required", ()):
        if name not in values:
            raise OptionError(f"{name} is missing", hint="give it")
    return {name: _value(name, known[name], value) for name, value in values.items()}


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _value(name: str, schema: Schema, value: Any) -> Any:
    check = _CHECKS.get(str(schema.get("type")))
    return check(name, schema, value) if check else value


def _text(name: str, schema: Schema, value: Any) -> str:
    if not isinstance(value, str):
        raise OptionError(f"{name} is {_short(value)}", hint="give a string")
    if len(value) > schema["maxLength"]:
        hint = f"give at most {schema['maxLength']:,}"
        raise OptionError(f"{name} has {len(value):,} characters", hint=hint)
    if "\0" in value:
        raise OptionError(f"{name} has a null character", hint="leave it out")
    try:
        value.encode()
    except UnicodeError as error:
        raise OptionError(f"{name} is not Unicode", hint="give a string of whole characters") from error
    return value


def _whole(name: str, schema: Schema, value: Any) -> int:
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    least, most = schema["minimum"], schema["maximum"]
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        hint = f"give a whole number from {least} to {most:,}"
        raise OptionError(f"{name} is {_short(value)}", hint=hint)
    return number


def _list(name: str, schema: Schema, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise OptionError(f"{name} is {_short(value)}", hint="give a list")
    if len(value) > schema["maxItems"]:
        raise OptionError(f"{name} has {len(value):,} items", hint=f"give at most {schema['maxItems']}")
    return [_value(name, schema["items"], each) for each in value if not _blank(each)]


_CHECKS = {"string": _text, "integer": _whole, "array": _list}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=repr)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
