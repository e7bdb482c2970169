"""A small web of one server on this machine: pages by path, what was asked of it, and its own time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

from askbrief.fetch import System

HERE = "127.0.0.1"

Reply: TypeAlias = tuple[int, Mapping[str, str], bytes]
Page: TypeAlias = Reply | Callable[["Handler"], Reply | None]
"""What is answered, or what answers by itself and gives None."""

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's pages, and notes what was asked."""

    site: Site

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        self.site.asked.append(self.path if host == HERE else f"{host}{self.path}")
        self.site.headers.append(dict(self.headers))
        page = self.site.pages.get(self.path, (404, {}, b""))
        reply = page(self) if callable(page) else page
        if reply is None:
            return
        status, headers, body = reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@dataclass
class Site:
    """What the server has, and what it was asked for, in order."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = HERE, scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def visited(self) -> list[str]:
        """What was asked for but robots.txt."""
        return [path for path in self.asked if not path.endswith("/robots.txt")]


@contextmanager
def served(wrap: Callable[[ThreadingHTTPServer], None] = lambda server: None) -> Iterator[Site]:
    site = Site()
    handler = type("Bound", (Handler,), {"site": site})
    server = ThreadingHTTPServer((HERE, 0), handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    wrap(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Time:
    """A clock that goes on only where somebody waits."""

    seconds: float = 0.0
    waited: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.seconds += seconds

    def system(self, lookup: Callable[[str, int], list[str]] = lambda host, port: [HERE]) -> System:
        """Every name is this machine's; the day is 2026-01-01."""
        return System(lookup, lambda: self.seconds, lambda: 1_767_225_600 + self.seconds, self.sleep)


def html(title: str, *paragraphs: str) -> Reply:
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    page = f"<title>{title}</title></head><body><article>{body}</article></body></html>"
    return 200, HTML, f"<!doctype html><html><head>{page}".encode()
