"""The server beside the library: its start, one client and four, quotations while others ask, and a soak.

    python benchmarks/serve.py --index INDEX QUESTIONS [--minutes 10]

QUESTIONS has a question a line; nothing of it is kept. In one run, on one index: a cold ``askbrief ask``; the
time from the start of ``askbrief serve`` to its first answer, and of ``askbrief mcp`` to its list of tools
and to its first answer; ``Index.ask`` in this process; one client and four of the server with the same
questions; ``/api/quotes`` alone and while two clients ask; memory of the server over that of an open
``Index``. A question is read on all processors, so four clients can get at most as many answers more as one
leaves processors idle: that bound is in the result. Then ``--minutes`` of mixed calls from 16 clients while a
writer adds and removes documents of a copy of the index: errors, citations that are not verbatim, and memory
over time. The same questions through txtai and Haystack: ``benchmarks/comparison.py`` starts them; their
servers add to the figures of their libraries what this measures for ours.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import results
from askbrief import Index
from askbrief.onnx_runtime import cores

ASKBRIEF = [sys.executable, "-c", "from askbrief.cli import run; run()"]
BARS = {
    "ready_to_cold_ask": 1.3,
    "one_client_to_library": 1.05,
    "four_clients_to_one": 1.6,
    "quotes_p99_beside_asks": 3.0,
    "memory_over_index_mb": 40,
    "tools_to_cold_ask": 1.2,
    "assistant_to_cold_ask": 2.0,
}
"""The third is at least, the others at most."""
CLIENTS = 16
PROTOCOL, CLIENT = "2025-06-18", {"name": "benchmark", "version": "1"}


class Client:
    """One connection to the server, kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def get(self, path: str, **values: object) -> tuple[int, Any]:
        """Status and JSON of a GET."""
        self._connection.request("GET", f"{path}?{urlencode(values)}" if values else path)
        return self._reply()

    def post(self, path: str, document: object) -> tuple[int, Any]:
        """Status and JSON of a POST."""
        body = json.dumps(document).encode()
        self._connection.request("POST", path, body, {"Content-Type": "application/json"})
        return self._reply()

    def _reply(self) -> tuple[int, Any]:
        reply = self._connection.getresponse()
        return reply.status, json.loads(reply.read())


