"""One open index used by several threads: no call waits for another for good, and each sees one revision."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from askbrief import AskbriefError, Index
from askbrief.errors import IndexClosed
from askbrief.once import computed_once, shared
from askbrief.options import AskOptions
from askbrief.storage.db.connections import MOST, Connections
from askbrief.storage.reader import FolderReader
from conftest import Archive, write

WATCHDOG = 120
"""Seconds after which a thread that is still at work has frozen."""

COST = "what will it cost to rebuild the pier?"

CALLS: dict[str, Callable[[Index], object]] = {
    "quotations": lambda index: index.quotations(speaker="Ilieva"),
    "show": lambda index: index.show("wolves.txt"),
    "asking": lambda index: index.reading(COST, AskOptions(speaker="Petra Ilieva")),
    "documents": lambda index: index.documents(),
    "status": lambda index: index.status(),
    "refresh": lambda index: index.refresh(),
}


def together(*works: Callable[[], object]) -> list[BaseException]:
    """Run each in a thread of its own, at the same time; what they raise."""
    raised: list[BaseException] = []
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        ready.wait(WATCHDOG)
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WATCHDOG)
    assert not any(thread.is_alive() for thread in threads), "a thread has frozen"
    return raised


def often(times: int, work: Callable[[], object]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(times):
            work()

    return repeated


def test_no_two_calls_freeze_one_another(made: Archive) -> None:
    with Index.open(made.index) as index:
        for pair in combinations(CALLS.values(), 2):
            works = [often(10, lambda call=call: call(index)) for call in pair]  # type: ignore[misc]
            assert together(*works, *works) == []


def test_readers_finish_on_the_revision_that_they_began_with(archive: Archive) -> None:
    revisions: list[tuple[int, int]] = []

    def look() -> None:
        with index._now() as now:
            before = len(now.archive.documents())
            for source in now.archive.documents():
                now.archive.document(source.id)
            revisions.append((before, len(now.archive.documents())))

    def change() -> None:
        for number in range(8):
            write(archive.files, {f"ferry-{number}.txt": f"Ferry {number} sails to Bari.\n"})
            Index.update([archive.files], archive.index)
            index.refresh()

    with Index.open(archive.index) as index:
        assert together(change, *[often(60, look)] * 3, often(60, index.refresh)) == []
        assert len(index.documents()) == 11
    assert all(before == after for before, after in revisions)


def test_an_old_revision_is_closed_by_its_last_user(archive: Archive) -> None:
    index = Index.open(archive.index)
    with index._now() as old:
        write(archive.files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
        Index.update([archive.files], archive.index)
        assert index.refresh()
        assert (len(old.archive.documents()), len(index.documents())) == (3, 4)
    with pytest.raises(IndexClosed):
        old.archive.documents()
    with index._now() as last:
        index.close()
        assert len(last.archive.documents()) == 4
    with pytest.raises(IndexClosed):
        last.archive.documents()


@pytest.mark.parametrize(
    "call", [*CALLS.values(), lambda index: index.ask(COST), lambda index: index.check("“a”")]
)
def test_every_call_after_close_says_so(made: Archive, call: Callable[[Index], object]) -> None:
    index = Index.open(made.index)
    index.close()
    index.close()
    with pytest.raises(AskbriefError, match="is closed"):
        call(index)


def test_connections_of_one_reader_read_one_revision(archive: Archive) -> None:
    reader = FolderReader.open(archive.index)
    stamp = reader.database.stamp()
    pool = reader.database._connections
    with pool.one() as first:
        found: list[object] = []
        together(lambda: found.append(pool.one().__enter__().connection))
        assert found != [first.connection]
    write(archive.files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
    Index.update([archive.files], archive.index)
    stamps: list[str] = []
    assert together(*[often(20, lambda: stamps.append(reader.database.stamp()))] * MOST) == []
    assert set(stamps) == {stamp}
    reader.close()


def test_no_connection_is_closed_between_being_taken_and_used() -> None:
    def opened() -> sqlite3.Connection:
        return sqlite3.connect(":memory:", check_same_thread=False)

    connections, end = Connections(opened(), opened), time.monotonic() + 20
    told: list[str] = []

    def work() -> None:
        for _ in range(3000):
            try:
                with connections.one() as held:
                    held.connection.execute("SELECT 1")
            except sqlite3.ProgrammingError as error:
                told.append(str(error))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            connections.renew()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    connections.close()
    assert not told


def test_what_is_made_once_is_made_by_one_thread(tmp_path: Path) -> None:
    made: list[object] = []

    class Model:
        pass

    class Owner:
        @computed_once
        def model(self) -> Model:
            made.append(self)
            return shared(tmp_path, Model)

    owners = [Owner(), Owner()]
    assert together(*[lambda o=o: o.model for o in owners * 4]) == []
    assert len(made) == 2
    assert owners[0].model is owners[1].model


def test_the_log_is_emptied_beside_a_reader_that_refreshes(archive: Archive) -> None:
    def change(number: int) -> int:
        write(archive.files, {"ferry.txt": f"The ferry to Bari sails on day {number}.\n"})
        Index.update([archive.files], archive.index)
        return (archive.index / "askbrief.db-wal").stat().st_size

    with Index.open(archive.index) as index:
        sizes = []
        for number in range(12):
            sizes.append(change(number))
            assert index.refresh()
            assert not index.refresh()  # now it reads nothing from the log
    assert max(sizes[6:]) <= max(sizes[:6])


def test_an_index_moves_on_by_itself_before_the_log_grows_without_end(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(archive.index) as index:
        write(archive.files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
        Index.update([archive.files], archive.index)
        assert len(index.documents()) == 3
        monkeypatch.setattr("askbrief.api.MOST_LOG", 1)
        assert len(index.documents()) == 4
