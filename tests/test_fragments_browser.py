"""Links to passages, opened in a real browser: the page scrolls to the cited words, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from askbrief import Index
from askbrief.fetch import FetchLimits
from askbrief.formats import html
from askbrief.indexing.operations import update
from askbrief.options import IndexOptions
from askbrief.text import split_sentences
from askbrief.text.text_fragment import link
from askbrief.types import Document
from web import HTML, Site, served

pytestmark = pytest.mark.slow

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
UNSHOWN = {"appshell", "embedded"}
"""Pages whose article a script would have to fetch first: there is nothing to scroll to."""

APART = (
    b"<style>p, li, td, th, dd, blockquote, h1, h2, h3, br + br { margin-top: 120vh !important; } "
    b"body { padding: 200vh 0 !important; } "
    b"tr, td, th { display: block !important; } "
    b"* { overflow: visible !important; position: static !important; max-height: none !important; }</style>"
)
"""Puts paragraphs so far apart that a window shows one, and undoes what holds text in boxes of their own."""

PLACE = """(words) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), places = [];
  let all = "";
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest("script, style, noscript, template")) continue;
    for (let at = 0; at < node.data.length; at++) {
      if (/[\\s\\u00ad]/.test(node.data[at])) continue;
      all += node.data[at];
      places.push([node, at]);
    }
  }
  const wanted = words.replace(/ \\| |[\\s\\u00ad]/g, ""), found = [];
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) {
    const range = document.createRange();
    range.setStart(...places[at]);
    range.setEnd(places[at][0], places[at][1] + 1);
    const box = range.getBoundingClientRect();
    found.push(box.height > 0 && box.bottom > 0 && box.top < innerHeight);
  }
  return {found, scrolled: scrollY};
}"""
"""Where in the window the words stand: of each place, whether its first letter is to be seen."""
HEADING = re.compile(r"\| [^|:]+: ")
"""The heading of a column before its cell, which the page has above it."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        for path in PAGES:
            data = path.read_bytes().replace(b"</head>", APART + b"</head>", 1)
            site.pages[f"/{path.stem}"] = (200, HTML, data)
        yield site


@pytest.fixture
def window(browser: Any, site: Site) -> Iterator[Any]:
    """A new window that reaches nothing but the site, and runs no script of its pages."""
    context = browser.new_context(viewport={"width": 1000, "height": 600}, java_script_enabled=False)
    context.route(lambda url: not url.startswith(site.url("/")), lambda route: route.abort())
    yield context.new_page()
    context.close()


def opened(window: Any, url: str) -> None:
    window.goto("about:blank")
    window.goto(url, wait_until="load")
    window.wait_for_timeout(50)  # scrolling follows the first layout


def passages(document: Document) -> list[tuple[int, int]]:
    """Sentences from all over the text, and the first two of a paragraph together."""
    sentences = split_sentences(document.text, document.paragraphs)
    places = sorted({0, 1, len(sentences) // 3, len(sentences) // 2, len(sentences) - 2, len(sentences) - 1})
    found = [(sentences[at].start, sentences[at].end) for at in places if 0 <= at < len(sentences)]
    pairs = [(a.start, b.end) for a, b in pairwise(sentences) if a.paragraph == b.paragraph]
    return found + pairs[:1]


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.stem not in UNSHOWN], ids=lambda path: path.stem
)
def test_the_page_opens_at_the_passage(path: Path, site: Site, window: Any) -> None:
    document = html.read(path.read_bytes(), path.name)
    url = site.url(f"/{path.stem}")
    missed = []
    for start, end in passages(document):
        words = document.text[start:end]
        to = link(url, words, document.text[:start], document.text[end:])
        opened(window, to)
        seen = window.evaluate(PLACE, HEADING.sub("| ", words))
        if not any(seen["found"]):
            missed.append((words, to, seen))
    assert missed == []


def test_the_right_one_of_several_places(site: Site, window: Any) -> None:
    said = "“They told me no,” she said."
    paragraphs = [said, "The board met again in May.", said, "And once more in June, at last.", said]
    body = "".join(f"<p>{words}</p>" for words in paragraphs).encode()
    site.pages["/thrice"] = (200, HTML, b"<!doctype html><html><head>" + APART + b"</head><body>" + body)
    text = "\n\n".join(paragraphs)
    start = -1
    for number in range(3):
        start = text.index(said, start + 1)
        opened(window, link(site.url("/thrice"), said, text[:start], text[start + len(said) :]))
        assert window.evaluate(PLACE, said)["found"] == [at == number for at in range(3)]


HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)"
PLAIN = "The harbour of Varna reopened on Monday at noon."
BORDERS = {
    "line break": (
        "The harbour of Varna<br>reopened on Monday.",
        "The harbour of Varna\nreopened on Monday.",
    ),
    "floated letter": (f'<span style="float:left">{PLAIN[0]}</span>{PLAIN[1:]}', PLAIN),
    "first letter": (f"<style>p::first-letter {{ float: left }}</style>{PLAIN}", PLAIN),
    "inline block": (PLAIN.replace("Monday", '<a style="display:inline-block">Monday</a>'), PLAIN),
    "inline block at the end": (PLAIN.replace("noon", '<a style="display:inline-block">noon</a>'), PLAIN),
    "button": (PLAIN.replace(" on", " <button>Share</button> on"), PLAIN),
    "screen reader": (PLAIN.replace(" on", f' <b style="{HIDDEN}">new tab</b> on'), PLAIN),
    "ruby": (PLAIN.replace("Varna", "<ruby>Varna<rt>Odessos</rt></ruby>"), PLAIN),
    "aside": (PLAIN.replace(" on", " <aside>Read more</aside> on"), PLAIN),
    "footnote": (PLAIN.replace(" on", "<sup>12</sup> on"), PLAIN),
    "power": ("They lost 10<sup>6</sup> litres of oil on Monday.", "They lost 10^6 litres of oil on Monday."),
    "quotation": ("<q>We are open</q>, said <b>Ann Roe</b> now.", "“We are open”, said Ann Roe now."),
    "nested": ("He said <q>I got <q>no</q> from all</q> today.", "He said “I got ‘no’ from all” today."),
    "list item": ("<ul><li>The harbour of Varna is open</ul>", "• The harbour of Varna is open"),
}
"""What Chromium finds no text across: the HTML of a paragraph, and the words that a document has of it."""


@pytest.mark.parametrize("border", BORDERS)
def test_the_page_opens_across_borders(border: str, site: Site, window: Any) -> None:
    body, text = BORDERS[border]
    page = f"<!doctype html><body style='margin:0'><h1>A title</h1><p style='margin:3000px 0'>{body}</p>"
    site.pages["/border"] = (200, HTML, page.encode())
    opened(window, link(site.url("/border"), text, "A title\n\n"))
    assert window.evaluate("scrollY") > 1000


def test_lines_of_preformatted_text_open(site: Site, window: Any) -> None:
    lines = "VARNA, March 4 - The harbour of Varna\nreopened on Monday, said the mayor\nof the town."
    site.pages["/wire"] = (200, HTML, f"<!doctype html><pre style='margin:3000px 0'>{lines}</pre>".encode())
    start = lines.index("The harbour")
    opened(window, link(site.url("/wire"), lines[start:], lines[:start]))
    assert window.evaluate("scrollY") > 1000


def test_without_the_fragment_the_passage_is_out_of_sight(site: Site, window: Any) -> None:
    """What the tests above see is the fragment's doing."""
    document = html.read(next(path for path in PAGES if path.stem == "news").read_bytes(), "news.html")
    start, end = document.paragraphs[-1]
    opened(window, site.url("/news"))
    seen = window.evaluate(PLACE, document.text[start:end])
    assert seen == {"found": [False], "scrolled": 0}


def test_the_link_of_an_answer_opens_at_its_citation(
    site: Site, window: Any, tmp_path: Path, tiny_model: Path
) -> None:
    """The whole way: fetched, indexed, asked, and opened."""
    limits = FetchLimits(allow_private=True, delay=0)
    update(tmp_path / "index", [], [site.url("/news")], IndexOptions(str(tiny_model), limits=limits))
    with Index.open(tmp_path / "index") as index:
        answer = index.ask("How many vehicles use the tunnel on a weekday?", threshold=0)
    assert answer.citations
    for citation in answer.citations:
        assert citation.link is not None
        opened(
            window,
            citation.link.replace(
                "https://www.quaycourier.example/news/harbour-tunnel-to-close", site.url("/news")
            ),
        )
        assert window.evaluate(PLACE, citation.text)["found"] == [True], citation.link
