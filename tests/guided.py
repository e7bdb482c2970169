"""Damaged files drawn by what of the readers' code they reach, with atheris (libFuzzer).

    pip install atheris && python tests/guided.py [-max_total_time=SECONDS]

The first byte tells the format, the rest is the file. All that is refused must be so in one line, and what is
taken must hold what every format owes; anything else is a crash, and its input is kept by libFuzzer.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["askbrief.formats", "trafilatura", "pypdf"]):
    from askbrief.formats import FORMATS

from mutations import taken
from test_fuzz import FILES

SUFFIXES = sorted(FILES.keys() & FORMATS.by_suffix.keys())


def read(data: bytes) -> None:
    """Read one input as the format that its first byte tells."""
    if data:
        taken(FORMATS.by_suffix[SUFFIXES[data[0] % len(SUFFIXES)]].read, data[1:])


def main() -> None:
    """Begin with the real files of every format."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, suffix in enumerate(SUFFIXES):
            for place, data in enumerate(FILES[suffix][0]):
                (Path(corpus) / f"{number}-{place}").write_bytes(bytes([number]) + data)
        atheris.Setup([*sys.argv, "-timeout=60", "-rss_limit_mb=4096", corpus], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
