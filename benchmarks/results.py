"""Where the benchmarks' results are kept: one file a run, named by commit, written and never typed."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from askbrief.evaluate import report

FOLDER = Path(__file__).parent / "results"


def write(name: str, result: Mapping[str, Any]) -> Path:
    """Writes ``results/<name>-<commit>.json`` and gives its path.

    Added to the result are the commit (marked where ``src/`` differs from it), the date, and what of the
    machine bears on speed: its processor type, cores and Python; neither its name nor a path.
    """
    commit = report.commit_of(FOLDER.parent) or "unknown"
    machine = {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }
    facts = {"name": name, "commit": commit, "date": datetime.now(UTC).date().isoformat(), "machine": machine}
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}-{commit}.json"
    path.write_text(json.dumps({**facts, **result}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
