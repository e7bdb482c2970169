#!/bin/sh
# SQLite 3.46.1 (in apsw 3.46.1.0) and fnmatch of Python 3.11
#
# One would guess: SQLite's GLOB, which is said to follow the file globbing of Unix, and fnmatch, which is said to follow
# the shell, match the same names.
# Seen: in brackets they differ in four ways. "[!a]" is any other letter to fnmatch, and "!" or "a" to SQLite, which negates
# by "[^a]" alone; that is "^" or "a" to fnmatch. A range whose end comes before its start, "[z-a]", matches nothing in
# fnmatch, and "z" in SQLite. A bracket that is never closed stands for itself in fnmatch, and matches nothing in SQLite.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.46.1.0
cat > "$folder/brackets.py" <<'PYTHON'
import sys
from fnmatch import fnmatchcase

import apsw

database = apsw.Connection(":memory:")
expected = {
    ("[!a]", "b"): (False, True),
    ("[!a]", "a"): (True, False),
    ("[^a]", "b"): (True, False),
    ("[^a]", "a"): (False, True),
    ("[z-a]", "z"): (True, False),
    ("[draft", "[draft"): (False, True),
    ("[a-c]*", "box"): (True, True),
}
print("SQLite", apsw.sqlite_lib_version(), "Python", sys.version.split()[0])
same = True
for (pattern, name), wanted in expected.items():
    ((found,),) = database.execute("SELECT ? GLOB ?", (name, pattern))
    seen = bool(found), fnmatchcase(name, pattern)
    print(f"{pattern:8} {name:8} SQLite {seen[0]!s:5} fnmatch {seen[1]}")
    same = same and seen == wanted
sys.exit(not same)
PYTHON
"$folder/venv/bin/python" "$folder/brackets.py" || { echo "    changed"; exit 1; }
