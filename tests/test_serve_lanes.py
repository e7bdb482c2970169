"""Many requests at once: a bounded queue, nothing held up by what is slow, one set of threads that read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from askbrief.onnx_runtime import cores
from askbrief.read.neural import reading_model
from askbrief.read.neural.span_decoding import Scores
from askbrief.read.neural.windows import Window
from askbrief.serve.lanes import Lane
from askbrief.serve.problems import Problem
from conftest import Archive
from serving import problem, served


@pytest.fixture
def lane() -> Iterator[Lane]:
    lane = Lane("test", threads=1, queue=1, seconds=30)
    yield lane
    lane.close()


async def until(true: Any) -> None:
    while not true():
        await asyncio.sleep(0.01)


def test_a_lane_takes_no_more_than_its_places(lane: Lane) -> None:
    go = threading.Event()

    async def crowd() -> list[Any]:
        first = [asyncio.create_task(lane.run(lambda: go.wait(30))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as turned_away:
            await lane.run(lambda: True)
        assert turned_away.value.status == 503
        assert turned_away.value.headers["Retry-After"]
        assert not lane.idle
        go.set()
        found = [await each for each in first]
        await until(lambda: lane.idle)
        return [*found, await lane.run(lambda: "free again")]

    assert asyncio.run(crowd()) == [True, True, "free again"]


def test_what_takes_too_long_is_given_up_and_its_place_is_free_later() -> None:
    lane, go = Lane("test", threads=1, queue=0, seconds=0.05), threading.Event()

    async def patient() -> str:
        with pytest.raises(Problem, match="no answer after"):
            await lane.run(lambda: go.wait(30))
        with pytest.raises(Problem, match="busy"):
            await lane.run(lambda: True)
        go.set()
        await until(lambda: lane.idle)
        return await lane.run(lambda: "free")

    assert asyncio.run(patient()) == "free"
    lane.close()


def test_an_error_of_the_work_is_raised(lane: Lane) -> None:
    def work() -> None:
        raise KeyError("x")

    async def run() -> None:
        with pytest.raises(KeyError):
            await lane.run(work)

    asyncio.run(run())


@pytest.fixture
def client(made: Archive) -> Iterator[TestClient]:
    with served(made.index) as client:
        yield client


def test_a_slow_draft_holds_up_no_question_and_no_look(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(*_: object) -> tuple[()]:
        begun.set()
        assert go.wait(60)
        return ()

    monkeypatch.setattr(client.app.state.served.index, "check", slow)  # type: ignore[attr-defined]
    with ThreadPoolExecutor(1) as pool:
        checked = pool.submit(client.post, "/api/check", json={"draft": "“Nobody said this, ever.”"})
        assert begun.wait(60)
        try:
            assert client.get("/api/ask", params={"question": "how many boats were lost"}).status_code == 200
            assert client.get("/api/quotes").status_code == 200
            assert not checked.done()
        finally:
            go.set()
        assert checked.result().status_code == 200


def test_a_full_lane_is_told_with_when_to_come_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Lane("full", threads=1, queue=-1, seconds=1)
    monkeypatch.setattr(client.app.state.lanes, "ask", full)  # type: ignore[attr-defined]
    reply = client.get("/api/ask", params={"question": "how many boats were lost"})
    assert reply.status_code == 503
    assert int(reply.headers["retry-after"]) > 0
    assert problem(reply) == "the server is busy"
    assert client.get("/api/quotes").status_code == 200


def test_windows_of_several_questions_share_a_thread_for_each_core(monkeypatch: pytest.MonkeyPatch) -> None:
    names, running, most, lock = set[str](), 0, 0, threading.Lock()

    def run(_: object, window: Window) -> Scores:
        nonlocal running, most
        with lock:
            names.add(threading.current_thread().name)
            running += 1
            most = max(most, running)
        threading.Event().wait(0.002)
        with lock:
            running -= 1
        return Scores(np.full(1, window.text, np.float32), np.zeros(1, np.float32), 0.0)

    monkeypatch.setattr(reading_model.ReadingModel, "_run", run)
    empty = np.zeros(0, dtype=np.int64)
    bools = np.zeros(0, dtype=np.bool_)

    def score(first: int) -> list[float]:
        model = reading_model.ReadingModel.__new__(reading_model.ReadingModel)
        windows = [Window(n, np.zeros(n % 7 + 1, dtype=np.int64), empty, 0, empty, bools, bools)
                   for n in range(first, first + 20)]  # fmt: skip
        return [float(scores.starts[0]) for scores in model.score(windows)]

    with ThreadPoolExecutor(8) as questions:
        found = list(questions.map(score, range(0, 160, 20)))
    assert [number for numbers in found for number in numbers] == list(range(160))
    assert all(name.startswith(reading_model.POOL) for name in names)
    assert most <= cores()
