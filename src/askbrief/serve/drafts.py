"""What a client sends to be checked or verified: out of JSON, plain text, or a form with a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from askbrief.serve.limits import LARGEST_BODY, LONGEST_DRAFT, MOST_CITATIONS, body, too_large
from askbrief.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Message

    from askbrief.check import DraftText
    from askbrief.types import Answer

PLAIN = ("text/plain", "text/markdown")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".odt"})
NAME = "the draft"


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes of a draft or an answer, the suffix of its file if it came as one, and the other fields."""

    data: bytes
    suffix: str = ""
    fields: dict[str, str] | None = None


async def sent(request: Request, field: str, also: tuple[str, ...] = ()) -> Sent:
    """What is sent as ``field`` of JSON or of a form, or as the body itself. Raises Problem."""
    data = await body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in PLAIN or not kind:
        return Sent(data)
    if kind == "application/json":
        return Sent(_member(data, field))
    if kind in FORMS:
        return await _form(request, data, field, also)
    known = ", ".join(("application/json", *PLAIN, *FORMS))
    raise Problem(415, f"{kind[:60]!r} can't be read here", hint=f"send one of {known}")


def _member(data: bytes, field: str) -> bytes:
    hint = f'send {{"{field}": "…"}}'
    document = parsed_json(data, hint)
    if not isinstance(document, dict) or document.keys() != {field} or not isinstance(document[field], str):
        raise Problem(400, f"the body is not an object with {field!r} alone", hint=hint)
    try:
        return str(document[field]).encode()
    except UnicodeError as error:
        raise Problem(400, f"{field} is not Unicode", hint=hint) from error


def parsed_json(data: bytes, hint: str) -> Any:
    """A body of JSON. Raises Problem."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "the body is not JSON", hint=hint) from error


async def _form(request: Request, data: bytes, field: str, also: tuple[str, ...]) -> Sent:
    """The field of a form, from its file if one was chosen, else from its text."""

    async def again() -> Message:
        return {"type": "http.request", "body": data, "more_body": False}

    replayed = Request(request.scope, again)
    async with replayed.form(max_files=1, max_fields=8, max_part_size=LARGEST_BODY) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        file = form.get("file")
        if isinstance(file, UploadFile) and file.size:
            suffix = PurePath(file.filename or "").suffix.lower()
            return Sent(await file.read(), suffix, {name: fields.get(name, "") for name in also})
    if field not in fields:
        raise Problem(400, f"the form has no {field!r}", hint="fill it in, or choose a file")
    text = fields[field].replace("\r\n", "\n").encode("utf-8", "replace")
    return Sent(text, "", {name: fields.get(name, "") for name in also})


def draft(given: Sent) -> DraftText:
    """The text of a draft that was sent. Raises Problem, and SourceError for bytes that can't be read."""
    from askbrief.check import read_draft

    if given.suffix and given.suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise Problem(400, f"drafts can't be {given.suffix[:12]!r} files", hint=f"send one of {known}")
    read = read_draft(given.data, NAME + given.suffix)
    if not read.text.strip():
        raise Problem(400, "the draft is empty", hint="write something, or choose a file")
    if len(read.text) > LONGEST_DRAFT:
        hint = f"check at most {LONGEST_DRAFT:,} at a time"
        raise Problem(413, f"the draft has {len(read.text):,} characters", hint=hint)
    return read


def answers(given: Sent) -> tuple[Answer, ...]:
    """The answers that were sent to be verified. Raises Problem and AnswerError."""
    from askbrief.verify import load

    found = load(given.data, "the answer")
    count = sum(len(each.citations) for each in found)
    if count > MOST_CITATIONS:
        raise Problem(413, f"{count:,} citations", hint=f"verify at most {MOST_CITATIONS:,} at a time")
    return found


async def answer_body(request: Request) -> Sent:
    """An answer as ``ask --json`` prints it, as the body itself or in a form. Raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORMS:
        return await sent(request, "answer")
    if kind and kind not in ("application/json", "application/x-ndjson", *PLAIN):
        raise Problem(415, f"{kind[:60]!r} can't be read here", hint="send application/json")
    return Sent(await body(request))


__all__ = ["Sent", "answer_body", "answers", "draft", "parsed_json", "sent", "too_large"]
