"""The API described by OpenAPI 3.1, with the schemas of records made from the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from askbrief._version import __version__
from askbrief.options import PASSAGES, SHOWN
from askbrief.present.contract_schemas import (
    TEXT,
    Schema,
    list_schema,
    object_schema,
    page_schema,
    quotation_schema,
    record_schema,
    result_schema,
    shown_schema,
    status_schema,
)
from askbrief.serve.limits import (
    LONGEST_DRAFT,
    LONGEST_VALUE,
    MOST_BEFORE,
    MOST_PASSAGES,
    MOST_ROWS,
    MOST_ROWS_CSV,
    ROWS,
)
from askbrief.types import SearchOrder

DAY = {"type": "string", "format": "date"}
PLACE = "#/components/schemas/"
TABLES = ("json", "csv")
FORMATS = ("json", "csv", "markdown", "html")
TYPES = {"csv": "text/csv", "markdown": "text/markdown", "html": "text/html"}


@cache
def document() -> Schema:
    """The document."""
    schemas: Schema = {}
    paths = _paths(schemas)
    schemas["Problem"] = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": {**TEXT, "description": "What happened, to which thing."},
            "hint": {**TEXT, "description": "What to do about it."},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "askbrief",
            "version": __version__,
            "summary": "Answers over a news archive in the archive's own words.",
            "description": "Texts are verbatim: `text` is `document_text[start:end]`, in Unicode characters. "
            "That the archive does not say is an answer (200) with `answered: false`. Lists go on at `next`. "
            "GETs have an ETag that changes with the archive.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}, {"basic": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "The token is the password."},
            },
        },
    }


def _paths(schemas: Schema) -> Schema:
    records = _records(schemas)
    paths = {"/healthz": {"get": _HEALTH}}
    return paths | {each.path: {each.method: _described(each, records)} for each in OPERATIONS}


def _records(schemas: Schema) -> Schema:
    """Schemas by which operations name what they give; those of records go into ``schemas``."""
    from askbrief.check import Checked
    from askbrief.types import Answer, Source, Speaker
    from askbrief.verify import Verification

    made = {
        each.__name__: record_schema(each, schemas, PLACE)
        for each in (Answer, Speaker, Source, Checked, Verification)
    }
    schemas["Checked"]["required"].remove("difference")
    made["Search"] = result_schema(schemas, PLACE)
    schemas["Quotation"] = quotation_schema(schemas, PLACE)
    notes = list_schema(TEXT)
    return made | {
        "Quotations": page_schema("quotations", {"$ref": f"{PLACE}Quotation"}, notes=notes),
        "Speakers": page_schema("speakers", made["Speaker"], notes=notes),
        "Documents": page_schema("documents", made["Source"]),
        "Check": object_schema(quotations=list_schema(made["Checked"])),
        "Shown": shown_schema(),
        "Status": status_schema(),
        "Description": {"type": "object"},
    }


# -- parameters and bodies


def _parameter(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def _whole(least: int, most: int, usual: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "default": usual}


VALUE = {"type": "string", "maxLength": LONGEST_VALUE}
DOCUMENTS = (
    _parameter("since", "Only documents from this day on.", DAY),
    _parameter("until", "Only documents up to this day.", DAY),
    _parameter("source", "Only documents whose source name matches this pattern.", VALUE),
)
FILTERS = (
    *DOCUMENTS,
    _parameter("speaker", "Only statements of this speaker, in any form of the name.", VALUE),
)
LISTED = (
    _parameter("limit", "Most rows of a reply; in JSON at most 500.", _whole(1, MOST_ROWS_CSV, ROWS)),
    _parameter("cursor", "The `next` of an earlier reply.", VALUE),
)
ASKED = (
    _parameter("question", "The question.", VALUE, required=True),
    _parameter(
        "before",
        "Earlier questions, oldest first, from which a follow-up takes what it leaves out.",
        {"type": "array", "items": VALUE, "maxItems": MOST_BEFORE},
    ),
    _parameter("k", "Passages to read.", _whole(1, MOST_PASSAGES, PASSAGES)),
    *FILTERS,
    _parameter(
        "threshold",
        "The least probability at which to answer; the reader's own without.",
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
)
SEARCHED = (
    _parameter("query", "What to search for; docs/search.md explains it.", VALUE, required=True),
    *FILTERS,
    _parameter("sort", "The order.", {"enum": list(get_args(SearchOrder))}),
    _parameter("facets", "Whether to count by month, source and speaker.", {"enum": ["false", "true"]}),
    _parameter("limit", "Most documents of a reply.", _whole(1, MOST_ROWS, SHOWN)),
    _parameter("offset", "Documents to leave out.", _whole(0, MOST_ROWS_CSV, 0)),
)
QUOTED = (
    *FILTERS,
    _parameter("about", "Words that the sentences must have, in any inflection.", VALUE),
    _parameter("document", "Only of the document with this id.", VALUE),
    *LISTED,
)
NAMED = _parameter("name", "Only speakers with these letters in a form of their name.", VALUE)
ID = {
    **_parameter("id", "The document's id, whole.", {"type": "string", "minLength": 1}, required=True),
    "in": "path",
}
DRAFT = {
    "required": True,
    "content": {
        "application/json": {
            "schema": object_schema(draft={"type": "string", "maxLength": LONGEST_DRAFT})
            | {"additionalProperties": False}
        },
        "text/plain": {"schema": TEXT},
        "text/markdown": {"schema": TEXT},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "draft": TEXT,
                },
            }
        },
    },
}
ANSWERS = {
    "required": True,
    "description": "What /api/ask gave, or several of it, in a list or as lines.",
    "content": {
        "application/json": {"schema": {"type": ["object", "array"]}},
        "application/x-ndjson": {"schema": TEXT},
    },
}


# -- operations


@dataclass(frozen=True, slots=True)
class Operation:
    """What a path does: GET, or POST if it takes a ``body``. ``gives`` describes a good reply, ``of`` names
    its schema among ``_records``; ``problems`` may come beside those of any request."""

    path: str
    name: str
    summary: str
    gives: str
    of: str
    parameters: tuple[Schema, ...] = ()
    formats: tuple[str, ...] = ("json",)
    problems: tuple[str, ...] = ("400",)
    body: Schema | None = None

    @property
    def method(self) -> str:
        """How it is called."""
        return "get" if self.body is None else "post"


OF_A_BODY = ("400", "408", "413", "415")
OPERATIONS = (
    Operation("/openapi.json", "openapi", "This document", "It.", "Description"),
    Operation(
        "/api/ask",
        "ask",
        "Answer a question with verbatim, cited passages",
        "The answer, or the nearest passages if the archive does not say.",
        "Answer",
        ASKED,
        FORMATS,
    ),
    Operation(
        "/api/search",
        "search",
        "Every document with the words of a query, and every place in it",
        "Some documents, and how many there are.",
        "Search",
        SEARCHED,
        FORMATS,
    ),
    Operation(
        "/api/quotes",
        "quotes",
        "Who is quoted with what, by date and place",
        "Some quotations.",
        "Quotations",
        QUOTED,
        FORMATS,
        ("400", "404"),
    ),
    Operation(
        "/api/speakers",
        "speakers",
        "Who is quoted, most often first",
        "Some speakers.",
        "Speakers",
        (NAMED, *DOCUMENTS, *LISTED),
        TABLES,
    ),
    Operation(
        "/api/documents",
        "documents",
        "The documents, by source name",
        "Some documents.",
        "Documents",
        LISTED,
        TABLES,
    ),
    Operation(
        "/api/documents/{id}",
        "document",
        "A document with its paragraphs and sentences",
        "The document.",
        "Shown",
        (ID,),
        problems=("400", "404"),
    ),
    Operation(
        "/api/status", "status", "What the index holds, and whether it is intact", "The state.", "Status"
    ),
    Operation(
        "/api/check",
        "check",
        "Check the quotations of a draft",
        "The quotations, labelled.",
        "Check",
        (),
        FORMATS,
        OF_A_BODY,
        DRAFT,
    ),
    Operation(
        "/api/verify",
        "verify",
        "Check that the citations of saved answers still hold, by the index alone",
        "What has become of each citation.",
        "Verification",
        problems=OF_A_BODY,
        body=ANSWERS,
    ),
)


def _described(operation: Operation, records: Schema) -> Schema:
    reply = _reply(operation.gives, records[operation.of])
    reply["content"] |= {TYPES[each]: {"schema": TEXT} for each in operation.formats[1:]}
    replies = {"200": reply}
    if operation.body is None:
        reply["headers"] = {"ETag": {"schema": TEXT, "description": "The state of the archive."}}
        replies["304"] = {"description": "The client has it."}
    parameters = [*operation.parameters, *_format(operation.formats)]
    described = _operation(
        operation.name, operation.summary, replies, parameters, (*operation.problems, *OF_ANY)
    )
    return described if operation.body is None else described | {"requestBody": operation.body}


def _operation(
    name: str, summary: str, replies: Schema, parameters: Sequence[Schema], problems: Sequence[str]
) -> Schema:
    wrong = {
        status: {
            "description": _WRONG[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in problems
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {**replies, **wrong},
    }


def _reply(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _format(formats: Sequence[str]) -> list[Schema]:
    """The parameter that chooses one of several formats."""
    schema = {"enum": list(formats), "default": formats[0]}
    return [_parameter("format", "The format of the reply.", schema)] if formats[1:] else []


OF_ANY = ("401", "403", "421", "500", "503")
_WRONG = {
    "400": "A value that can't be.",
    "401": "The token is missing, or another.",
    "403": "A request from another site.",
    "404": "There is no such document.",
    "408": "The body did not arrive in time.",
    "413": "More than is allowed at once.",
    "415": "A type that can't be read here.",
    "421": "A host that the server doesn't answer to.",
    "500": "The archive can't be read.",
    "503": "Too many requests; come again after Retry-After.",
}
_HEALTH = _operation(
    "health",
    "Whether the server answers questions yet",
    {
        "200": _reply("It does.", object_schema(status=TEXT)),
        "503": _reply("Not yet.", object_schema(status=TEXT)),
    },
    (),
    ("403", "421"),
) | {"security": []}
