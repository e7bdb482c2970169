"""A run commits, and says how far it is, in time: by a clock that moves when something is worked at."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from askbrief import Index
from askbrief.cli import terminal
from askbrief.indexing import pace, pipeline
from askbrief.indexing.embedding import REPORTED, IndexModel
from askbrief.storage.writer import FolderWriter
from conftest import Archive, write

DOCUMENTS = 60
KEPT = 10.0
"""Seconds within which something is committed."""

BLUR = 1e-6


@dataclass
class Work:
    """Takes ``cutting`` seconds to cut a document and ``embedding`` to embed a passage, by its own clock;
    keeps when something was committed and reported, and may be interrupted at a time."""

    dimension: int
    cutting: float = 0.0
    embedding: float = 0.0
    interrupted: float = float("inf")
    time: float = 0.0
    commits: list[tuple[float, int]] = field(default_factory=list)
    reports: list[tuple[float, str, int, int]] = field(default_factory=list)

    def takes(self, seconds: float) -> None:
        self.time += seconds
        if self.time >= self.interrupted:
            self.interrupted = float("inf")
            raise KeyboardInterrupt

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        for _ in texts:
            self.takes(self.embedding)
        return np.full((len(texts), self.dimension), self.dimension**-0.5, dtype=np.float32)

    def close(self) -> None:
        pass

    def reported(self, activity: str, done: int, total: int) -> None:
        self.reports.append((self.time, activity, done, total))


@pytest.fixture
def work(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Work:
    """What a run in this process works with from now on."""
    with Index.open(archive.index) as index:
        made = Work(index.status().model.dimension)  # type: ignore[union-attr]
    cut, add = pipeline.Run._cut, FolderWriter.add

    def slowly(run: pipeline.Run, changed: Any) -> Any:
        made.takes(made.cutting)
        return cut(run, changed)

    def added(writer: FolderWriter, documents: Sequence[Any]) -> None:
        add(writer, documents)
        made.commits.append((made.time, len(documents)))

    monkeypatch.setattr(pace, "now", lambda: made.time)
    monkeypatch.setattr(IndexModel, "_loaded", lambda _: made)
    monkeypatch.setattr(pipeline.Run, "_cut", slowly)
    monkeypatch.setattr(FolderWriter, "add", added)
    return made


@pytest.fixture
def notes(archive: Archive) -> Path:
    """Documents of one passage each, which the index doesn't have yet."""
    files = {f"{n:02}.txt": f"Note {n}\n\nWe counted {n} boats at the pier.\n" for n in range(DOCUMENTS)}
    return write(archive.files / "notes", files)


RATES = pytest.mark.parametrize(
    ("cutting", "embedding"), [(0.0, 0.001), (0.0, 0.3), (0.0, 3.0), (0.7, 0.0), (3.0, 0.001), (0.4, 0.9)]
)


@RATES
def test_something_is_committed_in_time_at_any_rate(
    archive: Archive, notes: Path, work: Work, cutting: float, embedding: float
) -> None:
    work.cutting, work.embedding = cutting, embedding
    Index.update([notes], archive.index, progress=work.reported)
    assert sum(count for _, count in work.commits) == DOCUMENTS
    times = [0.0, *(time for time, _ in work.commits)]
    longest = max(later - earlier for earlier, later in itertools.pairwise(times))
    assert longest <= KEPT + max(cutting, embedding) + BLUR  # what has begun is brought to its end
    if cutting + embedding < 0.01:
        assert len(work.commits) == 1  # nothing is committed more often than that takes


@pytest.mark.parametrize(("cutting", "embedding"), [(0.0, 1.0), (1.0, 0.0)])
def test_an_interruption_costs_the_last_seconds_alone(
    archive: Archive, notes: Path, work: Work, cutting: float, embedding: float
) -> None:
    work.cutting, work.embedding, work.interrupted = cutting, embedding, 45.0
    with pytest.raises(KeyboardInterrupt):
        Index.update([notes], archive.index)
    kept = sum(count for _, count in work.commits)
    assert 45 - KEPT <= kept < 45
    with Index.open(archive.index) as index:
        assert len([each for each in index.documents() if "notes" in each.source]) == kept
        assert index.search('"boats at the pier"').total == kept
    again = Index.update([notes], archive.index)
    assert (again.added, again.unchanged) == (DOCUMENTS - kept, kept)
    with Index.open(archive.index) as index:
        assert index.status(verify=True).whole


@RATES
def test_progress_moves_each_second_and_ends_at_all(
    archive: Archive, notes: Path, work: Work, cutting: float, embedding: float
) -> None:
    work.cutting, work.embedding = cutting, embedding
    Index.update([notes], archive.index, progress=work.reported)
    ends = {activity: (done, total) for _, activity, done, total in work.reports}
    assert {"reading", "embedding passages", "loading the model", "writing the search index"} <= ends.keys()
    assert all(done == total for done, total in ends.values()), ends
    assert ends["embedding passages"] == (DOCUMENTS, DOCUMENTS)
    times = [time for time, *_ in work.reports]
    longest = max(later - earlier for earlier, later in itertools.pairwise(times))
    assert longest <= max(1.0, cutting, embedding) + BLUR


def test_each_thing_that_a_run_does_again_ends_at_all(
    archive: Archive, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askbrief.quotes.RULES", 99)
    monkeypatch.setattr("askbrief.indexing.pipeline.rules_fingerprint", lambda: "other")
    Index.update([archive.files], archive.index, progress=work.reported)
    ends = {activity: (done, total) for _, activity, done, total in work.reports}
    assert ends["finding quotations"] == ends["splitting sentences"] == (3, 3)


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(1e-9, 1e6)), max_size=20))
def test_a_pace_is_within_its_bounds_and_what_fits(steps: list[tuple[int, float]]) -> None:
    paced = pace.Pace(REPORTED, 2048)
    for number, seconds in steps:
        before = paced.count
        paced.took(number, seconds)
        assert 1 <= paced.count <= min(2048, 2 * before)
        assert paced.count == 1 or paced.count * seconds / number <= REPORTED * 1.001


def test_a_bar_moves_while_nothing_is_reported_and_ends_full(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.StringIO()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        terminal,
        "console",
        lambda **_: Console(file=drawn, force_terminal=True, width=100, color_system=None),
    )
    with terminal.progress() as show:
        show("loading the model", 0, 1)
        show("loading the model", 1, 1)
        for done in range(4):
            show("reading", done, 3)
    last = drawn.getvalue().rsplit("reading", 1)[-1]
    assert "3/3" in last
    assert "1/1" in drawn.getvalue()
