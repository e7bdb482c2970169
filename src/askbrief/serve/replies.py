"""Replies: bytes of a media type, tagged with the state of the index that they were made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from askbrief.serve.lanes import Lane, Lanes
from askbrief.serve.served_index import ServedIndex

if TYPE_CHECKING:
    from starlette.requests import Request

JSON, CSV, MARKDOWN, HTML = (
    "application/json",
    "text/csv; charset=utf-8",
    "text/markdown; charset=utf-8",
    "text/html; charset=utf-8",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent of a request that is answered; ``file`` is the name under which a browser saves it."""

    body: bytes
    media_type: str = JSON
    file: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def as_json(document: Any) -> Content:
    """A document as JSON in UTF-8."""
    return Content(json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def as_text(text: str, media_type: str, file: str | None = None) -> Content:
    """A text of some type."""
    return Content(text.encode("utf-8", "replace"), media_type, file)


def served(request: Request) -> ServedIndex:
    """The index of the server that got a request."""
    index: ServedIndex = request.app.state.served
    return index


def lanes(request: Request) -> Lanes:
    """The lanes of the server that got a request."""
    found: Lanes = request.app.state.lanes
    return found


async def tagged(request: Request, lane: Lane, work: Callable[[], Content]) -> Response:
    """The reply to a GET: 304 if the client has it, else what ``work`` makes in a thread of ``lane``."""
    tag = f'W/"{served(request).tag}"'  # before the work: what is newer than its tag is only fetched again
    known = request.headers.get("if-none-match", "")
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in (each.strip() for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return _response(await lane.run(work), headers)


async def untagged(lane: Lane, work: Callable[[], Content]) -> Response:
    """The reply to a request whose answer isn't to be kept."""
    return _response(await lane.run(work), {"Cache-Control": "no-store"})


def _response(content: Content, headers: Mapping[str, str]) -> Response:
    sent = {**headers, **content.headers}
    if content.file:
        sent["Content-Disposition"] = f'attachment; filename="{content.file}"'
    response = Response(content.body, content.status, sent)
    response.headers["Content-Type"] = content.media_type
    return response
