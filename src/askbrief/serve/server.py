"""The process that serves: one socket, one index, until a signal ends it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

import uvicorn

from askbrief.api import Index
from askbrief.errors import SettingsError
from askbrief.serve.app import create_app
from askbrief.serve.lanes import Lanes
from askbrief.serve.security import Access

if TYPE_CHECKING:
    from starlette.types import ASGIApp

GRACE = 30
"""Seconds in which answers that are being made may end once the server is told to stop."""
CONNECTIONS = 256
"""Open connections, at most; others are answered 503."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises SettingsError."""
    try:
        numeric = ip_address(host.strip("[]"))
        family = socket.AF_INET6 if isinstance(numeric, IPv6Address) else socket.AF_INET
    except ValueError:
        family = socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        hint = "choose another `--port`, or 0 for a free one"
        raise SettingsError(f"can't listen on {host}, port {port}: {why}", hint=hint) from error


class _Server(uvicorn.Server):
    """Ends at the first signal once running answers are sent, and at a second at once; says which it was."""

    signal: int | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own raises the signal once more at the end, which is no exit with 0."""
        before = {each: signal.signal(each, self._end) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _end(self, number: int, _: Any) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.signal = self.signal or number


@dataclass(frozen=True, slots=True)
class Ended:
    """The number of the signal that ended a server, and whether all its threads have ended too."""

    signal: int | None
    idle: bool


def run(index: Index, sock: socket.socket, access: Access, started: Callable[[], None]) -> Ended:
    """Serve an index on a socket until a signal ends it. ``started`` is called when connections are
    accepted."""
    app = create_app(index, access)
    return run_app(app, app.state.lanes, sock, started)


def run_app(app: ASGIApp, lanes: Lanes, sock: socket.socket, started: Callable[[], None]) -> Ended:
    """As ``run``, for any application and the lanes in which it works."""
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # what people ask is nobody else's business
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config)
    with closing(sock):
        started()
        server.run([sock])
    return Ended(server.signal, all(lane.idle for lane in lanes.every))
