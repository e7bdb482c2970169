"""The day of a document: from metadata, addresses, paths, lines and datelines, and never a guess."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from askbrief.formats import html, text
from askbrief.formats.dates import find_date, line_day, placed_date, written_date
from askbrief.storage.db.filters import clauses
from askbrief.types import Filter

PROSE = "The ferry to Hollin was cancelled on Friday because of ice in the harbour, the owners said."


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2024-05-03T09:30:00Z", "2024-05-03"),
        ("20240503", "2024-05-03"),
        ("D:20240503093000+01'00'", "2024-05-03"),
        ("Fri, 03 May 2024 23:59:00 -0800", "2024-05-03"),
        ("May 3, 2024", "2024-05-03"),
        ("2024", "2024"),
        (" 2024-05 ", "2024-05"),
        ("May 2024", "2024-05"),
        ("2024-13", None),
        ("202405", None),
        ("2024-05-xx", None),
        ("1714644000000", "2024-05-02"),
        ("2024-02-30", None),
        ("202405031", None),
        ("2024/5/3 10:00", "2024-05-03"),
        ("03.05.2024", "2024-05-03"),
        ("31/05/2024", "2024-05-31"),
        ("05/31/2024", "2024-05-31"),
        ("03/05/2024", None),
        ("Fri May 03 10:00:00 +0000 2024", "2024-05-03"),
        ("3-May-2024", "2024-05-03"),
        ("Updated 7:45 PM EST, Fri May 3, 2024", "2024-05-03"),
        ("3 May 2024 or 4 May 2024, late", "2024-05-03"),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_time_stamps(stamp: str, day: str | None) -> None:
    assert written_date(stamp) == day


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
        ("https://news.example/2024/05/ice-in-the-harbour", "2024-05"),
        ("archive/2024/05/ice.txt", "2024-05"),
        ("archive/2024/05", None),
        ("archive/2024/ice.txt", None),
        ("season-2011-12.txt", None),
        ("20240503.txt", None),
        ("a2024-05-03.txt", None),
        ("2024-05-031.txt", None),
    ],
)
def test_addresses_and_paths(place: str, day: str | None) -> None:
    assert placed_date(place) == day


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
        ("Hollin, 3 May 2024", "2024-05-03"),
        ("Newcastle upon Tyne, Friday, 3 May 2024", "2024-05-03"),
        ("Hollin, Westmark, 3 May 2024.", "2024-05-03"),
        ("New York, N.Y., May 3, 2024", "2024-05-03"),
        ("(Hollin, 3rd of May 2024)", "2024-05-03"),
        ("Hollin – 3 May 2024 – The mill was sold", "2024-05-03"),
        ("HOLLIN, 3 May 2024 (EW) -- The mill", "2024-05-03"),
        ("FOR IMMEDIATE RELEASE: May 3, 2024", "2024-05-03"),
        ("Date: 2024-05-03", "2024-05-03"),
        ("Hollin, 3 May 2024 was a quiet day", None),
        ("She moved to Hollin, 3 May 2024", None),
        ("The meeting, 3 May 2024", None),
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
    path = "a/2021/01/01/b"
    assert find_date(("2020-01-01", "field"), None, path, lines, "2023-01-01") == ("2020-01-01", "field")
    assert find_date(("soon", "field"), "", path, lines, "2023-01-01") == ("2021-01-01", "path")
    assert find_date((None, "field"), f"http://x.example/{path}", "b", lines, None) == (
        "2021-01-01",
        "address",
    )
    assert find_date((None, "field"), None, "b", lines, "2023-01-01") == ("2022-05-03", "text")
    assert find_date((None, "field"), None, "b", ["Rain fell."], "2023-01-01") == ("2023-01-01", "file")
    assert find_date((None, "field"), None, "b", ["Rain fell."], "") == (None, None)


def test_a_month_is_made_a_day_by_what_is_less_sure_and_agrees() -> None:
    lines = ["KYIV, May 3, 2022 (AP) - Rain fell."]
    assert find_date(("2022-05", "field"), None, "b", lines, "2023-01-01") == ("2022-05-03", "text")
    assert find_date(("2022", "field"), None, "a/2022/05/b", lines, None) == ("2022-05-03", "text")
    assert find_date(("2022-06", "field"), None, "b", lines, "2023-01-01") == ("2022-06", "field")


def test_plain_text_has_the_day_of_its_dateline() -> None:
    written = f"Ice in the harbour\n\nHOLLIN, Jan. 5, 1999 (Reuters) - {PROSE}\n"
    assert text.read(written.encode(), "a.txt").date == "1999-01-05"


def test_a_day_further_down_is_not_taken() -> None:
    written = f"{PROSE}\n\n" * 20 + "3 May 2024\n"
    assert text.read(written.encode(), "a.txt").date is None


def test_a_month_that_a_page_tells_is_not_made_todays_day_in_it() -> None:
    page = (
        '<html><head><title>Ice</title><meta property="article:published_time" content="{}"></head>'
        f"<body><article><h1>Ice</h1><p>{PROSE}</p></article></body></html>"
    )
    for told, expected in (("2024-05", ("2024-05", "metadata")), ("2024-05-03", ("2024-05-03", "metadata"))):
        found = html.read(page.format(told).encode(), "a.html")
        assert (found.date, found.dated) == expected


@pytest.mark.parametrize(
    ("date", "since", "until", "within"),
    [
        ("2024-05", "2024-05-01", "2024-05-31", True),
        ("2024-05", "2024-05-02", None, False),
        ("2024-05", None, "2024-05-30", False),
        ("2024-02", None, "2024-02-29", True),
        ("2024", "2024-01-01", "2024-12-31", True),
        ("2024", None, "2024-12-30", False),
        ("2024-05-03", "2024-05-03", "2024-05-03", True),
        ("2024-05-03", "2024-05-04", None, False),
    ],
)
def test_a_date_is_in_a_range_if_all_its_days_are(
    date: str, since: str | None, until: str | None, within: bool
) -> None:
    conditions, parameters = clauses(Filter(since, until))
    with closing(sqlite3.connect(":memory:")) as database:
        query = f"SELECT {' AND '.join(conditions)} FROM (SELECT '{date}' date) d"  # noqa: S608
        assert database.execute(query, parameters).fetchone() == (within,)


META = '<meta property="{}" content="{}">'
LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "above", "below", "day"),
    [
        (META.format("article:published_time", "1987-03-02"), "", "", "1987-03-02"),
        (
            META.format("article:modified_time", "2021-03-02") + LD.format('{"datePublished": "2019-01-05"}'),
            "",
            "",
            "2019-01-05",
        ),
        (
            META.format("article:modified_time", "2021-03-02") + META.format("DC.date.issued", "2019-01-05"),
            "",
            "",
            "2019-01-05",
        ),
        (
            LD.format('{"@graph": [{"@type": "WebSite"}, {"datePublished": "2019-01-05"}]}'),
            "",
            "",
            "2019-01-05",
        ),
        (META.format("article:modified_time", "2021-03-02"), "", "", "2021-03-02"),
        ("", '<header><time datetime="2019-01-05">5 Jan</time></header>', "", "2019-01-05"),
        ("", "", '<section><a href="/x">Ferry</a> <time datetime="2018-01-05">5 Jan</time></section>', None),
        ("", "", f'<p>{PROSE} It was built on <time datetime="2001-01-05">5 January 2001</time>.</p>', None),
        ("", '<p>Since <time datetime="2001-01-05">2001</time></p>', "", None),
        ("", "", "<footer>Digitised 5 January 2018</footer>", None),
    ],
)
def test_a_page_has_the_day_that_it_states_of_itself(
    head: str, above: str, below: str, day: str | None
) -> None:
    page = (
        f"<html><head><title>Ice</title>{head}</head><body><article><h1>Ice</h1>{above}<p>{PROSE}</p>"
        f"<p>{PROSE} Nobody was hurt.</p>{below}</article></body></html>"
    )
    assert html.read(page.encode(), "a.html").date == day
