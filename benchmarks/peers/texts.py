"""How a peer reads files in a process of its own: a JSON object a line in, with ``suffix`` and ``data`` in
base64; one out, with ``text``, or ``refused`` and why."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Callable

_TARGET = re.compile(r"\]\([^()\s]*\)")
_STRUCK = re.compile(r"~~.*?~~", re.DOTALL)
_RULE = re.compile(r"^[|\s:-]+$", re.MULTILINE)


def run(read: Callable[[bytes, str], str]) -> None:
    """Read each file and print what was read, without what only marks it up in Markdown."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            text = read(base64.b64decode(asked["data"]), asked["suffix"])
        except Exception as error:
            told = {"refused": f"{type(error).__name__}: {error}"[:200]}
        else:
            text = _RULE.sub("", _STRUCK.sub("", _TARGET.sub("]", text)))
            told = {"text": re.sub(r"\\([\W_])", r"\1", text).replace("*", "")}
        print(json.dumps(told), flush=True)
