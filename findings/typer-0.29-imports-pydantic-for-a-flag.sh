#!/bin/sh
# Typer 0.28.0 and 0.29.2
#
# One would guess: a command whose only parameter is a flag runs without a validation library, as it did one release
# earlier; importing typer alone still doesn't load pydantic, so a look at the import time shows nothing.
# Seen: Typer 0.29 depends on pydantic and imports it when the first command with a parameter runs, also for a single flag.
# Such a program then took 0.45 s from start to end instead of 0.17 s with 0.28.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/flag.py" <<'PYTHON'
import sys
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def main(verbose: Annotated[bool, typer.Option()] = False) -> None:
    """A command with one flag."""


before = "pydantic" in sys.modules
app(["--verbose"], standalone_mode=False)
print(f"pydantic loaded: after the import {before}, after the command {'pydantic' in sys.modules}")
PYTHON

status=0
look() { # version, output expected
    python3 -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet --disable-pip-version-check "typer==$1"
    seen=$("$folder/$1/bin/python" "$folder/flag.py")
    "$folder/$1/bin/python" - "$folder/$1/bin/python" "$folder/flag.py" <<'PYTHON'
import subprocess
import sys
import time


def seconds() -> float:
    begin = time.perf_counter()
    subprocess.run(sys.argv[1:], check=True, capture_output=True)
    return time.perf_counter() - begin


seconds()
print(f"    fastest of nine runs: {min(seconds() for _ in range(9)):.2f} s")
PYTHON
    echo "typer $1: $seen"
    [ "$seen" = "pydantic loaded: after the import False, after the command $2" ] || { echo "    changed: $2 was seen"; status=1; }
}
look 0.28.0 False
look 0.29.2 True
exit $status
