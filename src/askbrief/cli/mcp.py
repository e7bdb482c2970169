"""askbrief mcp: the archive as tools for assistants."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from askbrief.cli import terminal
from askbrief.cli.interrupts import INTERRUPTED, leave
from askbrief.cli.shared_options import IndexFolder, ReaderName, folder, opened_anew, option
from askbrief.errors import ModuleMissing

if TYPE_CHECKING:
    from askbrief.mcp_server.served_archive import ServedArchive

HOST, PORT = "127.0.0.1", 8751


def mcp(
    index: IndexFolder = None,
    http: Annotated[bool, option("--http", "Serve Streamable HTTP, instead of one client.")] = False,
    host: Annotated[str, option("--host", "With `--http`: address to listen on.", "ADDRESS")] = HOST,
    port: Annotated[
        int, option("--port", "With `--http`: port to listen on; 0 takes a free one.", "PORT")
    ] = PORT,
    allowed_host: Annotated[
        list[str] | None,
        option(
            "--allowed-host",
            "With `--http`: also answer requests for this host name, e.g. of a proxy (repeatable).",
            "NAME",
        ),
    ] = None,
    reader: ReaderName = None,
) -> int:
    """Serve the archive to an assistant over the Model Context Protocol.

    One client is served on standard input and output, until it closes them. With `--http`, clients of this
    machine are served at /mcp, until Ctrl-C; on another `--host` every request needs the token in
    $ASKBRIEF_TOKEN. All tools only read.
    """
    try:
        from askbrief.mcp_server.served_archive import ServedArchive
        from askbrief.mcp_server.server import run_stdio
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("askbrief"):
            raise
        hint = "run `pip install 'askbrief[mcp]'`"
        raise ModuleMissing(f"`askbrief mcp` needs {error.name}, which isn't installed", hint=hint) from error
    archive = ServedArchive(lambda: opened_anew(index, reader))
    if http:
        return _over_http(archive, host, port, allowed_host or (), str(folder(index)))
    signal.signal(signal.SIGINT, lambda *_: leave())  # a thread reads standard input, and can't be ended
    if sys.stdin.isatty():
        terminal.note("an assistant is to start this command, see docs/mcp.md; Ctrl-C ends")
    run_stdio(archive)
    return _closed(archive, 0)


def _over_http(archive: ServedArchive, host: str, port: int, allowed: Iterable[str], name: str) -> int:
    from askbrief.mcp_server.server import PATH, http_app
    from askbrief.serve.security import Access
    from askbrief.serve.server import listening, run_app

    access = Access.of(host, allowed, os.environ)
    sock = listening(host, port)
    with sock:
        named = f"[{host.strip('[]')}]" if ":" in host else host
        where = f"http://{named}:{sock.getsockname()[1]}{PATH}"
        app = http_app(archive, access)
        ended = run_app(
            app, archive.lanes, sock, lambda: terminal.note(f"serving {name} on {where}; Ctrl-C ends")
        )
    return _closed(archive, INTERRUPTED if ended.signal == signal.SIGINT else 0)


def _closed(archive: ServedArchive, code: int) -> int:
    """The exit code, once the archive is closed."""
    if not all(lane.idle for lane in archive.lanes.every):  # a thread can't be ended otherwise
        os._exit(code)
    archive.close()
    return code
