#!/bin/sh
# mcp 2.3.0 (the Python SDK of the Model Context Protocol)
#
# One would guess: a server on standard input and output imports what it runs, `mcp.server.lowlevel` and `mcp.server.stdio`,
# and a program that only needs the message types pays for those when it imports `mcp_types`.
# Seen: `mcp/__init__.py` imports the client, so any module of the package loads httpx2, starlette, uvicorn and the client for
# HTTP too. `import mcp.server.stdio` took 0.9 s of CPU, `import mcp_types` alone 0.3 s of it. No choice of submodule avoids the
# rest: import the SDK in the one command that serves.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mcp==2.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import time

begin = time.process_time()
import mcp_types

types = time.process_time() - begin
assert "mcp" not in sys.modules
import mcp.server.stdio

print(f"    CPU: mcp_types {types:.2f} s, mcp.server.stdio with it {time.process_time() - begin:.2f} s")
loaded = [name for name in ("mcp.client.client", "httpx2", "starlette", "uvicorn") if name in sys.modules]
print(f"    loaded for a server without HTTP: {', '.join(loaded)}")
sys.exit(len(loaded) != 4)
PYTHON
