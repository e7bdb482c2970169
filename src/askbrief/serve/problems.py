"""What goes wrong with a request, as one line and a hint: problem+json (RFC 9457), or a page.

An error of the library is the client's if the client can mend it. Others are the archive's: they are logged
where the server runs, and the client learns only that there was one, for messages may name paths.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from askbrief.errors import (
    AnswerError,
    AskbriefError,
    IndexLocked,
    IndexMissing,
    NotFound,
    OptionError,
    QueryError,
    QuestionError,
    SourceError,
)

LOG = logging.getLogger("askbrief.serve")
MEDIA_TYPE = "application/problem+json"
MENDABLE: dict[type[AskbriefError], int] = {
    QuestionError: 400,
    OptionError: 400,
    QueryError: 400,
    AnswerError: 400,
    SourceError: 400,
}
"""Errors that the client can mend, with their status."""
RETRY_AFTER = 2
"""Seconds after which a client that was turned away may come again."""


class Problem(Exception):
    """A request that isn't answered, and why; ``headers`` are sent with it."""

    def __init__(
        self, status: int, detail: str, *, hint: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.headers = headers or {}
        self.extent: tuple[int, int] | None = None
        """Where a query is wrong, in characters."""

    @property
    def title(self) -> str:
        """What the status is called."""
        return HTTPStatus(self.status).phrase

    def as_json(self) -> bytes:
        """The problem as a document of RFC 9457, with its hint if it has one."""
        document: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        document["detail"] = self.detail
        if self.hint:
            document["hint"] = self.hint
        if self.extent:
            document["start"], document["end"] = self.extent
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def busy(detail: str = "the server is busy") -> Problem:
    """The problem of a request that finds no free place."""
    return Problem(503, detail, hint="try again shortly", headers={"Retry-After": str(RETRY_AFTER)})


def of_error(error: Exception) -> Problem:
    """The problem that an exception is to the client; what it can't mend is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, AskbriefError):
        for kind, status in MENDABLE.items():
            if isinstance(error, kind):
                found = Problem(status, error.message, hint=error.hint)
                found.extent = (error.start, error.end) if isinstance(error, QueryError) else None
                return found
        if isinstance(error, NotFound):
            return Problem(404, "no document has that id", hint="give the whole id, as lists have it")
        LOG.error("%s", error)
        if isinstance(error, IndexLocked):
            return busy("the archive is being written")
        if isinstance(error, IndexMissing):
            return Problem(503, "the archive holds no document yet", hint="index some, then ask again")
        return Problem(500, "the archive can't be read", hint="run `askbrief status` where the server runs")
    LOG.error("this is a bug in askbrief", exc_info=error)
    return Problem(500, "an unexpected error, which is a bug in askbrief")
