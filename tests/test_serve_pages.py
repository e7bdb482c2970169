"""The pages: what they show, that an address gives each again, and that nothing of others becomes markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from conftest import NEWS, Archive, write
from serving import SCRIPT, hostile_index, served

VOID = {"meta", "link", "input", "br", "img"}
DRAFT = (
    "“We will rebuild the northern pier before winter,” Petra Ilieva said.\n\n"
    "“We will tear down the northern pier before winter,” Petra Ilieva said.\n\n"
    "“Nobody said this at all, ever.”\n"
)


class Page(HTMLParser):
    """The elements of a page, well formed: with what each has as attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def client(made: Archive) -> Iterator[TestClient]:
    with served(made.index) as client:
        yield client


def got(client: TestClient, path: str, status: int = 200, **params: Any) -> Page:
    reply = client.get(path, params=params or None)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return checked(reply.text)


def checked(html: str) -> Page:
    """A page that holds what every page must: landmarks, one heading of the first order, labels, no script
    or style inside, unique ids."""
    page = Page(html)
    assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]
    assert page.all("html")[0]["lang"] == "en"
    assert [each["src"] for each in page.all("script")] == ["/static/app.js"]
    assert not page.all("style")
    for _, attributes in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        assert not str(attributes.get("href") or "").lower().startswith("javascript")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), ids
    labelled = {each.get("for") for each in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            hidden = field.get("type") == "hidden" or "hidden" in field
            assert hidden or field.get("id") in labelled, field
    return page


def test_a_question_has_its_answer_its_evidence_and_its_source(client: TestClient) -> None:
    page = got(client, "/ask", question="how many boats were lost", threshold=0)
    assert "Eleven" in page.text
    marks = [each["class"] for each in page.all("mark")]
    assert "cited" in marks
    assert [each.get("id") for each in page.all("mark")].count("cited") == 1
    fields = [each.get("value") for each in page.all("input") if each.get("name") in ("question", "before")]
    assert fields[0] == "how many boats were lost"
    assert page.all("section")[-1]["aria-label"] == "Source of number 1"


def test_a_refusal_offers_the_search(client: TestClient) -> None:
    page = got(client, "/ask", question="who won the chess championship", threshold=1)
    assert "The archive does not say" in page.text
    assert any("/search?query=" in str(each["href"]) for each in page.all("a"))
    followed = next(str(each["href"]) for each in page.all("a") if "/search?query=" in str(each["href"]))
    assert client.get(followed).status_code == 200


def test_a_wrong_value_stays_in_its_form_with_what_is_wrong(client: TestClient) -> None:
    page = got(client, "/ask", 400, question="how many boats were lost", since="2024-02-31x")
    assert "Since is '2024-02-31x'" in page.text
    assert "does not say" not in page.text
    assert any(each.get("value") == "how many boats were lost" for each in page.all("input"))
    got(client, "/ask", 400, question="how many boats were lost", show="99")
    got(client, "/quotes", 400, cursor="x")
    got(client, "/nothing", 404)
    got(client, "/documents/nothing", 404)


def test_a_document_is_shown_with_its_place_and_what_is_found(client: TestClient) -> None:
    listed = client.get("/api/documents").json()["documents"]
    harbour = next(each for each in listed if "harbour" in each["source"])
    text = NEWS[Path(harbour["source"]).name]
    start = text.index("Eleven boats")
    page = got(client, f"/documents/{harbour['id']}", start=start, end=start + 12, find="the")
    assert page.all("mark")[0]["class"] in ("cited", "found")
    assert {"cited", "found"} == {each["class"] for each in page.all("mark")}
    assert f"{len(re.findall('the', text, re.IGNORECASE))} place" in page.text
    assert "Petra Ilieva" in page.text
    for wrong in ({"start": "x"}, {"start": 5, "end": 4}, {"end": 10**8}, {"from": 0}, {"from": 99}):
        got(client, f"/documents/{harbour['id']}", 400, **wrong)


def test_a_long_document_is_shown_in_parts(archive: Archive) -> None:
    from askbrief import Index

    text = "\n\n".join(f"The boat number {n} came into the harbour at noon." for n in range(1, 451))
    Index.update([write(archive.files / "long", {"long.txt": text})], archive.index)
    with served(archive.index) as client:
        listed = client.get("/api/documents").json()["documents"]
        id_ = next(each["id"] for each in listed if each["source"].endswith("long.txt"))
        start = text.index("number 300 ")
        page = got(client, f"/documents/{id_}", start=start, end=start + 10)
        assert "boat number 300 came" in page.text
        assert "boat number 100 came" not in page.text
        seen, to = [], f"/documents/{id_}"
        while to:
            page = checked(client.get(to).text)
            seen += re.findall(r"boat number (\d+) came", " ".join(page.words))
            to = next((str(each["href"]) for each in page.all("a") if each.get("rel") == "next"), "")
        assert list(dict.fromkeys(seen)) == [str(n) for n in range(1, 451)]


def test_lists_and_their_pages(client: TestClient) -> None:
    assert "Petra Ilieva" in got(client, "/quotes", speaker="Ilieva").text
    assert "Brandt" not in got(client, "/quotes", speaker="Ilieva", about="pier").text.split("quotation")[1]
    assert "Nobody is quoted" in got(client, "/speakers", name="zzz").text
    assert "Olga Brandt" in got(client, "/speakers", name="brandt").text
    assert "Olga Brandt" not in got(client, "/speakers", until="1999-01-01").text
    some = got(client, "/speakers", source="*.[!x]*")
    assert "Olga Brandt" in some.text
    assert "/quotes?speaker=Olga+Brandt&source=%2A.%5B%21x%5D%2A" in [each["href"] for each in some.all("a")]
    assert "3 documents" in got(client, "/documents").text
    assert " ".join(" ".join(got(client, "/status").words).split()).count("Documents 3") == 1
    for path in ("/", "/ask", "/search", "/check", "/verify"):
        got(client, path)


def test_search_shows_every_place_and_where_a_query_is_wrong(client: TestClient) -> None:
    page = got(client, "/search", query="harbour OR bridge*", sort="date")
    assert "found" in [each["class"] for each in page.all("mark")]
    assert page.all("svg")
    wrong = got(client, "/search", 200, query="harbour AND (")
    assert wrong.all("mark")
    assert "No document has these words" in got(client, "/search", query="zeppelin").text


def test_a_draft_is_checked_and_its_report_kept(client: TestClient) -> None:
    page = checked(client.post("/check", data={"draft": DRAFT}).text)
    labels = [str(each["class"]) for each in page.all("span") if "label" in str(each.get("class"))]
    assert [labels.count(f"label {name}") for name in ("exact", "altered", "absent")] == [2, 2, 2]
    assert page.all("ins")
    assert page.all("del")
    kept = next(each for each in page.all("textarea") if "hidden" in each)
    assert kept["name"] == "draft"
    report = client.post("/check", data={"draft": DRAFT, "format": "markdown"})
    assert report.text.startswith("# Quotations of the draft")
    assert "attachment" in report.headers["content-disposition"]
    empty = client.post("/check", data={"draft": "  "})
    assert empty.status_code == 400
    assert "The draft is empty" in checked(empty.text).text
    upload = client.post("/check", data={"draft": ""}, files={"file": ("draft.txt", DRAFT.encode())})
    assert "3 quotations" in checked(upload.text).text


def test_a_saved_answer_is_verified(client: TestClient) -> None:
    answer = client.get("/api/ask", params={"question": "how many boats were lost", "threshold": 0}).text
    assert "All citations are intact" in checked(client.post("/verify", data={"answer": answer}).text).text
    other = answer.replace("Eleven", "Twelve")
    page = checked(client.post("/verify", data={"answer": other}).text)
    assert "Not all citations are intact" in page.text
    assert "Eleven boats were lost" in page.text
    wrong = client.post("/verify", data={"answer": "{"})
    assert wrong.status_code == 400
    assert "isn't JSON" in unescape(wrong.text)


def test_nothing_of_others_becomes_markup(tmp_path: Path, tiny_model: Path) -> None:
    with served(hostile_index(tmp_path, tiny_model)) as client:
        listed = client.get("/api/documents").json()["documents"]
        assert len(listed) == 2
        asked = f"who says the pier is open {SCRIPT} \" ' onmouseover=alert(6) x="
        answer = json.dumps(client.get("/api/ask", params={"question": asked, "threshold": 0}).json())
        evil = answer.replace("Pier ", '\\"><script>alert(7)</script>')
        pages = [
            client.get("/ask", params={"question": asked, "threshold": 0, "speaker": SCRIPT}),
            client.get("/ask", params={"question": asked, "threshold": 0, "before": SCRIPT}),
            client.get("/ask", params={SCRIPT: "x"}),
            client.get("/ask", params={"question": "x", "since": SCRIPT}),
            client.get("/search", params={"query": f"pier {SCRIPT}"}),
            client.get("/search", params={"query": "pier*"}),
            client.get("/quotes", params={"about": SCRIPT, "source": SCRIPT}),
            client.get("/quotes"),
            client.get("/speakers"),
            client.get("/speakers", params={"name": SCRIPT}),
            client.get("/documents"),
            *(client.get(f"/documents/{each['id']}", params={"find": SCRIPT}) for each in listed),
            client.get(f"/documents/{SCRIPT}"),
            client.post(
                "/check", data={"draft": f"</textarea>{SCRIPT}“The pier is {SCRIPT} open,” said Bob."}
            ),
            client.post("/check", files={"file": (f"{SCRIPT}.exe", b"x")}),
            client.post("/verify", data={"answer": evil}),
            client.post("/verify", data={"answer": f"</textarea>{SCRIPT}"}),
        ]
        for reply in pages:
            page = checked(reply.text)
            assert not {"img", "b", "i"} & {tag for tag, _ in page.elements}
            assert "<script>alert" not in reply.text
        report = client.post(
            "/check", data={"draft": f"“The pier is {SCRIPT} open,” said.", "format": "html"}
        )
        assert "<script" not in report.text


def test_what_the_pages_need_is_served_from_here(client: TestClient) -> None:
    for name in ("app.css", "app.js", "icon.svg"):
        reply = client.get(f"/static/{name}")
        assert reply.status_code == 200
        assert not re.search(r"https?://(?!www\.w3\.org)", reply.text)