@contextmanager
def serving(index: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of an index in a process of its own, and its port."""
    command = [*ASKBRIEF, "serve", "--port", "0", "--index", str(index)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    line = process.stderr.readline()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield process, int(line.split(" on ")[1].split("/;")[0].rpartition(":")[2])
    finally:
        process.terminate()
        assert process.wait(120) == 0


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def resident(process: int) -> float:
    """Memory of a process, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def spent(process: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(times: Sequence[float]) -> dict[str, float]:
    """p50 and p99 in milliseconds."""
    cut = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(1000 * cut[49], 2), "p99": round(1000 * cut[98], 2)}


def assisted(index: Path, question: str) -> tuple[float, float]:
    """Seconds from the start of ``askbrief mcp`` to its list of tools, and to its first answer."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": CLIENT}),
        ("tools/list", {}),
        ("tools/call", {"name": "ask", "arguments": {"question": question}}),
    ]
    started, times = time.perf_counter(), []
    command = [*ASKBRIEF, "mcp", "--index", str(index)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        for number, (method, given) in enumerate(calls):
            call = {"jsonrpc": "2.0", "id": number, "method": method, "params": given}
            process.stdin.write(json.dumps(call) + "\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())
            assert reply["id"] == number, reply
            assert "result" in reply, reply
            times.append(time.perf_counter() - started)
        process.stdin.close()
    return times[1], times[2]


def cold(index: Path, question: str, rounds: int) -> tuple[float, float, float, float]:
    """Medians of a cold ``ask``, of the start of a server up to its first answer, and of ``assisted``, all in
    turn."""
    command = [*ASKBRIEF, "ask", question, "--index", str(index), "--json"]
    times = []
    for _ in range(rounds):
        ask = seconds(lambda: subprocess.run(command, check=False, capture_output=True))
        started = time.perf_counter()
        with serving(index) as (_, port):
            assert Client(port).get("/api/ask", question=question)[0] == 200
            start = time.perf_counter() - started
        times.append((ask, start, *assisted(index, question)))
    ask, start, listed, first = (statistics.median(each) for each in zip(*times, strict=True))
    return ask, start, listed, first


def asked(port: int, questions: Sequence[str], clients: int) -> tuple[list[float], float]:
    """The time of each question, dealt out to some clients, and all answers a second."""

    def ask(mine: Sequence[str]) -> list[float]:
        client = Client(port)
        return [seconds(lambda: client.get("/api/ask", question=each)) for each in mine]  # noqa: B023

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        dealt = pool.map(ask, [questions[n::clients] for n in range(clients)])
        times = [each for some in dealt for each in some]
    return times, len(times) / (time.perf_counter() - started)


def quoted(port: int, times: int) -> list[float]:
    """How long some calls for quotations take."""
    client = Client(port)
    return [seconds(lambda: client.get("/api/quotes", limit=20)) for _ in range(times)]


def beside_asks(port: int, questions: Sequence[str], times: int) -> list[float]:
    """As ``quoted``, while two clients ask."""
    over = threading.Event()

    def ask() -> None:
        client = Client(port)
        while not over.is_set():
            client.get("/api/ask", question=random.choice(questions))  # noqa: S311

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        try:
            return quoted(port, times)
        finally:
            over.set()
            for each in asking:
                each.result()


def figures(index: Path, questions: Sequence[str], rounds: int) -> dict[str, Any]:
    """Everything but the soak."""
    ask, start, listed, first = cold(index, questions[0], rounds)
    with serving(index) as (process, port):
        client = Client(port)
        for question in questions[:3]:
            client.get("/api/ask", question=question)
        served = resident(process.pid)
        begun = spent(process.pid)
        one, one_rate = asked(port, questions, 1)
        work = (spent(process.pid) - begun) / len(questions)
        _, four_rate = asked(port, questions, 4)
        alone, beside = quoted(port, 200), beside_asks(port, questions, 200)
    before = resident(os.getpid())
    with Index.open(index) as library:
        for question in questions[:3]:
            library.ask(question)
        opened = resident(os.getpid())
        direct = [seconds(lambda: library.ask(each)) for each in questions]  # noqa: B023
    measured = {
        "ready_to_cold_ask": start / ask,
        "one_client_to_library": statistics.median(one) / statistics.median(direct),
        "four_clients_to_one": four_rate / one_rate,
        "quotes_p99_beside_asks": spread(beside)["p99"] / spread(alone)["p99"],
        "memory_over_index_mb": served - (opened - before) - bare(),
        "tools_to_cold_ask": listed / ask,
        "assistant_to_cold_ask": first / ask,
    }
    return {
        "questions": len(questions),
        "seconds": {
            "cold_ask": round(ask, 3),
            "first_answer_of_a_server": round(start, 3),
            "tools_of_an_assistant": round(listed, 3),
            "first_answer_of_an_assistant": round(first, 3),
        },
        "ask_ms": {"library": spread(direct), "one_client": spread(one)},
        "answers_a_second": {"one": round(one_rate, 2), "four": round(four_rate, 2)},
        "cpu_ms_an_answer": round(1000 * work),
        "four_clients_to_one_at_most": round(cores() / work / one_rate, 3),
        "quotes_ms": {"alone": spread(alone), "beside_asks": spread(beside)},
        **{name: round(value, 3) for name, value in measured.items()},
        "bars": {name: {"bar": bar, "met": met(name, measured[name])} for name, bar in BARS.items()},
    }


def bare() -> float:
    """Memory, in MB, of a Python with the library imported."""
    program = "import os, askbrief.api; print(int(open('/proc/self/statm').read().split()[1]))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return int(done.stdout) * os.sysconf("SC_PAGE_SIZE") / 1e6


def met(name: str, value: float) -> bool:
    """Whether a figure reaches its bar."""
    return value >= BARS[name] if name == "four_clients_to_one" else value <= BARS[name]


def soak(index: Path, questions: Sequence[str], minutes: float) -> dict[str, Any]:
    """Mixed calls from many clients while a writer commits."""
    over = time.monotonic() + 60 * minutes
    counts: Counter[str] = Counter()
    memory: list[float] = []
    with tempfile.TemporaryDirectory(prefix="askbrief-serve-") as scratch:
        copy = Path(scratch) / "index"
        shutil.copytree(index, copy)
        with serving(copy) as (process, port), ThreadPoolExecutor(CLIENTS + 1) as pool:
            crowd = [pool.submit(_mixed, port, questions, over, n, counts) for n in range(CLIENTS)]
            writer = pool.submit(_writing, copy, Path(scratch), over, counts)
            while time.monotonic() < over:
                memory.append(round(resident(process.pid), 1))
                time.sleep(min(10.0, 6 * minutes))
            for each in (*crowd, writer):
                each.result()
    return {"minutes": minutes, "clients": CLIENTS, "counts": dict(counts), "memory_mb": memory}


def _mixed(port: int, questions: Sequence[str], over: float, seed: int, counts: Counter[str]) -> None:
    client, draw = Client(port), random.Random(seed)  # noqa: S311
    while time.monotonic() < over:
        kind = draw.choice(("ask", "ask", "ask", "quotes", "speakers", "documents", "search", "verify"))
        question = draw.choice(questions)
        if kind == "quotes":
            status, _ = client.get("/api/quotes", limit=20)
        elif kind == "search":
            status, _ = client.get("/api/search", query=" OR ".join(question.split()[:3]).replace("?", ""))
        elif kind in ("speakers", "documents"):
            status, _ = client.get(f"/api/{kind}", limit=20)
        else:
            status, found = client.get("/api/ask", question=question)
            if status == 200:
                counts["not verbatim"] += sum(_not_verbatim(client, each) for each in found["citations"][:2])
            if status == 200 and kind == "verify" and found["citations"]:
                status, _ = client.post("/api/verify", found)
        counts[f"{kind} {status}"] += 1


def _not_verbatim(client: Client, cited: dict[str, Any]) -> bool:
    """Whether a citation isn't in its document, as far as that is still as it was."""
    status, found = client.get(f"/api/documents/{cited['document']['id']}")
    if status == 404 or found["document"]["sha256"] != cited["document"]["sha256"]:
        return False
    return bool(found["text"][cited["start"] : cited["end"]] != cited["text"])


def _writing(index: Path, folder: Path, over: float, counts: Counter[str]) -> None:
    """Add, change and remove a document, over and over."""
    file = folder / "written.txt"
    number = 0
    while time.monotonic() < over:
        number += 1
        file.write_text(f"Notice {number}\n\nThe {number}th notice was put up at the town hall.\n")
        summary = Index.update([file], index)
        counts["commits"] += summary.added + summary.changed
        time.sleep(1)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=10)
    given = parser.parse_args()
    questions = [line.strip() for line in given.questions.read_text("utf-8").splitlines() if line.strip()]
    found = figures(given.index, questions, given.rounds)
    found["soak"] = soak(given.index, questions, given.minutes) if given.minutes else None
    print(json.dumps(found, indent=1))
    print("written:", results.write("serve", found))


if __name__ == "__main__":
    main()
