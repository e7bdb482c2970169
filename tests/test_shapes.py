"""The time of rule-based parts grows in proportion to texts that are made to take long."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from contextlib import suppress

import pytest

from askbrief.errors import SourceError
from conftest import ROOT
from growth import assert_linear

SHAPES = runpy.run_path(str(ROOT / "benchmarks" / "shapes.py"))["SHAPES"]
CHARACTERS = 3_000


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_takes_time_with_its_square(name: str) -> None:
    work, piece = SHAPES[name]

    def reading(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))

        def read() -> None:
            with suppress(SourceError):
                work(text)

        return read

    assert_linear(reading, CHARACTERS, 4 * CHARACTERS)
