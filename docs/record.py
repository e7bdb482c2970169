"""The session picture of the README: real commands, run in a terminal, as SVG.

``askbrief index && python docs/record.py`` writes ``docs/session.svg``. It needs a Unix terminal, and the
index of ``seeds/`` (``$ASKBRIEF_INDEX``, else ``index/``). A test fails if the picture is out of date.
"""

from __future__ import annotations

import io
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from askbrief.settings import Settings

PICTURE = Path(__file__).parent / "session.svg"
WIDTH = 115
COMMANDS = (
    'askbrief ask "what did Kirby say about Kharkiv"',
    'askbrief ask "who won the French election?"',
    "cat draft.md",
    "askbrief check draft.md",
)
DRAFT = """\
“The Russians have kind of stalled out up there,” John Kirby said.
“Their advance on Kharkiv is all but over,” Macron added.
"""


def transcript(index: Path) -> str:
    """What the commands print in a terminal, with its control sequences, each after its prompt."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "draft.md").write_text(DRAFT, encoding="utf-8")
        return "\n".join(f"\x1b[1m$ {line}\x1b[0m\n{_run(line, folder, index)}" for line in COMMANDS)


def _run(line: str, folder: str, index: Path) -> str:
    words = shlex.split(line)
    command = [sys.executable, "-m", *words] if words[0] == "askbrief" else words
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM")}
    environment |= {"ASKBRIEF_INDEX": str(index.absolute()), "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 — a file descriptor
        process = subprocess.Popen(  # noqa: S603
            command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown = _all(screen)
        process.wait()
    return shown.decode().replace("\r\n", "\n")


def _all(screen: io.RawIOBase) -> bytes:
    shown = b""
    try:
        while part := screen.read(1 << 16):
            shown += part
    except OSError:  # how Linux reports that the last writer has left
        pass
    return shown


def picture(transcript: str) -> str:
    """The transcript as an SVG that loads nothing from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(transcript))
    svg = console.export_svg(title="askbrief", unique_id="session")
    return re.sub(r" *@font-face \{.*?\n    \}\n", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.write_text(picture(transcript(Settings.from_environment().index)), encoding="utf-8")
