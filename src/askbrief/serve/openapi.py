"""The API described by OpenAPI 3.1, with the schemas of records made from the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
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

DAY = {"type": "string", "format": "date"}
PLACE = "#/components/schemas/"
TABLES = ("json", "csv")
FORMATS = ("json", "csv", "markdown", "html")
TABLE = ("text/csv",)
EXPORTS = ("text/csv", "text/markdown", "text/html")


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
    from askbrief.check import Checked
    from askbrief.types import Answer, SearchOrder, Source, Speaker
    from askbrief.verify import Verification

    answer, speaker, source, checked, verified = (
        record_schema(each, schemas, PLACE) for each in (Answer, Speaker, Source, Checked, Verification)
    )
    found = result_schema(schemas, PLACE)
    checked_object = schemas["Checked"]
    checked_object["required"].remove("difference")
    schemas["Quotation"] = quotation_schema(schemas, PLACE)
    quotation = {"$ref": f"{PLACE}Quotation"}
    return {
        "/healthz": {
            "get": _operation(
                "health",
                "Whether the server answers questions yet",
                {
                    "200": _reply("It does.", object_schema(status=TEXT)),
                    "503": _reply("Not yet.", object_schema(status=TEXT)),
                },
                parameters=[],
                problems=(),
            )
            | {"security": []}
        },
        "/openapi.json": {
            "get": _operation("openapi", "This document", {"200": _reply("It.", {"type": "object"})})
        },
        "/api/ask": {
            "get": _operation(
                "ask",
                "Answer a question with verbatim, cited passages",
                _replies(
                    "The answer, or the nearest passages if the archive does not say.", answer, also=EXPORTS
                ),
                [
                    _parameter("question", "The question.", _value(), required=True),
                    _parameter(
                        "before",
                        "Earlier questions, oldest first, from which a follow-up takes what it leaves out.",
                        {"type": "array", "items": _value(), "maxItems": MOST_BEFORE},
                    ),
                    _parameter("k", "Passages to read.", _whole(1, MOST_PASSAGES) | {"default": PASSAGES}),
                    *_filters(),
                    _parameter(
                        "threshold",
                        "The least probability at which to answer; the reader's own without.",
                        {"type": "number", "minimum": 0, "maximum": 1},
                    ),
                    _format(FORMATS),
                ],
            )
        },
        "/api/search": {
            "get": _operation(
                "search",
                "Every document with the words of a query, and every place in it",
                _replies("Some documents, and how many there are.", found, also=EXPORTS),
                [
                    _parameter(
                        "query", "What to search for; docs/search.md explains it.", _value(), required=True
                    ),
                    *_filters(),
                    _parameter("sort", "The order.", {"enum": list(get_args(SearchOrder))}),
                    _parameter(
                        "facets",
                        "Whether to count by month, source and speaker.",
                        {"enum": ["false", "true"]},
                    ),
                    _parameter(
                        "limit", "Most documents of a reply.", _whole(1, MOST_ROWS) | {"default": SHOWN}
                    ),
                    _parameter(
                        "offset", "Documents to leave out.", _whole(0, MOST_ROWS_CSV) | {"default": 0}
                    ),
                    _format(FORMATS),
                ],
            )
        },
        "/api/quotes": {
            "get": _operation(
                "quotes",
                "Who is quoted with what, by date and place",
                _replies(
                    "Some quotations.",
                    page_schema("quotations", quotation, notes=list_schema(TEXT)),
                    also=EXPORTS,
                ),
                [
                    *_filters(),
                    _parameter("about", "Words that the sentences must have, in any inflection.", _value()),
                    _parameter("document", "Only of the document with this id.", _value()),
                    *_listed(FORMATS),
                ],
                problems=("400", "404"),
            )
        },
        "/api/speakers": {
            "get": _operation(
                "speakers",
                "Who is quoted, most often first",
                _replies("Some speakers.", page_schema("speakers", speaker), also=TABLE),
                _listed(),
            )
        },
        "/api/documents": {
            "get": _operation(
                "documents",
                "The documents, by source name",
                _replies("Some documents.", page_schema("documents", source), also=TABLE),
                _listed(),
            )
        },
        "/api/documents/{id}": {
            "get": _operation(
                "document",
                "A document with its paragraphs and sentences",
                _replies("The document.", shown_schema()),
                [
                    {
                        **_parameter("id", "The document's id, whole.", {"type": "string", "minLength": 1}),
                        "in": "path",
                        "required": True,
                    }
                ],
                problems=("400", "404"),
            )
        },
        "/api/status": {
            "get": _operation(
                "status",
                "What the index holds, and whether it is intact",
                _replies("The state.", status_schema()),
            )
        },
        "/api/check": {
            "post": _operation(
                "check",
                "Check the quotations of a draft",
                _replies(
                    "The quotations, labelled.",
                    object_schema(quotations=list_schema(checked)),
                    also=EXPORTS,
                    tagged=False,
                ),
                [_format(FORMATS)],
                problems=("400", "408", "413", "415"),
            )
            | {
                "requestBody": {
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
                                    "file": {
                                        "type": "string",
                                        "contentMediaType": "application/octet-stream",
                                    },
                                    "draft": TEXT,
                                },
                            }
                        },
                    },
                }
            }
        },
        "/api/verify": {
            "post": _operation(
                "verify",
                "Check that the citations of saved answers still hold, by the index alone",
                _replies(
                    "What has become of each citation.",
                    verified,
                    tagged=False,
                ),
                problems=("400", "408", "413", "415"),
            )
            | {
                "requestBody": {
                    "required": True,
                    "description": "What /api/ask gave, or several of it, in a list or as lines.",
                    "content": {
                        "application/json": {"schema": {"type": ["object", "array"]}},
                        "application/x-ndjson": {"schema": TEXT},
                    },
                }
            }
        },
    }


# -- operations


def _operation(
    name: str,
    summary: str,
    replies: Schema,
    parameters: Sequence[Schema] = (),
    problems: Sequence[str] = ("400",),
) -> Schema:
    all_problems = [*problems, "401", "403", "421", "500", "503"] if problems else ["403", "421"]
    wrong = {
        status: {
            "description": _WRONG[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in all_problems
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {**replies, **wrong},
    }


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


def _replies(description: str, schema: Schema, *, also: Sequence[str] = (), tagged: bool = True) -> Schema:
    reply = _reply(description, schema)
    reply["content"] |= {kind: {"schema": TEXT} for kind in also}
    if tagged:
        reply["headers"] = {"ETag": {"schema": TEXT, "description": "The state of the archive."}}
        return {"200": reply, "304": {"description": "The client has it."}}
    return {"200": reply}


def _reply(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def _filters() -> list[Schema]:
    return [
        _parameter("since", "Only documents from this day on.", DAY),
        _parameter("until", "Only documents up to this day.", DAY),
        _parameter("source", "Only documents whose source name matches this pattern.", _value()),
        _parameter("speaker", "Only statements of this speaker, in any form of the name.", _value()),
    ]


def _listed(formats: Sequence[str] = TABLES) -> list[Schema]:
    return [
        _parameter(
            "limit",
            "Most rows of a reply; in JSON at most 500.",
            _whole(1, MOST_ROWS_CSV) | {"default": ROWS},
        ),
        _parameter("cursor", "The `next` of an earlier reply.", _value()),
        _format(formats),
    ]


def _format(formats: Sequence[str]) -> Schema:
    return _parameter("format", "The format of the reply.", {"enum": list(formats), "default": formats[0]})


def _value() -> Schema:
    return {"type": "string", "maxLength": LONGEST_VALUE}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}
