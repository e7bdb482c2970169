"""askbrief serve: the archive over HTTP."""

from __future__ import annotations

import os
import signal
from typing import Annotated

from askbrief.cli import terminal
from askbrief.cli.interrupts import INTERRUPTED
from askbrief.cli.shared_options import IndexFolder, ReaderName, opened_anew, option
from askbrief.errors import ModuleMissing

HOST, PORT = "127.0.0.1", 8750


def serve(
    index: IndexFolder = None,
    host: Annotated[str, option("--host", "Address to listen on.", "ADDRESS")] = HOST,
    port: Annotated[int, option("--port", "Port to listen on; 0 takes a free one.", "PORT")] = PORT,
    allowed_host: Annotated[
        list[str] | None,
        option(
            "--allowed-host", "Also answer requests for this host name, e.g. of a proxy (repeatable).", "NAME"
        ),
    ] = None,
    reader: ReaderName = None,
) -> int:
    """Serve pages and an HTTP API for the archive until Ctrl-C.

    Only this machine can reach it, unless `--host` names another address; then every request needs the token
    in $ASKBRIEF_TOKEN. Nothing can be written over HTTP. Exit 0 if SIGTERM ends it.
    """
    try:
        from askbrief.serve import Access, run
        from askbrief.serve.server import listening
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "jinja2", "python_multipart"):
            raise
        hint = "run `pip install 'askbrief[serve]'`"
        raise ModuleMissing(
            f"`askbrief serve` needs {error.name}, which isn't installed", hint=hint
        ) from error
    access = Access.of(host, allowed_host or (), os.environ)
    sock = listening(host, port)
    with sock, opened_anew(index, reader) as archive:
        named = f"[{host.strip('[]')}]" if ":" in host else host
        address = f"http://{named}:{sock.getsockname()[1]}/"
        ended = run(
            archive,
            sock,
            access,
            lambda: terminal.note(f"serving {archive.folder} on {address}; Ctrl-C ends"),
        )
        code = INTERRUPTED if ended.signal == signal.SIGINT else 0
        if not ended.idle:  # a thread can't be ended otherwise
            os._exit(code)
    return code
