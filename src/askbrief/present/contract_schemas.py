"""JSON Schemas of the contracts, for programs that are told beforehand what they will get.

Schemas of the records of ``askbrief.types`` are made from the records. Those of ``check`` and ``verify`` are
written out: a server lists its tools before it has loaded the modules that check and verify; a test compares.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from askbrief.types import Answer, AnswerText, Citation, Kind, Polarity, SearchResult, Source, Speaker

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
PLACE = "#/$defs/"
"""Where a schema has the definitions that it refers to."""


def answer_schema() -> Schema:
    """Of ``answer``."""
    defined: Schema = {}
    record_schema(Answer, defined)
    return {**defined["Answer"], "$defs": defined}


def quotation_schema(defined: Schema, place: str = PLACE) -> Schema:
    """Of ``quotation``; the records in it go into ``defined``."""
    named = {name: or_none(TEXT) for name in ("name", "role", "text")}
    return object_schema(
        text=TEXT,
        start=COUNT,
        end=COUNT,
        kind={"enum": list(get_args(Kind))},
        polarity={"enum": list(get_args(Polarity))},
        cue=object_schema(text=TEXT, start=COUNT, end=COUNT),
        speaker=or_none(object_schema(**named, start=or_none(COUNT), end=or_none(COUNT))),
        document=record_schema(Source, defined, place),
        paragraph=COUNT,
        sentences=_pair(COUNT),
    )


def quotations_schema() -> Schema:
    """Of a list of ``quotation``, some at a time: ``next`` is where it goes on, ``notes`` what a filter
    leaves out."""
    defined: Schema = {}
    item = quotation_schema(defined)
    return {**page_schema("quotations", item, notes=list_schema(TEXT)), "$defs": defined}


def result_schema(defined: Schema, place: str = PLACE) -> Schema:
    """Of ``search``; the records in it go into ``defined``."""
    made = record_schema(SearchResult, defined, place)
    of_place = defined["SearchPlace"]
    of_place["required"].remove("document")
    del of_place["properties"]["document"]
    return made


def search_schema() -> Schema:
    """Of ``search`` with some of the places of each document, and how many there are in ``found``."""
    defined: Schema = {}
    result_schema(defined)
    hit = defined["SearchHit"]
    hit["properties"]["found"] = COUNT
    hit["required"].append("found")
    return {**defined["SearchResult"], "$defs": defined}


def speakers_schema() -> Schema:
    """Of a list of ``speaker``, some at a time, with ``notes`` as those of quotations."""
    defined: Schema = {}
    item = record_schema(Speaker, defined)
    return {**page_schema("speakers", item, notes=list_schema(TEXT)), "$defs": defined}


def shown_schema(**more: Schema) -> Schema:
    """Of ``shown``, and of what ``more`` there is."""
    extents = list_schema(object_schema(start=COUNT, end=COUNT))
    about = object_schema(id=TEXT, title=TEXT, source=TEXT, date=or_none(TEXT), sha256=TEXT)
    paragraphs = list_schema(object_schema(start=COUNT, end=COUNT, sentences=extents))
    return object_schema(document=about, text=TEXT, paragraphs=paragraphs, **more)


def part_schema() -> Schema:
    """Of a part of ``shown``: characters ``start`` to ``end`` of all its ``characters``; ``next`` is where it
    goes on."""
    return shown_schema(start=COUNT, end=COUNT, characters=COUNT, next=or_none(COUNT))


def check_schema() -> Schema:
    """Of ``check``."""
    defined: Schema = {}
    difference = list_schema(object_schema(change=TEXT, draft=TEXT, archive=TEXT))
    item = object_schema(
        text=TEXT,
        line=COUNT,
        label={"enum": ["exact", "unconfirmed", "altered", "misattributed", "absent"]},
        speaker=or_none(TEXT),
        match=or_none(record_schema(Citation, defined)),
        said_by=or_none(TEXT),
        reason=or_none(TEXT),
        unpaired=FLAG,
    )
    item["properties"]["difference"] = or_none(difference)
    return {**object_schema(quotations=list_schema(item)), "$defs": defined}


def verification_schema() -> Schema:
    """Of ``verification``."""
    defined: Schema = {}
    states = ["intact", "moved", "changed", "gone"]
    found = object_schema(
        within={"enum": ["index", "source"]},
        document=TEXT,
        text=TEXT,
        start=COUNT,
        end=COUNT,
        paragraph=or_none(COUNT),
        sentences=or_none(_pair(COUNT)),
        answer=or_none(record_schema(AnswerText, defined)),
        alike={"type": "number"},
    )
    item = object_schema(
        state={"enum": states},
        index={"enum": states},
        source={"enum": [*states, "missing", "unread"]},
        why=TEXT,
        text=TEXT,
        start={"type": "integer"},
        end={"type": "integer"},
        document=record_schema(Source, defined),
        found=or_none(found),
    )
    made = object_schema(citations=list_schema(item), faults=list_schema(TEXT), intact=FLAG)
    return {**made, "$defs": defined}


def status_schema() -> Schema:
    """Of ``status``."""
    counts = dict.fromkeys(("documents", "sentences", "passages", "revision", "bytes"), COUNT)
    return object_schema(index=TEXT, **counts, model=or_none(TEXT), whole=FLAG, fault=or_none(TEXT))


# -- parts of schemas


def object_schema(**properties: Schema) -> Schema:
    """Of an object that has all these keys, and may have others."""
    return {"type": "object", "required": list(properties), "properties": properties}


def list_schema(item: Schema) -> Schema:
    """Of a list of ``item``."""
    return {"type": "array", "items": item}


def page_schema(name: str, item: Schema, **more: Schema) -> Schema:
    """Of an object with a list that goes on at ``next``, None at its end."""
    return object_schema(**{name: list_schema(item)}, next=or_none(TEXT), **more)


def or_none(schema: Schema) -> Schema:
    """Of what ``schema`` describes, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def _pair(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}


def record_schema(kind: Any, defined: Schema, place: str = PLACE) -> Schema:
    """Of a type as JSON. Records go into ``defined``, by name, and are referred to at ``place``."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_dataclass(kind):
        name = getattr(kind, "__name__", "")
        if name not in defined:
            defined[name] = {}  # a record may hold others of its kind
            hints = typing.get_type_hints(kind)
            properties = {field: record_schema(hint, defined, place) for field, hint in hints.items()}
            defined[name] = object_schema(**properties)
        return {"$ref": f"{place}{name}"}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [record_schema(each, defined, place) for each in inner]}
    if origin is tuple and inner[-1] is not Ellipsis:
        parts = [record_schema(each, defined, place) for each in inner]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if origin in (tuple, list):
        return list_schema(record_schema(inner[0], defined, place))
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": record_schema(inner[1], defined, place)}
    raise TypeError(f"no schema for {kind}")


_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
}
