"""HTML: articles of many layouts whole and alone, what a page tells of itself, and damaged pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askbrief.errors import SourceError
from askbrief.formats import html
from growth import assert_linear
from mutations import hold, mutated, pieces, taken

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
FILES = [path.read_bytes() for path in PAGES]
PROSE = "The ferry to Hollin was cancelled on Friday because of ice in the harbour, the owners said."
MORE = "It will sail again as soon as the ice has gone, and nobody could say when that would be."


def of(body: str, head: str = "<title>Ice</title>") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


class TestLayouts:
    @pytest.fixture(params=PAGES, ids=lambda path: path.stem)
    def page(self, request: pytest.FixtureRequest) -> tuple[bytes, dict[str, Any]]:
        path: Path = request.param
        return path.read_bytes(), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    def test_every_paragraph_in_order_and_nothing_else(self, page: tuple[bytes, dict[str, Any]]) -> None:
        document = html.read(page[0], "page.html")
        assert pieces(document) == page[1]["article"]
        hold(document)

    def test_no_boilerplate(self, page: tuple[bytes, dict[str, Any]]) -> None:
        document = html.read(page[0], "page.html")
        assert [told for told in page[1]["boilerplate"] if told in document.text] == []

    def test_what_the_page_tells_of_itself(self, page: tuple[bytes, dict[str, Any]]) -> None:
        document = html.read(page[0], "page.html")
        told = {name: getattr(document, name) for name in ("title", "date", "author", "site", "url")}
        assert told == {name: page[1][name] for name in told}


def test_there_are_enough_layouts() -> None:
    assert len(PAGES) >= 10


def test_headings_stand_in_the_text_and_are_no_paragraphs() -> None:
    document = html.read(
        of(f"<article><h1>Ice</h1><p>{PROSE}</p><h2>When</h2><p>{MORE}</p></article>"), "a.html"
    )
    assert pieces(document) == [PROSE, MORE]
    assert "\n\nWhen\n\n" in document.text


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "ISO-8859-15"])
def test_declared_encodings(declared: str) -> None:
    written = of(f"<article><p>“Café” Zürich: {PROSE}</p></article>", f'<meta charset="{declared}">').decode()
    written = written.replace("“", '"').replace("”", '"')
    document = html.read(written.encode(declared), "a.html")
    assert pieces(document)[0].startswith('"Café" Zürich: ')


def test_utf_8_wins_over_what_is_declared() -> None:
    data = of(f"<article><p>“Café” {PROSE}</p></article>", '<meta charset="iso-8859-1">')
    assert "“Café”" in html.read(data, "a.html").text


def test_no_day_is_taken_from_the_text() -> None:
    data = of(f"<article><p>On 3 May 2021 a ship sank here.</p><p>{PROSE}</p><p>{MORE}</p></article>")
    assert html.read(data, "a.html").date is None


def test_soft_hyphens_and_runs_of_spaces_are_not_kept() -> None:
    data = of(f"<article><p>The har&shy;bour&nbsp;&nbsp;was\n shut.</p><p>{PROSE}</p></article>")
    assert pieces(html.read(data, "a.html"))[0] == "The harbour was shut."


@pytest.mark.parametrize(
    "body", ["", "<p></p>", "<script>var a = 'words of a script';</script>", "<img src=a>"]
)
def test_no_prose(body: str) -> None:
    with pytest.raises(SourceError, match=r"^a\.html (is empty|has no prose); "):
        html.read(of(body, ""), "a.html")


@pytest.mark.parametrize("data", [b"", b" \n", b"<", b"<!-- -->", b"<?xml?>", b"\x89PNG\r\n", b"<p>\x00"])
def test_what_is_no_page(data: bytes) -> None:
    assert taken(html.read, data) is None


def test_a_page_that_nests_too_deep() -> None:
    deep = "<div>" * 3000 + f"<p>{PROSE}</p>"
    with pytest.raises(SourceError, match=r"^a\.html nests elements too deeply"):
        html.read(of(deep), "a.html")
    assert taken(html.read, of("<div>" * 1500 + f"<p>{PROSE}</p><p>{MORE}</p>")) is not None


def test_a_page_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LARGEST", 100)
    with pytest.raises(SourceError, match=r"^a\.html has \d+ bytes; at most 100 "):
        html.read(of(f"<p>{PROSE}</p>"), "a.html")


@pytest.mark.parametrize(
    "unit",
    [
        f"<p>{PROSE}</p>",
        "<table><tr><td>",
        "<div class=related>a ",
        "a<br><br>",
        "<article><p>Words here.</p></article>",
        "<font><b>",
        "<li>One item. ",
        "&lt;",
        "<a href=x>b</a> ",
        '<script type="application/json">{"a": ["word and another word"]}</script>',
    ],
)
def test_time_grows_with_the_page_and_not_faster(unit: str) -> None:
    def work(count: int) -> Callable[[], object]:
        data = of(unit * count)
        return lambda: taken(html.read, data)

    size = 20_000 // len(unit)
    assert_linear(work, size, 4 * size)


def test_a_control_character_costs_no_page() -> None:
    """As guided fuzzing found it: text that is moved in the tree may hold none."""
    document = taken(html.read, of(f"<h1>Ice</h1><div>{PROSE}<br><br>\x03Yes. &#2;{MORE}<br><br>No.</div>"))
    assert document is not None
    assert pieces(document) == [PROSE, f"Yes. {MORE}", "No."]


def test_an_element_of_an_odd_name_costs_no_page() -> None:
    """As guided fuzzing found it: such a name can be read, and not be set."""
    document = taken(html.read, of(f'<div><tr">{PROSE}<br><br>{MORE}</tr"></div>'))
    assert document is not None
    assert pieces(document) == [PROSE, MORE]


WORDS = [
    b"<p>", b"</p>", b"<table>", b"<td>", b"<br><br>", b"<script>", b"</div>", b"<article>", b"<h1>",
    b"&#xD800;", b"<![CDATA[", b'<div class="comments">', b"<!--", b"<base href='//['>", b"<noscript>",
    b"&nbsp;",
]  # fmt: skip


@given(
    st.one_of(mutated(FILES, WORDS), st.lists(st.sampled_from(WORDS)).map(b"".join), st.binary(max_size=200))
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_bytes_give_a_document_or_one_line(data: bytes) -> None:
    taken(html.read, data)
