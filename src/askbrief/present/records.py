"""Records as JSON and Markdown, by their kind: what ``to_json()`` and notebooks show."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from askbrief.present import exports, json_contracts
from askbrief.present.citation_place import parts, speech
from askbrief.present.markdown_text import inline_text
from askbrief.types import Answer, Quoted, SearchResult


def as_json(record: Any) -> str:
    """A record as its command prints it with ``--json``, on one line."""
    return json_contracts.to_json(_as_dict(record), lines=True)


def _as_dict(record: Any) -> json_contracts.Json:
    match record:
        case SearchResult():
            return json_contracts.search(record)
        case Quoted():
            return json_contracts.quotation(record)
    return asdict(record)


def as_markdown(record: Any) -> str:
    """A record as its command prints it with ``--format markdown``; a citation as words and place."""
    match record:
        case Answer():
            return exports.exported(exports.of_answers([record]), "markdown")
        case SearchResult():
            return exports.exported(exports.of_search(record), "markdown")
        case Quoted():
            return exports.exported(exports.of_quotations([record]), "markdown")
    place = ", ".join(filter(None, (speech(record), *parts(record))))
    words = " ".join(inline_text(record.text).split())
    return f"> {words}\n\n{inline_text(place)}\n"
