"""The application: routes behind the guard, and what goes wrong as problems."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from askbrief.errors import AskbriefError
from askbrief.serve import api, pages
from askbrief.serve.lanes import Lanes
from askbrief.serve.problems import MEDIA_TYPE, Problem, of_error
from askbrief.serve.security import Access, Guard
from askbrief.serve.served_index import ServedIndex

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from askbrief.api import Index

PROGRAMS = ("/api/", "/healthz", "/openapi.json", "/static/")
"""How the paths begin whose problems are JSON."""


def create_app(index: Index, access: Access = Access()) -> Starlette:  # noqa: B008 — frozen
    """The ASGI application that serves an open index; it loads the models when it is started, and leaves the
    index open when it ends."""
    served, lanes = ServedIndex(index), Lanes()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        warming = asyncio.create_task(lanes.ask.run(served.warm))
        following = asyncio.create_task(served.follow())
        try:
            yield
        finally:
            for task in (warming, following):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
            served.close()
            lanes.close()

    app = Starlette(
        routes=[*api.ROUTES, *pages.ROUTES],
        middleware=[Middleware(Guard, access=access), Middleware(Problems)],
        exception_handlers={HTTPException: _of_route, Problem: _replied, AskbriefError: _replied},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.served, app.state.lanes = served, lanes
    return app


class Problems:
    """ASGI middleware: an error that nobody expected is a problem too, and is logged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        from starlette.requests import Request

        try:
            await self._app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            await (await _replied(Request(scope), error))(scope, receive, send)


async def _of_route(request: Request, error: Exception) -> Response:
    """The reply to a path or a method that there is no route for."""
    assert isinstance(error, HTTPException)  # noqa: S101 — for the types
    detail = {404: "there is nothing here", 405: f"{request.method} is not allowed here"}.get(
        error.status_code, error.detail
    )
    return await _replied(request, Problem(error.status_code, detail, headers=dict(error.headers or {})))


async def _replied(request: Request, error: Exception) -> Response:
    problem = of_error(error)
    headers = {"Cache-Control": "no-store", **problem.headers}
    if request.url.path.startswith(PROGRAMS):
        return Response(problem.as_json(), problem.status, headers, MEDIA_TYPE)
    return Response(pages.problem(problem), problem.status, headers, "text/html")
