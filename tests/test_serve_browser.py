"""The pages in a real browser: nothing inaccessible in either scheme, and whole work done by the keyboard."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Archive
from test_serve_process import running

pytestmark = pytest.mark.slow

AXE = Path(os.environ.get("ASKBRIEF_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
PAGES = {
    "start": "/ask",
    "answer": "/ask?question=how+many+boats+were+lost&threshold=0",
    "follow-up": "/ask?question=and+when%3F&before=how+many+boats+were+lost&threshold=0",
    "refusal": "/ask?question=who+won+the+chess+championship&threshold=1",
    "mistake": "/ask?question=who+was+it&since=2024-31-12",
    "search": "/search",
    "found": "/search?query=harbour+OR+bridge*",
    "wrong query": "/search?query=harbour+AND+(",
    "quotes": "/quotes",
    "speakers": "/speakers",
    "documents": "/documents",
    "check": "/check",
    "verify": "/verify",
    "status": "/status",
    "nothing": "/nothing",
}
DRAFT = (
    "“We will rebuild the northern pier before winter,” Petra Ilieva said.\n\n"
    "“We will tear down the northern pier before winter,” Petra Ilieva said.\n\n"
    "“Nobody said this at all, ever.”\n"
)
FOCUS_SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
UNROLLED = """() => {
  for (const each of document.querySelectorAll(".scroll, .brief")) each.style.maxHeight = "none";
  for (const each of document.querySelectorAll(".table")) each.style.overflow = "visible";
}"""
"""What is scrolled out of its box lies under others for axe-core, which can't tell its contrast then."""
SHORT = "too short to determine"
"""What axe-core says of a text of one character: figures in a table, in the colours of longer ones."""
WIDER = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def address(made: Archive) -> Iterator[str]:
    with running(made.index) as (_, address):
        yield address.rstrip("/")


@pytest.fixture(params=["light", "dark"])
def tab(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A tab of one scheme, which fails if a page logs an error."""
    context = browser.new_context(color_scheme=request.param, bypass_csp=False)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
    yield tab
    context.close()
    assert wrong == []


def faults(tab: Any) -> list[str]:
    """What axe-core finds on a page: violations, and what it could not decide."""
    if not AXE.is_file():
        pytest.skip("needs axe-core: npm install axe-core")
    tab.evaluate(UNROLLED)
    tab.evaluate(AXE.read_text(encoding="utf-8"))  # by the debugger, past the policy of the page
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = tab.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        f"{kind} {each['id']}: {node['html'][:200]} {[c['message'] for c in node['any']][:2]}"
        for kind in ("violations", "incomplete")
        for each in found[kind]
        for node in each["nodes"]
        if kind == "violations" or not all(SHORT in check["message"] for check in node["any"])
    ]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_is_inaccessible(name: str, width: int, tab: Any, address: str) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(address + PAGES[name])
    assert faults(tab) == []
    assert not tab.evaluate(WIDER), "the page is wider than the window"


@pytest.mark.parametrize("width", [1280, 320])
def test_no_report_is_inaccessible(width: int, tab: Any, address: str) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(f"{address}/check")
    tab.fill("#draft", DRAFT)
    tab.click("text=Check quotations")
    assert faults(tab) == []
    tab.click("ol.checked a")
    tab.wait_for_url("**/documents/**")
    assert faults(tab) == []
    assert not tab.evaluate(WIDER)


def test_text_twice_as_large_fits(tab: Any, address: str) -> None:
    tab.set_viewport_size({"width": 640, "height": 400})  # what a window of 1280 has at 200%
    for path in PAGES.values():
        tab.goto(address + path)
        assert not tab.evaluate(WIDER), path


def tabbed(tab: Any, selector: str) -> None:
    """Go to an element by the tabulator alone; the focus is always to be seen."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert tab.evaluate(FOCUS_SEEN)
            return
    raise AssertionError(f"the tabulator doesn't reach {selector}")


def entered(tab: Any) -> None:
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def test_from_a_question_to_its_source_by_the_keyboard(tab: Any, address: str) -> None:
    tab.goto(f"{address}/ask")
    tab.keyboard.type("how many boats were lost")  # the field has the focus
    entered(tab)
    tabbed(tab, "a.n")
    entered(tab)
    assert tab.evaluate("document.querySelector('#cited').textContent.length > 0")
    tabbed(tab, "#passage")
    tabbed(tab, "section.source a.button")
    entered(tab)
    assert "/documents/" in tab.url
    box = tab.evaluate("document.querySelector('#cited').getBoundingClientRect().toJSON()")
    assert box["bottom"] > 0
    assert box["top"] < tab.viewport_size["height"]


def test_from_a_refusal_to_a_search_by_the_keyboard(tab: Any, address: str) -> None:
    tab.goto(f"{address}/ask?threshold=1")
    tab.goto(f"{address}/ask?question=who+won+the+harbour+championship&threshold=1")
    assert "does not say" in tab.inner_text("main")
    tabbed(tab, "a.button[href^='/search']")
    entered(tab)
    assert tab.input_value("#query")
    assert tab.locator("mark.found").count()


def test_from_a_draft_to_its_report_to_verified_by_the_keyboard(tab: Any, address: str) -> None:
    answer = json.loads(tab.request.get(f"{address}/api/ask?question=how+many+boats&threshold=0").text())
    tab.goto(f"{address}/check")
    tabbed(tab, "#draft")
    tab.keyboard.insert_text(DRAFT)
    tabbed(tab, "form button[type=submit]")
    entered(tab)
    assert "3 quotations" in tab.inner_text("#report")
    tabbed(tab, "button[value=markdown]")
    with tab.expect_download() as download:
        tab.keyboard.press("Enter")
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("# Quotations of")
    tab.goto(f"{address}/check")
    tabbed(tab, "nav a[href='/verify']")
    entered(tab)
    tabbed(tab, "#answer")
    tab.keyboard.insert_text(json.dumps(answer))
    tabbed(tab, "form button[type=submit]")
    entered(tab)
    assert tab.inner_text("#report") == "All citations are intact"


def test_without_a_script_everything_is_there(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}{PAGES['answer']}")
    assert tab.locator("#cited").is_visible()
    tab.fill("#question", "who is the mayor")
    tab.press("#question", "Enter")
    tab.wait_for_url("**question=who+is+the+mayor**")
    assert tab.locator("h2#answer").is_visible()
    context.close()


def test_the_cited_words_are_in_view_beside_the_answer(tab: Any, address: str) -> None:
    tab.goto(f"{address}{PAGES['answer']}")
    inside = """() => {
      const box = document.querySelector("#passage").getBoundingClientRect();
      const words = document.querySelector("#cited").getBoundingClientRect();
      return words.top < box.bottom && words.bottom > box.top;
    }"""
    assert tab.evaluate(inside)
