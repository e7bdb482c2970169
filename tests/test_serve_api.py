"""The API: what the commands print, over HTTP; wrong values are problems; lists go on where they ended."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from askbrief import Index, present
from askbrief.formats import registry
from askbrief.serve import limits
from conftest import NEWS, Archive, Cli, write
from serving import problem, served

QUESTION = "how many boats were lost"


@pytest.fixture(scope="module")
def client(made: Archive) -> Iterator[TestClient]:
    with served(made.index) as client:
        yield client


def ask(client: TestClient, question: str = QUESTION, **more: Any) -> Any:
    return client.get("/api/ask", params={"question": question, **more})


def test_ask_gives_what_the_library_does(client: TestClient, made: Archive) -> None:
    reply = ask(client)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    with Index.open(made.index, reader="none") as index:
        wanted = json.loads(present.to_json(present.answer(index.ask(QUESTION))))
    for found in (wanted, given := reply.json()):
        found.pop("elapsed_ms")
    assert given == wanted
    for cited in given["citations"]:
        text = NEWS[Path(cited["document"]["source"]).name]
        assert text[cited["start"] : cited["end"]] == cited["text"]


def test_what_the_archive_does_not_say_is_an_answer(client: TestClient) -> None:
    reply = ask(client, "who won the chess championship", threshold=1)
    assert reply.status_code == 200
    assert reply.json()["answered"] is False


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"since": "2024-06-31"}, "since is '2024-06-31'"),
        ({"until": "yesterday"}, "until is 'yesterday'"),
        ({"since": "2024-06-08", "until": "2024-06-07"}, "since is 2024-06-08"),
        ({"k": "0"}, "k is '0'"),
        ({"k": "1e3"}, "k is '1e3'"),
        ({"k": str(limits.MOST_PASSAGES + 1)}, "k is"),
        ({"threshold": "1.5"}, "the threshold is 1.5"),
        ({"threshold": "nan"}, "the threshold is nan"),
        ({"threshold": "much"}, "threshold is 'much'"),
        ({"format": "xml"}, "format is 'xml'"),
        ({"spaeker": "Ilieva"}, "there is no parameter 'spaeker'"),
        ({"speaker": ["Ilieva", "Brandt"]}, "speaker is given twice"),
        ({"question": ""}, "the question is empty"),
        ({"question": "?!"}, "has no words"),
        ({"question": "why " * 1000}, "question has 4,000 characters"),
        ({"question": "a\0b"}, "null character"),
        ({"before": ["what"] * (limits.MOST_BEFORE + 1)}, "earlier questions"),
    ],
)
def test_a_wrong_value_is_a_problem_and_no_answer(
    client: TestClient, values: dict[str, Any], told: str
) -> None:
    reply = client.get("/api/ask", params={"question": QUESTION, **values})
    assert reply.status_code == 400
    assert told in problem(reply)


def test_a_follow_up_takes_what_it_leaves_out(client: TestClient, made: Archive) -> None:
    first, second, third = "who is the mayor Petra Ilieva?", "what did she say?", "and about the boats?"
    with Index.open(made.index, reader="none") as index:
        one = index.ask(first)
        two = index.ask(second, before=one)
        three = index.ask(third, before=[one, two])
    assert two.understood
    assert ask(client, second, before=first).json()["understood"] == two.understood
    assert ask(client, third, before=[first, second]).json()["understood"] == three.understood


def test_filters_are_those_of_the_command(client: TestClient, made: Archive, cli: Cli) -> None:
    found = client.get("/api/quotes", params={"speaker": "Ilieva", "since": "2024-01-01"}).json()
    wanted = cli("quotes", "--speaker", "Ilieva", "--since", "2024-01-01", "--index", made.index, "--json")
    assert found["quotations"] == wanted.json
    assert found["next"] is None
    assert (
        client.get("/api/speakers").json()["speakers"]
        == cli("speakers", "--index", made.index, "--json").json
    )


def test_speakers_of_some_documents_are_those_of_the_command(
    client: TestClient, made: Archive, cli: Cli
) -> None:
    for filters in (
        {"name": "ilie"},
        {"source": "*.[!x]*"},
        {"since": "2024-01-01"},
        {"until": "1999-01-01"},
    ):
        options = [part for name, value in filters.items() for part in (f"--{name}", value)]
        found = client.get("/api/speakers", params=filters).json()
        assert found["speakers"] == cli("speakers", *options, "--index", made.index, "--json").json
    assert found["notes"] != []


def test_documents_are_found_by_their_whole_id_alone(client: TestClient, made: Archive, cli: Cli) -> None:
    listed = client.get("/api/documents").json()["documents"]
    assert len(listed) == len(NEWS)
    for each in listed:
        shown = client.get(f"/api/documents/{each['id']}").json()
        assert shown == cli("show", each["id"], "--index", made.index, "--json").json
        for name in (
            each["id"][1:],
            each["source"],
            "../askbrief.db",
            "%2e%2e%2fetc%2fpasswd",
            "askbrief.db",
        ):
            reply = client.get(f"/api/documents/{name}")
            assert reply.status_code == 404
            assert str(made.index) not in reply.text
    assert client.get("/api/quotes", params={"document": listed[0]["source"]}).status_code == 404
    assert client.get("/api/quotes", params={"document": listed[0]["id"]}).status_code == 200


def test_a_list_goes_on_where_it_ended_while_documents_come_and_go(archive: Archive) -> None:
    files = {f"{n:02}.txt": f"Note {n}\n\n“We counted {n} boats,” Olga Brandt said.\n" for n in range(1, 10)}
    Index.update([write(archive.files / "more", files)], archive.index)
    with served(archive.index) as client:
        reply = client.get("/api/documents", params={"limit": 4})
        first = reply.json()
        assert f"cursor={first['next']}" in reply.headers["link"]
        index = client.app.state.served  # type: ignore[attr-defined]
        gone, new = (
            first["documents"][1]["id"],
            write(archive.files / "more", {"05a.txt": "A new one came.\n"}),
        )
        Index.open(archive.index).remove(gone)
        Index.update([new], archive.index)
        index.refresh()
        seen, cursor = first["documents"], first["next"]
        while cursor:
            some = client.get("/api/documents", params={"limit": 4, "cursor": cursor}).json()
            seen, cursor = [*seen, *some["documents"]], some["next"]
        quotes = client.get("/api/quotes", params={"limit": 4}).json()
        first_quotes, kept = quotes["quotations"], set[str]()
        Index.open(archive.index).remove(first_quotes[-1]["document"]["id"])
        index.refresh()
        while quotes["next"]:
            quotes = client.get("/api/quotes", params={"limit": 3, "cursor": quotes["next"]}).json()
            found = {json.dumps(each) for each in quotes["quotations"]}
            assert not found & (kept | {json.dumps(each) for each in first_quotes})
            kept |= found
        left = client.get("/api/quotes").json()["quotations"]
        assert kept == {json.dumps(each) for each in left} - {json.dumps(each) for each in first_quotes}
        names = [Path(each["source"]).name for each in seen]
        assert sorted(names) == sorted({*names})
        assert {*files, "05a.txt"} <= {*names}


def test_the_file_of_a_draft_has_a_limit_of_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "DRAFT_SECONDS", 1e-3)
    page = "<!doctype html><html><body><p>“We will see,” Petra Ilieva said.</p></body></html>"
    for path in ("/api/check", "/check"):
        reply = client.post(path, files={"file": ("draft.html", page.encode())})
        assert reply.status_code == 400
        assert "more than 0.001 seconds" in reply.text


@pytest.mark.parametrize("path", ["/api/quotes", "/api/speakers", "/api/documents"])
@pytest.mark.parametrize("cursor", ["x", "é", "WzFd", "bnVsbA", "A" * 1000, "W1tbW10", "eyJhIjogMX0"])
def test_what_is_no_cursor_is_a_problem(client: TestClient, path: str, cursor: str) -> None:
    reply = client.get(path, params={"cursor": cursor})
    assert reply.status_code == 400
    assert "cursor" in problem(reply)


def test_pages_of_a_list_are_the_list(client: TestClient) -> None:
    for name in ("quotes", "speakers", "documents"):
        whole = client.get(f"/api/{name}").json()
        key = "quotations" if name == "quotes" else name
        pieces: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            some = client.get(f"/api/{name}", params={"limit": 1, "cursor": cursor}).json()
            pieces, cursor = [*pieces, *some[key]], some["next"]
        assert pieces == whole[key]
        assert pieces


def test_csv_has_a_row_each_and_no_formula(client: TestClient) -> None:
    for path in ("ask", "quotes", "speakers", "documents"):
        asked = {"question": QUESTION} if path == "ask" else {}
        reply = client.get(f"/api/{path}", params={**asked, "format": "csv"})
        assert reply.headers["content-type"] == "text/csv; charset=utf-8"
        head, *rows = csv.reader(io.StringIO(reply.text))
        assert rows
        assert {len(row) for row in rows} == {len(head)}


def test_search_gives_what_the_command_does(client: TestClient, made: Archive, cli: Cli) -> None:
    words = ("search", "harbour OR bridge*", "--index", made.index, "--sort", "date", "--facets", "--json")
    wanted = cli(*words).json
    asked = {"query": "harbour OR bridge*", "sort": "date", "facets": "true"}
    found = client.get("/api/search", params=asked).json()
    assert wanted.pop("elapsed_ms") >= 0 <= found.pop("elapsed_ms")
    assert found == wanted
    assert found["total"]
    wrong = client.get("/api/search", params={"query": "harbour AND ("})
    assert wrong.status_code == 400
    assert problem(wrong)
    assert wrong.json()["end"] > wrong.json()["start"] >= 0
    for values in (
        {},
        {"query": "x", "sort": "best"},
        {"query": "x", "limit": "0"},
        {"query": "x", "until": "x"},
    ):
        assert client.get("/api/search", params=values).status_code == 400


DRAFT = (
    "“We will rebuild the northern pier before winter,” Petra Ilieva said.\n\n"
    "“Nobody said this at all, ever.”\n"
)


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"draft": DRAFT}},
        {"content": DRAFT.encode(), "headers": {"content-type": "text/markdown; charset=utf-8"}},
        {"data": {"draft": DRAFT}},
        {"files": {"file": ("draft.md", DRAFT.encode())}},
    ],
)
def test_a_draft_is_checked_however_it_comes(client: TestClient, sent: dict[str, Any]) -> None:
    found = client.post("/api/check", **sent).json()["quotations"]
    assert [each["label"] for each in found] == ["exact", "absent"]
    for wanted, begins in (
        ("csv", "line,label"),
        ("markdown", "# Quotations of the draft"),
        ("html", "<!DOCTYPE"),
    ):
        reply = client.post("/api/check", params={"format": wanted}, **sent)
        assert reply.text.startswith(begins)
        assert "attachment" in reply.headers["content-disposition"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": "x"}}, 400),
        ({"content": b'{"draft": "\\ud800"}', "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"[" * 100_000, "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"x", "headers": {"content-type": "application/pdf"}}, 415),
        ({"files": {"file": ("x.exe", b"MZ")}}, 400),
        ({"files": {"file": ("x.docx", b"no zip")}}, 400),
        ({"files": {"file": ("x.md", b"\x00\x01\x02\x00")}}, 400),
        ({"content": b"a" * (limits.LARGEST_BODY + 1)}, 413),
        ({"content": b"a" * (limits.LONGEST_DRAFT + 1)}, 413),
    ],
)
def test_a_body_that_is_no_draft_is_a_problem(client: TestClient, sent: dict[str, Any], status: int) -> None:
    reply = client.post("/api/check", **sent)
    assert reply.status_code == status, reply.text
    assert problem(reply)


def test_a_body_of_unknown_length_is_limited_too(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(10):
            yield b"a" * 1_000_000

    assert client.post("/api/check", content=parts()).status_code == 413


def test_verify_opens_no_file(client: TestClient, tmp_path: Path) -> None:
    answer = ask(client).json()
    assert client.post("/api/verify", json=answer).json()["intact"] is True
    secret = write(tmp_path, {"secret.txt": "The password of the safe is 4711.\n"}) / "secret.txt"
    answer["citations"][0]["document"] |= {"id": "x", "source": str(secret), "sha256": "0" * 64}
    report = client.post("/api/verify", json=answer)
    assert "4711" not in report.text
    assert report.json()["citations"][0]["source"] == "unread"
    assert report.json()["citations"][0]["state"] == "gone"
    both = "\n".join([json.dumps(answer)] * 2)
    lines = client.post("/api/verify", content=both, headers={"content-type": "application/x-ndjson"})
    assert len(lines.json()["citations"]) == 2 * len(answer["citations"])
    assert client.post("/api/verify", json={"a": 1}).status_code == 400
    assert client.post("/api/verify", content=b"\xff\xfe").status_code == 400


def test_a_reply_that_the_client_has_is_not_made_again(archive: Archive) -> None:
    with served(archive.index) as client:
        tag = ask(client).headers["etag"]
        kept = client.get("/api/ask", params={"question": QUESTION}, headers={"If-None-Match": f'"x", {tag}'})
        assert (kept.status_code, kept.content) == (304, b"")
        wrong = client.get("/api/ask", params={"question": ""}, headers={"If-None-Match": tag})
        assert wrong.status_code == 400
        (archive.index / "aliases.toml").write_text('[people]\n"Petra Ilieva" = ["The Chief"]\n')
        aliased = client.get("/api/quotes", params={"speaker": "The Chief"}, headers={"If-None-Match": tag})
        assert aliased.json()["quotations"]
        index = client.app.state.served  # type: ignore[attr-defined]
        Index.update(
            [write(archive.files, {"new.txt": "The new ferry sank in the harbour of Burgas.\n"})],
            archive.index,
        )
        index.refresh()
        reply = client.get("/api/documents", headers={"If-None-Match": aliased.headers["etag"]})
        assert len(reply.json()["documents"]) == len(NEWS) + 1


def test_status_and_messages_name_no_path(archive: Archive) -> None:
    with served(archive.index) as client:
        state = client.get("/api/status").json()
        assert state["index"] == archive.index.name
        assert state["documents"] == len(NEWS)
        (archive.index / "aliases.toml").write_text("[")
        reply = client.get("/api/quotes", params={"speaker": "Ann Lee"})
        assert reply.status_code == 500
        assert str(archive.index.parent) not in reply.text


def test_an_index_without_documents_is_served(archive: Archive) -> None:
    with Index.open(archive.index) as index:
        index.remove(*[each.id for each in index.documents()])
    with served(archive.index) as client:
        assert client.get("/healthz").status_code in (200, 503)
        assert ask(client).status_code == 503
        assert client.get("/api/documents").json() == {"documents": [], "next": None}


def test_other_paths_and_methods_are_problems(client: TestClient) -> None:
    assert problem(client.get("/api/nothing")) == "there is nothing here"
    for method, path in (("POST", "/api/ask"), ("DELETE", "/api/documents"), ("GET", "/api/check")):
        reply = client.request(method, path)
        assert reply.status_code == 405
        assert reply.headers["allow"]


def test_the_description_names_every_route(client: TestClient) -> None:
    from askbrief.serve.api import ROUTES

    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    paths = {route.path: {m.lower() for m in route.methods or ()} - {"head"} for route in ROUTES}
    assert {path: set(methods) for path, methods in described["paths"].items()} == paths


def test_models_are_shared_after_the_index_is_copied_away(made: Archive, tmp_path: Path) -> None:
    """An index that only others may write to, or that was moved, is served as any other."""
    shutil.copytree(made.index, tmp_path / "other")
    with served(tmp_path / "other") as client:
        assert ask(client).status_code == 200
