"""An archive that is served to a test client, and one that holds markup of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from askbrief import Index
from askbrief.serve import Access, create_app
from conftest import write

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "a<img src=x onerror=alert(2)>.txt": (
        f"Pier {SCRIPT} opens\n\n“The pier “><b onclick=alert(3)> is open,” mayor Petra "
        f"Ilieva said on Monday. {SCRIPT} It is the second of its kind.\n"
    ),
    "b.html": (
        "<html><head><title>&lt;script&gt;alert(4)&lt;/script&gt;</title></head><body><article><p>"
        "“We &lt;svg onload=alert(5)&gt; will come back to the pier,” Bruno &lt;i&gt;Šimić said to "
        "reporters in Varna on Tuesday after the meeting of the council.</p><p>The council met for the third "
        "time this year, and did not vote.</p></article></body></html>"
    ),
}
"""Files whose names, titles, speakers and words would be markup."""


@contextmanager
def served(folder: Path, access: Access | None = None, reader: str | None = "none") -> Iterator[TestClient]:
    """A client of an index that is served as ``askbrief serve`` does."""
    with Index.open(folder, reader=reader) as index:
        client = TestClient(
            create_app(index, access or Access()), base_url="http://localhost", raise_server_exceptions=True
        )
        with client:
            yield client


def hostile_index(folder: Path, model: Path) -> Path:
    """An index of ``HOSTILE``."""
    Index.update([write(folder / "files", HOSTILE)], folder / "index", model=str(model))
    return folder / "index"


def problem(reply: Any) -> str:
    """The line of a problem, whose form is checked."""
    assert reply.headers["content-type"] == "application/problem+json"
    document = reply.json()
    assert document["status"] == reply.status_code
    assert "\n" not in document["detail"]
    return str(document["detail"])
