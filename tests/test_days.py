"""The day of a document: from metadata, addresses, paths, lines and datelines, and never a guess."""

from __future__ import annotations

import pytest

from askbrief.sources import text
from askbrief.sources.days import line_day, placed_day, stamped_day, told_day

PROSE = "The ferry to Hollin was cancelled on Friday because of ice in the harbour, the owners said."


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2024-05-03T09:30:00Z", "2024-05-03"),
        ("20240503", "2024-05-03"),
        ("D:20240503093000+01'00'", "2024-05-03"),
        ("Fri, 03 May 2024 23:59:00 -0800", "2024-05-03"),
        ("May 3, 2024", "2024-05-03"),
        ("2024", None),
        ("2024-05", None),
        ("2024-02-30", None),
        ("202405031", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_time_stamps(stamp: str, day: str | None) -> None:
    assert stamped_day(stamp) == day


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("https://news.example/world/2024/may/03/ice-in-the-harbour", "2024-05-03"),
        ("https://news.example/2024/05/03/", "2024-05-03"),
        ("https://news.example/story?seen=2024-05-03", None),
        ("https://[news.example/2024-05-03-ice", "2024-05-03"),
        ("archive/2024/5/3/ice.txt", "2024-05-03"),
        ("minutes-2024-05-03.pdf", "2024-05-03"),
        ("2024-05-03T0930-ice.txt", "2024-05-03"),
        ("backup-2024-05-03/ice.txt", None),
        ("archive/2024/13/03/ice.txt", None),
        ("20240503.txt", None),
        ("a2024-05-03.txt", None),
        ("2024-05-031.txt", None),
    ],
)
def test_addresses_and_paths(place: str, day: str | None) -> None:
    assert placed_day(place) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("3 May 2024", "2024-05-03"),
        ("Published: Friday, May 3rd, 2024 at 10:30 AM", "2024-05-03"),
        ("May 3, 2024 Friday", "2024-05-03"),
        ("NEW YORK, Sept. 11, 2001 (UPI) -- The", "2001-09-11"),
        ("WASHINGTON, D.C., March 4, 2021 – The", "2021-03-04"),
        ("LONDON, May 3 (Reuters) - Shares", None),
        ("WASHINGTON (AP) — The", None),
        ("On May 3, 2024 a ship sank.", None),
        ("May 3, 2024 was a Friday.", None),
        ("31 April 2024", None),
        ("Friday", None),
    ],
)
def test_lines(line: str, day: str | None) -> None:
    assert line_day(line) == day


@pytest.mark.parametrize(
    ("last", "day"),
    [("2024-05-04", "2024-05-03"), ("2024-01-02", None), ("2024-05-02", None), ("2024-09-01", None)],
)
def test_a_dateline_without_a_year_takes_that_of_the_file_shortly_after(last: str, day: str | None) -> None:
    assert line_day("LONDON, May 3 (Reuters) - Shares fell.", last) == day


def test_a_dateline_of_december_in_a_file_of_january() -> None:
    assert line_day("LONDON, Dec. 31 (Reuters) - Shares fell.", "2024-01-02") == "2023-12-31"


def test_what_was_published_comes_first_and_when_the_file_was_made_last() -> None:
    lines = ["KYIV, May 3, 2022 (AP) - Rain fell."]
    assert told_day("2020-01-01", ["a/2021/01/01/b"], lines, "2023-01-01") == "2020-01-01"
    assert told_day("soon", ["", None, "a/2021/01/01/b"], lines, "2023-01-01") == "2021-01-01"
    assert told_day(None, [None], lines, "2023-01-01") == "2022-05-03"
    assert told_day(None, [], ["Rain fell."], "2023-01-01") == "2023-01-01"
    assert told_day(None, [], ["Rain fell."], "") is None


def test_plain_text_has_the_day_of_its_dateline() -> None:
    written = f"Ice in the harbour\n\nHOLLIN, Jan. 5, 1999 (Reuters) - {PROSE}\n"
    assert text.read(written.encode(), "a.txt").date == "1999-01-05"


def test_a_day_further_down_is_not_taken() -> None:
    written = f"{PROSE}\n\n" * 20 + "3 May 2024\n"
    assert text.read(written.encode(), "a.txt").date is None
