"""Who may ask, and what a browser may do with the replies: checked before any route sees a request.

A page anywhere on the web can make its visitor's browser send requests to this machine, and a name that is
made to point here (DNS rebinding) would let it read the replies. So a request must name a host that is
allowed, and what changes or costs much must come from our own pages.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from askbrief.errors import SettingsError
from askbrief.serve.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TOKEN = "ASKBRIEF_TOKEN"  # noqa: S105 — the name of the variable
SHORTEST_TOKEN = 16
OPEN_PATHS = frozenset({"/healthz"})
"""Paths that need no token: they say nothing of the archive."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every reply that doesn't have its own."""

FORM_HEADERS = {"Referrer-Policy": "same-origin"}
"""Of a page with a form that is posted: without a referrer, a browser posts it without its origin too, and
without TLS it says nothing else of where a request comes from. Other sites are sent nothing either way."""


@dataclass(frozen=True, slots=True)
class Access:
    """The names by which the server may be called, lower case, and the token that it asks for, if any."""

    hosts: frozenset[str] = LOOPBACK
    token: str | None = None

    @classmethod
    def of(cls, host: str, allowed: Iterable[str], environment: Mapping[str, str]) -> Access:
        """For a server on ``host``. Raises SettingsError if that isn't this machine alone and no token is
        set, or if the token is short."""
        token = environment.get(TOKEN) or None
        hint = f"set {TOKEN} to {SHORTEST_TOKEN} random characters or more"
        if token is not None and (len(token) < SHORTEST_TOKEN or not token.isascii()):
            raise SettingsError(f"{TOKEN} is too short, or not ASCII", hint=hint)
        if token is None and not is_loopback(host):
            raise SettingsError(f"{host} can be reached by others, and {TOKEN} isn't set", hint=hint)
        named = () if host in ("0.0.0.0", "::", "") else (host,)  # noqa: S104 — compared, not bound
        return cls(LOOPBACK | {name.strip("[]").lower() for name in (*named, *allowed)}, token)

    def refusal(self, method: str, path: str, headers: list[tuple[bytes, bytes]]) -> Problem | None:
        """Why a request is refused; None if it is not."""
        sent: dict[str, list[str]] = {}
        for name, value in headers:
            sent.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        hosts = sent.get("host", [])
        if len(hosts) != 1 or host_name(hosts[0]) not in self.hosts:
            hint = "name the host with `--allowed-host` where the server runs"
            return Problem(421, "the server doesn't answer to that host name", hint=hint)
        if not self._knows(sent.get("authorization", [])) and path not in OPEN_PATHS:
            hint = "send it as a bearer token, or as the password in a browser"
            asked = {"WWW-Authenticate": 'Basic realm="askbrief", charset="UTF-8"'}
            return Problem(401, "the server asks for a token", hint=hint, headers=asked)
        if method in ("GET", "HEAD"):
            ours = _from_here(sent) or sent.get("sec-fetch-mode") == ["navigate"]  # a link from elsewhere
        else:
            ours = _from_here(sent) and (
                _of_origin(sent.get("origin", []), hosts[0])
                or ("sec-fetch-site" in sent and sent.get("origin") == ["null"])  # as our own pages send it
            )
        return None if ours else Problem(403, "requests from other sites are refused")

    def _knows(self, given: list[str]) -> bool:
        if self.token is None:
            return True
        return len(given) == 1 and hmac.compare_digest(_credential(given[0]).encode(), self.token.encode())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host: an address of it, or localhost."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE | re.ASCII)


def host_name(host: str) -> str | None:
    """The name in a Host header, lower case, without its port; None for something else."""
    found = _HOST.fullmatch(host)
    return found[1].strip("[]").lower() if found else None


def _from_here(sent: Mapping[str, list[str]]) -> bool:
    """Whether a browser says that a request comes from our own pages; others than browsers say nothing."""
    return sent.get("sec-fetch-site", ["none"]) in (["same-origin"], ["none"])


def _of_origin(origins: list[str], host: str) -> bool:
    """Whether a request has no origin, or this host: the scheme may differ behind a proxy."""
    return not origins or (
        len(origins) == 1
        and origins[0].partition("://")[0] in ("http", "https")
        and origins[0].partition("://")[2].lower() == host.lower()
    )


def _credential(authorization: str) -> str:
    """The bearer token, or the password of basic authentication; empty for something else."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return ""


class Guard:
    """ASGI middleware: refuses what ``access`` refuses, and adds ``HEADERS`` to every reply."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", []))
                names = {name.lower() for name, _ in own}
                every = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                added = [(name, value) for name, value in every if name not in names]
                message = {**message, "headers": [*own, *added]}
            await send(message)

        refused = self._access.refusal(scope["method"], scope["path"], scope["headers"])
        if refused:
            await _refuse(refused, guarded)
        else:
            await self._app(scope, receive, guarded)


async def _refuse(problem: Problem, send: Send) -> None:
    body = problem.as_json()
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **problem.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
